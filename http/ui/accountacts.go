package ui

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// accountAct is something done to an account by one small form, which shows first what
// will follow.
type accountAct struct {
	Key, Command, Icon string
	Right              rights.Right
	Reason             string // "required", "optional" or empty for none
	Danger             bool   // it takes something away
	Counter            string // the act that takes it back; empty if nothing does
	// Set by actsNow.
	Main, Primary bool // it stands beside the name; it is what one most likely came for
}

var accountActs = []accountAct{
	{Key: "send", Command: "SendActivation", Icon: "send", Right: rights.ManageAccounts},
	{Key: "block", Command: "BlockAccount", Icon: "block", Right: rights.ManageAccounts, Reason: "required", Danger: true, Counter: "unblock"},
	{Key: "unblock", Command: "UnblockAccount", Icon: "check", Right: rights.ManageAccounts, Reason: "optional", Counter: "block"},
	{Key: "disable", Command: "DisableAccount", Icon: "power", Right: rights.ManageAccounts, Reason: "required", Danger: true, Counter: "enable"},
	{Key: "enable", Command: "EnableAccount", Icon: "power", Right: rights.ManageAccounts, Reason: "optional", Counter: "disable"},
	{Key: "clear-validity", Command: "ClearValidUntil", Icon: "clock", Right: rights.ManageAccounts},
	{Key: "close", Command: "CloseAccount", Icon: "x", Right: rights.ManageAccounts, Reason: "required", Danger: true},
	{Key: "appoint", Command: "AppointAdmin", Icon: "shield", Right: rights.ManageAdmins, Counter: "dismiss"},
	{Key: "dismiss", Command: "DismissAdmin", Icon: "shield", Right: rights.ManageAdmins, Danger: true, Counter: "appoint"},
}

func actOf(key string) accountAct {
	return accountActs[slices.IndexFunc(accountActs, func(a accountAct) bool { return a.Key == key })]
}

func (u *UI) mountAccountActs(r chi.Router) {
	for _, act := range accountActs {
		r.Get("/accounts/{id}/"+act.Key, u.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error { return u.showAct(w, r, act) }))
		r.Post("/accounts/{id}/"+act.Key, u.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error { return u.runAct(w, r, act) }))
	}
}

// actsNow answers what makes sense for an account as it is, what is most likely first.
func actsNow(h accountHead) []accountAct {
	if h.Closed {
		return nil
	}
	var acts []accountAct
	add := func(key string, main, primary bool) {
		act := actOf(key)
		act.Main, act.Primary = main, primary
		acts = append(acts, act)
	}
	if h.Sendable() {
		add("send", true, h.Activation != "sent" && !h.Blocked && !h.Disabled)
	}
	if h.Blocked {
		add("unblock", true, true)
	} else {
		add("block", true, false)
	}
	if h.Disabled {
		add("enable", true, !h.Blocked)
	} else {
		add("disable", false, false)
	}
	if h.ValidUntil != "" {
		add("clear-validity", h.Over, h.Over)
	}
	switch {
	case h.appointed():
		add("dismiss", false, false)
	case h.Role == string(rights.RoleUser):
		add("appoint", false, false)
	}
	add("close", false, false)
	return acts
}

func (h accountHead) appointed() bool { return slices.Contains(h.Organization.Admins, h.ID) }

// StoodDown says whether the account administers but is out of service as such.
func (h accountHead) StoodDown() bool { return slices.Contains(h.Organization.StoodDown, h.ID) }

// undoOf answers the act that takes back what was just done, if it makes sense now.
func undoOf(h accountHead, key string) *accountAct {
	i := slices.IndexFunc(h.Acts, func(a accountAct) bool { return a.Key == key })
	if i < 0 {
		return nil
	}
	return &h.Acts[i]
}

type actPage struct {
	Head    accountHead
	Act     accountAct
	Happens []string
	Refused string // why it can't be done
	Reason  string
}

func (u *UI) showAct(w http.ResponseWriter, r *http.Request, act accountAct) error {
	return u.actForm(w, r, act, nil)
}

func (u *UI) actForm(w http.ResponseWriter, r *http.Request, act accountAct, wrong *problem.Details) error {
	if err := u.Reach.Need(r, act.Command, act.Right); err != nil {
		return err
	}
	h, err := u.accountHead(r, "")
	if err != nil {
		return err
	}
	p := actPage{Head: h, Act: act, Reason: r.PostFormValue("reason")}
	outcome, err := u.Commands.Preview(r, act.Command, act.body(h, "…"))
	if err != nil {
		details, ok := frame.Refused(r, err)
		if !ok {
			return err
		}
		p.Refused = details.Detail
	} else {
		p.Happens = frame.WillHappen(words.Of(r.Context()), act.Key, outcome)
	}
	return u.Pages.Render(w, r, "accountact", frame.Page{Title: words.Text(words.Of(r.Context()), "act."+act.Key), Nav: "accounts", Data: p, Problem: wrong})
}

// body makes the command's body.
func (a accountAct) body(h accountHead, reason string) map[string]any {
	body := map[string]any{"accountId": h.ID}
	if a.Right == rights.ManageAdmins {
		body["organizationId"] = h.OrganizationID
	}
	if a.Reason != "" && reason != "" {
		body["reason"] = reason
	}
	return body
}

func (u *UI) runAct(w http.ResponseWriter, r *http.Request, act accountAct) error {
	h, err := u.accountHead(r, "")
	if err != nil {
		return err
	}
	body := act.body(h, strings.TrimSpace(r.PostFormValue("reason")))
	if _, given := body["reason"]; act.Reason == "required" && !given {
		body["reason"] = "" // refused by the command itself, in its own words
	}
	if _, err := u.Commands.Run(r, act.Command, body); err != nil {
		details, ok := frame.Refused(r, err)
		if !ok {
			return err
		}
		return u.actForm(w, r, act, &details)
	}
	target := frame.Address("/accounts/"+h.ID, map[string]string{"undo": act.Counter})
	return u.Pages.Done(w, r, target, "done.act-"+act.Key)
}
