package node

import (
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/index"
	"sleutelbos/eventstore/node/log"
)

// model is the log as one would write it without a disk.
type model struct {
	streams map[string]*modelStream
	log     []string // "revision@stream" by position
}

type modelStream struct {
	revisions    []int64
	first        int64
	soft, ending bool
}

func (m *model) stream(name string) *modelStream {
	if m.streams[name] == nil {
		m.streams[name] = &modelStream{}
	}
	return m.streams[name]
}

func (m *model) write(stream string, revision int64) {
	m.log = append(m.log, fmt.Sprintf("%d@%s", revision, stream))
}

// TestModel runs random histories, reopening now and then, beside the model.
func TestModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		must(t, err)
		options := Options{Dir: dir, TailEvents: rapid.IntRange(1, 20).Draw(rt, "tail")}
		reopen := func() *Log {
			l, err := Open(t.Context(), options)
			must(t, err)
			must(t, l.file.Writer().Exec("PRAGMA synchronous=OFF")) // the model is no disk either
			return l
		}
		l := reopen()
		defer func() { must(t, l.Close()) }()
		m := &model{streams: map[string]*modelStream{}}
		n := uint64(0)
		names := rapid.SampledFrom([]string{"a-1", "a-2", "b"})
		rt.Repeat(map[string]func(*rapid.T){
			"append": func(rt *rapid.T) {
				stream, count := names.Draw(rt, "stream"), rapid.IntRange(1, 4).Draw(rt, "count")
				s := m.stream(stream)
				last := int64(len(s.revisions)) - 1
				expected := rapid.SampledFrom([]eventstore.Expected{any_, none, exists, eventstore.Expected(last), eventstore.Expected(last + 1)}).Draw(rt, "expected")
				_, err := l.Append(t.Context(), stream, expected, events(n, uint64(count))...)
				n += uint64(count)
				fits := expected == any_ || int64(expected) == last ||
					expected == exists && last >= 0 && !s.soft || expected == none && s.soft
				switch {
				case s.ending, expected == exists && s.soft:
					if !errors.Is(err, eventstore.ErrStreamDeleted) {
						rt.Fatalf("deleted: %v", err)
					}
					return
				case !fits:
					if !errors.As(err, new(*eventstore.ConflictError)) {
						rt.Fatalf("%s expecting %d at %d: %v", stream, expected, last, err)
					}
					return
				case err != nil:
					rt.Fatal(err)
				}
				if s.soft {
					s.soft, s.first = false, last+1
					m.write("$$"+stream, 0)
				}
				for range count {
					last++
					s.revisions = append(s.revisions, last)
					m.write(stream, last)
				}
			},
			"delete": func(rt *rapid.T) {
				stream := names.Draw(rt, "stream")
				s := m.stream(stream)
				_, err := l.Delete(t.Context(), stream, any_)
				if (err == nil) != (len(s.revisions) > 0 && !s.ending) {
					rt.Fatalf("delete: %v", err)
				}
				if err == nil {
					s.soft = true
					m.write("$$"+stream, 0)
				}
			},
			"tombstone": func(rt *rapid.T) {
				if rapid.IntRange(0, 9).Draw(rt, "seldom") > 0 {
					return
				}
				stream := names.Draw(rt, "stream")
				s := m.stream(stream)
				_, err := l.Tombstone(t.Context(), stream, any_)
				if (err == nil) == s.ending {
					rt.Fatalf("tombstone: %v", err)
				}
				if err == nil {
					s.ending = true
					m.write(stream, index.Tombstoned)
				}
			},
			"reopen": func(rt *rapid.T) {
				if rapid.IntRange(0, 3).Draw(rt, "seldom") == 0 {
					must(t, l.Close())
					l = reopen()
				}
			},
			"": func(rt *rapid.T) { m.compare(t, rt, l) },
		})
		must(t, l.Verify(t.Context(), nil))
	})
}

func (m *model) compare(t *testing.T, rt *rapid.T, l *Log) {
	for name, s := range m.streams {
		page, err := l.ReadStream(t.Context(), name, 0, eventstore.Forwards, 1000)
		if s.ending {
			if !errors.Is(err, eventstore.ErrStreamDeleted) {
				rt.Fatalf("tombstoned %s: %v", name, err)
			}
			continue
		}
		must(t, err)
		var want, got []int64
		if !s.soft {
			want = slices.Clone(s.revisions[s.first:])
		}
		for _, e := range page.Events {
			got = append(got, e.Revision)
		}
		if !slices.Equal(want, got) {
			rt.Fatalf("%s: %v, want %v", name, got, want)
		}
		back, err := l.ReadStream(t.Context(), name, math.MaxInt64, eventstore.Backwards, 1000)
		must(t, err)
		slices.Reverse(want)
		for i, e := range back.Events {
			if len(want) != len(back.Events) || e.Revision != want[i] {
				rt.Fatalf("%s backwards differs", name)
			}
		}
	}
	for _, dir := range []eventstore.Direction{eventstore.Forwards, eventstore.Backwards} {
		q := log.AllQuery{System: true, Direction: dir, Limit: rapid.IntRange(1, 9).Draw(rt, "page")}
		if dir == eventstore.Backwards {
			q.Beyond = eventstore.End
		}
		var got []string
		for end := false; !end; {
			p, err := l.ReadAll(t.Context(), q)
			must(t, err)
			for _, e := range p.Events {
				revision := e.Revision
				if e.Type == index.TypeMetadata {
					revision = 0 // the model does not count these
				}
				got = append(got, fmt.Sprintf("%d@%s", revision, e.Stream))
			}
			q.Beyond, end = p.Next, p.AtEnd
		}
		if dir == eventstore.Backwards {
			slices.Reverse(got)
		}
		if d := cmp.Diff(m.log, got); d != "" {
			rt.Fatal(d)
		}
	}
}
