package esdb

import (
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"sleutelbos/eventstore"
)

// health logs once that the server is out of reach and once that it is back, however many
// calls fail in between.
type health struct {
	log  *slog.Logger
	away atomic.Bool
	last atomic.Pointer[string] // the newest warning of the client; a call that hangs gives no reason of its own
}

// heard logs the messages of the client, which it would print to stderr.
func (h *health) heard(level client.LogLevel, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	if level == client.LogWarn || level == client.LogError {
		h.last.Store(&message)
	}
	h.log.Debug("event store client", "level", level, "message", message)
}

// told notes the outcome of a call, and returns it.
func (h *health) told(err error) error {
	switch {
	case err == nil:
		if h.away.CompareAndSwap(true, false) {
			h.log.Info("the event store is back")
		}
	case errors.Is(err, eventstore.ErrUnavailable) && !errors.Is(err, errClosed):
		if h.away.CompareAndSwap(false, true) {
			h.log.Warn("the event store is out of reach", "error", err, "client", h.complaint())
		}
	}
	return err
}

func (h *health) complaint() string {
	if last := h.last.Load(); last != nil {
		return *last
	}
	return ""
}
