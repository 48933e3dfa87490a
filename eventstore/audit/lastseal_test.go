package audit_test

import (
	"testing"
	"time"
)

// TestF54_FindingTheLastSeal looks at the end of a stream: a store that can't filter would have to read
// its whole log backwards.
func TestF54_FindingTheLastSeal(t *testing.T) {
	many := make([]string, 500)
	for i := range many {
		many[i] = "account-1"
	}
	for name, c := range map[string]struct {
		change func(*scene)
		most   int // that may be looked at, for the last seal and what it does not cover
	}{
		"none yet":                             {func(*scene) {}, len(many) + 3},
		"at the start":                         {func(s *scene) { s.seal(); s.sealer = s.newSealer() }, 3},
		"at the stop":                          {func(s *scene) { s.seal() }, 3},
		"months ago":                           {func(s *scene) { s.seal(); s.later(7) }, 3},
		"in a month to come, by a false clock": {func(s *scene) { s.later(7); s.seal(); s.later(-7) }, 3},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.write(many...)
			c.change(s)
			s.write("account-2")
			s.store.looked.Store(0)
			s.seal()
			if looked := int(s.store.looked.Load()); looked > c.most {
				t.Errorf("%d events were looked at, of %d", looked, len(s.store.log))
			}
			if report := s.verify(); !report.OK() {
				t.Errorf("%+v", report)
			}
		})
	}
}

// TestF54_ASealThatNobodyKnows is in a month to come, and its note is in another folder: it is met when
// the log is read, and sealing goes on behind it.
func TestF54_ASealThatNobodyKnows(t *testing.T) {
	s := newScene(t)
	s.write("account-1", "account-2")
	s.later(7)
	s.seal()
	s.later(-7)
	s.sealer.Dir = t.TempDir()
	s.write("account-1")
	made := s.seal()
	if len(made) != 1 || made[0].Size != 3 || made[0].Streams != 1 {
		t.Errorf("made %+v", made)
	}
	if report := s.verify(); !report.OK() {
		t.Errorf("%+v", report)
	}
}

// later lets a new sealer begin, whose clock shows another month.
func (s *scene) later(months int) {
	now := s.sealer.Now()
	s.sealer = s.newSealer()
	s.sealer.Now = func() time.Time { return now.AddDate(0, months, 0) }
}
