package machinery

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
)

// Mark is the last event that a checkpoint covers. A position alone means nothing to another
// log, and nothing to this one once it was put back to an earlier state. The event at it does: its
// id is found at that place in no other history.
type Mark struct {
	Position eventstore.Position
	ID       uuid.UUID // the zero one where no event is covered, or none was noted yet
}

// MarkOf returns the mark of an event.
func MarkOf(rec eventstore.Recorded) Mark { return Mark{rec.Position, rec.ID} }

// String returns the mark as it is kept; ParseMark reads it.
func (m Mark) String() string {
	if m.ID == uuid.Nil {
		return ""
	}
	return fmt.Sprintf("%d/%d %s", m.Position.Commit(), m.Position.Prepare(), m.ID)
}

// ParseMark returns the mark that String wrote.
func ParseMark(text string) (Mark, error) {
	if text == "" {
		return Mark{}, nil
	}
	var commit, prepare uint64
	place, id, _ := strings.Cut(text, " ")
	_, err := fmt.Sscanf(place, "%d/%d", &commit, &prepare)
	if err != nil {
		return Mark{}, fmt.Errorf("%q is no mark: %w", text, err)
	}
	known, err := uuid.Parse(id)
	return Mark{eventstore.NewPosition(commit, prepare), known}, err
}

// Told returns the position for whoever keeps it as one number: that of an event.
func (c Checkpoint) Told() eventstore.Position {
	if c.Last.ID == uuid.Nil {
		return c.Position
	}
	return c.Last.Position
}

// StrangerError says that a checkpoint is not of this log.
type StrangerError struct {
	Checkpoint Checkpoint
	Why        string
}

func (e *StrangerError) Error() string {
	return fmt.Sprintf("the checkpoint at position %s is not of this log: %s", e.Checkpoint.Told(), e.Why)
}

// Fits compares a checkpoint with the log: the last event that it covers must stand where it
// stood. Errors: *StrangerError, and those of the store.
func (c Checkpoint) Fits(ctx context.Context, store eventstore.Store) error {
	return c.Last.stands(ctx, store, c)
}

func (m Mark) stands(ctx context.Context, store eventstore.Store, c Checkpoint) error {
	switch m.ID {
	case uuid.Nil:
		return nil
	case lostID:
		return &StrangerError{c, "how far it had come was lost, and nobody kept it"}
	}
	rec, found, err := store.At(ctx, m.Position)
	switch {
	case err != nil:
		return fmt.Errorf("look whether the checkpoint is of this log: %w", err)
	case !found:
		return &StrangerError{c, "it holds no event there, so it is another log or was put back to an earlier state"}
	case rec.ID != m.ID:
		return &StrangerError{c, "it holds another event there, so it is another log or went on in another way"}
	}
	return nil
}

// Stands compares the mark with the log. Errors: those of Checkpoint.Fits.
func (m Mark) Stands(ctx context.Context, store eventstore.Store) error {
	return m.stands(ctx, store, Checkpoint{Position: m.Position, Last: m})
}

// markAt returns the mark of the event at a position; the zero one at the beginning.
func markAt(ctx context.Context, store eventstore.Store, at eventstore.Position) (Mark, error) {
	if at.IsZero() {
		return Mark{}, nil
	}
	rec, found, err := store.At(ctx, at)
	if err == nil && !found {
		err = fmt.Errorf("the log holds no event at position %s", at)
	}
	if err != nil {
		return Mark{}, err
	}
	return MarkOf(rec), nil
}

// Resume lets a reactor go on behind an event of the log, the zero position for the log's
// beginning and eventstore.End for its end. It returns where that is. A running program finds
// its reactor's checkpoint moved, and begins from there. Errors: ErrNoReactor.
func Resume(ctx context.Context, db ReactorCheckpoints, store eventstore.Store, name string, from eventstore.Position, now time.Time) (eventstore.Position, error) {
	stands, found, err := db.ReactorCheckpoint(ctx, name)
	if err == nil && !found {
		err = ErrNoReactor
	}
	if err == nil && from == eventstore.End {
		from, err = store.Head(ctx)
	}
	if err != nil {
		return from, err
	}
	mark, err := markAt(ctx, store, from)
	if err != nil {
		return from, err
	}
	return from, db.SaveReactor(ctx, name, stands.Position, Checkpoint{Position: from, Last: mark, UpdatedAt: now})
}

// ErrNoReactor says that no reactor of the name ever ran.
var ErrNoReactor = errors.New("no reactor of this name has a checkpoint")
