package machinery

import (
	"time"

	"sleutelbos/eventstore"
)

// meter reports the progress of a builder, at most every fifth of a second.
type meter struct {
	now         func() time.Time
	began, told time.Time
	report      func(Progress)
}

func (m *meter) tell(done int64, at, head eventstore.Position) {
	now := m.now()
	if m.report == nil || now.Sub(m.told) < 200*time.Millisecond {
		return
	}
	m.told = now
	p := Progress{EventsDone: done, EventsTotal: done}
	if !at.IsZero() && at.Before(head) {
		p.EventsTotal = int64(float64(done) / at.PartOf(head))
	}
	if spent := now.Sub(m.began).Seconds(); spent > 0 {
		p.PerSecond = float64(done) / spent
		p.Left = time.Duration(float64(p.EventsTotal-done) / max(p.PerSecond, 1) * float64(time.Second)).Round(time.Second)
	}
	m.report(p)
}

func (m *meter) end(done int64) {
	m.told = time.Time{}
	m.tell(done, eventstore.Position{}, eventstore.Position{})
}
