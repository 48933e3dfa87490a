package organizations

import (
	"maps"
	"net/http"
	"reflect"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/organizations"
	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/internal/schema"
)

// senderPages change what the letters of an organization say of their sender.
type senderPages struct{ Section }

func (s senderPages) mount(r chi.Router) {
	r.Get("/organizations/{id}/sender", s.Pages.SignedIn(s.showSender))
	r.Post("/organizations/{id}/sender", s.Pages.SignedIn(s.setSender))
}

// senderFields are the fields of the form: the members of the command.
var senderFields = schema.MembersOf(reflect.TypeFor[organizations.LetterSender]())

type senderPage struct {
	Head   organizationHead
	Fields []schema.Member
	Names  []string
	Types  map[string]string // of the inputs, where they are not those of a text
	Held   map[string]string // what the fields hold now
	Typed  map[string]string
	Now    map[string]string // of the fields that both changed, what they hold
}

// senderTypes help a browser to fill in a field.
var senderTypes = map[string]string{"email": "email", "phone": "tel"}

func senderNames() []string {
	names := make([]string, len(senderFields))
	for i, m := range senderFields {
		names[i] = m.Name
	}
	return names
}

func heldSender(h organizationHead) map[string]string {
	return map[string]string{
		"name": h.SenderName, "department": h.SenderDepartment, "street": h.SenderStreet, "postcode": h.SenderPostcode, "city": h.SenderCity,
		"postalCountry": h.SenderPostalCountry, "phone": h.SenderPhone, "email": h.SenderEmail,
	}
}

func (s senderPages) showSender(w http.ResponseWriter, r *http.Request) error {
	return s.senderPage(w, r, frame.Merged{}, nil)
}

func (s senderPages) senderPage(w http.ResponseWriter, r *http.Request, merged frame.Merged, wrong *problem.Details) error {
	if err := s.Reach.Need(r, "SetLetterSender", rights.ManageLetters); err != nil {
		return err
	}
	h, err := s.head(r, "general")
	if err != nil {
		return err
	}
	held := heldSender(h)
	p := senderPage{Head: h, Fields: senderFields, Names: senderNames(), Types: senderTypes, Held: held, Typed: maps.Clone(held)}
	if wrong != nil {
		for _, name := range p.Names {
			p.Typed[name] = r.PostFormValue(name)
		}
	}
	page := frame.Page{Title: words.Text(words.Of(r.Context()), "sender.title"), Nav: "organizations", Organization: h.ID, Problem: wrong}
	p.Now = merged.Now(held)
	page.Data = p
	if err := s.Reach.TellStale(r, &page, merged, stream(h.ID), p.Names); err != nil {
		return err
	}
	return s.Pages.Render(w, r, "sender", page)
}

func (s senderPages) setSender(w http.ResponseWriter, r *http.Request) error {
	h, err := s.head(r, "")
	if err != nil {
		return err
	}
	merged, err := s.Commands.RunMerged(r, frame.Editing{Fields: senderNames(), Held: heldSender(h), Revision: h.Revision, Body: func() (any, error) {
		body, err := frame.Decode[organizations.SetLetterSender](r)
		body.OrganizationID = h.ID
		return body, err
	}}, ofOrganization)
	if err != nil {
		return frame.Again(r, err, func(wrong *problem.Details) error { return s.senderPage(w, r, merged, wrong) })
	}
	return s.Pages.Done(w, r, merged.Seen("/organizations/"+h.ID), "done.sender")
}
