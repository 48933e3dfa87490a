package problem

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

// keyLost says that personal data can't be sealed or changed, because a person's key is damaged
// or was destroyed. To ask again changes nothing.
func keyLost(err error) bool {
	_, lost := eventstore.Shown(err)
	return lost
}

// outOfReach says whether a store did not answer: the client may ask again, and nothing is
// wrong with the program. A server has no error of its own for it: it is the network's, or
// the server's last word before it went (SQLSTATE classes 08, 53 and 57P). A file has those of its
// disk.
func outOfReach(err error) bool {
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
	var said interface{ SQLState() string }
	if !errors.As(err, &said) {
		return false
	}
	for _, class := range []string{"08", "53", "57P"} {
		if strings.HasPrefix(said.SQLState(), class) {
			return true
		}
	}
	return false
}
