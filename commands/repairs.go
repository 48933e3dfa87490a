package commands

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
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

const (
	// repairAfter is how long a command has to finish what it began on another stream.
	repairAfter = time.Minute
	// lookBack is how much of the log a new process looks at: what an earlier one left
	// behind is near the end, for it was there to sweep until shortly before.
	lookBack = 7 * 24 * time.Hour
)

// repairs remembers what a command began and has not been seen to finish. It is rebuilt
// from the log's end at every start, so it survives any crash.
type repairs struct {
	mu       sync.Mutex
	position eventstore.Position
	started  bool
	open     map[string]repair
	sessions map[string]map[string]bool // open sessions by account
}

// repair is something to look into once its time has come. Doing it twice does no harm.
type repair struct {
	due time.Time
	do  func(ctx context.Context, c *engine.Call) error
}

// repairTypes returns the stored names of the events that begin or finish what repairs watches,
// those that take looks at.
func repairTypes() []string {
	return catalog.NamesOf(
		reservation.Claimed{}, reservation.Released{}, session.Started{}, session.Ended{}, message.Sent{}, message.Failed{}, message.GivenUp{},
		account.Created{}, account.UsernameChanged{}, account.Closed{}, account.Blocked{}, account.Disabled{}, account.Expired{},
		organization.DomainAllowed{}, organization.DomainWithdrawn{}, organization.AdminAppointed{}, organization.AdminStoodDown{}, organization.AdminRestored{},
		licenserequest.Requested{}, licenserequest.Approved{}, licenserequest.Rejected{}, licenserequest.Withdrawn{}, license.Granted{},
	)
}

// Sweep repairs what a crash between two streams left: claims that nobody uses, claims not
// released, administrators who do not agree with their accounts, approved licenses not
// given, sessions of stopped accounts; and it tries again the mails that failed. It looks
// at what is older than a minute. Run it every few seconds, in one process at a time; a
// second one does no harm but a double mail.
func (s *Service) Sweep(ctx context.Context, now time.Time) error {
	r := &s.repairs
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := s.watch(ctx); err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	var errs []error
	for key, repair := range r.open {
		if now.Before(repair.due) {
			continue
		}
		c, err := s.Begin(engine.Request{Name: "Repair", Actor: rights.System("repair"), Origin: engine.SystemOrigin, Now: now})
		if err == nil {
			err = repair.do(ctx, c)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("repair %s: %w", key, err))
			continue
		}
		delete(r.open, key)
	}
	return errors.Join(errs...)
}

