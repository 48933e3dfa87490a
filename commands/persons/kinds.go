package persons

import (
	"context"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/person"
)

type guard = engine.Guard[person.State, person.Command, person.Event]

// kinds are the commands that say what a person is to the organization.
func kinds(g guard) []engine.Command {
	contacts := g
	contacts.Reach = func(ctx context.Context, c *engine.Call, right rights.Right, given string) (string, person.State, error) {
		id, s, err := g.Reach(ctx, c, right, given)
		if err == nil {
			err = mayTouch(c, s)
		}
		return id, s, err
	}
	return []engine.Command{
		engine.OneStream(contacts, "RegisterExternalContact", rights.ManagePersons, "Makes a person a contact of another organization, or changes what the person is there.",
			func(_ *engine.Call, in RegisterExternalContact) (string, person.Command) {
				return in.PersonID, person.RegisterExternalContact{Contact: person.Contact{ExternalOrganization: in.ExternalOrganization, Function: in.Function}}
			}, engine.UndoneBy[EndExternalContact](), engine.Icon("building")),
		engine.OneStream(contacts, "EndExternalContact", rights.ManagePersons, "Says that a person is of no other organization any more.",
			func(_ *engine.Call, in EndExternalContact) (string, person.Command) {
				return in.PersonID, person.EndExternalContact{}
			}, engine.UndoneBy[RegisterExternalContact](), engine.Icon("x"), engine.TakesAway()),
		engine.OneStream(g, "ActivateVolunteer", rights.ManagePersons, "Makes a person an active volunteer.",
			func(_ *engine.Call, in ActivateVolunteer) (string, person.Command) {
				return in.PersonID, person.ActivateVolunteer{}
			}, engine.UndoneBy[DeactivateVolunteer](), engine.Icon("check")),
		engine.OneStream(g, "DeactivateVolunteer", rights.ManagePersons, "Says that a person is no active volunteer any more.",
			func(_ *engine.Call, in DeactivateVolunteer) (string, person.Command) {
				return in.PersonID, person.DeactivateVolunteer{}
			}, engine.UndoneBy[ActivateVolunteer](), engine.Icon("x"), engine.TakesAway()),
		engine.OneStream(g, "ShieldPerson", rights.ManageShields, "Keeps what is known of a person, beside the name, to those few who may see it.",
			func(c *engine.Call, in ShieldPerson) (string, person.Command) {
				c.Because(in.Reason)
				return in.PersonID, person.Shield{Reason: in.Reason}
			}, engine.UndoneBy[UnshieldPerson](), engine.Icon("shield")),
		engine.OneStream(g, "UnshieldPerson", rights.ManageShields, "Shows what is known of a person to everybody who sees the person.",
			func(c *engine.Call, in UnshieldPerson) (string, person.Command) {
				c.Because(in.Reason)
				return in.PersonID, person.Unshield{Reason: in.Reason}
			}, engine.UndoneBy[ShieldPerson](), engine.Icon("undo")),
	}
}

// RegisterExternalContact is the body of the command of that name.
type RegisterExternalContact struct {
	PersonID             string `json:"personId" format:"uuid"`
	ExternalOrganization string `json:"externalOrganization" minLength:"1" maxLength:"200" doc:"The name of the other organization."`
	Function             string `json:"function,omitzero" maxLength:"100"`
}

// EndExternalContact is the body of the command of that name.
type EndExternalContact struct {
	PersonID string `json:"personId" format:"uuid"`
}

// ActivateVolunteer is the body of the command of that name.
type ActivateVolunteer struct {
	PersonID string `json:"personId" format:"uuid"`
}

// DeactivateVolunteer is the body of the command of that name.
type DeactivateVolunteer struct {
	PersonID string `json:"personId" format:"uuid"`
}

// ShieldPerson is the body of the command of that name.
type ShieldPerson struct {
	PersonID string `json:"personId" format:"uuid"`
	Reason   string `json:"reason" minLength:"1" maxLength:"500" lines:"many" doc:"Shown in the history."`
}

// UnshieldPerson is the body of the command of that name.
type UnshieldPerson struct {
	PersonID string `json:"personId" format:"uuid"`
	Reason   string `json:"reason,omitzero" maxLength:"500" lines:"many" doc:"Shown in the history."`
}
