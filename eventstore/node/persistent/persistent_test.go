package persistent

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node"
)

var noon = time.Date(2030, 6, 1, 12, 0, 0, 0, time.UTC)

func TestFilter(t *testing.T) {
	for _, c := range []struct {
		name   string
		filter Filter
		keeps  []string
	}{
		{"what RE2 knows", Filter{Regex: `^order-\d+$`}, []string{"order-1"}},
		{"a lookahead", Filter{Regex: `^(?!\$|order)`}, []string{"other", "één"}},
		{"a lookbehind", Filter{Regex: `(?<=er)-`}, []string{"order-1", "order-x"}},
		{"an atomic group", Filter{Regex: `^(?>oth|ord)er$`}, []string{"other"}},
		{"a class without a part of it", Filter{Regex: `^o[a-z-[t]]`}, []string{"order-1", "order-x"}},
		{"letters of any language", Filter{Regex: `^\w+$`}, []string{"other", "één"}},
		{"what only RE2 knows", Filter{Regex: `^\Qother\E$`}, []string{"other"}},
		{"by type", Filter{ByType: true, Regex: `^type of o`}, []string{"order-1", "order-x", "other"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := c.filter.Compile()
			if err != nil {
				t.Fatal(err)
			}
			var keeps []string
			for _, s := range []string{"order-1", "order-x", "other", "één", "$system"} {
				if m.Match()(s, "type of "+s) {
					keeps = append(keeps, s)
				}
			}
			if diff := cmp.Diff(c.keeps, keeps); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("by prefix is the log's work", func(t *testing.T) {
		m, err := Filter{Prefixes: []string{"a", "b"}, ByType: true}.Compile()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(eventstore.Filter{Types: []string{"a", "b"}}, m.Prefixes); diff != "" || m.Match() != nil {
			t.Error(diff)
		}
	})
	for name, f := range map[string]Filter{
		"nothing": {}, "no expression": {Regex: "("}, "one too long": {Regex: strings.Repeat("a", 5000)}, "too many prefixes": {Prefixes: make([]string, 1001)},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			_, err := f.Compile()
			if _, ok := errors.AsType[*InvalidError](err); !ok {
				t.Errorf("it was not refused as it should: %v", err)
			}
		})
	}
}

// TestWindow: done moves over what is done, and no further.
func TestWindow(t *testing.T) {
	var w window
	w.begin(10)
	messages := []*message{{at: 12}, {at: 15}, {at: 20}}
	w.open, w.read = slices.Clone(messages), 25
	var got []int64
	for _, i := range []int{1, 0, 2} {
		messages[i].done = true
		w.settle()
		got = append(got, w.done)
	}
	if diff := cmp.Diff([]int64{10, 15, 25}, got); diff != "" {
		t.Error(diff)
	}
}

func TestMeasure(t *testing.T) {
	var latencies []time.Duration
	for n := range 100 {
		latencies = append(latencies, time.Duration(100-n)*time.Millisecond)
	}
	want := []Measurement{
		{"Mean", 50}, {"Median", 51}, {"Fastest", 1}, {"Quintile 1", 21}, {"Quintile 2", 41}, {"Quintile 3", 61}, {"Quintile 4", 81},
		{"Quintile 5", 100}, {"90%", 91}, {"95%", 96}, {"99%", 100}, {"99.5%", 100}, {"99.9%", 100}, {"Highest", 100},
	}
	if diff := cmp.Diff(want, measure(latencies)); diff != "" {
		t.Error(diff)
	}
}

// open is a log in a folder, with the groups that it knows.
func open(t *testing.T, dir string) (*node.Log, *Manager) {
	t.Helper()
	log, err := node.Open(context.Background(), node.Options{Dir: dir, Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	m, err := Start(context.Background(), log, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		m.Stop()
		_ = log.Close() // closed before by tests that restart
	})
	return log, m
}

// TestNothingIsForgotten: many consumers that fail at random places, and a group that is
// restarted all the time, deal with every event at least once, or park it.
func TestNothingIsForgotten(t *testing.T) {
	const events, consumers = 400, 4
	dir := t.TempDir()
	log, m := open(t, dir)
	for n := range events {
		e := eventstore.Event{ID: uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, n)), Type: "tested", Data: []byte(`{}`)}
		if _, err := log.Append(context.Background(), "a", eventstore.Any, e); err != nil {
			t.Fatal(err)
		}
	}
	config := Config{Stream: "a", Group: "g", Settings: Settings{
		MaxRetries: 1, MinCheckpoint: 1, MaxCheckpoint: 7, ReadBatch: 13, HistoryBuffer: 40, MessageTimeout: time.Second,
	}}
	if err := m.Create(context.Background(), config); err != nil {
		t.Fatal(err)
	}
	dealt := make(chan int64, 10*events)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	done := make(chan struct{})
	for c := range consumers {
		go func() {
			defer func() { done <- struct{}{} }()
			for n := c; ctx.Err() == nil; n++ {
				consume(ctx, m, n, dealt)
			}
		}()
	}
	seen := map[int64]bool{}
	finished := func() bool {
		info, err := m.Info(context.Background(), Key{"a", "g"})
		return err == nil && info.LastCheckpoint == fmt.Sprint(events-1) // an error: it is being restarted
	}
	poll := time.NewTicker(5 * time.Millisecond)
	defer poll.Stop()
	for restarts := 0; !finished() || len(dealt) > 0; {
		select {
		case revision := <-dealt:
			seen[revision] = true
			if restarts < 5 && len(seen)%50 == 0 {
				restarts++
				if err := m.Restart(context.Background()); err != nil {
					t.Fatal(err)
				}
			}
		case <-poll.C:
		case <-ctx.Done():
			t.Fatalf("it was not finished: %d were dealt with of %d", len(seen), events)
		}
	}
	cancel()
	for range consumers {
		<-done
	}
	p, err := log.ReadStream(context.Background(), config.parkedStream(), 0, eventstore.Forwards, 10*events)
	if err != nil {
		t.Fatal(err)
	}
	targets, err := log.Resolve(context.Background(), p.Events)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range targets {
		seen[e.Revision] = true
	}
	if len(seen) != events {
		t.Errorf("%d of %d events were dealt with or parked", len(seen), events)
	}
}

