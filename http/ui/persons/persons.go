// Package persons is the section about persons: who they are, and what they are to the organization
// that knows them.
package persons

import (
	"context"
	"embed"
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/persons"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/forms"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/personlist"
)

//go:embed all:templates
var templates embed.FS

// Section adds the pages about persons.
type Section struct{ frame.Site }

// ofPerson is what the pages after forms show.
var ofPerson = frame.Shows{answers.Persons.Whole.Table}

// Mount adds the pages to a router.
func (s Section) Mount(r chi.Router) {
	s.Site = lists.Set{personList}.Mount(s.Site.Section(lists.Templates, forms.Templates, templates), r)
	newPerson.Mount(s.Site, r)
	personPages{s}.mount(r)
	detailPages{s}.mount(r)
}

// newPerson is the page on which a person is registered.
var newPerson = forms.New[persons.RegisterPerson]{
	Base: "/persons", Nav: "persons", ID: "personId", Title: "persons.add", Add: "persons.add", Done: "done.person-registered",
	Organization: "persons.organization", Choose: "person.choose", Among: withPersons(), Shows: ofPerson,
	Fields: []forms.Field{
		{Name: "givenName", Label: "person.given-name"},
		{Name: "surnamePrefix", Label: "person.surname-prefix", Help: "person.surname-prefix-help"},
		{Name: "surname", Label: "person.surname", Needed: true},
		{Name: "email", Label: "person.email", Help: "person.email-help"},
		{Name: "phone", Label: "person.phone"},
		{Name: "birthDate", Label: "person.birth-date", Day: true},
		{Name: "employedFrom", Label: "person.employed-from", Help: "person.employed-from-help", Day: true},
		{Name: "externalOrganization", Label: "person.external-organization", Help: "person.external-organization-help"},
		{Name: "function", Label: "person.function"},
		{Name: "volunteer", Label: "person.volunteer", Group: "person.kind"},
	},
	May: func(ctx context.Context, db machinery.DB, who rights.Principal) error {
		has, err := frame.Works(ctx, db, who, frame.WithPersons)
		if err == nil && !has {
			err = organization.ErrNoPersons
		}
		return err
	},
}

// withPersons returns which organizations work with persons.
func withPersons() []listing.Question {
	return []listing.Question{{Fits: listing.Fits{"persons": "true"}}}
}

// personList is the list of persons, by what they are to the organization.
var personList = lists.List[personlist.Item, personlist.Item]{
	Path: "/persons", Key: "persons", Says: "list", Nav: "persons", Icon: "user", Bare: "persons.bare",
	Right: rights.ReadPersons, Thing: answers.Persons,
	Order: func(url.Values) string { return personlist.Model.Default },
	Filters: []lists.Filter{
		lists.Organizations(), lists.YesNo("employee", "employee"), lists.YesNo("contact", "contact"), lists.YesNo("volunteer", "volunteer"),
		lists.YesNo("internalEmployee", "internalEmployee"),
	},
	Views: lists.Views{All: func(time.Time) []lists.Fits {
		return []lists.Fits{
			{Key: "all"},
			{Key: "employees", Values: map[string]string{"employee": "true"}},
			{Key: "contacts", Values: map[string]string{"contact": "true"}},
			{Key: "volunteers", Values: map[string]string{"volunteer": "true"}},
			{Key: "shielded", Values: map[string]string{"internalEmployee": "true"}},
		}
	}},
	Rows:    lists.Same[personlist.Item],
	Columns: personColumns,
	Of: func(row *personlist.Item) lists.Line {
		return lists.Line{ID: row.ID, Href: "/persons/" + row.ID, Name: row.Name}
	},
	Add: func(v *lists.View) *lists.Link {
		if has, err := frame.Works(v.Request.Context(), v.Site.DB, v.Who, frame.WithPersons); err != nil || !has || !v.Sees(rights.ManagePersons) {
			return nil
		}
		return &lists.Link{Href: "/persons/new", Text: "persons.add"}
	},
}

func personColumns(v *lists.View) []lists.Column[personlist.Item] {
	type row = personlist.Item
	columns := []lists.Column[row]{{
		Text: "persons.name", Sort: "name", Main: true, Cell: "cell-main",
		Value: func(p *row) any { return lists.Main{Href: "/persons/" + p.ID, Text: p.ListedName, Second: p.Email} },
	}}
	if v.Everywhere() {
		columns = append(columns, lists.Column[row]{Text: "persons.organization", Cell: "cell-text", Value: func(p *row) any { return p.OrganizationName }})
	}
	yes := func(is bool) string { return words.Value(v.Language, words.YesNo, is) }
	now := v.Site.Now()
	return append(columns,
		lists.Column[row]{Text: "persons.employee", Cell: "cell-text", Value: func(p *row) any { return yes(p.EmployeeAt(now)) }},
		lists.Column[row]{Text: "persons.contact", Cell: "cell-text", Value: func(p *row) any {
			if p.Contact && p.ExternalOrganization != "" {
				return p.ExternalOrganization
			}
			return yes(p.Contact)
		}},
		lists.Column[row]{Text: "persons.volunteer", Cell: "cell-text", Value: func(p *row) any { return yes(p.Volunteer) }},
		lists.Column[row]{Text: "persons.created", Sort: "createdAt", Cell: "cell-day", Value: func(p *row) any { return p.CreatedAt }})
}
