package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node"
	"sleutelbos/eventstore/node/door"
	"sleutelbos/internal/app"
	"sleutelbos/internal/limits"
	"sleutelbos/projections/machinery/rows/postgres/postgrestest"
)

const bootKey = "0123456789abcdef0123456789abcdef"

// id is a fixed id: the same numbers give the same.
func id(group, n int) string { return fmt.Sprintf("00000000-0000-7000-8%03d-%012d", group, n) }

// engines are where the read models (and with PostgreSQL the vault) are.
var engines = map[string]func(t *testing.T) (database string){
	"sqlite":   func(*testing.T) string { return "" },
	"postgres": func(t *testing.T) string { return postgrestest.URL(t) },
}

// ownPostgres starts a server for this test alone. False where none is installed, which is
// a failure where CI is set.
func ownPostgres(t *testing.T) (*postgrestest.Server, bool) {
	t.Helper()
	server, err := postgrestest.Start()
	if errors.Is(err, postgrestest.ErrMissing) && os.Getenv("CI") == "" {
		return nil, false
	}
	must(t, err)
	t.Cleanup(func() { must(t, server.Close()) })
	return server, true
}

// eventstores are how the program reaches the event log.
var eventstores = map[string]func(t *testing.T) (eventStore string){
	"node": func(*testing.T) string { return "" },
	"esdb": openDoor,
}

// openDoor opens an embedded log behind a door that takes appends, and returns the door's address.
func openDoor(t *testing.T) string {
	log, err := node.Open(t.Context(), node.Options{Dir: t.TempDir()})
	must(t, err)
	listener, err := door.Listen("127.0.0.1:0")
	must(t, err)
	d, err := door.New(t.Context(), log, door.Options{Listen: listener, Open: true})
	must(t, err)
	served := make(chan error, 1)
	go func() { served <- d.Serve(context.Background()) }()
	t.Cleanup(func() {
		d.Stop()
		must(t, errors.Join(<-served, log.Close()))
	})
	return "esdb://" + d.Addr().String() + "?tls=false"
}

// running is the whole program in this process, as serve runs it.
type running struct {
	*app.App
	t    testing.TB
	log  *lockedBuffer
	api  *client
	stop func() // waits until it has ended; again is harmless
}

