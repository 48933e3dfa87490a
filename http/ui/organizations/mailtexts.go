package organizations

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/engine"
	"sleutelbos/domain/message"
	"sleutelbos/domain/organization"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// mailTextPages show what the mails of an organization say, and change it (O-15).
type mailTextPages struct{ Section }

func (s mailTextPages) mount(r chi.Router) {
	const list, one = "/organizations/{id}/templates", "/organizations/{id}/templates/{template}/{language}"
	r.Get(list, s.Pages.SignedIn(s.showList))
	r.Get(one, s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error { return s.show(w, r, frame.Merged{}, nil) }))
	r.Post(one, s.Pages.SignedIn(s.change))
	r.Post(one+"/preview", s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error { return s.show(w, r, frame.Merged{}, nil) }))
	r.Post(one+"/reset", s.Pages.SignedIn(s.reset))
}

type mailTextsPage struct {
	Head  organizationHead
	Day   string // of which the texts are shown; empty for now
	Mails []mailLine
}

// mailLine is a kind of mail with its text in each language.
type mailLine struct {
	Template message.Template
	Texts    []mailLanguage
}

type mailLanguage struct {
	answers.MailText
	At time.Time // when it was changed last
}

func (s mailTextPages) showList(w http.ResponseWriter, r *http.Request) error {
	h, err := s.readable(r)
	if err != nil {
		return err
	}
	p := mailTextsPage{Head: h}
	var at time.Time
	p.Day, at = frame.AsOf(r, "asOf", organization.ZoneNamed(h.TimeZone), h.SeesHistory)
	found, err := s.texts(r, h.ID, at)
	if err != nil {
		return err
	}
	for _, item := range found {
		if n := len(p.Mails); n == 0 || p.Mails[n-1].Template != item.Template {
			p.Mails = append(p.Mails, mailLine{Template: item.Template})
		}
		line := mailLanguage{MailText: item}
		if item.Since != nil {
			if line.At, err = time.Parse(time.RFC3339Nano, *item.Since); err != nil {
				return err
			}
		}
		last := &p.Mails[len(p.Mails)-1]
		last.Texts = append(last.Texts, line)
	}
	return s.Pages.Render(w, r, "mailtexts", frame.Page{Title: words.Text(words.Of(r.Context()), "mailtexts.title"), Nav: "organizations", Organization: h.ID, Data: p})
}

// readable returns the head of an organization whose mails the reader may read.
func (s mailTextPages) readable(r *http.Request) (organizationHead, error) {
	h, err := s.head(r, "general")
	if err == nil && !h.SeesMails {
		err = s.Reach.Denied(r, "GetOrganizationTemplates", engine.ErrDenied)
	}
	return h, err
}

func (s mailTextPages) texts(r *http.Request, organizationID string, at time.Time) ([]answers.MailText, error) {
	found, err := answers.Past{Source: s.Source, Asker: s.Reach.Asker(r, "GetOrganizationTemplates")}.MailTexts(r.Context(), organizationID, at)
	return found.Items, err
}
