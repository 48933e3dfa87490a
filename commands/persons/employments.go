package persons

import (
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/person"
)

// employments are the commands about when the organization employs a person.
func employments(g guard) []engine.Command {
	return []engine.Command{
		engine.OneStream(g, "StartEmployment", rights.ManagePersons, "Records that the organization employs a person from a day on, which may be over or to come.",
			func(_ *engine.Call, in StartEmployment) (string, person.Command) {
				return in.PersonID, person.StartEmployment{From: in.From, Until: in.Until}
			}, engine.UndoneBy[WithdrawEmployment](), engine.Icon("plus")),
		engine.OneStream(g, "EndEmployment", rights.ManagePersons, "Records the last day of an employment, or another one than was recorded before.",
			func(c *engine.Call, in EndEmployment) (string, person.Command) {
				c.Because(in.Reason)
				return in.PersonID, person.EndEmployment{From: in.From, Until: in.Until, Reason: in.Reason}
			}, engine.UndoneBy[ContinueEmployment](), engine.Icon("clock")),
		engine.OneStream(g, "ContinueEmployment", rights.ManagePersons, "Takes the last day of the last employment away.",
			func(_ *engine.Call, in ContinueEmployment) (string, person.Command) {
				return in.PersonID, person.ContinueEmployment{}
			}, engine.UndoneBy[EndEmployment](), engine.Icon("undo")),
		engine.OneStream(g, "WithdrawEmployment", rights.ManagePersons, "Takes an employment back that was recorded by mistake. The history keeps that it was.",
			func(c *engine.Call, in WithdrawEmployment) (string, person.Command) {
				c.Because(in.Reason)
				return in.PersonID, person.WithdrawEmployment{From: in.From, Reason: in.Reason}
			}, engine.UndoneBy[StartEmployment](), engine.Icon("x"), engine.TakesAway()),
	}
}

// StartEmployment is the body of the command of that name.
type StartEmployment struct {
	PersonID string `json:"personId" format:"uuid"`
	From     string `json:"from" minLength:"1" maxLength:"10" doc:"The first day, yyyy-mm-dd."`
	Until    string `json:"until,omitzero" maxLength:"10" doc:"The last day, yyyy-mm-dd, if it is known."`
}

// EndEmployment is the body of the command of that name.
type EndEmployment struct {
	PersonID string `json:"personId" format:"uuid"`
	From     string `json:"from,omitzero" maxLength:"10" doc:"The first day of the employment that is meant; the last employment if absent."`
	Until    string `json:"until" minLength:"1" maxLength:"10" doc:"The last day, yyyy-mm-dd."`
	Reason   string `json:"reason,omitzero" maxLength:"500" lines:"many" doc:"Shown in the history."`
}

// ContinueEmployment is the body of the command of that name.
type ContinueEmployment struct {
	PersonID string `json:"personId" format:"uuid"`
}

// WithdrawEmployment is the body of the command of that name.
type WithdrawEmployment struct {
	PersonID string `json:"personId" format:"uuid"`
	From     string `json:"from" minLength:"1" maxLength:"10" doc:"The first day of the employment that is meant."`
	Reason   string `json:"reason" minLength:"1" maxLength:"500" lines:"many" doc:"Shown in the history."`
}
