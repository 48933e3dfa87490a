package manage

import (
	"net/http"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/engine"
	messagecommands "sleutelbos/commands/messages"
	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// Mail is a mail in the outbox.
type Mail struct {
	Name    string // of the file
	Message string // the id of the message
	At      time.Time
	To      string
	Subject,
	Text string
}

// outboxPages show the mails that were written to files. What one says is on a page of its own, and
// who opens it stands in the history of the account: the mail may hold a link that opens it.
type outboxPages struct{ Section }

func (s outboxPages) mount(r chi.Router) {
	r.Get("/manage/outbox", s.Pages.SignedIn(s.showOutbox))
	r.Get("/manage/outbox/{id}", s.Pages.SignedIn(s.openMail))
}

// seesMails reports who may read mails that were written to files: they hold the links that
// open accounts, so only who may manage every account.
func seesMails(who rights.Principal) bool {
	return who.May(rights.ManageAccounts) == rights.ScopeAll
}

func (s outboxPages) showOutbox(w http.ResponseWriter, r *http.Request) error {
	mails, err := s.mails(r, "ShowOutbox")
	if err != nil {
		return err
	}
	return s.Pages.Render(w, r, "outbox", frame.Page{Title: words.Text(words.Of(r.Context()), "outbox.title"), Nav: "manage", Data: mails})
}

// mails returns the mails of the outbox to whoever may read them.
func (s outboxPages) mails(r *http.Request, page string) ([]Mail, error) {
	who := session.Who(r.Context())
	if !seesMails(who) || who.May(rights.ReadMessages) < rights.ScopeAll {
		return nil, s.Reach.Denied(r, page, engine.ErrDenied)
	}
	if s.Outbox == nil {
		return nil, problem.New(http.StatusNotFound, "not-found")
	}
	return s.Outbox()
}

// openMail shows the newest mail of a message, once the log has who read it.
func (s outboxPages) openMail(w http.ResponseWriter, r *http.Request) error {
	mails, err := s.mails(r, "OpenMail")
	if err != nil {
		return err
	}
	id, _ := frame.PathID(r)
	i := slices.IndexFunc(mails, func(m Mail) bool { return id != "" && m.Message == id })
	if i < 0 {
		return problem.New(http.StatusNotFound, "not-found")
	}
	if _, err := s.Commands.Run(r, messagecommands.OpenMail{MessageID: id}, frame.ShowsNothing); err != nil {
		return err
	}
	return s.Pages.Render(w, r, "outboxmail", frame.Page{Title: mails[i].Subject, Nav: "manage", Data: mails[i]})
}
