package audit_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/audit"
	"sleutelbos/eventstore/node"
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
