package persons

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/persons"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/person"
	"sleutelbos/eventstore"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/projections/models/personlist"
)

// personPages show a person, and what the person is to the organization.
type personPages struct{ Section }

func (s personPages) mount(r chi.Router) {
	r.Get("/persons/{id}", s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error { return s.show(w, r, nil) }))
	acts := frame.Acts{Site: s.Site, Base: "/persons", Missing: person.ErrNotFound, Shows: ofPerson, Page: s.show}
	acts.Mount(r, "/employments", "done.employment-started", func(r *http.Request, id string) any {
		return persons.StartEmployment{PersonID: id, From: form(r, "from"), Until: form(r, "until")}
	})
	acts.Mount(r, "/employments/end", "done.employment-ended", func(r *http.Request, id string) any {
		return persons.EndEmployment{PersonID: id, From: form(r, "from"), Until: form(r, "until"), Reason: form(r, "reason")}
	})
	acts.Mount(r, "/employments/continue", "done.employment-continued", func(_ *http.Request, id string) any {
		return persons.ContinueEmployment{PersonID: id}
	})
	acts.Mount(r, "/employments/withdraw", "done.employment-withdrawn", func(r *http.Request, id string) any {
		return persons.WithdrawEmployment{PersonID: id, From: form(r, "from"), Reason: form(r, "reason")}
	})
	acts.Mount(r, "/contact", "done.contact-registered", func(r *http.Request, id string) any {
		return persons.RegisterExternalContact{PersonID: id, ExternalOrganization: form(r, "externalOrganization"), Function: form(r, "function")}
	})
	acts.Mount(r, "/contact/end", "done.contact-ended", func(_ *http.Request, id string) any { return persons.EndExternalContact{PersonID: id} })
	acts.Mount(r, "/volunteer", "done.volunteer-activated", func(_ *http.Request, id string) any { return persons.ActivateVolunteer{PersonID: id} })
	acts.Mount(r, "/volunteer/end", "done.volunteer-deactivated", func(_ *http.Request, id string) any { return persons.DeactivateVolunteer{PersonID: id} })
	acts.Mount(r, "/shield", "done.person-shielded", func(r *http.Request, id string) any {
		return persons.ShieldPerson{PersonID: id, Reason: form(r, "reason")}
	})
	acts.Mount(r, "/unshield", "done.person-unshielded", func(r *http.Request, id string) any {
		return persons.UnshieldPerson{PersonID: id, Reason: form(r, "reason")}
	})
}

func form(r *http.Request, name string) string { return strings.TrimSpace(r.PostFormValue(name)) }

type personPage struct {
	personlist.Item
	Manages, Shields, SeesHistory bool
	Hidden                        bool // what is known of the person is kept from the reader
	Employments                   []answers.Employment
	Asked                         *asked            // whether the person was employed on a day
	Typed                         map[string]string // of the form of the contact
}

// asked is the question whether the person was employed on a day, as it was known on another, and the answer.
type asked struct {
	On, Known string
	Employed  bool
}

// show draws a person. The problem is what was wrong with a form of the page.
func (s personPages) show(w http.ResponseWriter, r *http.Request, wrong *problem.Details) error {
	id, ok := frame.PathID(r)
	if !ok {
		return person.ErrNotFound
	}
	row, err := answers.Persons.Get(r.Context(), s.Source, s.Reach.Asker(r, "ShowPerson"), rights.ReadPersons, id)
	if err != nil {
		return err
	}
	who := session.Who(r.Context())
	seesKept := !row.Internal || who.Reaches(rights.ReadShielded, row.OrganizationID, "")
	p := personPage{
		Item: row, Hidden: !seesKept, Manages: who.Reaches(rights.ManagePersons, row.OrganizationID, ""),
		Shields: who.Reaches(rights.ManageShields, row.OrganizationID, ""), SeesHistory: who.Reaches(rights.ReadHistory, row.OrganizationID, ""),
		Employments: employments(row),
		Typed:       map[string]string{"externalOrganization": row.ExternalOrganization, "function": row.Function},
	}
	if wrong != nil {
		p.Typed = frame.Typed(r, []string{"externalOrganization", "function"})
	}
	if err := s.ask(r, &p); err != nil {
		return err
	}
	page := frame.Page{Title: row.Name, Nav: "persons", Organization: row.OrganizationID, Problem: wrong}
	if page.Meanwhile, err = s.Reach.SeenSince(r, eventstore.PersonSubject(id), detailFields); err != nil {
		return err
	}
	page.Data = p
	return s.Pages.Render(w, r, "person", page)
}

func employments(row personlist.Item) []answers.Employment {
	var all []answers.Employment
	for _, e := range row.Known() {
		all = append(all, answers.Employment{From: e.From, Until: answers.Maybe(e.Until)})
	}
	return all
}

// ask answers the question of the address, if there is one that the reader may ask.
func (s personPages) ask(r *http.Request, p *personPage) error {
	zone := organization.ZoneNamed(p.TimeZone)
	on, _ := frame.AsOf(r, "on", zone, p.SeesHistory)
	if on == "" {
		return nil
	}
	known, at := frame.AsOf(r, "known", zone, p.SeesHistory)
	past := answers.Past{Source: s.Source, Asker: s.Reach.Asker(r, "GetPersonEmployment")}
	found, err := past.Employed(r.Context(), p.ID, on, at)
	p.Asked = &asked{On: on, Known: cmp.Or(known, s.Now().In(zone).Format(time.DateOnly)), Employed: found.Employed}
	return err
}
