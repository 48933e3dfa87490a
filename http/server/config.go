// Package server is the door that the API and the UI share: who may come in, how much
// they may bring, what every answer carries, and what of a request is written down. It
// knows no route but those of the management listener.
package server

import (
	"log/slog"
	"net/netip"
	"net/url"
	"time"

	"sleutelbos/http/problem"
	"sleutelbos/internal/limits"
)

// Config is how the door is set.
type Config struct {
	PublicURL *url.URL       // what clients type; other hosts are refused
	Proxies   []netip.Prefix // whose X-Forwarded-For is believed; none by default
	Log       *slog.Logger
	Metrics   *Metrics
	Limits    *limits.Limits // what one asker may use
	// Building returns how far read models are that are being built for the first time, in percent,
	// and false if none is known to be. Answers that such a read model is missing for say it.
	Building problem.Building
}

// The bounds of every request.
const (
	MaxBody        = 64 << 10
	requestTimeout = 30 * time.Second
	headerTimeout  = 5 * time.Second
	idleTimeout    = 2 * time.Minute
)
