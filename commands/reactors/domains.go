package reactors

import (
	"context"
	"errors"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/licenses"
	"sleutelbos/domain/account"
	"sleutelbos/domain/message"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
)

// toldAtOnce is how many accounts in a new domain are looked up together.
const toldAtOnce = 200

// queueDomain tells everybody of the organization whose username is in a domain that was added, how to
// ask for its licenses (N-9). Each gets one mail, however often this is done again after a crash. The
// mails go out one by one, as all mails do.
func (m Messages) queueDomain(ctx context.Context, c *engine.Call, e organization.DomainAllowed, rec eventstore.Record) error {
	o, err := m.Organizations.Load(ctx, rec.AggregateID())
	if err != nil {
		return err
	}
	if _, allowed := o.State.Domains[e.Domain]; !allowed || !o.State.Policies.Licenses {
		return nil
	}
	// Before the domain came, and not in the same moment: who registers an organization tells its domains first.
	q := licenses.MembersAsked{At: rec.Position, CreatedBy: rec.Envelope.OccurredAt.Add(-1), Domain: e.Domain, Limit: toldAtOnce}
	var errs []error
	for {
		members, err := m.Members.Members(ctx, rec.AggregateID(), q)
		if err != nil || len(members) == 0 {
			return errors.Join(append(errs, err)...)
		}
		for _, id := range members {
			errs = append(errs, m.tellOfDomain(ctx, c, id, e.Domain, rec))
		}
		q.After = members[len(members)-1]
	}
}

func (m Messages) tellOfDomain(ctx context.Context, c *engine.Call, accountID, domain string, rec eventstore.Record) error {
	f, err := m.Accounts.Load(ctx, accountID)
	if err != nil || f.State.Closed || f.State.Role == account.RoleService {
		return err
	}
	return m.queueToHolder(ctx, c, accountID, message.Queue{Template: message.TemplateDomainAdded, Variables: map[string]string{"domain": domain}}, rec)
}
