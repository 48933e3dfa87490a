package reactors

import (
	"context"
	"slices"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/domain/account"
	"sleutelbos/domain/license"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/domain/message"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/reservation"
	"sleutelbos/domain/session"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
)

// repairTypes returns the stored names of the events that begin or finish what repairs watches,
// those that take looks at.
func (r *Repairs) repairTypes() []string {
	events := []any{
		reservation.Claimed{}, reservation.Released{}, session.Started{}, session.Ended{}, message.Sent{}, message.Failed{}, message.GivenUp{},
		account.Created{}, organization.AdminAppointed{}, organization.AdminStoodDown{}, organization.AdminRestored{}, licenserequest.Approved{}, license.Granted{},
	}
	events = append(events, catalog.Implementing[account.Stop]()...)
	for _, change := range r.Engine.ClaimChanges() {
		events = append(events, change.Event)
	}
	names := catalog.NamesOf(events...)
	slices.Sort(names)
	return slices.Compact(names)
}

// take notes what an event begins, and strikes out what it finishes.
func (r *Repairs) take(rec eventstore.Recorded) error {
	event, record, err := r.Engine.Journal().Registry.DecodeSealed(rec)
	if err != nil {
		return err
	}
	id, since := record.AggregateID(), record.Envelope.OccurredAt
	if rec.Created.After(since) { // what is entered later than it happened is no older than its entry
		since = rec.Created
	}
	r.takeClaims(event, id, since)
	switch e := event.(type) {
	case reservation.Claimed:
		r.expect("claim "+rec.Stream, since, r.releaseUnused(e.Kind, rec.Stream, e.Holder))
	case reservation.Released:
		r.finish("claim " + rec.Stream)
		r.finish("release " + rec.Stream)
	case account.Created:
		if e.Role == account.RoleAdmin || e.Role == account.RolePlatform && e.Channel != account.ChannelSetup {
			r.expect("appoint "+id, since, r.appointCreated(record, e.OrganizationID, id))
		}
	case account.Stop:
		r.endSessions(id, since)
	case organization.AdminAppointed:
		r.finish("appoint " + e.AccountID)
		r.expectSettled(id, e.AccountID, since)
	case organization.AdminStoodDown:
		r.expectSettled(id, e.AccountID, since)
	case organization.AdminRestored:
		r.expectSettled(id, e.AccountID, since)
	case licenserequest.Approved:
		r.expect("grant "+id, since, r.grantApproved(id))
	case license.Granted:
		r.finish("grant " + e.RequestID)
	default:
		r.takeOther(event, id, since)
	}
	r.position = eventstore.Later(r.position, rec.Position)
	return nil
}

// takeClaims notes what an event changes about the claims of its aggregate. A claim is in good
// order once it is used, and one that is no longer used is expected to be released.
func (r *Repairs) takeClaims(event any, id string, since time.Time) {
	for _, change := range r.Engine.ClaimChangesBy(event) {
		stream := change.Names(event)
		switch {
		case change.Begins:
			r.finish("claim " + stream)
		case stream == "":
			r.expect("end "+id, since, r.releaseFreed(change, stream, id))
		default:
			r.expect("release "+stream, since, r.releaseFreed(change, stream, id))
		}
	}
}

func (r *Repairs) takeOther(event any, id string, since time.Time) {
	switch e := event.(type) {
	case message.Failed:
		if e.Attempt <= len(retryAfter) {
			due := since.Add(retryAfter[e.Attempt-1])
			r.open["mail "+id] = repair{due, func(ctx context.Context, _ *engine.Call) error { return r.Mails.resend(ctx, id) }}
		}
	case message.Sent, message.GivenUp:
		r.finish("mail " + id)
	case session.Started:
		open := r.sessions[e.AccountID]
		if open == nil {
			open = map[string]bool{}
			r.sessions[e.AccountID] = open
		}
		open[id] = true
	case session.Ended:
		delete(r.sessions[e.AccountID], id)
		if len(r.sessions[e.AccountID]) == 0 {
			delete(r.sessions, e.AccountID)
		}
	}
}

func (r *Repairs) expect(key string, since time.Time, do func(context.Context, *engine.Call) error) {
	r.open[key] = repair{since.Add(repairAfter), do}
}

func (r *Repairs) finish(key string) { delete(r.open, key) }
