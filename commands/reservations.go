package commands

import (
	"context"
	"errors"
	"strings"
	"time"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"sleutelbos/domain"
	"sleutelbos/domain/reservation"
	"sleutelbos/eventstore"
)

// reservation answers the stream that guards a value. Its name tells nothing of the value.
func (s *Service) reservation(kind reservation.Kind, canonical string) string {
	return string(kind) + "-" + s.Vault.ReservationID(string(kind), canonical)
}

// CanonicalUsername answers the form under which two spellings are one username: trimmed,
// composed, without case. Letters that only look alike stay different.
func CanonicalUsername(username string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(strings.TrimSpace(username))))
}

// check lets the domain refuse a command before anything is claimed for it. The same is
// decided again when it is appended.
func check[S, C, E any](ctx context.Context, c *Call, a *aggregate[S, C, E], id string, fresh bool, command C) error {
	var f folded[S]
	if !fresh {
		var err error
		if f, err = a.see(ctx, c, id); err != nil {
			return err
		}
	}
	_, err := a.decider.Decide(f.state, command)
	return err
}

// claims are the reservations that a call took and has not used yet.
type claims []claimed

type claimed struct {
	kind           reservation.Kind
	stream, holder string
}

// take claims a value for a holder. Refused with the kind's own code if another has it.
func (cs *claims) take(ctx context.Context, c *Call, kind reservation.Kind, stream, holder string) error {
	d, err := c.service.reservations.decide(ctx, c, stream, reservation.Claim{Holder: holder, Kind: kind}, step{new: !c.repeatable && !c.DryRun})
	if err == nil && d.moved {
		*cs = append(*cs, claimed{kind, stream, holder})
	}
	return err
}

// waiting is a claim that goes into the log in one commit with the events that need it.
type waiting struct {
	claims *claims
	claimed
}

// wait is take in one commit with what the command's own aggregate decides next, where the
// store can do that. Until then the value counts as free; if it is not, the append is
// refused, and takeWaiting finds out by whom it was taken.
func (cs *claims) wait(ctx context.Context, c *Call, kind reservation.Kind, stream, holder string) error {
	if c.service.together == nil || c.DryRun {
		return cs.take(ctx, c, kind, stream, holder)
	}
	c.waiting = append(c.waiting, waiting{cs, claimed{kind, stream, holder}})
	return nil
}

// prepareWaiting answers what the claims that wait would append, each to a new stream.
func (c *Call) prepareWaiting(ctx context.Context) ([]prepared[reservation.State], error) {
	all := c.service.reservations
	claims := make([]prepared[reservation.State], len(c.waiting))
	for i, w := range c.waiting {
		var none folded[reservation.State]
		events, err := all.decider.Decide(none.state, reservation.Claim{Holder: w.holder, Kind: w.kind})
		if err != nil {
			return nil, err
		}
		if claims[i], err = all.prepare(ctx, c, w.stream, none, events); err != nil {
			return nil, err
		}
	}
	return claims, nil
}

// takeWaiting takes the claims that wait, each by itself: somebody was there before.
func (c *Call) takeWaiting(ctx context.Context) error {
	all := c.waiting
	c.waiting = nil
	for _, w := range all {
		if err := w.claims.take(ctx, c, w.kind, w.stream, w.holder); err != nil {
			return err
		}
	}
	return nil
}

// giveBack releases what was claimed if the command was refused after it, and answers its
// error. After an unknown outcome the claim may be in use: Sweep finds out.
func (cs *claims) giveBack(ctx context.Context, c *Call, err error) error {
	refusal, conflict := (*domain.Error)(nil), (*eventstore.ConflictError)(nil)
	if !errors.As(err, &refusal) && !errors.As(err, &conflict) && !errors.Is(err, ErrStale) {
		return err
	}
	for _, taken := range *cs {
		if used, failed := c.service.inUse(ctx, taken.kind, taken.stream, taken.holder); failed == nil && !used {
			c.service.release(ctx, c, taken.stream, taken.holder)
		}
	}
	*cs = nil
	return err
}

// inUse says whether the holder of a claim has it for something.
func (s *Service) inUse(ctx context.Context, kind reservation.Kind, stream, holder string) (bool, error) {
	switch kind {
	case reservation.KindUsername:
		f, err := s.accounts.load(ctx, holder)
		return f.state.Exists && !f.state.Closed && f.state.UsernameReservation == stream, err
	case reservation.KindDomain:
		f, err := s.organizations.load(ctx, holder)
		for _, reserved := range f.state.Domains {
			if reserved == stream {
				return true, err
			}
		}
		return false, err
	case reservation.KindOpenRequest:
		f, err := s.requests.load(ctx, holder)
		return f.state.Open() && f.state.Reservation == stream, err
	}
	return false, reservation.ErrKindUnknown
}

// release frees a value. It goes on after the asker has left, and what it can't do now
// Sweep does later.
func (s *Service) release(ctx context.Context, c *Call, stream, holder string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if _, err := s.reservations.decide(ctx, c, stream, reservation.Release{Holder: holder}, step{}); err != nil {
		s.Log.ErrorContext(ctx, "a reservation could not be released yet", "stream", stream, "error", err)
	}
}
