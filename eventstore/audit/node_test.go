package audit_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/audit"
	"sleutelbos/eventstore/node"
	"sleutelbos/eventstore/node/index"
)

// On the embedded log a seal of as many streams as one may name fits into one append, and
// a new process goes on behind it.
func TestSealTheEmbeddedLog(t *testing.T) {
	log, err := node.Open(t.Context(), node.Options{Dir: t.TempDir()})
	must(t, err)
	defer func() { must(t, log.Close()) }()
	s := newScene(t)
	s.journal.Store = log.Store()
	s.sealer = s.newSealer()
	together := make(chan error)
	const writers, each = 16, 200 // 3,200 streams: one full seal and one of the rest
	for w := range writers {
		go func() {
			var failed error
			for i := range each {
				stream := fmt.Sprintf("account-%08d-0000-7000-8000-%012d", w, i)
				_, err := s.journal.Append(t.Context(), stream, eventstore.Tail{}, eventstore.Envelope{OccurredAt: noon},
					eventstore.Draft{ID: uuid.NewSHA1(uuid.Nil, []byte(stream)), Event: renamed{stream}})
				if err != nil {
					failed = err
				}
			}
			together <- failed
		}()
	}
	for range writers {
		must(t, <-together)
	}
	same(t, len(s.seal()), 2)
	s.sealer = s.newSealer()
	same(t, len(s.seal()), 0)
	s.write("account-1")
	same(t, s.seal()[0].Size, int64(writers*each+1))
	report := s.verifyOf(log.Store())
	same(t, []any{report.Problems, report.Events, report.Seals, report.Unsealed}, []any{[]audit.Problem(nil), int64(writers*each + 4), 3, int64(0)})
}

// TestF15_HiddenStreamsAreFound: deletions and metadata leave every event in the log, and hide a
// stream from whoever reads it.
func TestF15_HiddenStreamsAreFound(t *testing.T) {
	metadata := func(text string) func(context.Context, *node.Log) error {
		return func(ctx context.Context, l *node.Log) error {
			_, err := l.Append(ctx, "$$account-1", eventstore.Any, eventstore.Event{ID: uuid.New(), Type: index.TypeMetadata, Data: []byte(text)})
			return err
		}
	}
	for what, c := range map[string]struct {
		hide func(context.Context, *node.Log) error
		said string
	}{
		"nothing": {func(context.Context, *node.Log) error { return nil }, ""},
		"deleted": {func(ctx context.Context, l *node.Log) error {
			_, err := l.Delete(ctx, "account-1", eventstore.Any)
			return err
		}, "none of its 3 events is read"},
		"tombstoned": {func(ctx context.Context, l *node.Log) error {
			_, err := l.Tombstone(ctx, "account-1", eventstore.Any)
			return err
		}, "deleted for good"},
		"$maxCount":         {metadata(`{"$maxCount":2}`), "reads from revision 1 on"},
		"$tb":               {metadata(`{"$tb":2}`), "reads from revision 2 on"},
		"harmless metadata": {metadata(`{"$cacheControl":5}`), ""},
	} {
		t.Run(what, func(t *testing.T) {
			log, err := node.Open(t.Context(), node.Options{Dir: t.TempDir()})
			must(t, err)
			defer func() { must(t, log.Close()) }()
			s := newScene(t)
			s.journal.Store = log.Store()
			s.sealer = s.newSealer()
			for range 3 {
				s.write("account-1")
				s.write("account-2")
			}
			s.seal()
			must(t, c.hide(t.Context(), log))
			report := s.verifyOf(log.Store())
			if c.said == "" {
				same(t, report.Problems, []audit.Problem(nil))
				return
			}
			if len(report.Problems) != 1 || report.Problems[0].Stream != "account-1" || !strings.Contains(report.Problems[0].What, c.said) {
				t.Errorf("it finds %v", report.Problems)
			}
		})
	}
}
