package account

import (
	"errors"
	"testing"
	"time"
)

// TestEveryBadgeIsARefusal asks for the badge and the refusal of every mixture of facts:
// whoever does not wear the active badge cannot sign in, and is told why.
func TestEveryBadgeIsARefusal(t *testing.T) {
	want := map[Badge]error{
		BadgeClosed: ErrClosed, BadgeBlocked: ErrBlocked, BadgeDisabled: ErrDisabled, BadgeExpired: ErrExpired,
		BadgeActivationExpired: ErrActivationExpired, BadgeActivationNotSent: ErrActivationNotSent,
		BadgeActivationSent: ErrActivationPending, BadgeActive: nil,
	}
	worn := map[Badge]bool{}
	for mixture := range 1 << 4 {
		past := []Event{created}
		for bit, e := range []Event{
			Blocked{Reason: "r"}, Disabled{Reason: "r"}, closed, ValiditySet{ValidUntil: "2026-03-01", EndsAt: noon},
		} {
			if mixture&(1<<bit) != 0 {
				past = append(past, e)
			}
		}
		for _, activation := range [][]Event{{}, {sent}, {sent, Activated{}}} {
			s := state(append(past, activation...)...)
			for _, now := range []time.Time{noon, later} {
				badge := s.Standing().Badge(now)
				worn[badge] = true
				if got := s.LoginRefusal(now); !errors.Is(got, want[badge]) || (got == nil) != s.Standing().CanLogIn(now) {
					t.Errorf("%s: %v, want %v", badge, got, want[badge])
				}
			}
		}
	}
	for _, badge := range Badges() {
		if !worn[badge] {
			t.Errorf("no mixture wears the badge %s", badge)
		}
	}
}

func TestActivationAt(t *testing.T) {
	for _, status := range ActivationStatuses() {
		s := Standing{Activation: status, ActivationExpiresAt: noon}
		after := status
		if status == StatusSent {
			after = StatusExpired
		}
		if before, at := s.ActivationAt(noon.Add(-second)), s.ActivationAt(noon); before != status || at != after {
			t.Errorf("%s is %s a second before its deadline and %s at it", status, before, at)
		}
	}
}
