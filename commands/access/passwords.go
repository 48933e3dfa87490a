package access

import (
	"context"
	"errors"

	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
)

// PasswordRules are the rules for a new password, which a page shows before they are broken.
type PasswordRules struct {
	MinLength, MinUpper, MinDigits, MaxLength int
}

// PasswordRules returns the rules for a new password of an account.
func (a Access) PasswordRules(ctx context.Context, accountID string) (PasswordRules, error) {
	f, err := a.Accounts.Load(ctx, accountID)
	if err != nil {
		return PasswordRules{}, err
	}
	if !f.State.Exists {
		return PasswordRules{}, account.ErrNotFound
	}
	o, err := a.Organizations.Load(ctx, f.State.OrganizationID)
	return RulesOf(o.State), err
}

// RulesOf returns the rules that an organization has for passwords.
func RulesOf(o organization.State) PasswordRules {
	p := o.Policies.Password
	return PasswordRules{MinLength: p.MinLength, MinUpper: p.MinUpper, MinDigits: p.MinDigits, MaxLength: organization.MaxPassword}
}

// GoodPassword refuses a password that breaks the organization's policy. Each rule that it
// breaks is a refusal of its own; they are joined.
func GoodPassword(o organization.State, password, username string) error {
	wrong := o.Policies.Password.Check(password, username)
	errs := make([]error, len(wrong))
	for i, w := range wrong {
		errs[i] = w
	}
	return errors.Join(errs...)
}
