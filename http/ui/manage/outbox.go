package manage

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// Mail is a mail in the outbox.
type Mail struct {
	Name string // of the file
	At   time.Time
	To   string
	Subject,
	Text string
}

// outboxPages show the mails that were written to files.
type outboxPages struct{ Section }

func (s outboxPages) mount(r chi.Router) { r.Get("/manage/outbox", s.Pages.SignedIn(s.showOutbox)) }

// seesMails reports who may read mails that were written to files: they hold the links that
// open accounts, so only who may manage every account.
func seesMails(who rights.Principal) bool {
	return who.May(rights.ManageAccounts) == rights.ScopeAll
}

func (s outboxPages) showOutbox(w http.ResponseWriter, r *http.Request) error {
	who := session.Who(r.Context())
	if !seesMails(who) || who.May(rights.ReadMessages) < rights.ScopeAll {
		return s.Reach.Denied(r, "ShowOutbox", engine.ErrDenied)
	}
	if s.Outbox == nil {
		return problem.New(http.StatusNotFound, "not-found")
	}
	mails, err := s.Outbox()
	if err != nil {
		return err
	}
	return s.Pages.Render(w, r, "outbox", frame.Page{Title: words.Text(words.Of(r.Context()), "outbox.title"), Nav: "manage", Data: mails})
}
