package reactors

import (
	"context"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/reservation"
	"sleutelbos/domain/session"
	"sleutelbos/eventstore"
)

func (r *Repairs) expectSettled(organizationID, accountID string, since time.Time) {
	r.expect("admin "+accountID, since, func(ctx context.Context, c *engine.Call) error {
		c.Concerns(organizationID, accountID, r.Organizations.Stream(organizationID))
		return r.Admins.Settle(ctx, c, organizationID, accountID)
	})
}

// endSessions has the next sweep write the end of an account's sessions. The account is shut out
// already, because its state is asked for at every request.
func (r *Repairs) endSessions(accountID string, since time.Time) {
	r.open["sessions "+accountID] = repair{since, func(ctx context.Context, c *engine.Call) error {
		if _, err := r.Engine.EndSessions(ctx, accountID, ""); err != nil {
			return err
		}
		for id := range r.sessions[accountID] {
			if _, err := r.Sessions.Decide(ctx, c, id, session.End{Because: session.BecauseRevoked}, engine.Step{}); err != nil {
				return err
			}
		}
		return nil
	}}
}

// releaseFreed releases the claim whose use an event ended, unless it is in use again.
func (r *Repairs) releaseFreed(change engine.ClaimChange, named, holder string) func(context.Context, *engine.Call) error {
	return func(ctx context.Context, c *engine.Call) error {
		stream, err := change.Stream(ctx, named, holder)
		if err != nil {
			return err
		}
		return r.releaseUnused(change.Kind, stream, holder)(ctx, c)
	}
}

func (r *Repairs) releaseUnused(kind reservation.Kind, stream, holder string) func(context.Context, *engine.Call) error {
	return func(ctx context.Context, c *engine.Call) error {
		used, err := r.Engine.InUse(ctx, kind, stream, holder)
		if err != nil || used {
			return err
		}
		return c.TryRelease(ctx, stream, holder)
	}
}

// appointCreated appoints an account that was created as an administrator, unless its
// command did so (and another dismissed it since).
func (r *Repairs) appointCreated(created eventstore.Record, organizationID, accountID string) func(context.Context, *engine.Call) error {
	return func(ctx context.Context, c *engine.Call) error {
		stream := r.Organizations.Stream(organizationID)
		done, err := r.Organizations.Brought(ctx, organizationID, created.Envelope)
		if err != nil || done {
			return err
		}
		c.Concerns(organizationID, accountID, stream)
		if _, err := r.Organizations.Decide(ctx, c, organizationID, organization.Appoint{AccountID: accountID}, engine.Step{}); err != nil {
			return err
		}
		return r.Admins.Settle(ctx, c, organizationID, accountID)
	}
}

func (r *Repairs) grantApproved(requestID string) func(context.Context, *engine.Call) error {
	return func(ctx context.Context, c *engine.Call) error {
		f, err := r.Licenses.Requests.Load(ctx, requestID)
		if err != nil {
			return err
		}
		c.Concerns(f.State.OrganizationID, f.State.AccountID, r.Licenses.Requests.Stream(requestID))
		return r.Licenses.Grant(ctx, c, requestID, f.State)
	}
}
