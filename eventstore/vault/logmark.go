package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"
)

const logMarkColumns = "id, first_event, stream, revision, last_event"

// LogMark says which log the vault belongs to, and how far that is known to reach.
type LogMark struct {
	First    uuid.UUID // the first event of the log
	Stream   string    // of the last event that was seen; empty for none
	Revision int64
	Last     uuid.UUID
}

// marks are what the vault knows of its log: where it ends, and how far reactors have come in it.
type marks struct{ *core }

// LogMark returns the mark, and false if none was kept yet.
func (m marks) LogMark(ctx context.Context) (mark LogMark, ok bool, err error) {
	var first, last string
	err = m.read.QueryRowContext(ctx, `SELECT first_event, stream, revision, last_event FROM log_mark WHERE id = 1`).
		Scan(&first, &mark.Stream, &mark.Revision, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return LogMark{}, false, nil
	}
	if err == nil {
		mark.First, err = uuid.Parse(first)
	}
	if err == nil {
		mark.Last, err = uuid.Parse(last)
	}
	if err != nil {
		return LogMark{}, false, fmt.Errorf("read the mark of the log: %w", err)
	}
	return mark, true, nil
}

// KeepLogMark replaces the mark.
func (m marks) KeepLogMark(ctx context.Context, mark LogMark) error {
	_, err := m.exec(ctx, `INSERT INTO log_mark (`+logMarkColumns+`) VALUES (1, $1, $2, $3, $4) ON CONFLICT (id) DO UPDATE
		SET first_event = excluded.first_event, stream = excluded.stream, revision = excluded.revision, last_event = excluded.last_event`,
		mark.First.String(), mark.Stream, mark.Revision, mark.Last.String())
	if err != nil {
		return fmt.Errorf("keep the mark of the log: %w", err)
	}
	return nil
}
