package reactors

import (
	"context"

	"sleutelbos/commands/engine"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/reservation"
	"sleutelbos/domain/session"
	"sleutelbos/eventstore"
)

func (r *Repairs) expectSettled(accountID string, s seen) {
	r.expect("admin "+accountID, s, func(ctx context.Context, c *engine.Call) error {
		c.Concerns(s.id, accountID, r.Organizations.Stream(s.id))
		return r.Admins.Settle(ctx, c, s.id, accountID)
	})
}

// endSessions has the next sweep write the end of an account's sessions. The account is shut out
// already, because its state is asked for at every request.
func (r *Repairs) endSessions(s seen) {
	r.open["sessions "+s.id] = repair{s, func(ctx context.Context, c *engine.Call) error {
		if _, err := r.Engine.EndSessions(ctx, s.id, ""); err != nil {
			return err
		}
		for id := range r.sessions[s.id] {
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
	return func(ctx context.Context, c *engine.Call) error { return c.ReleaseUnused(ctx, kind, stream, holder) }
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
