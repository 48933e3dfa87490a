package reactors

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/reservation"
	"sleutelbos/domain/session"
	"sleutelbos/eventstore"
	"sleutelbos/internal/failure"
)

func (r *Repairs) expectSettled(accountID string, s seen) {
	r.expect("admin "+accountID, s, func(ctx context.Context, c *engine.Call) error {
		c.Concerns(s.id, accountID, r.Organizations.Stream(s.id))
		return r.Admins.Settle(ctx, c, s.id, accountID)
	})
}

// endSessions has the next sweep write the end of an account's sessions, but of the one that was kept.
// They are over already, because the account's state and epoch are asked for at every request.
func (r *Repairs) endSessions(s seen, kept string) {
	r.open["sessions "+s.id] = repair{s, func(ctx context.Context, c *engine.Call) error {
		if kept == "" {
			if err := c.TryEndSessions(ctx, s.id); err != nil {
				return err
			}
		}
		for id, began := range r.sessions[s.id] {
			if id == kept || began.After(s.since) || s.since.Sub(began) >= session.Longest {
				continue // opened since, or over before; see expireSessions
			}
			if _, err := r.Sessions.Decide(ctx, c, id, session.End{Because: session.BecauseRevoked}, engine.Step{}); err != nil {
				return err
			}
		}
		return nil
	}}
}

// expireSessions writes the end of the sessions that ran out, as of when they did. Nobody was
// signed in by them any more: the door knows by itself how long a session lasts.
func (r *Repairs) expireSessions(ctx context.Context, now time.Time) error {
	var errs []error
	for account, open := range r.sessions {
		for id, began := range open {
			if now.Sub(began) < session.Longest {
				continue
			}
			c, err := r.Engine.Begin(engine.Request{Name: "ExpireSession", Actor: rights.System("clock"), Origin: engine.SystemOrigin, Now: began.Add(session.Longest)})
			if err == nil {
				c.Concerns("", account, r.Sessions.Stream(id))
				_, err = r.Sessions.Decide(ctx, c, id, session.Expire{}, engine.Step{})
			}
			if failure.Of(err) == failure.Passing || failure.Of(err) == failure.Ours {
				errs = append(errs, fmt.Errorf("end session %s: %w", id, err))
				continue
			}
			r.closed(account, id)
		}
	}
	return errors.Join(errs...)
}

// closed forgets a session that is not open any more.
func (r *Repairs) closed(account, id string) {
	delete(r.sessions[account], id)
	if len(r.sessions[account]) == 0 {
		delete(r.sessions, account)
	}
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
