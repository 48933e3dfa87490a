package persons

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/persons"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/person"
	"sleutelbos/eventstore"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/models/personlist"
)

// detailPages have the form that changes what is known of a person.
type detailPages struct{ Section }

func (s detailPages) mount(r chi.Router) {
	r.Get("/persons/{id}/edit", s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error { return s.form(w, r, frame.Merged{}, nil) }))
	r.Post("/persons/{id}/edit", s.Pages.SignedIn(s.change))
}

// detailFields are the fields of the form, members of the command.
var detailFields = []string{"givenName", "surnamePrefix", "surname", "email", "phone", "birthDate"}

type detailPage struct {
	personlist.Item
	Fields           []string
	Held, Typed, Now map[string]string
	Hidden           bool // the fields beside the name are kept from the reader
}

func held(row personlist.Item) map[string]string {
	return map[string]string{
		"givenName": row.GivenName, "surnamePrefix": row.SurnamePrefix, "surname": row.Surname, "email": row.Email, "phone": row.Phone, "birthDate": row.BirthDate,
	}
}

// person returns the person of the path, if the reader may change it.
func (s detailPages) person(r *http.Request) (personlist.Item, error) {
	id, ok := frame.PathID(r)
	if !ok {
		return personlist.Item{}, person.ErrNotFound
	}
	if err := s.Reach.Need(r, "ChangePerson", rights.ManagePersons); err != nil {
		return personlist.Item{}, err
	}
	row, err := answers.Persons.Get(r.Context(), s.Source, s.Reach.Asker(r, "ChangePerson"), rights.ReadPersons, id)
	if err == nil && !session.Who(r.Context()).Reaches(rights.ManagePersons, row.OrganizationID, "") {
		err = s.Reach.Denied(r, "ChangePerson", engine.ErrDenied)
	}
	return row, err
}

// form draws the form. The problem is what was wrong with it before.
func (s detailPages) form(w http.ResponseWriter, r *http.Request, merged frame.Merged, wrong *problem.Details) error {
	row, err := s.person(r)
	if err != nil {
		return err
	}
	p := detailPage{
		Item: row, Fields: detailFields, Held: held(row), Typed: held(row),
		Hidden: row.Internal && !session.Who(r.Context()).Reaches(rights.ReadShielded, row.OrganizationID, ""),
	}
	if p.Hidden {
		p.Fields = detailFields[:3]
	}
	if wrong != nil {
		p.Typed = frame.Typed(r, detailFields)
	}
	p.Now = merged.Now(p.Held)
	page := frame.Page{Title: words.Text(words.Of(r.Context()), "person.edit"), Nav: "persons", Organization: row.OrganizationID, Problem: wrong, Data: p}
	if err := s.Reach.TellStale(r, &page, merged, eventstore.PersonSubject(row.ID), detailFields); err != nil {
		return err
	}
	return s.Pages.Render(w, r, "person-edit", page)
}

// change runs the form. What its reader left alone stays as others have made it meanwhile.
func (s detailPages) change(w http.ResponseWriter, r *http.Request) error {
	row, err := s.person(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return frame.BadForm(err)
	}
	merged, err := s.Commands.RunMerged(r, frame.Editing{Fields: detailFields, Held: held(row), Revision: row.Revision, Body: func() (any, error) {
		body, err := frame.DecodeChanged[persons.ChangePerson](r, held(row))
		body.PersonID = row.ID
		return body, err
	}}, ofPerson)
	if err != nil {
		return frame.Again(r, err, func(wrong *problem.Details) error { return s.form(w, r, merged, wrong) })
	}
	return s.Pages.Done(w, r, merged.Seen("/persons/"+row.ID), "done.person-changed")
}
