package answers

import (
	"context"
	"time"

	"sleutelbos/domain/person"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/audithistory"
)

// Employments say when an organization employed a person, as far as that was known at a time.
type Employments struct {
	PersonID    string       `json:"personId" format:"uuid"`
	On          string       `json:"on" format:"date" doc:"The day that is asked about."`
	Employed    bool         `json:"employed" doc:"Whether the person was employed on that day."`
	Employments []Employment `json:"employments" doc:"Every employment that was known, by its first day."`
}

// Employment is a time in which the organization employs a person.
type Employment struct {
	From  string  `json:"from" format:"date" doc:"The first day."`
	Until *string `json:"until" format:"date" doc:"The last day; null while none was known."`
}

// Employed returns whether a person was employed on a day, by what had been recorded through a time;
// the zero time means now. That the person is within the asker's reach is checked before.
func (p Past) Employed(ctx context.Context, personID, on string, known time.Time) (Employments, error) {
	found := Employments{PersonID: personID, On: on, Employments: []Employment{}}
	var state person.State
	filter := audithistory.Filter{Stream: eventstore.PersonSubject(personID), Types: catalog.Matching("person.employment_*")}
	for row, err := range audithistory.All(ctx, p.Source.DB, filter, listing.Query{}) {
		if err != nil {
			return found, err
		}
		if !known.IsZero() && row.OccurredAt.After(known) {
			break
		}
		opened, err := p.Source.Opener.Open(ctx, row)
		if err != nil {
			return found, err
		}
		event, _ := opened.Event.(person.Event) // the types are those of a person
		state = person.Decider.Evolve(state, event)
	}
	found.Employed = state.EmployedOn(on)
	for _, e := range state.Employments {
		found.Employments = append(found.Employments, Employment{From: e.From, Until: Maybe(e.Until)})
	}
	return found, nil
}
