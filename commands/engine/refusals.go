package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"sleutelbos/domain"
	"sleutelbos/domain/refusal"
	"sleutelbos/eventstore"
)

const (
	queuedRefusals  = 1024            // beyond them a refusal is only counted
	refusalBatch    = 256             // of one append
	refusalPatience = 2 * time.Second // how long a refused asker waits for the record
	countedSources  = 10_000          // sources told apart in a minute
	fullRefusals    = 20              // of one asker in a minute, that are recorded in full
)

// refusals writes down who was refused what. One goroutine appends to the month's stream,
// many at a time, so that refusals don't contend; an answer waits for its record but does
// not fail with it. Of each minute, the first refusal of a kind to a known asker is recorded in
// full. The others are counted, as all refusals to strangers are, so that nobody can make the log
// grow.
type refusals struct {
	engine  *Engine
	queue   chan pendingRefusal
	quit    chan struct{}
	ended   chan struct{}
	closing sync.Once

	mu     sync.Mutex
	counts map[source]*counted
	minute time.Time       // of the two below
	full   map[source]bool // what was recorded in full
	fullOf map[string]int  // how much of it, by asker
}

type pendingRefusal struct {
	event    any
	envelope eventstore.Envelope
	done     chan error
}

// source is what refusals are summed by.
type source struct {
	minute                 time.Time
	asker                  string // the account; empty for a stranger
	command, code, channel string
	address                string // of a stranger
	about                  string // the account whose password a stranger tried
}

// counted is how often one source was refused.
type counted struct {
	n        int
	envelope eventstore.Envelope // of the first
}

func newRefusals(e *Engine) *refusals {
	r := &refusals{
		engine: e, queue: make(chan pendingRefusal, queuedRefusals), quit: make(chan struct{}), ended: make(chan struct{}),
		counts: map[source]*counted{}, full: map[source]bool{}, fullOf: map[string]int{},
	}
	go r.run()
	return r
}

func (r *refusals) close() error {
	r.closing.Do(func() { close(r.quit) })
	<-r.ended
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return r.flush(ctx)
}

// note records a refusal of a known asker, or counts it, and counts a stranger's.
func (r *refusals) note(ctx context.Context, c *Call, why *domain.Error) {
	if c.Actor.Kind != eventstore.ActorAccount && c.Actor.Kind != eventstore.ActorStranger {
		return
	}
	envelope := c.envelope()
	envelope.Outcome, envelope.Reason = eventstore.OutcomeRefused, ""
	c.mu.Lock()
	about := c.about
	c.mu.Unlock()
	s := source{minute: c.Now.Truncate(time.Minute), command: c.Name, code: why.Code, channel: c.Origin.Channel}
	if c.Actor.Kind == eventstore.ActorStranger {
		s.address, s.about = c.Origin.Address, about.account
		r.count(s, envelope)
		return
	}
	s.asker = c.Actor.AccountID
	if !r.inFull(s) {
		r.count(s, envelope)
		return
	}
	p := pendingRefusal{
		event: refusal.Recorded{
			Command: c.Name, Code: why.Code, OrganizationID: about.organization, AccountID: about.account, Stream: about.stream, DryRun: c.DryRun,
		},
		envelope: envelope, done: make(chan error, 1),
	}
	ctx, cancel := context.WithTimeout(ctx, refusalPatience)
	defer cancel()
	select {
	case r.queue <- p:
	default:
		r.count(s, envelope)
		return
	}
	select {
	case <-p.done: //nolint:errcheck // a failure was logged where it happened
	case <-r.ended:
	case <-ctx.Done():
	}
}

// inFull says whether a refusal of a known asker is recorded in full: the first of its kind in
// its minute, of so many kinds.
func (r *refusals) inFull(s source) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.minute != r.minute {
		r.minute, r.full, r.fullOf = s.minute, map[source]bool{}, map[string]int{}
	}
	if r.full[s] || r.fullOf[s.asker] >= fullRefusals || len(r.full) >= countedSources {
		return false
	}
	r.full[s] = true
	r.fullOf[s.asker]++
	return true
}

