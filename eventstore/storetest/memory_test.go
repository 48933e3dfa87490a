package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"sleutelbos/eventstore"
)

// memory is the shortest store that keeps the contract, unless it is told to break it.
type memory struct {
	fault   string
	mu      sync.Mutex
	log     []eventstore.Recorded
	last    map[string]int64
	changed chan struct{}
}

func newMemory(fault string) *memory {
	return &memory{fault: fault, last: map[string]int64{}, changed: make(chan struct{})}
}

func (m *memory) Append(ctx context.Context, stream string, expected eventstore.Expected, events ...eventstore.Event) (eventstore.Receipt, error) {
	if err := ctx.Err(); err != nil {
		return eventstore.Receipt{}, err
	}
	size := 0
	for i, e := range events {
		if system(stream, e.Type) {
			return eventstore.Receipt{}, errors.New("system events are the store's own")
		}
		size += len(e.Data) + len(e.Metadata)
		if size > 1<<20 && m.fault == "half" {
			return m.store(stream, events[:i]), eventstore.ErrTooLarge
		}
	}
	if size > 1<<20 && m.fault != "any size" {
		return eventstore.Receipt{}, eventstore.ErrTooLarge
	}
	if m.fault == "late check" { // outside the lock: two appenders may both be right
		if err := m.check(stream, expected); err != nil {
			return eventstore.Receipt{}, err
		}
		expected = eventstore.Any
		runtime.Gosched()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	at, ok := m.last[stream]
	if !ok {
		at = -1
	}
	if len(events) > 0 && m.fault != "double" {
		if r, ok := m.before(stream, expected, events); ok {
			return r, nil
		}
	}
	right := expected == eventstore.Any || int64(expected) == at || expected == eventstore.StreamExists && at >= 0
	if !right {
		if m.fault == "actual" {
			at++
		}
		return eventstore.Receipt{}, &eventstore.ConflictError{Stream: stream, Expected: expected, Actual: at}
	}
	if len(events) == 0 {
		return eventstore.Receipt{Stream: stream, Revision: at}, nil
	}
	return m.store(stream, events), nil
}

func (m *memory) AppendSystem(_ context.Context, stream string, e eventstore.Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.store(stream, []eventstore.Event{e})
	return nil
}

func (m *memory) check(stream string, expected eventstore.Expected) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	at, ok := m.last[stream]
	if !ok {
		at = -1
	}
	if expected == eventstore.Any || int64(expected) == at || expected == eventstore.StreamExists && at >= 0 {
		return nil
	}
	return &eventstore.ConflictError{Stream: stream, Expected: expected, Actual: at}
}

// before returns the receipt of the same append, done before.
func (m *memory) before(stream string, expected eventstore.Expected, events []eventstore.Event) (eventstore.Receipt, bool) {
	var all []eventstore.Recorded
	for _, r := range m.log {
		if r.Stream == stream {
			all = append(all, r)
		}
	}
	from := int(expected) + 1
	if expected == eventstore.Any || expected == eventstore.StreamExists {
		from = slices.IndexFunc(all, func(r eventstore.Recorded) bool { return r.ID == events[0].ID })
	}
	if from < 0 || from+len(events) > len(all) {
		return eventstore.Receipt{}, false
	}
	for i, e := range events {
		if all[from+i].ID != e.ID && (i == 0 || m.fault != "first id") {
			return eventstore.Receipt{}, false
		}
	}
	last := all[from+len(events)-1]
	return eventstore.Receipt{Stream: stream, Revision: last.Revision, Position: last.Position}, true
}

func (m *memory) store(stream string, events []eventstore.Event) eventstore.Receipt {
	var r eventstore.Recorded
	for _, e := range events {
		if _, ok := m.last[stream]; !ok {
			m.last[stream] = -1
		}
		if m.fault == "tidy JSON" {
			var tidy bytes.Buffer
			if json.Compact(&tidy, e.Metadata) == nil {
				e.Metadata = tidy.Bytes()
			}
		}
		m.last[stream]++
		r = eventstore.Recorded{
			Event: e, Stream: stream, Revision: m.last[stream],
			Position: eventstore.AtCommit(uint64(len(m.log) + 1)), Created: time.Now().UTC(),
		}
		m.log = append(m.log, r)
	}
	if m.fault != "no news" || len(m.log)%2 == 0 {
		close(m.changed)
		m.changed = make(chan struct{})
	}
	return eventstore.Receipt{Stream: stream, Revision: r.Revision, Position: r.Position}
}

func (m *memory) shows(r eventstore.Recorded, f eventstore.Filter) bool {
	begins := func(name string, prefixes []string) bool {
		return len(prefixes) == 0 || slices.ContainsFunc(prefixes, func(p string) bool {
			if m.fault == "case" {
				name, p = strings.ToLower(name), strings.ToLower(p)
			}
			return strings.HasPrefix(name, p)
		})
	}
	return (!system(r.Stream, r.Type) || m.fault == "system") && begins(r.Stream, f.Streams) && begins(r.Type, f.Types)
}

