package audit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"

	"sleutelbos/eventstore"
)

// Verify reads the seals and then the whole log once. It compares every event with its hash,
// every stream with its chain, the order of the log and the ends of streams with the seals,
// and the seals with their signatures and the notes outside. The report says what is wrong
// with the log. The error says that the log, a key or the folder could not be read.
func Verify(ctx context.Context, store eventstore.Store, o Options) (Report, error) {
	known, err := verifiers(o.Keys)
	if err != nil {
		return Report{}, err
	}
	v := &verification{tails: map[string]eventstore.Tail{}, named: map[string]bool{}, sealed: map[string][]end{}, registry: o.Registry}
	if o.Registry != nil { // whoever is trusted with the log alone learns of the passes, too: it takes no key
		v.passes = eventstore.PassesOf(store, o.Registry)
		if err := v.passes.Learn(ctx); err != nil {
			return Report{}, fmt.Errorf("verify the log: %w", err)
		}
	}
	if err := v.collect(ctx, store, o, known); err != nil {
		return Report{}, fmt.Errorf("verify the log: %w", err)
	}
	for r, err := range store.ReadAll(ctx, eventstore.Position{}, eventstore.Forwards, eventstore.Filter{}) {
		if err != nil {
			return Report{}, fmt.Errorf("verify the log: %w", err)
		}
		if err := v.event(ctx, r); err != nil {
			return Report{}, fmt.Errorf("verify the log: %w", err)
		}
		if o.Progress != nil && v.report.Events%10_000 == 0 {
			o.Progress(v.report.Events, r.Position)
		}
	}
	if err := v.visible(ctx, store); err != nil {
		return Report{}, fmt.Errorf("verify the log: %w", err)
	}
	return v.finish(), nil
}

// readAtOnce is how many streams are looked at together: a server far away takes its time for each.
const readAtOnce = 8

// visible asks of every stream whether its reader gets what the log holds of it. A deletion, a
// tombstone, and metadata that limit what is read ($maxCount, $maxAge, $tb) leave the log as it is
// and hide a stream, or its beginning, from whoever reads it: from every command that decides on it.
func (v *verification) visible(ctx context.Context, store eventstore.Store) error {
	streams := slices.Sorted(maps.Keys(v.tails))
	hidden := make([]string, len(streams))
	var work errgroup.Group
	work.SetLimit(readAtOnce)
	for i, stream := range streams {
		work.Go(func() (err error) {
			hidden[i], err = hides(ctx, store, stream, v.tails[stream].Next)
			return err
		})
	}
	if err := work.Wait(); err != nil {
		return err
	}
	for i, stream := range streams {
		if hidden[i] != "" && !v.named[stream] {
			v.wrong(stream, 0, "%s", hidden[i])
		}
	}
	return nil
}

// hides returns what is wrong with how a stream is read, of which the log holds so many events.
func hides(ctx context.Context, store eventstore.Store, stream string, events int64) (string, error) {
	for rec, err := range store.ReadStream(ctx, stream, 0, eventstore.Forwards) {
		switch {
		case errors.Is(err, eventstore.ErrStreamDeleted):
			return fmt.Sprintf("the stream was deleted for good: none of its %d events can be read", events), nil
		case err != nil:
			return "", err
		case rec.Revision > 0:
			return fmt.Sprintf("the stream was deleted or has metadata that hide its beginning: it reads from revision %d on", rec.Revision), nil
		}
		return "", nil
	}
	return fmt.Sprintf("the stream was deleted, or has metadata that hide it: none of its %d events is read", events), nil
}

type verification struct {
	report   Report
	registry *eventstore.Registry // nil: every stream is ours
	passes   *eventstore.Passes   // nil: nothing is passed over
	tails    map[string]eventstore.Tail
	named    map[string]bool // streams with a problem in the report

	seals   []checkpoint     // by size
	sealed  map[string][]end // the ends that seals name, by revision
	tree    tree
	passed  int       // seals whose size the tree has reached
	general bool      // the tree was found to differ
	last    []Problem // of no stream in particular; they go to the report's end
}

// wrong notes a problem. The report keeps only the first of each stream.
func (v *verification) wrong(stream string, revision int64, format string, values ...any) {
	v.report.Broken++
	if v.named[stream] || len(v.report.Problems) == maxProblems {
		return
	}
	v.named[stream] = true
	v.report.Problems = append(v.report.Problems, Problem{stream, revision, fmt.Sprintf(format, values...)})
}

