package door

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/logfile"
)

// A fault of the file is told to the operator; the client learns only what it can act on.
func TestFaultsOfTheFile(t *testing.T) {
	full := errors.New("database or disk is full")
	for _, c := range []struct {
		name   string
		err    error
		code   codes.Code
		logged string
	}{
		{"a full disk", fmt.Errorf("%w: %w", eventstore.ErrUnavailable, full), codes.Unavailable, full.Error()},
		{"a damaged file", fmt.Errorf("%w: %w: position 7 is missing", eventstore.ErrUnavailable, logfile.ErrCorrupt), codes.DataLoss, "position 7 is missing"},
		{"a log that is closed", fmt.Errorf("%w: %w", eventstore.ErrUnavailable, logfile.ErrClosed), codes.Unavailable, ""},
		{"an asker who left", fmt.Errorf("%w: %w", eventstore.ErrUnavailable, context.Canceled), codes.Canceled, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			s := &Server{gate: &gate{o: Options{Logger: slog.New(slog.NewTextHandler(&out, nil))}}}
			err := s.failure(t.Context(), "a-1", c.err)
			if status.Code(err) != c.code || strings.Contains(err.Error(), full.Error()) {
				t.Errorf("answered %v", err)
			}
			if (out.Len() > 0) != (c.logged != "") || !strings.Contains(out.String(), c.logged) {
				t.Errorf("logged %q", out.String())
			}
		})
	}
}
