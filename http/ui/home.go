package ui

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/letters"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/messages"
)

// mountHome adds the page that everybody begins on.
func (u *UI) mountHome(r chi.Router) { r.Get("/", u.Pages.SignedIn(u.showHome)) }

// waiting is a number of things that wait for somebody, and where they are.
type waiting struct {
	Key, Href, Icon string
	Count           int64
	Bad             bool // it went wrong, and not only late
}

type homePage struct {
	own
	Holder  bool // it is the page of who has an account and nothing to manage
	Waiting []waiting
	Longest []licenserequests.Item // requests that wait longest
	Decides bool
	Creates bool
	Behind  *behind
}

// shownRequests is how many open requests the page shows; the list has all.
const shownRequests = 5

func (u *UI) showHome(w http.ResponseWriter, r *http.Request) error {
	ctx, who := r.Context(), session.Who(r.Context())
	p := homePage{
		Holder: who.May(rights.ReadAccounts) <= rights.ScopeSelf, Creates: who.May(rights.ManageAccounts) > rights.ScopeSelf,
		Decides: who.May(rights.DecideRequests) > rights.ScopeSelf,
	}
	var err error
	if p.Holder {
		p.own, err = u.ownLicenses(ctx, who)
	} else {
		err = u.homeOfStaff(ctx, who, &p)
	}
	if err != nil {
		return err
	}
	return u.Pages.Render(w, r, "home", frame.Page{Title: words.Text(words.Of(ctx), "home.title"), Nav: "home", Data: p})
}

func (u *UI) homeOfStaff(ctx context.Context, who rights.Principal, p *homePage) error {
	organization, _ := frame.Within(who, rights.ReadAccounts)
	if who.May(rights.ReadRequests) > rights.ScopeSelf {
		open, err := licenserequests.List(ctx, u.DB, licenserequests.Filter{Organization: organization, Status: licenserequests.Open}, listing.Query{Limit: shownRequests})
		if err != nil {
			return err
		}
		p.Longest = open.Items
		p.Waiting = append(p.Waiting, waiting{"requests", "/requests", "inbox", open.Total, false})
	}
	now := u.Now()
	for _, w := range []struct {
		key, icon  string
		parameters map[string]string
		filter     accountlist.Filter
	}{
		{"expired", "clock", map[string]string{"badge": "activation_expired"}, accountlist.Filter{Badge: "activation_expired"}},
		{"not-sent", "send", map[string]string{"badge": "activation_not_sent"}, accountlist.Filter{Badge: "activation_not_sent"}},
		{
			"ending", "power", map[string]string{"validUntilBefore": frame.Soon(now).UTC().Format(time.DateOnly), "expired": "false"},
			accountlist.Filter{EndsBefore: frame.Soon(now).UTC().Truncate(24 * time.Hour), Expired: frame.Flag("false"), Closed: frame.Flag("false")},
		},
	} {
		w.filter.Organization, w.filter.Now = organization, now
		found, err := accountlist.List(ctx, u.DB, w.filter, listing.Query{Limit: 1})
		if err != nil {
			return err
		}
		p.Waiting = append(p.Waiting, waiting{w.key, frame.Address("/accounts", w.parameters), w.icon, found.Total, false})
	}
	if err := u.paperWaiting(ctx, who, p); err != nil {
		return err
	}
	p.Behind = u.behind(ctx)
	return nil
}

// paperWaiting adds the letters that lie and the mails that did not arrive.
func (u *UI) paperWaiting(ctx context.Context, who rights.Principal, p *homePage) error {
	if who.May(rights.ReadLetters) > rights.ScopeSelf {
		organization, _ := frame.Within(who, rights.ReadLetters)
		found, err := letters.List(ctx, u.DB, letters.Filter{Organization: organization, Sent: frame.Flag("false"), Invalid: frame.Flag("false")}, listing.Query{Limit: 1})
		if err != nil {
			return err
		}
		p.Waiting = append(p.Waiting, waiting{"letters", frame.Address("/letters", map[string]string{"sent": "false", "invalid": "false"}), "file", found.Total, false})
	}
	if who.May(rights.ReadMessages) <= rights.ScopeSelf {
		return nil
	}
	organization, _ := frame.Within(who, rights.ReadMessages)
	lost := waiting{Key: "mails", Icon: "mail", Href: "/messages"}
	for _, status := range []string{messages.Failed, messages.GivenUp} {
		found, err := messages.List(ctx, u.DB, messages.Filter{Organization: organization, Status: status}, listing.Query{Limit: 1})
		if err != nil {
			return err
		}
		lost.Count += found.Total
		if found.Total > 0 || status == messages.GivenUp && lost.Count == 0 {
			lost.Href = frame.Address("/messages", map[string]string{"status": status})
		}
	}
	lost.Bad = lost.Count > 0
	p.Waiting = append(p.Waiting, lost)
	return nil
}

// behind says that a read model shows an older state than the log, or stopped.
type behind struct {
	Events  int
	Stopped bool
}

const (
	patience  = 2 * time.Second // how long a page may look at how far the read models are
	tolerated = 2 * time.Second // what a reader does not notice
)

// behind answers how far the read model that is furthest behind is, nil if none is to speak
// of. Not to know is not worth a page.
func (u *UI) behind(ctx context.Context) *behind {
	looking, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	all, err := u.C.Runner.Status(looking)
	if err != nil {
		problem.Log(ctx).Warn("it is not known how far the read models are", "error", err.Error())
		return nil
	}
	var worst *behind
	for _, s := range all {
		stopped := s.State == machinery.StateStopped
		if s.Reactor || !stopped && s.LagTime < tolerated {
			continue
		}
		if worst == nil {
			worst = &behind{}
		}
		worst.Events, worst.Stopped = max(worst.Events, int(s.LagEvents)), worst.Stopped || stopped
	}
	return worst
}
