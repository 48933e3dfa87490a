package node

import (
	"errors"
	"fmt"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/internal/sqlitex"
)

// openConn opens one connection to a file of the log.
func openConn(path string, mode sqlitex.Mode, pragmas ...string) (*sqlitex.Conn, error) {
	file := sqlitex.File{Path: path, Mode: mode, Patience: 5 * time.Second, Pragmas: pragmas, Explain: diskError}
	return file.Conn()
}

// diskError says what an error of SQLite means for whoever waits for the log.
func diskError(err error) error {
	explained := sqlitex.Explain(err)
	switch {
	case errors.Is(explained, sqlitex.ErrDamaged):
		return fmt.Errorf("%w: %w: %w", eventstore.ErrUnavailable, ErrCorrupt, err)
	case explained != err: //nolint:errorlint // whether it was explained, not what it is
		return fmt.Errorf("%w: %w", eventstore.ErrUnavailable, explained)
	}
	return err
}