func system(stream, kind string) bool {
	return strings.HasPrefix(stream, "$") || strings.HasPrefix(kind, "$")
}

func (m *memory) snapshot() ([]eventstore.Recorded, <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.log[:len(m.log):len(m.log)]
	if n := len(all); m.fault == "hole" && n > 100 && n%3 > 0 { // the one before the last shows later
		all = append(slices.Clone(all[:n-2]), all[n-1])
	}
	return all, m.changed
}

func (m *memory) read(ctx context.Context, dir eventstore.Direction, keep func(eventstore.Recorded) bool) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		all, _ := m.snapshot()
		if dir == eventstore.Backwards {
			all = reversed(all)
		}
		if m.fault == "leak" {
			go func() { <-context.WithoutCancel(ctx).Done() }()
		}
		n := 0
		for _, r := range all {
			if ctx.Err() != nil && m.fault != "cancel" || m.fault == "page" && n == 1024 {
				break
			}
			if !keep(r) {
				continue
			}
			if n++; !yield(r, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil && m.fault != "cancel" && m.fault != "quiet cancel" {
			yield(eventstore.Recorded{}, err)
		}
	}
}

func (m *memory) ReadStream(ctx context.Context, stream string, from int64, dir eventstore.Direction) iter.Seq2[eventstore.Recorded, error] {
	return m.read(ctx, dir, func(r eventstore.Recorded) bool {
		beyond := dir == eventstore.Forwards && r.Revision < from || dir == eventstore.Backwards && r.Revision > from
		return r.Stream == stream && !beyond && m.shows(r, eventstore.Filter{})
	})
}

func (m *memory) ReadAll(ctx context.Context, beyond eventstore.Position, dir eventstore.Direction, f eventstore.Filter) iter.Seq2[eventstore.Recorded, error] {
	return m.read(ctx, dir, func(r eventstore.Recorded) bool {
		inside := dir == eventstore.Forwards && r.Position.After(beyond) || dir == eventstore.Backwards && r.Position.Before(beyond) ||
			m.fault == "inclusive" && r.Position == beyond
		return inside && m.shows(r, f)
	})
}

func (m *memory) At(ctx context.Context, position eventstore.Position) (eventstore.Recorded, bool, error) {
	for r, err := range m.ReadAll(ctx, eventstore.Position{}, eventstore.Forwards, eventstore.Filter{}) {
		if err != nil || r.Position == position || m.fault == "nearly" {
			return r, err == nil, err
		}
	}
	return eventstore.Recorded{}, false, ctx.Err()
}

func (m *memory) Subscribe(ctx context.Context, after eventstore.Position, f eventstore.Filter) iter.Seq2[eventstore.Delivery, error] {
	return func(yield func(eventstore.Delivery, error) bool) {
		if after == eventstore.End {
			after, _ = m.Head(ctx)
		}
		caughtUp := false
		for ctx.Err() == nil {
			all, changed := m.snapshot()
			for _, r := range all[min(int(after.Commit()), len(all)):] {
				d := eventstore.Delivery{Position: r.Position}
				if m.shows(r, f) {
					d.Event, d.IsEvent = r, true
				}
				if (d.IsEvent || m.fault != "no checkpoints") && !yield(d, nil) {
					return
				}
				if after = r.Position; m.fault == "early" && !caughtUp {
					break
				}
			}
			if !caughtUp || m.fault == "caught up again" {
				caughtUp = true
				if !yield(eventstore.Delivery{CaughtUp: true, Position: after}, nil) {
					return
				}
			}
			if m.fault == "missed" { // what came since the snapshot
				all, changed = m.snapshot()
				after = eventstore.AtCommit(uint64(len(all)))
			}
			select {
			case <-changed:
			case <-ctx.Done():
			}
		}
		if m.fault != "quiet end" {
			yield(eventstore.Delivery{}, ctx.Err())
		}
	}
}

func (m *memory) Head(ctx context.Context) (eventstore.Position, error) {
	for r, err := range m.ReadAll(ctx, eventstore.End, eventstore.Backwards, eventstore.Filter{}) {
		return r.Position, err
	}
	return eventstore.Position{}, nil
}

func (m *memory) Behind(ctx context.Context, after eventstore.Position, limit int64) (n int64, err error) {
	if m.fault == "no limit" {
		limit = math.MaxInt64
	}
	for _, err := range m.ReadAll(ctx, after, eventstore.Forwards, eventstore.Filter{}) {
		if err != nil || n >= limit {
			return n, err
		}
		n++
	}
	return n, nil
}
