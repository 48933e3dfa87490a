package commands_test

import (
	"strings"
	"testing"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/persons"
	"sleutelbos/domain/person"
	"sleutelbos/eventstore"
)

// TestPersons says who may register and change persons, and where (R-4, R-7, I-9).
func TestPersons(t *testing.T) {
	h := newHouse(t)
	org, elsewhere := h.organization(1, "regicare"), h.organization(9, "informat")
	admin, user, compliance := h.account(2, org, "admin"), h.account(3, org, "user"), h.account(4, org, "compliance")
	service, other := h.account(6, org, "service"), h.account(5, elsewhere, "admin")
	register := persons.RegisterPerson{OrganizationID: org, NameParts: persons.NameParts[string]{GivenName: "Jan", SurnamePrefix: "van der", Surname: "Berg"}}
	refused(h, user, register, "no-right")
	refused(h, compliance, register, "no-right")
	refused(h, other, register, "organization-not-found")
	refused(h, admin, persons.RegisterPerson{OrganizationID: org}, "surname-required")
	without := h.organization(10, "klic")
	refused(h, h.account(11, without, "admin"), persons.RegisterPerson{OrganizationID: without, NameParts: register.NameParts}, "no-persons")

	register.EmployedFrom, register.ExternalOrganization = "2026-04-01", "Uitzendbureau" // who comes from outside is entered as an employee all the same
	made := result[persons.PersonMade](h, service, register).PersonID
	same(t, h.events("person-"+made), []string{"person.registered.v1", "person.employment_started.v1", "person.external_contact_registered.v1"})
	for _, command := range []any{
		persons.ChangePerson{PersonID: made}, persons.StartEmployment{PersonID: made, From: "2020-01-01"}, persons.EndEmployment{PersonID: made, Until: "2020-01-01"},
		persons.ContinueEmployment{PersonID: made}, persons.WithdrawEmployment{PersonID: made, From: "2020-01-01", Reason: "x"},
		persons.RegisterExternalContact{PersonID: made, ExternalOrganization: "CLB"}, persons.EndExternalContact{PersonID: made},
		persons.ActivateVolunteer{PersonID: made}, persons.DeactivateVolunteer{PersonID: made},
		persons.ShieldPerson{PersonID: made, Reason: "x"}, persons.UnshieldPerson{PersonID: made},
	} {
		refused(h, other, command, "person-not-found")
		refused(h, user, command, "no-right")
	}
	ok(h, admin, persons.EndEmployment{PersonID: made, Until: "2026-12-31", Reason: "contract"})
	ok(h, admin, persons.ActivateVolunteer{PersonID: made})
	refused(h, admin, persons.StartEmployment{PersonID: made, From: "2026-12-31"}, "employments-overlap")
	refused(h, service, persons.ShieldPerson{PersonID: made, Reason: "x"}, "no-right")

	t.Run("are sealed, each under a key of its own", func(t *testing.T) {
		for r, err := range h.journal.Store.ReadStream(t.Context(), "person-"+made, 0, eventstore.Forwards) {
			must(t, err)
			if strings.Contains(string(r.Data), "Berg") || strings.Contains(string(r.Data), "Uitzendbureau") || strings.Contains(string(r.Data), "contract") {
				t.Errorf("%s is in the clear: %s", r.Type, r.Data)
			}
		}
		must(t, h.vault.DestroyKey(t.Context(), eventstore.PersonSubject(made), h.now()))
		events, _ := h.opened("person-" + made)
		same(t, events[0].(person.Registered).Surname, eventstore.Erased)
	})
	t.Run("are no accounts", func(t *testing.T) {
		_, envelopes := h.opened("person-" + made)
		same(t, envelopes[0].Organization, org)
		refused(h, admin, accounts.BlockAccount{AccountID: made, Reason: "x"}, "account-not-found")
	})
	t.Run("are changed by nobody who may not see what is kept of them", func(t *testing.T) {
		kept := result[persons.PersonMade](h, admin, persons.RegisterPerson{OrganizationID: org, NameParts: register.NameParts}).PersonID
		ok(h, admin, persons.ShieldPerson{PersonID: kept, Reason: "staff"})
		mail := "jan@example.nl"
		refused(h, service, persons.ChangePerson{PersonID: kept, Details: persons.Details[*string]{Email: &mail}}, "no-right")
		refused(h, service, persons.RegisterExternalContact{PersonID: kept, ExternalOrganization: "CLB"}, "no-right")
		surname := "Bergen"
		ok(h, service, persons.ChangePerson{PersonID: kept, NameParts: persons.NameParts[*string]{Surname: &surname}})
		ok(h, admin, persons.ChangePerson{PersonID: kept, Details: persons.Details[*string]{Email: &mail}})
	})
}
