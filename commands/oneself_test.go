package commands_test

import (
	"reflect"
	"testing"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/admins"
	"sleutelbos/commands/engine"
)

// TestF35_NobodyShutsOneselfOutByMistake tries every command by which somebody can lose the own access.
func TestF35_NobodyShutsOneselfOutByMistake(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "nen", "example.nl")
	admin, user := h.account(2, org, "admin"), h.account(3, org, "user")
	h.account(4, org, "admin")
	bodies := func(account string, own bool) []any {
		return []any{
			accounts.SetValidUntil{AccountID: account, ValidUntil: "2027-01-01", OwnAccount: own},
			accounts.SetPassword{AccountID: account, Password: goodPassword, OwnAccount: own},
			accounts.BlockAccount{AccountID: account, Reason: "x", OwnAccount: own},
			accounts.DisableAccount{AccountID: account, Reason: "x", OwnAccount: own},
			admins.DismissAdmin{OrganizationID: org, AccountID: account, OwnAccount: own},
			accounts.CloseAccount{AccountID: account, Reason: "x", OwnAccount: own},
		}
	}
	asks := 0
	for _, c := range h.Commands.All() {
		if c.AsksOneself() {
			asks++
		}
	}
	same(t, len(bodies(id(2), false)), asks)
	dry := func(r *engine.Request) { r.DryRun = true }
	for _, body := range bodies(id(2), false) {
		refused(h, admin, body, "own-account")
		refused(h, admin, body, "own-account", dry)
	}
	for _, body := range bodies(id(3), false) {
		refused(h, user, body, "no-right")
	}
	for _, body := range bodies(id(2), true) {
		if _, err := do(h, admin, body, dry); err != nil {
			t.Errorf("%s, although it is meant: %v", reflect.TypeOf(body), err)
		}
	}
	for _, body := range bodies(id(3), false)[:4] {
		ok(h, admin, body)
	}
}
