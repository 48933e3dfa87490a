// Package server is the door that the API and the UI share: who may come in, how much
// they may bring, what every answer carries, and what of a request is written down. It
// knows no route but those of the management listener.
package server

import (
	"log/slog"
	"net/netip"
	"net/url"
	"time"
)

// Config is how the door is set.
type Config struct {
	PublicURL *url.URL       // what clients type; other hosts are refused
	Proxies   []netip.Prefix // whose X-Forwarded-For is believed; none by default
	Log       *slog.Logger
	Metrics   *Metrics
	// Requests that need no credentials, each address, each minute; 0 is 60.
	OpenPerMinute int
}

// The bounds of every request.
const (
	MaxBody        = 64 << 10
	requestTimeout = 30 * time.Second
	headerTimeout  = 5 * time.Second
	idleTimeout    = 2 * time.Minute
)
