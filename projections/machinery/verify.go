package machinery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"

	"sleutelbos/eventstore"
)

// mostDifferences is how many differences a report names.
const mostDifferences = 100

// Verify makes a read model anew from the log, in a table of its own, up to exactly the
// position of the live one, and compares the two row by row. The live one goes on meanwhile. Then
// it reads on to the end of the log, for an event that the read model can't take.
// Errors: *UnknownProjectionError, ErrBusy, ErrNotBuilt, and a fault of an event.
func (r *Runner) Verify(ctx context.Context, name string, progress func(Progress)) (Report, error) {
	w, ok := r.byName[name]
	if !ok || w.work.isReactor() {
		return Report{}, &UnknownProjectionError{name}
	}
	var report Report
	err := r.exclusively(ctx, name, func(ctx context.Context) (err error) {
		table := w.work.(*tableWork).table
		if ok, err := w.work.(*tableWork).stands(ctx); !ok || err != nil {
			return errors.Join(err, ErrNotBuilt)
		}
		b, err := r.newBuilder(table, name+verifySuffix, progress)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, r.DB.Remove(context.WithoutCancel(ctx), b.physical)) }()
		report, err = b.verify(ctx)
		return err
	})
	if err != nil {
		return Report{}, fmt.Errorf("verify %s: %w", name, err)
	}
	return report, nil
}

func (b *builder) verify(ctx context.Context) (Report, error) {
	if err := b.start(ctx); err != nil {
		return Report{}, err
	}
	name, def := b.table.Name(), b.table.definition()
	live, err := b.runner.DB.Checkpoint(ctx, name)
	if err != nil {
		return Report{}, err
	}
	if _, err := b.to(ctx, live.Position); err != nil {
		return Report{}, err
	}
	report := Report{Name: name}
	err = b.runner.DB.Snapshot(ctx, def, name, func(live Checkpoint, rows iter.Seq2[[]any, error]) error {
		if _, err := b.to(ctx, live.Position); err != nil {
			return err
		}
		if err := errors.Join(b.flush(ctx), b.settleFilling()); err != nil {
			return err
		}
		report.Position = live.Position
		return report.compare(def, rows, b.runner.DB.Rows(ctx, def, b.physical))
	})
	if err == nil {
		report.Stopped, err = b.fault(ctx)
	}
	b.meter.end(b.done)
	return report, err
}

// fault returns the event behind the live position at which the read model stands, if it stands:
// what it has taken may be right, and yet it shows less and less of the log.
func (b *builder) fault(ctx context.Context) (*Fault, error) {
	_, err := b.to(ctx, eventstore.End)
	if fault, ok := errors.AsType[*faultError](err); ok {
		return &fault.Fault, nil
	}
	return nil, err
}

// compare walks over both tables in the order of their keys and notes the differences.
func (r *Report) compare(def Definition, live, shadow iter.Seq2[[]any, error]) error {
	next, stop := iter.Pull2(shadow)
	defer stop()
	want, err, more := next()
	for got, liveErr := range live {
		if err := errors.Join(liveErr, err); err != nil {
			return err
		}
		r.Rows++
		for more && compareKeys(want[0], got[0]) < 0 {
			r.differ(Difference{Key: fmt.Sprint(want[0]), Missing: true})
			if want, err, more = next(); err != nil {
				return err
			}
		}
		if !more || compareKeys(want[0], got[0]) > 0 {
			r.differ(Difference{Key: fmt.Sprint(got[0]), Extra: true})
			continue
		}
		if columns := differing(def, got, want); len(columns) > 0 {
			r.differ(Difference{Key: fmt.Sprint(got[0]), Columns: columns})
		}
		want, err, more = next()
	}
	for ; more; want, err, more = next() {
		if err != nil {
			return err
		}
		r.differ(Difference{Key: fmt.Sprint(want[0]), Missing: true})
	}
	return nil
}

func (r *Report) differ(d Difference) {
	if len(r.Differences) == mostDifferences {
		r.More++
		return
	}
	r.Differences = append(r.Differences, d)
}

func differing(def Definition, x, y []any) []string {
	var columns []string
	for i, c := range def.Columns {
		if c.Kind == Bytes && bytes.Equal(x[i].([]byte), y[i].([]byte)) || c.Kind != Bytes && x[i] == y[i] {
			continue
		}
		columns = append(columns, c.Name)
	}
	return columns
}