// start serves with ephemeral ports until the test ends. Data is the only folder.
func start(t testing.TB, where app.Places, change ...func(*app.Serving)) *running {
	t.Helper()
	settings := app.Serving{
		HTTP: "127.0.0.1:0", Management: "127.0.0.1:0", Node: "127.0.0.1:0", MailFrom: "Sleutelbos <sleutelbos@localhost>",
		Language: "nl", BootstrapAPIKey: bootKey,
	}
	for _, c := range change {
		c(&settings)
	}
	r := &running{t: t, log: &lockedBuffer{}}
	ctx, cancel := context.WithCancel(context.Background())
	p := &program{ctx: ctx, places: where, out: io.Discard, adjust: app.Adjust{Limits: limits.Matrix.WithoutRates}, log: slog.New(slog.NewJSONHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	up, ended := make(chan *app.App, 1), make(chan error, 1)
	go func() {
		ended <- p.serve(settings, func(a *app.App) error { up <- a; return nil })
	}()
	select {
	case r.App = <-up:
	case err := <-ended:
		cancel()
		t.Fatal(err)
	}
	r.api = &client{base: r.PublicURL.String(), key: bootKey}
	r.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(r.stop)
	return r
}

// manage asks the management listener.
func (r *running) manage(path string) (status int, body string) {
	r.t.Helper()
	answer := newRecorder()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, "http://management"+path, nil)
	must(r.t, err)
	r.Management.ServeHTTP(answer, req)
	return answer.status, answer.body.String()
}

func (r *running) head() eventstore.Position {
	r.t.Helper()
	head, err := r.Journal.Store.Head(r.t.Context())
	must(r.t, err)
	return head
}

// settle waits until every read model and reactor has taken everything.
func (r *running) settle() {
	r.t.Helper()
	eventually(r.t, time.Minute, func() error {
		all, err := r.Runner.Status(r.t.Context())
		if err != nil {
			return err
		}
		for _, s := range all {
			if s.LagEvents > 0 {
				return fmt.Errorf("%s lags %d events: %s %s", s.Name, s.LagEvents, s.State, s.Error)
			}
		}
		return nil
	})
}

// verified asks that every read model equals one made anew.
func (r *running) verified() {
	r.t.Helper()
	for _, name := range r.Runner.Names() {
		report, err := r.Runner.Verify(r.t.Context(), name, nil)
		must(r.t, err)
		if len(report.Differences) > 0 {
			r.t.Errorf("%s differs from a fresh rebuild: %+v", name, report.Differences)
		}
	}
}

// records returns the whole log.
func (r *running) records() []eventstore.Recorded {
	r.t.Helper()
	return recordsOf(r.t, r.Journal.Store)
}

func recordsOf(t testing.TB, store eventstore.Store) []eventstore.Recorded {
	t.Helper()
	var all []eventstore.Recorded
	for rec, err := range store.ReadAll(t.Context(), eventstore.Position{}, eventstore.Forwards, eventstore.Filter{}) {
		must(t, err)
		all = append(all, rec)
	}
	return all
}

// client is a program that uses the API.
type client struct {
	base, key string
	http      http.Client
}

// outcome is what a command returns.
type outcome struct {
	CommandID string
	Streams   []commandStream
	Position  eventstore.Position
	Events    []commandEvent
	Result    map[string]any
}

type commandStream struct {
	Stream   string
	Revision int64
}

type commandEvent struct {
	ID, Type, Stream string
	Revision         int64
}

// answered is a response that is no success.
type answered struct {
	status int
	body   string
}

func (e *answered) Error() string { return fmt.Sprintf("%d %s", e.status, e.body) }

// ask sends a request and returns the body of the response. It returns *answered for a
// response that is no success, and another error if there was none.
func (c *client) ask(ctx context.Context, method, path string, body any, headers ...string) ([]byte, error) {
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	if res.StatusCode/100 != 2 {
		return nil, &answered{res.StatusCode, string(answer)}
	}
	return answer, nil
}

// body is the body of a command.
type body map[string]any

func (c *client) command(ctx context.Context, name string, in body, headers ...string) (outcome, error) {
	text, err := c.ask(ctx, http.MethodPost, "/api/v1/commands/"+name, in, headers...)
	if err != nil {
		return outcome{}, err
	}
	var o outcome
	if err := json.Unmarshal(text, &o); err != nil {
		return outcome{}, fmt.Errorf("read %s: %w", text, err)
	}
	return o, nil
}

// run runs a command that must succeed.
func (r *running) run(name string, in body, headers ...string) outcome {
	r.t.Helper()
	o, err := r.api.command(r.t.Context(), name, in, headers...)
	if err != nil {
		r.t.Fatalf("%s: %v", name, err)
	}
	return o
}

// fresh returns a query that reflects everything appended so far.
func (r *running) fresh(path string) string {
	r.t.Helper()
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	text, err := r.api.ask(r.t.Context(), http.MethodGet, "/api/v1"+path+separator+"minPosition="+r.head().String(), nil)
	if err != nil {
		r.t.Fatalf("GET %s: %v", path, err)
	}
	return string(text)
}

func (r *running) organization(n int) string {
	r.t.Helper()
	r.run("RegisterOrganization", body{"organizationId": id(1, n), "name": fmt.Sprintf("Organization %d", n), "preset": "klic"})
	r.run("SetPolicy", body{"organizationId": id(1, n), "policy": "firstChannels", "value": "mail_link,mail_link_and_letter_code,admin_password"})
	return id(1, n)
}

// newAccount is the body of CreateAccount for the n-th account of a group.
func newAccount(organization string, group, n int) body {
	return body{
		"accountId": id(group, n), "organizationId": organization, "username": fmt.Sprintf("person-%d-%d@example.nl", group, n),
		"name": fmt.Sprintf("Person %d %d", group, n), "role": "user", "channel": "mail_link",
	}
}

// recorder keeps a response in memory.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newRecorder() *recorder { return &recorder{header: http.Header{}, status: http.StatusOK} }

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }
func (r *recorder) WriteHeader(status int)      { r.status = status }

// commandLine runs the program's command line in this process.
func commandLine(t testing.TB, args ...string) (code int, out string) {
	t.Helper()
	var text lockedBuffer
	code = execute(t.Context(), args, &text, &text)
	return code, text.String()
}

// copyFolder copies a data folder that nothing has open, as private as it is.
func copyFolder(t testing.TB, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	must(t, filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := to + strings.TrimPrefix(path, from)
		if entry.IsDir() {
			return os.MkdirAll(target, 0o700)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, content, 0o600)
	}))
	return to
}

// eventually calls check until it returns nil.
func eventually(t testing.TB, within time.Duration, check func() error) {
	t.Helper()
	var err error
	for deadline := time.Now().Add(within); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) { // polls
		if err = check(); err == nil {
			return
		}
	}
	t.Fatalf("not within %s: %v", within, err)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t testing.TB, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("not as wanted (-want +got):\n%s", diff)
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
