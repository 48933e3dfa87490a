package sqlitex

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// The errors of Explain. Compare with errors.Is.
var (
	ErrDamaged  = errors.New("the file is damaged or no database")
	ErrFull     = errors.New("no space is left on the disk")
	ErrReadOnly = errors.New("the disk or the file is read-only")
	ErrDisk     = errors.New("the disk failed")
)

// Explain says what an error of SQLite means for whoever waits for the file: it wraps the
// error with one of those above. It returns any other error as it is.
func Explain(err error) error {
	switch code(err) {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%w: %w", ErrFull, err)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return fmt.Errorf("%w: %w", ErrReadOnly, err)
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM:
		return fmt.Errorf("%w: %w", ErrDisk, err)
	}
	return err
}

// OutOfReach says whether an error of SQLite is one of the disk, or of a file that another holds:
// the same may go well later.
func OutOfReach(err error) bool {
	explained := Explain(err)
	return errors.Is(explained, ErrFull) || errors.Is(explained, ErrReadOnly) || errors.Is(explained, ErrDisk)
}

// Locked says whether another program holds the file locked.
func Locked(err error) bool {
	c := code(err)
	return c == sqlite3.SQLITE_BUSY || c == sqlite3.SQLITE_LOCKED
}

// CannotOpen says whether the file, or one beside it, could not be opened or made.
func CannotOpen(err error) bool {
	c := code(err)
	return c == sqlite3.SQLITE_CANTOPEN || c == sqlite3.SQLITE_READONLY
}

// code returns the primary result code of an error of SQLite, 0 for any other error.
func code(err error) int {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return sqlite3.SQLITE_OK
	}
	return e.Code() & 0xff
}
