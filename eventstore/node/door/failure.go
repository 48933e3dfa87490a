package door

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/log"
	"sleutelbos/eventstore/node/logfile"
)

// The exceptions that clients tell apart, in the trailer "exception".
const (
	exceptionAccessDenied  = "access-denied"
	exceptionStreamDeleted = "stream-deleted"
	exceptionWrongVersion  = "wrong-expected-version"
	exceptionAppendSize    = "maximum-append-size-exceeded"
	exceptionMissingMeta   = "missing-required-metadata-property"
)

// fail returns an error status, and sets the trailers that clients read: an exception and
// pairs of key and value.
func fail(ctx context.Context, code codes.Code, exception, message string, pairs ...string) error {
	md := metadata.Pairs("exception", exception)
	for i := 0; i+1 < len(pairs); i += 2 {
		md.Set(pairs[i], printable(pairs[i+1]))
	}
	// It fails only if the response was sent already; then nobody can be told.
	_ = grpc.SetTrailer(ctx, md)
	return status.Error(code, message)
}

// printable percent-encodes what is not printable ASCII: the client for Node.js dies of a
// trailer with anything else in it.
func printable(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		edge := (i == 0 || i == len(s)-1) && c == ' '
		if c < ' ' || c > '~' || c == '%' || edge {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func invalid(message string) error { return status.Error(codes.InvalidArgument, message) }

func streamDeleted(ctx context.Context, stream string) error {
	return fail(ctx, codes.FailedPrecondition, exceptionStreamDeleted,
		fmt.Sprintf("Event stream '%s' is deleted.", stream), "stream-name", stream)
}

func accessDenied(ctx context.Context) error {
	return fail(ctx, codes.PermissionDenied, exceptionAccessDenied, "Access denied.")
}

func tooLarge(ctx context.Context, limit int) error {
	return fail(ctx, codes.InvalidArgument, exceptionAppendSize,
		fmt.Sprintf("Maximum append size of %d bytes exceeded.", limit), "maximum-append-size", strconv.Itoa(limit))
}

// wrongVersion refuses a deletion; a refused append has a response of its own.
func wrongVersion(ctx context.Context, c *eventstore.ConflictError) error {
	return fail(ctx, codes.FailedPrecondition, exceptionWrongVersion,
		fmt.Sprintf("Delete failed due to WrongExpectedVersion. Stream: %s, Expected version: %d, Actual version: %d", c.Stream, c.Expected, c.Actual),
		"stream-name", c.Stream,
		"expected-version", strconv.FormatInt(int64(c.Expected), 10),
		"actual-version", strconv.FormatInt(c.Actual, 10))
}

// failure returns the status for an error of the log.
func (s *Server) failure(ctx context.Context, stream string, err error) error {
	if _, ok := status.FromError(err); ok {
		return err // it is one already
	}
	if conflict, ok := errors.AsType[*eventstore.ConflictError](err); ok {
		return wrongVersion(ctx, conflict)
	}
	switch {
	case errors.Is(err, eventstore.ErrStreamDeleted):
		return streamDeleted(ctx, stream)
	case errors.Is(err, eventstore.ErrTooLarge):
		return tooLarge(ctx, s.o.MaxAppendSize)
	case errors.Is(err, log.ErrVirtualStream), errors.Is(err, log.ErrReadOnly):
		return accessDenied(ctx)
	case errors.Is(err, log.ErrInvalid):
		return invalid(err.Error())
	case errors.Is(err, logfile.ErrClosed):
		return errStopping
	case errors.Is(err, context.Canceled) && s.ends():
		return errStopping // the client did not cancel it
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return status.FromContextError(err).Err()
	case errors.Is(err, logfile.ErrCorrupt): // it is out of reach as well: this comes first
		s.o.Logger.ErrorContext(ctx, "the event log is damaged", "error", err)
		return status.Error(codes.DataLoss, "The event log is damaged.")
	case errors.Is(err, eventstore.ErrUnavailable): // a full disk, say
		s.o.Logger.ErrorContext(ctx, "the event log is out of reach", "error", err)
		return errStopping
	}
	s.o.Logger.ErrorContext(ctx, "a client of the event log got no answer", "error", err)
	return status.Error(codes.Internal, "The event log could not answer.")
}

// ends says whether the door is being stopped.
func (s *Server) ends() bool {
	select {
	case <-s.stopping:
		return true
	default:
		return false
	}
}

// errReadOfNothing is worded as EventStoreDB words it, because programs compare the text.
var errReadOfNothing = status.Error(codes.Unknown, "Unexpected ReadStreamResult: Error")

var (
	errStopping = status.Error(codes.Unavailable, "The event store is not available.")
	errTooSlow  = status.Error(codes.ResourceExhausted, "The reader took nothing for too long and was cut off.")
)