// watch follows the log from where it was left, the first time from a while before its end.
func (s *Service) watch(ctx context.Context) error {
	r, filter := &s.repairs, eventstore.Filter{Types: repairTypes()}
	if !r.started {
		r.open, r.sessions = map[string]repair{}, map[string]map[string]bool{}
		events, err := s.lastEvents(ctx, filter)
		if err != nil {
			return err
		}
		for _, rec := range events {
			if err := s.take(rec); err != nil {
				return err
			}
		}
		r.started = true
	}
	for rec, err := range s.Journal().Store.ReadAll(ctx, r.position, eventstore.Forwards, filter) {
		if err != nil {
			return err
		}
		if err := s.take(rec); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) lastEvents(ctx context.Context, filter eventstore.Filter) ([]eventstore.Recorded, error) {
	var events []eventstore.Recorded
	for rec, err := range s.Journal().Store.ReadAll(ctx, eventstore.End, eventstore.Backwards, filter) {
		if err != nil {
			return nil, err
		}
		if len(events) > 0 && events[0].Created.Sub(rec.Created) > lookBack {
			break
		}
		events = append(events, rec)
	}
	slices.Reverse(events)
	return events, nil
}

// take notes what an event begins, and strikes out what it finishes.
func (s *Service) take(rec eventstore.Recorded) error {
	event, record, err := s.Journal().Registry.DecodeSealed(rec)
	if err != nil {
		return err
	}
	id, since := record.AggregateID(), record.Envelope.OccurredAt
	if rec.Created.After(since) { // what is entered later than it happened is no older than its entry
		since = rec.Created
	}
	switch e := event.(type) {
	case reservation.Claimed:
		s.expect("claim "+rec.Stream, since, s.releaseUnused(e.Kind, rec.Stream, e.Holder))
	case reservation.Released:
		s.finish("claim " + rec.Stream)
		s.finish("release " + rec.Stream)
	case account.Created:
		s.finish("claim " + e.UsernameReservation)
		if e.Role == account.RoleAdmin || e.Role == account.RolePlatform && e.Channel != account.ChannelSetup {
			s.expect("appoint "+id, since, s.appointCreated(record, e.OrganizationID, id))
		}
	case account.UsernameChanged:
		s.finish("claim " + e.UsernameReservation)
		s.expect("release "+e.OldUsernameReservation, since, s.releaseUnused(reservation.KindUsername, e.OldUsernameReservation, id))
	case account.Closed:
		s.expect("close "+id, since, s.releaseClosed(id))
		s.endSessions(id, since)
	case account.Blocked, account.Disabled, account.Expired:
		s.endSessions(id, since)
	case organization.DomainAllowed:
		s.finish("claim " + e.Reservation)
	case organization.DomainWithdrawn:
		s.expect("release "+e.Reservation, since, s.releaseUnused(reservation.KindDomain, e.Reservation, id))
	case organization.AdminAppointed:
		s.finish("appoint " + e.AccountID)
		s.expectSettled(id, e.AccountID, since)
	case organization.AdminStoodDown:
		s.expectSettled(id, e.AccountID, since)
	case organization.AdminRestored:
		s.expectSettled(id, e.AccountID, since)
	default:
		s.takeRequest(event, id, since)
		s.takeOther(event, id, since)
	}
	s.repairs.position = eventstore.Later(s.repairs.position, rec.Position)
	return nil
}

func (s *Service) takeRequest(event any, id string, since time.Time) {
	switch e := event.(type) {
	case licenserequest.Requested:
		s.finish("claim " + e.Reservation)
	case licenserequest.Approved:
		s.expect("grant "+id, since, s.grantApproved(id))
		s.expect("end "+id, since, s.releaseEnded(id))
	case licenserequest.Rejected, licenserequest.Withdrawn:
		s.expect("end "+id, since, s.releaseEnded(id))
	case license.Granted:
		s.finish("grant " + e.RequestID)
	}
}

func (s *Service) takeOther(event any, id string, since time.Time) {
	switch e := event.(type) {
	case message.Failed:
		if e.Attempt <= len(retryAfter) {
			due := since.Add(retryAfter[e.Attempt-1])
			s.repairs.open["mail "+id] = repair{due, func(ctx context.Context, _ *engine.Call) error { return s.resend(ctx, id) }}
		}
	case message.Sent, message.GivenUp:
		s.finish("mail " + id)
	case session.Started:
		open := s.repairs.sessions[e.AccountID]
		if open == nil {
			open = map[string]bool{}
			s.repairs.sessions[e.AccountID] = open
		}
		open[id] = true
	case session.Ended:
		delete(s.repairs.sessions[e.AccountID], id)
		if len(s.repairs.sessions[e.AccountID]) == 0 {
			delete(s.repairs.sessions, e.AccountID)
		}
	}
}

func (s *Service) expect(key string, since time.Time, do func(context.Context, *engine.Call) error) {
	s.repairs.open[key] = repair{since.Add(repairAfter), do}
}

func (s *Service) finish(key string) { delete(s.repairs.open, key) }

func (s *Service) expectSettled(organizationID, accountID string, since time.Time) {
	s.expect("admin "+accountID, since, func(ctx context.Context, c *engine.Call) error {
		c.Concerns(organizationID, accountID, s.organizations.Stream(organizationID))
		return s.settle(ctx, c, organizationID, accountID)
	})
}

// endSessions writes the end of an account's sessions at the next sweep. The account is
// shut out already: every request asks for its state.
func (s *Service) endSessions(accountID string, since time.Time) {
	s.repairs.open["sessions "+accountID] = repair{since, func(ctx context.Context, c *engine.Call) error {
		if _, err := s.EndSessions(ctx, accountID, ""); err != nil {
			return err
		}
		for id := range s.repairs.sessions[accountID] {
			if _, err := s.sessions.Decide(ctx, c, id, session.End{Because: session.BecauseRevoked}, engine.Step{}); err != nil {
				return err
			}
		}
		return nil
	}}
}

func (s *Service) releaseUnused(kind reservation.Kind, stream, holder string) func(context.Context, *engine.Call) error {
	return func(ctx context.Context, c *engine.Call) error {
		used, err := s.InUse(ctx, kind, stream, holder)
		if err != nil || used {
			return err
		}
		return c.TryRelease(ctx, stream, holder)
	}
}

func (s *Service) releaseClosed(accountID string) func(context.Context, *engine.Call) error {
	return func(ctx context.Context, c *engine.Call) error {
		f, err := s.accounts.Load(ctx, accountID)
		if err != nil {
			return err
		}
		return s.releaseUnused(reservation.KindUsername, f.State.UsernameReservation, accountID)(ctx, c)
	}
}

func (s *Service) releaseEnded(requestID string) func(context.Context, *engine.Call) error {
	return func(ctx context.Context, c *engine.Call) error {
		f, err := s.requests.Load(ctx, requestID)
		if err != nil {
			return err
		}
		return s.releaseUnused(reservation.KindOpenRequest, f.State.Reservation, requestID)(ctx, c)
	}
}

// appointCreated appoints an account that was created as an administrator, unless its
// command did so (and another dismissed it since).
func (s *Service) appointCreated(created eventstore.Record, organizationID, accountID string) func(context.Context, *engine.Call) error {
	return func(ctx context.Context, c *engine.Call) error {
		stream := s.organizations.Stream(organizationID)
		done, err := s.organizations.Brought(ctx, organizationID, created.Envelope)
		if err != nil || done {
			return err
		}
		c.Concerns(organizationID, accountID, stream)
		if _, err := s.organizations.Decide(ctx, c, organizationID, organization.Appoint{AccountID: accountID}, engine.Step{}); err != nil {
			return err
		}
		return s.settle(ctx, c, organizationID, accountID)
	}
}

func (s *Service) grantApproved(requestID string) func(context.Context, *engine.Call) error {
	return func(ctx context.Context, c *engine.Call) error {
		f, err := s.requests.Load(ctx, requestID)
		if err != nil {
			return err
		}
		c.Concerns(f.State.OrganizationID, f.State.AccountID, s.requests.Stream(requestID))
		return s.grant(ctx, c, requestID, f.State)
	}
}

func (s *Service) resend(ctx context.Context, id string) error {
	f, err := s.messages.Load(ctx, id)
	if err != nil || f.State.Sent || f.State.GivenUp {
		return err
	}
	return s.send(ctx, id)
}
