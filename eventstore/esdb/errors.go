package esdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"sleutelbos/eventstore"
)

// ended returns why a context ended, or nil if it has not. A deadline that passed means that
// the store did not answer in time.
func ended(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	switch {
	case err == nil:
		return nil
	case errors.Is(cause, errClosed):
		return errClosed
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w: %w", eventstore.ErrUnavailable, err)
	case errors.Is(cause, err):
		return cause
	default:
		return fmt.Errorf("%w: %w", err, cause)
	}
}

// understand returns an error of the client as one of the port.
func understand(ctx context.Context, err error) error {
	e, _ := errors.AsType[*client.Error](err)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, eventstore.ErrUnavailable):
		return err
	case ctx.Err() != nil:
		return ended(ctx)
	case e != nil && e.Code() == client.ErrorCodeStreamDeleted:
		return eventstore.ErrStreamDeleted
	case tooLarge(err):
		return eventstore.ErrTooLarge
	case status.Code(err) == codes.DeadlineExceeded:
		// The server or the connection kept the deadline, a moment before the context noticed.
		return fmt.Errorf("%w: %w: %w", eventstore.ErrUnavailable, context.DeadlineExceeded, err)
	case lost(err), status.Code(err) == codes.Internal:
		return fmt.Errorf("%w: %w", eventstore.ErrUnavailable, err)
	}
	return err
}

// lost reports whether the call may succeed if it is tried again. If the client notices while
// sending that the connection is broken, it returns io.EOF.
func lost(err error) bool {
	if e, ok := errors.AsType[*client.Error](err); ok {
		switch e.Code() {
		case client.ErrorCodeNotLeader, client.ErrorCodeConnectionClosed:
			return true
		}
	}
	switch status.Code(err) {
	case codes.Unavailable, codes.Aborted, codes.Canceled, codes.DeadlineExceeded:
		return true
	}
	return errors.Is(err, io.EOF)
}

// tooSlow reports whether the server ended a subscription because the subscriber did not keep up
// with its buffer. Only the text of the error tells that from other calls that were aborted.
func tooSlow(err error) bool {
	return status.Code(err) == codes.Aborted && strings.Contains(err.Error(), "Consumer too slow")
}

// refused reports whether the server could do nothing with a position.
func refused(err error) bool {
	var from interface{ GRPCStatus() *status.Status }
	if !errors.As(err, &from) {
		return false
	}
	switch from.GRPCStatus().Code() {
	case codes.Unknown, codes.InvalidArgument, codes.OutOfRange:
		return true
	}
	return false
}

// tooLarge reports whether the server refused an append for its size. It reads the text of
// the error, because the client drops the trailer that names the reason.
func tooLarge(err error) bool {
	switch status.Code(err) {
	case codes.ResourceExhausted:
		return true
	case codes.InvalidArgument:
		return strings.Contains(strings.ToLower(err.Error()), "append size")
	}
	return false
}

// missing reports whether the error says that the stream is not there. The client makes this
// error itself; it is not a status of gRPC.
func missing(err error) bool {
	e, ok := errors.AsType[*client.Error](err)
	_, fromServer := status.FromError(err)
	return ok && !fromServer && e.Code() == client.ErrorCodeResourceNotFound
}

// conflict returns the conflict that the error tells of. It reads the revision of the stream
// from the error's text, the only place where the client leaves it.
func conflict(err error, stream string, expected eventstore.Expected) (*eventstore.ConflictError, bool) {
	e, ok := errors.AsType[*client.Error](err)
	if !ok || e.Code() != client.ErrorCodeWrongExpectedVersion {
		return nil, false
	}
	_, rest, _ := strings.Cut(e.Error(), "but got '")
	current, _, _ := strings.Cut(rest, "'")
	actual, err := strconv.ParseInt(current, 10, 64)
	if err != nil && current != "no_stream" {
		return nil, false
	}
	if current == "no_stream" {
		actual = int64(eventstore.NoStream)
	}
	return &eventstore.ConflictError{Stream: stream, Expected: expected, Actual: actual}, true
}
