package vault

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

const reactorMarkColumns = "name, stream, revision, event"

// ReactorMark says how far a reactor is known to have come: the last event that it has come past.
type ReactorMark struct {
	Stream   string // of the event; empty for none
	Revision int64
	Event    uuid.UUID
}

// ReactorMarks returns the marks that were kept, by the names of the reactors.
func (m marks) ReactorMarks(ctx context.Context) (map[string]ReactorMark, error) {
	rows, err := m.read.QueryContext(ctx, `SELECT `+reactorMarkColumns+` FROM reactor_marks`)
	if err != nil {
		return nil, fmt.Errorf("read the marks of the reactors: %w", err)
	}
	defer rows.Close() // rows.Err says what went wrong
	known := map[string]ReactorMark{}
	for rows.Next() {
		var name, event string
		var mark ReactorMark
		err := rows.Scan(&name, &mark.Stream, &mark.Revision, &event)
		if err == nil {
			mark.Event, err = uuid.Parse(event)
		}
		if err != nil {
			return nil, fmt.Errorf("read the marks of the reactors: %w", err)
		}
		known[name] = mark
	}
	return known, rows.Err()
}

// KeepReactorMark replaces the mark of a reactor.
func (m marks) KeepReactorMark(ctx context.Context, name string, mark ReactorMark) error {
	_, err := m.exec(ctx, `INSERT INTO reactor_marks (`+reactorMarkColumns+`) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO UPDATE
		SET stream = excluded.stream, revision = excluded.revision, event = excluded.event`,
		name, mark.Stream, mark.Revision, mark.Event.String())
	if err != nil {
		return fmt.Errorf("keep the mark of the reactor %s: %w", name, err)
	}
	return nil
}