// consume connects, deals with some messages, each third badly, and leaves in between.
func consume(ctx context.Context, m *Manager, n int, dealt chan<- int64) {
	c, err := m.Connect(Key{"a", "g"}, Consumer{Buffer: 5})
	if err != nil {
		return // it is being restarted
	}
	defer c.Close()
	for i := range 17 + n%5 {
		d, err := c.Next(ctx)
		if err != nil {
			return
		}
		if (i+n)%3 == 0 {
			c.Nack(Retry, "tested", d.Event.ID)
			continue
		}
		dealt <- d.Event.Revision
		c.Ack(d.Event.ID)
	}
}

// TestF44_APatternStopsAtTheFirstTimeout: an expression that backtracks without end costs one
// timeout, however many events it is asked about, and nothing is taken for not wanted.
func TestF44_APatternStopsAtTheFirstTimeout(t *testing.T) {
	m, err := Filter{Regex: `^(?!x)(([a-z])+.)+[A-Z]([a-z])+$`}.Compile()
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	m.slow.Store(0)
	begin := time.Now()
	for range 1000 {
		if m.slow.Load() == 0 {
			tried++
		}
		m.Match()(strings.Repeat("a", 200), "")
	}
	if tried != 1 {
		t.Errorf("tried %d times in %v", tried, time.Since(begin))
	}
	for range 3 { // it is said until it is tried again
		if m.Err() == nil {
			t.Error("nobody is told")
		}
	}
	m.slow.Store(1)
	if m.Err() == nil || m.Err() != nil {
		t.Error("it is not tried again")
	}
}

// TestF46_GroupsDoNotMakeTheLogGrow: each change of a group costs an event of its own size, groups
// have a bound, and a restart knows what there was.
func TestF46_GroupsDoNotMakeTheLogGrow(t *testing.T) {
	l, err := node.Open(t.Context(), node.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	options := Options{Now: func() time.Time { return noon }}
	m, err := Start(t.Context(), l, options)
	if err != nil {
		t.Fatal(err)
	}
	const most = 120 // more than there are changes between two snapshots
	m.most = most
	create := func(n int) error {
		return m.Create(t.Context(), Config{Stream: All, Group: fmt.Sprintf("group %d", n)})
	}
	for n := range most {
		if err := create(n); err != nil {
			t.Fatalf("group %d: %v", n, err)
		}
	}
	if err := create(most); !errors.Is(err, ErrTooMany) {
		t.Errorf("one more group: %v", err)
	}
	size := 0
	for from, end := int64(0), false; !end; {
		p, err := l.ReadStream(t.Context(), configStream, from, eventstore.Forwards, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range p.Events {
			size += len(e.Data)
		}
		from, end = p.Next, p.AtEnd
	}
	if most := most * 4_000; size > most { // all anew each time would be 50 times that
		t.Errorf("%d groups took %d bytes, more than %d", most, size, most)
	}
	for n := 0; n < 10; n++ {
		if err := m.Delete(t.Context(), Key{All, fmt.Sprintf("group %d", n)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Update(t.Context(), Config{Stream: All, Group: "group 20", Settings: Settings{MaxRetries: 7}}); err != nil {
		t.Fatal(err)
	}
	m.Stop()
	again, err := Start(t.Context(), l, options)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Stop()
	groups, err := again.List(t.Context(), All)
	if err != nil {
		t.Fatal(err)
	}
	if len(groups) != most-10 {
		t.Errorf("%d groups after a restart", len(groups))
	}
	info, err := again.Info(t.Context(), Key{All, "group 20"})
	if err != nil || info.Settings.MaxRetries != 7 {
		t.Errorf("a changed group after a restart: %+v %v", info, err)
	}
}
