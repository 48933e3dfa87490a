package logfile

import (
	"errors"
	"fmt"

	"sleutelbos/eventstore"
	"sleutelbos/internal/sqlitex"
)

// The errors of a log besides those of the port. Compare with errors.Is.
var (
	ErrInUse   = errors.New("another process uses this event log")
	ErrClosed  = errors.New("the event log is closed")
	ErrCorrupt = errors.New("the event log is damaged")
)

// Closed returns the error of whoever comes after Stop.
func Closed() error { return fmt.Errorf("%w: %w", eventstore.ErrUnavailable, ErrClosed) }

// Damaged returns the error of a file that does not say what it must.
func Damaged(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrCorrupt}, args...)...)
}

// Unavailable returns the error as one of a log that cannot be used now.
func Unavailable(err error) error {
	if errors.Is(err, eventstore.ErrUnavailable) {
		return err
	}
	return fmt.Errorf("%w: %w", eventstore.ErrUnavailable, err)
}

// explain gives the errors of the disk the names that callers of the log know.
func explain(err error) error {
	explained := sqlitex.Explain(err)
	switch {
	case errors.Is(explained, sqlitex.ErrDamaged):
		return fmt.Errorf("%w: %w: %w", eventstore.ErrUnavailable, ErrCorrupt, err)
	case explained != err: //nolint:errorlint // whether it was explained, not what it is
		return fmt.Errorf("%w: %w", eventstore.ErrUnavailable, explained)
	}
	return err
}