// count counts a refusal. Beyond the kinds that an asker may be refused in full, the commands are
// counted together, and beyond the sources that are told apart, the strangers are.
func (r *refusals) count(s source, envelope eventstore.Envelope) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.asker != "" && !r.full[s] {
		s.command = ""
	}
	if r.counts[s] == nil && len(r.counts) >= countedSources {
		s = source{minute: s.minute, command: s.command, code: s.code, channel: s.channel} // the rest together
		envelope.Actor, envelope.Organization, envelope.Origin.Address = eventstore.Actor{Kind: eventstore.ActorStranger}, "", ""
	}
	if r.counts[s] == nil {
		r.counts[s] = &counted{envelope: envelope}
	}
	r.counts[s].n++
}

func (r *refusals) run() {
	defer close(r.ended)
	for {
		select {
		case first := <-r.queue:
			r.record(r.gather(first))
		case <-r.quit:
			for {
				select {
				case first := <-r.queue:
					r.record(r.gather(first))
				default:
					return
				}
			}
		}
	}
}

func (r *refusals) gather(first pendingRefusal) []pendingRefusal {
	batch := []pendingRefusal{first}
	for len(batch) < refusalBatch {
		select {
		case p := <-r.queue:
			batch = append(batch, p)
		default:
			return batch
		}
	}
	return batch
}

// record appends a batch, month by month.
func (r *refusals) record(batch []pendingRefusal) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for len(batch) > 0 {
		stream, n := streamOf(batch[0]), 1
		for n < len(batch) && streamOf(batch[n]) == stream {
			n++
		}
		err := r.append(ctx, stream, batch[:n])
		if err != nil {
			r.engine.options.Log.ErrorContext(ctx, "refusals could not be recorded", "count", n, "error", err)
		}
		for _, p := range batch[:n] {
			p.done <- err
		}
		batch = batch[n:]
	}
}

func streamOf(p pendingRefusal) string {
	return "refusals-" + p.envelope.OccurredAt.UTC().Format("2006-01")
}

// append writes the part of a batch that belongs to one stream. When another process writes
// there too, it tries again behind that.
func (r *refusals) append(ctx context.Context, stream string, batch []pendingRefusal) error {
	for try := 0; ; try++ {
		first, err := r.engine.options.Journal.TailOf(ctx, stream)
		if err != nil {
			return err
		}
		tail, all := first, make([]eventstore.Record, 0, len(batch))
		for _, p := range batch {
			records, next, err := r.engine.options.Journal.Prepare(ctx, stream, tail, p.envelope, eventstore.Draft{ID: uuid.New(), Event: p.event})
			if err != nil {
				return err
			}
			tail, all = next, append(all, records...)
		}
		_, err = r.engine.write(ctx, 0, appendOf(stream, first, all))
		if conflict := (*eventstore.ConflictError)(nil); err == nil || !errors.As(err, &conflict) || try == 20 {
			return err
		}
	}
}

// flush writes down what was counted since the last time.
func (r *refusals) flush(ctx context.Context) error {
	r.mu.Lock()
	counts := r.counts
	r.counts = map[source]*counted{}
	r.mu.Unlock()
	var batch []pendingRefusal
	for s, c := range counts {
		envelope := c.envelope
		envelope.CommandID, envelope.OccurredAt = uuid.NewString(), s.minute
		envelope.CorrelationID, envelope.CausationID, envelope.Ticket, envelope.Origin.UserAgent = "", "", "", "" // of one among many
		batch = append(batch, pendingRefusal{
			event:    refusal.Summed{Command: s.command, Code: s.code, Count: c.n, Minute: s.minute, AccountID: s.about},
			envelope: envelope,
		})
	}
	slices.SortFunc(batch, func(a, b pendingRefusal) int { return a.envelope.OccurredAt.Compare(b.envelope.OccurredAt) })
	for len(batch) > 0 {
		n := 1
		for n < min(len(batch), refusalBatch) && streamOf(batch[n]) == streamOf(batch[0]) {
			n++
		}
		if err := r.append(ctx, streamOf(batch[0]), batch[:n]); err != nil {
			return fmt.Errorf("sum up refusals: %w", err)
		}
		batch = batch[n:]
	}
	return nil
}