// event takes the next event of the log. Errors: *eventstore.PassesError.
func (v *verification) event(ctx context.Context, r eventstore.Recorded) error {
	v.report.Events++
	v.report.Position = r.Position
	if v.registry != nil && !v.registry.Owns(r.Stream) {
		v.foreign(r)
		return nil
	}
	tail, over, err := v.passes.Follow(ctx, v.tails[r.Stream], r)
	if unknown, ok := errors.AsType[*eventstore.PassesError](err); ok {
		return unknown
	}
	if over {
		v.report.Passed++
	}
	v.chained(r, tail, over, err)
	return nil
}

// chained takes an event of ours and where it leaves its stream, or what is wrong with that. Seals
// cover the bytes of one that is passed over, whatever hash it carries.
func (v *verification) chained(r eventstore.Recorded, tail eventstore.Tail, over bool, err error) {
	if err != nil {
		revision, problem := r.Revision, err.Error()
		if broken, ok := errors.AsType[*eventstore.ChainError](err); ok {
			revision, problem = broken.Revision, broken.Problem
		}
		v.wrong(r.Stream, revision, "%s", problem)
		// The next event is compared with what this one claims to be, so that one fault is
		// counted once.
		tail = eventstore.Tail{Next: r.Revision + 1, Hash: eventstore.ClaimedHash(r)}
	}
	v.tails[r.Stream] = tail
	if isSeal(r) {
		return
	}
	hash := tail.Hash
	if over || err != nil {
		hash = eventstore.HashOf(r)
	}
	if err == nil {
		v.compareEnd(r, hash)
	}
	v.add(r, hash)
}

// add lets the tree grow by an event, and compares it with the seals that cover as much.
func (v *verification) add(r eventstore.Recorded, hash string) {
	v.tree.add(hash)
	v.comparePassed()
	if covered := len(v.seals); v.report.Oldest.IsZero() && (covered == 0 || v.tree.size > v.seals[covered-1].size) {
		v.report.Oldest = r.Created
	}
}

// foreign takes an event of a stream that is not ours: nobody chained it, but seals cover it as they
// do the rest of the log.
func (v *verification) foreign(r eventstore.Recorded) {
	v.report.Foreign++
	hash := eventstore.HashOf(r)
	v.tails[r.Stream] = eventstore.Tail{Next: r.Revision + 1, Hash: hash}
	v.compareEnd(r, hash)
	v.add(r, hash)
}

// compareEnd compares an event with the end of its stream in the seals, if it is one.
func (v *verification) compareEnd(r eventstore.Recorded, hash string) {
	ends := v.sealed[r.Stream]
	at, found := slices.BinarySearchFunc(ends, r.Revision, func(e end, revision int64) int { return cmp.Compare(e.revision, revision) })
	if found && ends[at].hash != hash {
		v.wrong(r.Stream, r.Revision, "the event is another one than was sealed")
	}
}

// comparePassed compares the tree with the seals that cover as many events as it has.
func (v *verification) comparePassed() {
	for ; v.passed < len(v.seals) && v.seals[v.passed].size <= v.tree.size; v.passed++ {
		seal := v.seals[v.passed]
		if v.general || seal.size == v.tree.size && seal.root == v.tree.root() {
			continue
		}
		before := int64(0)
		if v.passed > 0 {
			before = v.seals[v.passed-1].size
		}
		v.general = true
		v.last = append(v.last, Problem{What: fmt.Sprintf("among the events numbered %d to %d of the log one was added, removed, changed or moved: "+
			"they are not what seal %s revision %d signs", before+1, seal.size, seal.stream, seal.revision)})
	}
}

// finish compares what the log has at its end: the ends of the streams, and the newest seal.
func (v *verification) finish() Report {
	streams := make([]string, 0, len(v.sealed))
	for stream := range v.sealed {
		streams = append(streams, stream)
	}
	slices.Sort(streams)
	for _, stream := range streams {
		ends := v.sealed[stream]
		if last, next := ends[len(ends)-1].revision, v.tails[stream].Next; next <= last {
			v.wrong(stream, next, "the events from here to revision %d were sealed and are missing from the stream's end", last)
		}
	}
	r := &v.report
	if n := len(v.seals); n > 0 {
		r.Sealed = v.seals[n-1].size
		if v.tree.size < r.Sealed && !v.general {
			v.last = append(v.last, Problem{What: fmt.Sprintf("the log has %d events where %d were sealed", v.tree.size, r.Sealed)})
		}
	}
	r.Unsealed = max(0, v.tree.size-r.Sealed)
	r.Streams = len(v.tails)
	r.Broken += int64(len(v.last))
	r.Problems = append(r.Problems, v.last...)
	return *r
}
