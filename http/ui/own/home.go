package own

import (
	"context"
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/messages"
	"sleutelbos/projections/models/organizationlist"
)

// homePages are the page that everybody begins on.
type homePages struct{ Section }

func (s homePages) mount(r chi.Router) { r.Get("/", s.Pages.SignedIn(s.showHome)) }

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
	Bare    bool   // the holder's account has no role, and so reaches nothing
	Steps   []step // for who begins
}

// shownRequests is how many open requests the page shows; the list has all.
const shownRequests = 5

func (s homePages) showHome(w http.ResponseWriter, r *http.Request) error {
	ctx, who := r.Context(), session.Who(r.Context())
	p := homePage{
		Holder: who.May(rights.ReadAccounts) <= rights.ScopeSelf, Creates: who.May(rights.ManageAccounts) > rights.ScopeSelf,
		Decides: who.May(rights.DecideRequests) > rights.ScopeSelf,
	}
	var err error
	if p.Holder {
		if p.own, err = s.ownLicenses(r, who); err == nil {
			p.Bare, err = s.bare(ctx, who)
		}
	} else {
		err = s.homeOfStaff(r, who, &p)
	}
	if err != nil {
		return err
	}
	return s.Pages.Render(w, r, "home", frame.Page{Title: words.Text(words.Of(ctx), "home.title"), Nav: "home", Data: p})
}

// bare reports whether whoever asks has an account without a role, in an organization whose
// accounts get what they reach from roles.
func (s homePages) bare(ctx context.Context, who rights.Principal) (bool, error) {
	if who.Role != rights.RoleUser {
		return false, nil
	}
	o, err := organizationlist.Get(ctx, s.DB, who.Organization)
	if err != nil || !o.Roles {
		return false, notYet(err)
	}
	row, err := s.ownAccount(ctx, who)
	return err == nil && row.ID != "" && len(row.Roles) == 0, err
}

// notYet returns no error for a row that is not visible yet.
func notYet(err error) error {
	if errors.Is(err, machinery.ErrNoRow) {
		return nil
	}
	return err
}

func (s homePages) homeOfStaff(r *http.Request, who rights.Principal, p *homePage) error {
	ctx := r.Context()
	organization, _ := frame.Within(who, rights.ReadAccounts)
	if who.May(rights.ReadRequests) > rights.ScopeSelf {
		open, err := answers.Requests.Find(ctx, s.Source, s.Reach.Asker(r, "ListLicenseRequests"), listing.Question{Organization: organization, Fits: listing.Fits{"status": licenserequests.Open}, Query: listing.Query{Limit: shownRequests}})
		if err != nil {
			return err
		}
		p.Longest = open.Items
		p.Waiting = append(p.Waiting, waiting{"requests", "/requests", "inbox", open.Total, false})
	}
	now := s.Now()
	soon := frame.SoonDay(now, s.Pages.Zone(ctx, who.Organization))
	for _, w := range []struct {
		key, icon string
		fits      listing.Fits
	}{
		{"expired", "clock", listing.Fits{"badge": string(account.BadgeActivationExpired)}},
		{"not-sent", "send", listing.Fits{"badge": string(account.BadgeActivationNotSent)}},
		{"ending", "power", listing.Fits{"validUntilBefore": soon, "expired": "false", "closed": "false"}},
	} {
		found, err := answers.Accounts.Find(ctx, s.Source, s.Reach.Asker(r, "ListAccounts"), listing.Question{Organization: organization, Fits: w.fits, Query: listing.Query{Limit: 1}})
		if err != nil {
			return err
		}
		p.Waiting = append(p.Waiting, waiting{w.key, frame.Address("/accounts", w.fits), w.icon, found.Total, false})
	}
	if err := s.paperWaiting(r, who, p); err != nil {
		return err
	}
	p.Behind = s.behind(ctx)
	steps, err := s.steps(r, who)
	p.Steps = steps
	return err
}

// paperWaiting adds the letters that lie and the mails that did not arrive.
func (s homePages) paperWaiting(r *http.Request, who rights.Principal, p *homePage) error {
	if who.May(rights.ReadLetters) > rights.ScopeSelf {
		organization, _ := frame.Within(who, rights.ReadLetters)
		found, err := answers.Letters.Find(r.Context(), s.Source, s.Reach.Asker(r, "ListLetters"), listing.Question{Organization: organization, Fits: listing.Fits{"sent": "false", "invalid": "false"}, Query: listing.Query{Limit: 1}})
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
		found, err := answers.Messages.Find(r.Context(), s.Source, s.Reach.Asker(r, "ListMessages"), listing.Question{Organization: organization, Fits: listing.Fits{"status": status}, Query: listing.Query{Limit: 1}})
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
