// Package apptest runs the whole program for a test: as the composition root wires it, in a
// folder of its own, with a clock that the test moves. Passwords are cheap, nobody is slowed
// down, and nothing happens that depends on the real time.
package apptest

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sleutelbos/commands"
	lettercommands "sleutelbos/commands/letters"
	"sleutelbos/commands/reactors"
	"sleutelbos/eventstore/vault"
	"sleutelbos/http/api"
	"sleutelbos/http/ui"
	"sleutelbos/internal/app"
	"sleutelbos/internal/limits"
)

// Noon is when the clock of a test begins.
var Noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// Program is the whole program, answering requests.
type Program struct {
	*app.App
	Clock  *Clock
	Server *httptest.Server
	Logged *Log
}

// Setup is what a test wants in another way. Its adjustments come after those of this package.
type Setup struct {
	Serving app.Serving // the bootstrap, the proxies
	// Database is that of PostgreSQL, instead of files.
	Database string
	HTTP     func(*http.Server)
	Stores   func(*app.Stores) // before they are open
	Adjust   app.Adjust
}

// Start runs the program until the test ends. Read models and reactors work; deadlines,
// seals and sums of refusals don't, since they follow the real time.
func Start(t testing.TB, setup Setup) *Program {
	t.Helper()
	p := &Program{Clock: NewClock(), Server: httptest.NewUnstartedServer(nil), Logged: &Log{}}
	stores := &app.Stores{
		Places: app.Places{Data: t.TempDir(), Database: setup.Database}, Log: slog.New(slog.NewJSONHandler(p.Logged, nil)), Now: p.Clock.Now, AdjustVault: Cheap,
	}
	if setup.Stores != nil {
		setup.Stores(stores)
	}
	if err := stores.Open(t.Context(), app.Writing); err != nil {
		t.Fatal(err)
	}
	serving := setup.Serving
	serving.Node, serving.Language, serving.MailFrom = "off", "nl", "test@localhost"
	serving.PublicURL = "http://" + p.Server.Listener.Addr().String()
	var err error
	p.App, err = app.New(t.Context(), app.Options{
		Stores: stores, Serving: serving, Parts: app.Views, Version: "test",
		Adjust: app.Adjust{
			Commands: then(func(o *commands.Options) { o.Mailer = nowhere{} }, setup.Adjust.Commands),
			Runner:   setup.Adjust.Runner,
			Limits:   loosened(setup.Adjust.Limits),
			Server:   setup.Adjust.Server,
			API:      then(func(c *api.Config) { c.Letter = letter }, setup.Adjust.API),
			UI:       then(func(c *ui.Config) { c.Letter = letter }, setup.Adjust.UI),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if setup.HTTP != nil {
		setup.HTTP(p.Server.Config)
	}
	p.Server.Config.Handler = p.Handler
	p.Server.Start()
	p.runUntilTheEnd(t)
	return p
}

// loosened returns limits that a test does not come near to, except where it says them.
func loosened(adjust func(limits.Matrix)) func(limits.Matrix) {
	return func(m limits.Matrix) {
		m.WithoutRates()
		if adjust != nil {
			adjust(m)
		}
	}
}

func then[T any](first, second func(*T)) func(*T) {
	return func(o *T) {
		first(o)
		if second != nil {
			second(o)
		}
	}
}

func (p *Program) runUntilTheEnd(t testing.TB) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	t.Cleanup(func() {
		p.Server.CloseClientConnections()
		p.Server.Close()
		stop()
		if err := errors.Join(<-ended, p.Close()); err != nil {
			t.Error(err)
		}
	})
}

// Cheap makes passwords cost next to nothing.
func Cheap(o *vault.Options) {
	o.Argon2, o.HashQueue = vault.Argon2{MemoryKiB: 64, Passes: 1, Lanes: 1}, 1000
}

// letter stands for rendered letters; what they look like is tested where it is rendered.
func letter(all ...lettercommands.Content) ([]byte, error) {
	pdf := "%PDF"
	for _, l := range all {
		pdf += " " + l.Code
	}
	return []byte(pdf), nil
}

// nowhere is a mail server that takes everything.
type nowhere struct{}

// Send drops the mail.
func (nowhere) Send(context.Context, reactors.Mail) error { return nil }

// Clock stands still unless the test moves it.
type Clock struct{ at atomic.Int64 }

// NewClock returns a clock at noon.
func NewClock() *Clock {
	c := &Clock{}
	c.at.Store(Noon.UnixNano())
	return c
}

// Now returns the time of the test.
func (c *Clock) Now() time.Time { return time.Unix(0, c.at.Load()).UTC() }

// Advance moves the time on.
func (c *Clock) Advance(d time.Duration) { c.at.Add(int64(d)) }

// Log keeps what was logged.
type Log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write keeps a line.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// String returns everything logged so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
