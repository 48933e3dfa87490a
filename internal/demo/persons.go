package demo

import (
	"context"
	"time"

	"sleutelbos/commands/persons"
)

// known is a person whom an office knows, and what the person is to it.
type known struct {
	full
	born, from, until  string // days
	elsewhere, doing   string // of a contact of another organization
	volunteer, shelter bool   // shelter: the person is shielded
}

// persons plans that an office registers whom it knows, on a morning, one after the other.
func (h *house) persons(o *office) {
	const registered = 40
	for i, k := range o.known {
		at := h.day(registered).Add(9*time.Hour + time.Duration(i)*7*time.Minute)
		h.at(at, "register "+k.local(), func(ctx context.Context) error { return h.know(ctx, o, k) })
	}
}

func (h *house) know(ctx context.Context, o *office, k known) error {
	by := first + "@" + o.domain
	made, err := run[persons.PersonMade](ctx, h, by, persons.RegisterPerson{
		OrganizationID: h.made[o.name], NameParts: persons.NameParts[string]{GivenName: k.given, SurnamePrefix: k.infix, Surname: k.surname},
		Details: persons.Details[string]{Email: k.local() + "@" + o.domain, BirthDate: k.born}, EmployedFrom: k.from,
		ExternalOrganization: k.elsewhere, Function: k.doing, Volunteer: k.volunteer,
	})
	if err == nil && k.until != "" {
		err = h.as(ctx, by, persons.EndEmployment{PersonID: made.PersonID, Until: k.until})
	}
	if err == nil && k.shelter {
		err = h.as(ctx, by, persons.ShieldPerson{PersonID: made.PersonID, Reason: "Interne medewerker"})
	}
	return err
}
