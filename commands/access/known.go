package access

import (
	"context"
	"maps"
	"slices"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
	"sleutelbos/internal/storedjson"
)

// askerForm is the form of what is kept. Another program's form is read from the log anew; so
// raise it with every change of asker or admins.
const askerForm = 1

// asker is what the vault keeps of an account that asks: what decides whether it may, and as
// whom.
type asker struct {
	Form                   int              `json:"form"`
	Standing               account.Standing `json:"standing"`
	Role                   account.Role     `json:"role"`
	Organization           string           `json:"organization"`
	Name                   string           `json:"name"`
	PasswordChangeRequired bool             `json:"password_change_required"`
	APIKeys                []string         `json:"api_keys"` // that are not revoked, sorted
	Epoch                  int              `json:"epoch"`

	appointed bool // by the organization; it is kept in the organization's row
}

// askerAdmins is what the vault keeps of an organization: who its administrators are, sorted.
type askerAdmins struct {
	Form   int      `json:"form"`
	Admins []string `json:"admins"`
}

func askerOf(s account.State) asker {
	known := asker{
		Form: askerForm, Standing: s.Standing(), Role: s.Role, Organization: s.OrganizationID, Name: s.Name,
		PasswordChangeRequired: s.PasswordChangeRequired, APIKeys: []string{}, Epoch: s.Epoch,
	}
	for id, key := range s.APIKeys {
		if !key.Revoked {
			known.APIKeys = append(known.APIKeys, id)
		}
	}
	slices.Sort(known.APIKeys)
	return known
}

func adminsOf(o organization.State) askerAdmins {
	return askerAdmins{askerForm, slices.Sorted(maps.Keys(o.Admins))}
}

// readAsker puts the two rows of an asker together, and returns false if either is of another
// form.
func readAsker(data []byte, id string, beside []byte) (asker, bool, error) {
	for _, row := range [][]byte{data, beside} {
		var kept struct {
			Form int `json:"form"`
		}
		if err := storedjson.Unmarshal(row, &kept); err != nil || kept.Form != askerForm {
			return asker{}, false, err
		}
	}
	var known asker
	if err := storedjson.Unmarshal(data, &known); err != nil {
		return asker{}, false, err
	}
	var admins askerAdmins
	if err := storedjson.Unmarshal(beside, &admins); err != nil {
		return asker{}, false, err
	}
	_, known.appointed = slices.BinarySearch(admins.Admins, id)
	return known, true, nil
}

// principal returns who the asker is, or engine.ErrNotSignedIn if the account may not be used.
func (k asker) principal(a Access, id string) (rights.Principal, error) {
	if k.Form == 0 || !k.Standing.CanLogIn(a.Engine.Now()) {
		return rights.Principal{}, engine.ErrNotSignedIn
	}
	return k.as(id, roleOf(k.Role, k.appointed)), nil
}

func (k asker) as(id string, role rights.Role) rights.Principal {
	return rights.Principal{
		Kind: eventstore.ActorAccount, AccountID: id, Name: k.Name, Role: role, Organization: k.Organization,
		PasswordChangeRequired: k.PasswordChangeRequired, Epoch: k.Epoch,
	}
}

// follow keeps what a command changed. An account or organization that is new has no row yet.
func follow[S, K any](ctx context.Context, k *Known, stream string, before, after engine.Folded[S], of func(S) K) error {
	if before.Revision() < 0 {
		return nil
	}
	if before.Revision() != after.Revision() {
		was, err := storedjson.Marshal(of(before.State))
		if err != nil {
			return err
		}
		is, err := storedjson.Marshal(of(after.State))
		if err != nil || string(was) == string(is) {
			return err
		}
	}
	return k.keep(ctx, stream, after.Revision(), of(after.State))
}
