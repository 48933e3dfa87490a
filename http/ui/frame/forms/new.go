// Package forms draws forms from the schemas of the commands that they are for: which fields
// must be filled, how long a text may be and what is chosen from stands there and nowhere else.
package forms

import (
	"cmp"
	"context"
	"embed"
	"net/http"
	"reflect"
	"slices"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/internal/schema"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
)

// Templates are the parts that forms are drawn with.
//
//go:embed all:templates
var Templates embed.FS

// organizationID is the member of a body that says whose the new thing is.
const organizationID = "organizationId"

// New is the page on which one of a kind of thing is made for an organization. Whoever manages but
// one organization does not choose it.
type New[Body any] struct {
	Base  string // of the list; the page is at <Base>/new, and what it made at <Base>/<id>
	Nav   string // key of the navigation item that is current
	ID    string // member of the body that has the id; the form chooses it, so that sending it twice makes one
	Title words.Key
	Add   words.Key // on the button
	Done  words.Key // what the page after it says
	// Organization and Choose are the label of the select of organizations, and its first line.
	Organization, Choose words.Key
	Among                []listing.Question // the organizations that can have one; nil for all
	Fields               []Field            // in the order of the page
	Shows                frame.Shows
	// May refuses who can have none; nil if everybody with the right can.
	May func(ctx context.Context, db machinery.DB, who rights.Principal) error
}

// Field is a member of the body as a field. Its words are said, its rules are those of the schema.
type Field struct {
	Name        string
	Label, Help words.Key
	Group       words.Key    // above the boxes of a group, said with the first
	Right       rights.Right // that whoever fills it needs; empty for everybody
	Ticked      bool         // a box that is ticked in an empty form
	Proposed    bool         // the browser may propose what was typed before
	Needed      bool         // it must be filled in, which the schema does not say
	Day         bool         // it is a day
}

// Mount adds the page to a router.
func (f New[Body]) Mount(s frame.Site, r chi.Router) {
	f.members()
	r.Get(f.path(), s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error { return f.empty(s, w, r) }))
	r.Post(f.path(), s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error { return f.make(s, w, r) }))
}

func (f New[Body]) path() string { return f.Base + "/new" }

func (f New[Body]) empty(s frame.Site, w http.ResponseWriter, r *http.Request) error {
	p := page{Chosen: r.URL.Query().Get(organizationID), ID: hidden{f.ID, uuid.NewString()}, Held: map[string]string{}}
	for _, field := range f.Fields {
		p.Held[field.Name] = r.URL.Query().Get(field.Name)
		if field.Ticked {
			p.Held[field.Name] = ticked
		}
	}
	return f.show(s, w, r, p, nil)
}

func (f New[Body]) make(s frame.Site, w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return frame.BadForm(err)
	}
	id := r.PostForm.Get(f.ID)
	if uuid.Validate(id) != nil {
		id = uuid.NewString()
	}
	p := page{Chosen: r.PostForm.Get(organizationID), ID: hidden{f.ID, id}, Held: map[string]string{}}
	for _, field := range f.Fields {
		p.Held[field.Name] = r.PostForm.Get(field.Name)
	}
	r.PostForm.Set(f.ID, id)
	if scope, _ := frame.Within(session.Who(r.Context()), f.right(s)); scope != "" {
		r.PostForm.Set(organizationID, scope)
	}
	body, err := frame.Decode[Body](r)
	if err == nil {
		_, err = s.Commands.Run(r, body, f.Shows)
	}
	if err == nil {
		return s.Pages.Done(w, r, f.Base+"/"+id, f.Done)
	}
	return frame.Again(r, err, func(wrong *problem.Details) error { return f.show(s, w, r, p, wrong) })
}

func (f New[Body]) right(s frame.Site) rights.Right {
	var body Body
	return s.Commands.Offers.Of(body).Right
}

// show draws the page. The problem is what was wrong with what was typed.
func (f New[Body]) show(s frame.Site, w http.ResponseWriter, r *http.Request, p page, wrong *problem.Details) error {
	var body Body
	command := s.Commands.Offers.Of(body)
	if err := s.Reach.Need(r, command.Name, command.Right); err != nil {
		return err
	}
	who, l := session.Who(r.Context()), words.Of(r.Context())
	if f.May != nil {
		if err := f.May(r.Context(), s.DB, who); err != nil {
			return err
		}
	}
	p.Base, p.Nav, p.Command, p.Title, p.Add = f.Base, f.Nav, command.Name, words.Text(l, f.Title), words.Text(l, f.Add)
	if scope, _ := frame.Within(who, command.Right); scope == "" {
		p.Organization, p.Choose = words.Text(l, f.Organization), words.Text(l, f.Choose)
		p.Organizations = frame.ChoiceOf(r, "field-"+organizationID, organizationID)
		if err := s.Names.Organizations(r.Context(), &p.Organizations, p.Chosen, f.Among...); err != nil {
			return err
		}
	}
	p.Fields = f.drawn(l, who)
	return s.Pages.Render(w, r, "new-thing", frame.Page{Title: p.Title, Nav: f.Nav, Data: p, Problem: wrong})
}

// members returns what the body says of the fields. It panics on a field that is no member of it, or
// of a kind that no form draws: faults of the program, found at start.
func (f New[Body]) members() []schema.Member {
	all := schema.MembersOf(reflect.TypeFor[Body]())
	var members []schema.Member
	for _, field := range f.Fields {
		i := slices.IndexFunc(all, func(m schema.Member) bool { return m.Name == field.Name })
		if i < 0 || !slices.Contains([]reflect.Kind{reflect.Bool, reflect.String}, kindOf[Body](all[i])) || len(all[i].Enum) > 0 {
			panic("forms: the form at " + f.path() + " can't have the field " + field.Name)
		}
		members = append(members, all[i])
	}
	return members
}

func kindOf[Body any](m schema.Member) reflect.Kind {
	return reflect.TypeFor[Body]().FieldByIndex(m.Index).Type.Kind()
}

// drawn returns the fields of whoever asks as the template draws them.
func (f New[Body]) drawn(l words.Language, who rights.Principal) []drawn {
	var all []drawn
	var group words.Key // of a field that is left out
	for i, member := range f.members() {
		field := f.Fields[i]
		field.Group, group = cmp.Or(field.Group, group), ""
		if field.Right != "" && who.May(field.Right) == rights.ScopeNone {
			group = field.Group
			continue
		}
		d := drawn{
			Name: field.Name, Label: words.Text(l, field.Label), Help: said(l, field.Help), Group: said(l, field.Group),
			Box: kindOf[Body](member) == reflect.Bool, Required: member.Required || field.Needed, Max: member.MaxLength, Autocomplete: "off",
		}
		if field.Day {
			d.Type, d.Max = "date", 0
		}
		if field.Proposed {
			d.Autocomplete = ""
		}
		all = append(all, d)
	}
	return all
}

func said(l words.Language, key words.Key) string {
	if key == "" {
		return ""
	}
	return words.Text(l, key)
}

// page is what the template draws.
type page struct {
	Base, Nav, Command, Title, Add string
	ID                             hidden
	Organization, Choose, Chosen   string
	Organizations                  frame.Choice // empty for who has but one
	Fields                         []drawn
	Held                           map[string]string // by field
}

type hidden struct{ Name, Value string }

type drawn struct {
	Name, Label, Help, Group string
	Box, Required            bool
	Max                      int
	Autocomplete, Type       string
}

// ticked is what a box holds that is ticked.
const ticked = "yes"
