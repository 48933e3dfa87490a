// Package reach says why something that the program depends on can't be used: in a sentence for
// whoever operates it, without a secret, and with whether it may come by itself. The start waits for
// what may; readiness tells the sentence; an answer to a client says only that it may ask again.
package reach

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"sleutelbos/eventstore"
	"sleutelbos/internal/sqlitex"
)

// Error is why something can't be used.
type Error struct {
	Why string // a sentence for an operator, without a secret
	Err error  // what happened
}

// Error returns the sentence. What happened is in it, as far as it may be told.
func (e *Error) Error() string { return e.Why }

// Unwrap returns what happened.
func (e *Error) Unwrap() error { return e.Err }

// Why returns the sentence of an error; empty if it has none that may be told.
func Why(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Why
	}
	return ""
}

// Away says whether a store did not answer: whoever asked may ask again, and nothing is wrong with
// the program. A server has no error of its own for it: it is the network's, or the server's last
// word before it went (SQLSTATE classes 08, 53 and 57P), or somebody holds what is asked for (55P03). A file has those of its disk.
func Away(err error) bool {
	for _, gone := range []error{eventstore.ErrUnavailable, context.DeadlineExceeded, driver.ErrBadConn, io.ErrUnexpectedEOF, net.ErrClosed} {
		if errors.Is(err, gone) {
			return true
		}
	}
	if sqlitex.OutOfReach(err) {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	state := sqlState(err)
	for _, class := range []string{"08", "53", "57P", "55P03"} {
		if strings.HasPrefix(state, class) {
			return true
		}
	}
	return false
}

// sqlState returns the code that PostgreSQL gave an error; empty for another error.
func sqlState(err error) string {
	var said interface{ SQLState() string }
	if errors.As(err, &said) {
		return said.SQLState()
	}
	return ""
}
