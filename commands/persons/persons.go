// Package persons has the use cases of persons: who they are, and what they are to the organization
// that knows them. A person is no account; most things here can be said of somebody who has none.
package persons

import (
	"context"
	"time"

	"sleutelbos/commands/access"
	"sleutelbos/commands/aggregates"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/person"
	"sleutelbos/domain/typed"
)

// UseCases are the commands of persons.
type UseCases struct {
	access.Access
	Persons *aggregates.Persons
}

// Commands returns what can be asked.
func (u UseCases) Commands() []engine.Command {
	guard := engine.Guard[person.State, person.Command, person.Event]{
		Aggregate: u.Persons, Target: engine.Target{Category: "person", Member: "personId"}, Reach: u.reach,
	}
	all := []engine.Command{
		engine.Handled("RegisterPerson", rights.ManagePersons, "Makes a person known to an organization, and says what the person is to it.", u.register, engine.Icon("plus")),
		engine.Handled("ChangePerson", rights.ManagePersons, "Changes what is known of a person: what is not named stays as it is, what is empty is taken away.",
			u.change, engine.ActsOn(guard.Target), engine.UndoneBy[ChangePerson](), engine.Icon("edit")),
	}
	return append(append(all, kinds(guard)...), employments(guard)...)
}

// NameParts are the parts of a person's name, as clients give them. T is string for a whole name,
// and *string for a request that names only some of it.
type NameParts[T any] struct {
	GivenName     T `json:"givenName,omitzero" maxLength:"80"`
	SurnamePrefix T `json:"surnamePrefix,omitzero" maxLength:"30" doc:"The words before the surname, by which Dutch lists do not sort: van der."`
	Surname       T `json:"surname,omitzero" maxLength:"80" doc:"Without its prefix. A person has one."`
}

// Details are what may be known of a person beside the name; see NameParts for T.
type Details[T any] struct {
	Email     T `json:"email,omitzero" maxLength:"254" text:"mail"`
	Phone     T `json:"phone,omitzero" maxLength:"30"`
	BirthDate T `json:"birthDate,omitzero" maxLength:"10" doc:"yyyy-mm-dd"`
}

// RegisterPerson is the body of the command of that name.
type RegisterPerson struct {
	PersonID       string `json:"personId,omitzero" format:"uuid" doc:"Chosen by the client, so that a retry is harmless; made if absent."`
	OrganizationID string `json:"organizationId" format:"uuid"`
	NameParts[string]
	Details[string]
	EmployedFrom         string `json:"employedFrom,omitzero" maxLength:"10" doc:"The first day of an employee, yyyy-mm-dd. It may be over or to come."`
	ExternalOrganization string `json:"externalOrganization,omitzero" maxLength:"200" doc:"The name of the organization of an external contact."`
	Function             string `json:"function,omitzero" maxLength:"100" doc:"What an external contact does there."`
	Volunteer            bool   `json:"volunteer,omitzero" doc:"The person is an active volunteer."`
}

// PersonMade is the result of RegisterPerson.
type PersonMade struct {
	PersonID string `json:"personId"`
}

// register makes a person known to an organization.
func (u UseCases) register(ctx context.Context, c *engine.Call, in RegisterPerson) (PersonMade, error) {
	organizationID, o, err := u.Organization(ctx, c, rights.ManagePersons, in.OrganizationID)
	if err != nil {
		return PersonMade{}, err
	}
	id, fresh, err := u.Persons.NewID(ctx, c, engine.Naming[person.State]{
		Field: "person_id", Given: in.PersonID, Right: rights.ManagePersons, Missing: person.ErrNotFound, Of: OwnerOf,
	})
	if err != nil {
		return PersonMade{}, err
	}
	register := person.Register{
		OrganizationID: organizationID, Name: typed.Name{GivenName: in.GivenName, SurnamePrefix: in.SurnamePrefix, Surname: in.Surname},
		Details: person.Details[string](in.Details), EmployedFrom: in.EmployedFrom, Volunteer: in.Volunteer,
		Contact:     person.Contact{ExternalOrganization: in.ExternalOrganization, Function: in.Function},
		HomeCountry: o.Policies.Country(), Today: today(c, o),
	}
	makes, err := u.Persons.Would(ctx, c, id, fresh, register)
	if err == nil && makes {
		err = o.MayHavePersons() // a retry of what was done is harmless
	}
	if err != nil {
		return PersonMade{}, err
	}
	_, err = u.Persons.Decide(ctx, c, id, register, engine.Step{Own: true, New: fresh})
	return PersonMade{id}, err
}

// today returns the day that it is where the organization is.
func today(c *engine.Call, o organization.State) string {
	return c.Now.In(o.Policies.Zone()).Format(time.DateOnly)
}

// ChangePerson is the body of the command of that name. What is nil stays as it is.
type ChangePerson struct {
	PersonID string `json:"personId" format:"uuid"`
	NameParts[*string]
	Details[*string]
}

// change changes what is known of a person. Who may not see what is known of a shielded person may not
// change it either: a preview would tell whether a guess is what is there already.
func (u UseCases) change(ctx context.Context, c *engine.Call, in ChangePerson) (engine.None, error) {
	id, before, err := u.Persons.Reached(ctx, c, rights.ManagePersons, in.PersonID, person.ErrNotFound, OwnerOf)
	if err != nil {
		return engine.None{}, err
	}
	if in.Details != (Details[*string]{}) {
		if err := mayTouch(c, before); err != nil {
			return engine.None{}, err
		}
	}
	o, err := u.Organizations.Seen(ctx, c, before.OrganizationID) // its country matters, which hardly ever changes
	if err != nil {
		return engine.None{}, err
	}
	_, err = u.Persons.Decide(ctx, c, id, person.Change{
		GivenName: in.GivenName, SurnamePrefix: in.SurnamePrefix, Surname: in.Surname, Details: person.Details[*string](in.Details),
		HomeCountry: o.State.Policies.Country(), Today: today(c, o.State),
	}, engine.Step{Own: true})
	return engine.None{}, err
}

// mayTouch refuses who may not see what is known of a shielded person.
func mayTouch(c *engine.Call, s person.State) error {
	if s.Shielded && !c.Actor.Reaches(rights.ReadShielded, s.OrganizationID, "") {
		return engine.ErrDenied
	}
	return nil
}

// reach loads a person within the reach of a right.
func (u UseCases) reach(ctx context.Context, c *engine.Call, right rights.Right, given string) (string, person.State, error) {
	return u.Persons.Reached(ctx, c, right, given, person.ErrNotFound, OwnerOf)
}

// OwnerOf says whose a person is: of the organization that knows the person.
func OwnerOf(_ string, s person.State) engine.Owner {
	return engine.Owner{Exists: s.Exists, Organization: s.OrganizationID}
}
