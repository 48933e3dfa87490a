package accounts

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/domain/account"
	"sleutelbos/http/problem"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/accountpage"
	"sleutelbos/http/words"
)

// actPages do something to an account by one small form, which shows first what will
// follow.
type actPages struct{ accountPages }

func (s actPages) mount(r chi.Router) {
	for _, act := range accountpage.All() {
		r.Get("/accounts/{id}/"+act.Key, s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error { return s.showAct(w, r, act) }))
		r.Post("/accounts/{id}/"+act.Key, s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error { return s.runAct(w, r, act) }))
	}
}

type actPage struct {
	Head    accountpage.Head
	Act     accountpage.Act
	Asks    accountpage.Reason
	Happens []string
	Warns   bool          // the reader is about to shut out oneself
	Stopped account.Badge // why what is sent can't be used yet; empty if it can
	Refused string        // why it can't be done
	Reason  string        // as typed
}

func (s actPages) showAct(w http.ResponseWriter, r *http.Request, act accountpage.Act) error {
	return s.actForm(w, r, act, nil)
}

func (s actPages) actForm(w http.ResponseWriter, r *http.Request, act accountpage.Act, wrong *problem.Details) error {
	command := act.In(s.Commands.Offers)
	act.Command = command
	if err := s.Reach.Need(r, command.Name, command.Right); err != nil {
		return err
	}
	h, err := s.heads.Of(r, "")
	if err != nil {
		return err
	}
	p := actPage{Head: h, Act: act, Asks: accountpage.ReasonOf(command), Reason: r.PostFormValue("reason")}
	previewed := h
	previewed.Confirmed = true
	p.Warns = h.Own && command.AsksOneself()
	outcome, err := s.Commands.Preview(r, act.Body(previewed, "…"))
	if err != nil {
		details, ok := frame.Refused(r, err)
		if !ok {
			return err
		}
		p.Refused = details.Detail
	} else {
		p.Happens = frame.WillHappen(words.Of(r.Context()), willOf(act.Key, h.ActivationChannel), outcome)
		if act.Key == "send" {
			p.Stopped = stopped(h.Badge)
		}
	}
	return s.Pages.Render(w, r, "act", frame.Page{Title: words.Text(words.Of(r.Context()), "act.*", act.Key), Nav: "accounts", Organization: h.OrganizationID, Data: p, Problem: wrong})
}

func (s actPages) runAct(w http.ResponseWriter, r *http.Request, act accountpage.Act) error {
	h, err := s.heads.Of(r, "")
	if err != nil {
		return err
	}
	h.Confirmed = frame.Ticked(r, "ownAccount")
	body := act.Body(h, strings.TrimSpace(r.PostFormValue("reason")))
	if _, err := s.Commands.Run(r, body, ofAccount); err != nil {
		return frame.Again(r, err, func(wrong *problem.Details) error { return s.actForm(w, r, act, wrong) })
	}
	target := frame.Address("/accounts/"+h.ID, map[string]string{"undo": accountpage.Counter(s.Commands.Offers, s.Commands.Offers.Of(body))})
	return s.Pages.Done(w, r, target, words.Member("done.act-*", act.Key))
}

// willOf returns the key of what is said to follow from an act: a new activation by mail and letter
// ends the letter, too.
func willOf(act, channel string) string {
	if act == "send" && channel == string(account.ChannelMailAndLetter) {
		return sendWithLetter
	}
	return act
}

const sendWithLetter = "send-with-letter"

// stopped returns the badge of an account that can't be used, whatever is sent to it; empty for
// another one.
func stopped(badge string) account.Badge {
	if b := account.Badge(badge); b.Stops() {
		return b
	}
	return ""
}
