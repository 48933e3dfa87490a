package regions

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"sleutelbos/commands/regions"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
)

// newPages create a region.
type newPages struct{ Section }

func (s newPages) mount(r chi.Router) {
	r.Get("/regions/new", s.Pages.SignedIn(s.showNew))
	r.Post("/regions/new", s.Pages.SignedIn(s.create))
}

type newPage struct {
	RegionID           string // chosen by the form, so that sending it twice makes one
	Organization, Name string
	Organizations      frame.Choice // empty for who has but one
}

func (s newPages) showNew(w http.ResponseWriter, r *http.Request) error {
	return s.form(w, r, newPage{RegionID: uuid.NewString(), Organization: r.URL.Query().Get("organizationId"), Name: r.URL.Query().Get("name")}, nil)
}

func (s newPages) form(w http.ResponseWriter, r *http.Request, p newPage, wrong *problem.Details) error {
	if err := s.Reach.Need(r, "CreateRegion", rights.ManageRegions); err != nil {
		return err
	}
	who := session.Who(r.Context())
	has, err := frame.HasRegions(r.Context(), s.DB, who)
	if err != nil {
		return err
	}
	if !has {
		return organization.ErrNoRegions
	}
	if scope, _ := frame.Within(who, rights.ManageRegions); scope == "" {
		p.Organizations = frame.ChoiceOf(r, "field-organizationId", "organizationId")
		if err := s.Names.Organizations(r.Context(), &p.Organizations, p.Organization, withRegions()...); err != nil {
			return err
		}
	}
	title := words.Text(words.Of(r.Context()), "regions.add")
	return s.Pages.Render(w, r, "new", frame.Page{Title: title, Nav: "regions", Data: p, Problem: wrong})
}

// withRegions returns which organizations work with regions.
func withRegions() []listing.Question {
	var questions []listing.Question
	for _, preset := range organization.Presets() {
		if preset.HasRegions() {
			questions = append(questions, listing.Question{Fits: listing.Fits{"preset": string(preset)}})
		}
	}
	return questions
}

func (s newPages) create(w http.ResponseWriter, r *http.Request) error {
	body, err := frame.Decode[regions.CreateRegion](r)
	if err != nil {
		return err
	}
	if uuid.Validate(body.RegionID) != nil {
		body.RegionID = uuid.NewString()
	}
	p := newPage{RegionID: body.RegionID, Organization: body.OrganizationID, Name: r.PostFormValue("name")}
	if scope, _ := frame.Within(session.Who(r.Context()), rights.ManageRegions); scope != "" {
		body.OrganizationID = scope
	}
	if _, err = s.Commands.Run(r, body, ofRegion); err == nil {
		return s.Pages.Done(w, r, "/regions/"+body.RegionID, "done.region-created")
	}
	details, ok := frame.Refused(r, err)
	if !ok {
		return err
	}
	return s.form(w, r, p, &details)
}
