package accounts

import (
	"context"
	"strings"

	"sleutelbos/commands/engine"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/reservation"
	"sleutelbos/domain/typed"
)

// claimable returns the stream with which an organization claims a username for one of its
// accounts. It is the one place that decides which usernames an organization may claim, and every
// command that fixes one asks it: the name keeps the organization's own rule, and it is not in a
// mail domain of another organization, whatever that rule is.
//
// A name in such a domain is refused before anybody looks whether it is taken, so that neither the
// refusal nor the time it takes tells that. The domain's claim is read, not locked: if it is made
// in the same moment the name stands, as those do that were there before. held is the claim that
// the account has already; another spelling of that name takes nothing from anybody.
func (u UseCases) claimable(ctx context.Context, c *engine.Call, organizationID string, o organization.State, role account.Role, username, held string) (string, error) {
	canonical, err := UsernameOf(o, role, username)
	if err != nil {
		return "", err
	}
	claim := u.Engine.Reservation(reservation.KindUsername, canonical)
	d := organization.DomainOf(canonical)
	if _, own := o.Domains[d]; d == "" || own || claim == held {
		return claim, nil
	}
	holder, err := c.HolderOf(ctx, u.Engine.Reservation(reservation.KindDomain, d))
	if err == nil && holder != "" && holder != organizationID {
		err = organization.ErrUsernameDomainElsewhere
	}
	return claim, err
}

// readsOfDomain returns the read of who has the domain of a username.
func (u UseCases) readsOfDomain(username string) []engine.Read {
	d := organization.DomainOf(username)
	if d == "" {
		return nil
	}
	return []engine.Read{u.Engine.ReadHolder(u.Engine.Reservation(reservation.KindDomain, d))}
}

// Displayed returns a username as it is stored and shown: as typed, without the space around it.
// Its Unicode form stays as typed too: composing would turn some foreign letters into plain ones
// before the rule has seen them.
func Displayed(username string) string { return strings.TrimSpace(username) }

// UsernameOf refuses a username that breaks the organization's rule, and returns its canonical
// form. The rule is applied to both forms: folding case turns some foreign letters into plain
// ones, and mail goes to what was typed. The username of a program need not be a mail address.
func UsernameOf(o organization.State, role account.Role, username string) (canonical string, err error) {
	rule := o.Policies.UsernameRule
	if role == account.RoleService || rule == "" {
		rule = organization.UsernameUnique
	}
	var domains []string
	for d := range o.Domains {
		domains = append(domains, d)
	}
	canonical, ok := typed.Username(username)
	if err := domain.First(rule.Check(typed.Caseless(username), domains), rule.Check(username, domains)); err != nil {
		return "", err
	}
	if !ok {
		return "", organization.ErrUsernameInvalid
	}
	return canonical, nil
}
