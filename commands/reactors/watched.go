package reactors

import (
	"context"
	"errors"
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
		reservation.Claimed{}, reservation.Released{}, session.Started{}, session.Ended{}, session.Expired{}, message.Sent{}, message.Failed{}, message.GivenUp{}, message.Requeued{},
		account.Created{}, account.PasswordSetByAdmin{}, account.SessionsEnded{}, organization.AdminAppointed{}, organization.AdminStoodDown{}, organization.AdminRestored{}, licenserequest.Approved{}, license.Granted{},
	}
	events = append(events, catalog.Implementing[account.Stop]()...)
	for _, change := range r.Engine.ClaimChanges() {
		events = append(events, change.Event)
	}
	names := catalog.NamesOf(events...)
	slices.Sort(names)
	return slices.Compact(names)
}

// seen is an event that began or finished something.
type seen struct {
	rec   eventstore.Record
	id    string    // of its aggregate
	since time.Time // from when on it counts
}

// take notes what an event begins, and strikes out what it finishes.
func (r *Repairs) take(rec eventstore.Recorded) error {
	event, record, err := r.Engine.Journal().Registry.DecodeSealed(rec)
	if errors.Is(err, eventstore.ErrPassedOver) {
		r.position = eventstore.Later(r.position, rec.Position)
		return nil
	}
	if err != nil {
		return err
	}
	s := seen{record, record.AggregateID(), record.Envelope.OccurredAt}
	if rec.Created.After(s.since) { // what is entered later than it happened is no older than its entry
		s.since = rec.Created
	}
	r.takeClaims(event, s)
	switch e := event.(type) {
	case reservation.Claimed:
		r.finish("release " + rec.Stream) // one who claims it again is about to use it
		r.expect("claim "+rec.Stream, s, r.releaseUnused(e.Kind, rec.Stream, e.Holder))
	case reservation.Released:
		r.finish("claim " + rec.Stream)
		r.finish("release " + rec.Stream)
	case account.Created:
		if e.Role == account.RoleAdmin || e.Role == account.RolePlatform && e.Channel != account.ChannelSetup {
			r.expect("appoint "+s.id, s, r.appointCreated(record, e.OrganizationID, s.id))
		}
	case account.Stop:
		r.endSessions(s, "")
	case account.PasswordSetByAdmin:
		if len(r.sessions[s.id]) > 0 {
			r.endSessions(s, "")
		}
	case account.SessionsEnded:
		r.endSessions(s, e.KeptSession)
	case organization.AdminAppointed:
		r.finish("appoint " + e.AccountID)
		r.expectSettled(e.AccountID, s)
	case organization.AdminStoodDown:
		r.expectSettled(e.AccountID, s)
	case organization.AdminRestored:
		r.expectSettled(e.AccountID, s)
	case licenserequest.Approved:
		r.expect("grant "+s.id, s, r.grantApproved(s.id))
	case license.Granted:
		r.finish("grant " + e.RequestID)
	default:
		r.takeOther(event, s)
	}
	r.position = eventstore.Later(r.position, rec.Position)
	return nil
}

// takeClaims notes what an event changes about the claims of its aggregate. A claim is in good
// order once it is used, and one that is no longer used is expected to be released.
func (r *Repairs) takeClaims(event any, s seen) {
	for _, change := range r.Engine.ClaimChangesBy(event) {
		stream := change.Names(event)
		switch {
		case change.Begins:
			r.finish("claim " + stream)
		case stream == "":
			r.expect("end "+s.id, s, r.releaseFreed(change, stream, s.id))
		default:
			r.expect("release "+stream, s, r.releaseFreed(change, stream, s.id))
		}
	}
}

func (r *Repairs) takeOther(event any, s seen) {
	switch e := event.(type) {
	case message.Failed:
		// One that failed at its last attempt is given up in the same commit. An earlier version of
		// the program could end in between; what it left is tried once more, and given up or sent.
		s.since = s.since.Add(retryAfter[min(max(e.Attempt, 1), len(retryAfter))-1])
		r.open["mail "+s.id] = repair{s, func(ctx context.Context, _ *engine.Call) error { return r.Mails.resend(ctx, s.id) }}
	case message.Sent, message.GivenUp, message.Requeued: // the reactor sends what is queued again
		r.finish("mail " + s.id)
	case session.Started:
		open := r.sessions[e.AccountID]
		if open == nil {
			open = map[string]time.Time{}
			r.sessions[e.AccountID] = open
		}
		open[s.id] = s.since
	case session.Ended:
		r.closed(e.AccountID, s.id)
	case session.Expired:
		r.closed(e.AccountID, s.id)
	}
}

func (r *Repairs) expect(key string, s seen, do func(context.Context, *engine.Call) error) {
	s.since = s.since.Add(repairAfter)
	r.open[key] = repair{s, do}
}

func (r *Repairs) finish(key string) { delete(r.open, key) }
