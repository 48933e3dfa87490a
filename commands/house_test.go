package commands_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/commands"
	"sleutelbos/commands/accounts"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/organizations"
	"sleutelbos/commands/reactors"
	"sleutelbos/commands/rights"
	"sleutelbos/commands/setup"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/eventstore/node"
	"sleutelbos/eventstore/vault"
	"sleutelbos/internal/limits"
	"sleutelbos/internal/schema"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

const goodPassword = "Sleutel-hanger-7"

// house is the whole of commands over the embedded log and a real vault, with a clock that
// stands still.
type house struct {
	t       testing.TB
	dir     string
	clock   atomic.Int64
	hashes  atomic.Int64
	during  atomic.Pointer[func()] // is called once, while a password is verified
	store   *fragile
	behind  atomic.Bool // the read models know but one account
	apart   bool        // the store has no appends together, as EventStoreDB has none
	log     *node.Log
	vault   *vault.Vault
	journal eventstore.Journal
	post    *post
	*commands.Service
}

func newHouse(t testing.TB) *house {
	t.Helper()
	return openHouse(t, false)
}

// eachStore runs a test on a store with appends together, and on one without.
func eachStore(t *testing.T, run func(t *testing.T, h *house)) {
	t.Helper()
	t.Run("together", func(t *testing.T) { run(t, openHouse(t, false)) })
	t.Run("apart", func(t *testing.T) { run(t, openHouse(t, true)) })
}

func openHouse(t testing.TB, apart bool) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir(), post: &post{}, apart: apart}
	h.clock.Store(noon.UnixNano())
	h.start()
	t.Cleanup(h.stop)
	_, err := h.Setup.Bootstrap(t.Context(), setup.First{APIKey: "0123456789abcdef0123456789abcdef"})
	must(t, err)
	return h
}

func (h *house) now() time.Time          { return time.Unix(0, h.clock.Load()).UTC() }
func (h *house) advance(d time.Duration) { h.clock.Add(int64(d)) }

func (h *house) start() {
	h.t.Helper()
	var err error
	h.log, err = node.Open(h.t.Context(), node.Options{Dir: h.dir, Now: h.now})
	must(h.t, err)
	key, err := vault.LoadOrMakeMasterKey(h.dir)
	must(h.t, err)
	h.vault, err = vault.OpenSQLite(h.t.Context(), h.dir, key, vault.Options{
		HashSlots: 2, // a test changes one password while another is verified
		Now:       h.now, Argon2: vault.Argon2{MemoryKiB: 64, Passes: 1, Lanes: 1}, OnHash: func() {
			h.hashes.Add(1)
			if during := h.during.Swap(nil); during != nil {
				(*during)()
			}
		},
	})
	must(h.t, err)
	h.store = &fragile{Store: h.log.Store()}
	h.journal = eventstore.Journal{Store: h.store, Registry: catalog.New(), Keys: h.vault}
	if h.apart {
		h.journal.Store = struct{ eventstore.Store }{h.store}
	}
	h.Service = h.service()
}

// service is one more over the same data, as another process would have.
func (h *house) service() *commands.Service { return h.serviceOf(h.options()) }

func (h *house) options() commands.Options {
	return commands.Options{
		Journal: h.journal, Vault: h.vault, Sessions: h.vault.Sessions(), Limits: limits.New(limits.Standard(), h.now), Mailer: h.post, PublicURL: "https://accounts.example.nl/",
		Support: "support@example.nl", Belongings: inLog{h}, Now: h.now, Patience: 20 * time.Second, Log: slog.New(slog.DiscardHandler),
	}
}

func (h *house) serviceOf(o commands.Options) *commands.Service {
	h.t.Helper()
	s, err := commands.New(o)
	must(h.t, err)
	return s
}

func (h *house) stop() {
	must(h.t, errors.Join(h.Close(), h.vault.Close(), h.log.Close()))
}

func (h *house) restart() {
	h.t.Helper()
	h.stop()
	h.start()
}

// fragile is the real store, which loses the appends to the streams that broken names.
type fragile struct {
	eventstore.Store
	broken  atomic.Pointer[func(stream string, events []eventstore.Event) error]
	reading atomic.Pointer[func(stream string)] // hears of each read of a stream before it begins
}

// ReadStream implements eventstore.Store.
func (f *fragile) ReadStream(ctx context.Context, stream string, from int64, d eventstore.Direction) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		if reading := f.reading.Load(); reading != nil {
			(*reading)(stream)
		}
		f.Store.ReadStream(ctx, stream, from, d)(yield)
	}
}

func (f *fragile) Append(ctx context.Context, stream string, expected eventstore.Expected, events ...eventstore.Event) (eventstore.Receipt, error) {
	if broken := f.broken.Load(); broken != nil {
		if err := (*broken)(stream, events); err != nil {
			return eventstore.Receipt{}, err
		}
	}
	return f.Store.Append(ctx, stream, expected, events...)
}

// AppendTogether implements eventstore.Together.
func (f *fragile) AppendTogether(ctx context.Context, appends ...eventstore.Append) ([]eventstore.Receipt, error) {
	if broken := f.broken.Load(); broken != nil {
		for _, a := range appends {
			if err := (*broken)(a.Stream, a.Events); err != nil {
				return nil, err
			}
		}
	}
	return f.Store.(eventstore.Together).AppendTogether(ctx, appends...)
}

func (f *fragile) breaks(broken func(stream string, events []eventstore.Event) error) {
	f.broken.Store(&broken)
}

func (f *fragile) mend() { f.broken.Store(nil) }

// post keeps the mails that would be sent.
type post struct {
	mu   sync.Mutex
	sent []reactors.Mail
	fail error
	slow func() // called before each mail; may be nil
}

func (p *post) Send(_ context.Context, m reactors.Mail) error {
	if p.slow != nil {
		p.slow()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail != nil {
		return p.fail
	}
	p.sent = append(p.sent, m)
	return nil
}

func (p *post) take() []reactors.Mail {
	p.mu.Lock()
	defer p.mu.Unlock()
	sent := p.sent
	p.sent = nil
	return sent
}

func do(h *house, who rights.Principal, body any, change ...func(*engine.Request)) (engine.Outcome, error) {
	h.t.Helper()
	r := engine.Request{Actor: who, Origin: eventstore.Origin{Channel: "api", Address: "192.0.2.7", UserAgent: "test"}}
	for _, c := range change {
		c(&r)
	}
	return h.Run(h.t.Context(), r, body)
}

func ok(h *house, who rights.Principal, body any, change ...func(*engine.Request)) {
	h.t.Helper()
	_, err := do(h, who, body, change...)
	must(h.t, err)
}

// result is ok for a command with a result.
func result[Result any](h *house, who rights.Principal, body any, change ...func(*engine.Request)) Result {
	h.t.Helper()
	outcome, err := do(h, who, body, change...)
	must(h.t, err)
	read, err := engine.Result[Result](outcome)
	must(h.t, err)
	return read
}

func refused(h *house, who rights.Principal, body any, code string, change ...func(*engine.Request)) {
	h.t.Helper()
	_, err := do(h, who, body, change...)
	same(h.t, codeOf(err), code)
}

// codeOf returns the code of a refusal, or the text of another error.
func codeOf(err error) string {
	if refusal := (*domain.Error)(nil); errors.As(err, &refusal) {
		return refusal.Code
	}
	if wrong := (*schema.Error)(nil); errors.As(err, &wrong) {
		return wrong.Code
	}
	return fmt.Sprint(err)
}

// The people of the tests.

func (h *house) platform() rights.Principal {
	h.t.Helper()
	p, err := h.Access.Authenticate(h.t.Context(), "0123456789abcdef0123456789abcdef")
	must(h.t, err)
	return p
}

// id is a fixed id: the same number gives the same.
func id(n int) string { return fmt.Sprintf("00000000-0000-7000-8000-%012d", 1000+n) }

func (h *house) organization(n int, preset string, domains ...string) string {
	h.t.Helper()
	made := result[organizations.OrganizationMade](h, h.platform(), organizations.RegisterOrganization{
		OrganizationID: id(n), Name: fmt.Sprintf("Organization %d", n), Preset: organization.Preset(preset), Domains: domains,
	}).OrganizationID
	h.policy(made, "firstChannels", "mail_link,mail_link_and_letter_code,admin_password")
	return made
}

// policy gives an organization another rule than its preset's.
func (h *house) policy(organizationID string, policy organization.PolicyName, value string) {
	h.t.Helper()
	ok(h, h.platform(), organizations.SetPolicy{OrganizationID: organizationID, Policy: policy, Value: value})
}

// account makes an account that can sign in at once.
func (h *house) account(n int, organization, role string) rights.Principal {
	h.t.Helper()
	in := accounts.CreateAccount{
		AccountID: id(n), OrganizationID: organization, Username: username(n), Name: fmt.Sprintf("Person %d", n),
		Role: account.Role(role), Channel: "admin_password", Password: goodPassword, KeepPassword: true,
	}
	ok(h, h.platform(), in)
	return h.who(n)
}

func username(n int) string { return fmt.Sprintf("person%d@example.nl", n) }

func (h *house) who(n int) rights.Principal {
	h.t.Helper()
	p, err := h.Access.Principal(h.t.Context(), id(n))
	must(h.t, err)
	return p
}

// events returns the stored names of a stream.
func (h *house) events(stream string) []string {
	h.t.Helper()
	types := []string{}
	for rec, err := range h.log.Store().ReadStream(h.t.Context(), stream, 0, eventstore.Forwards) {
		must(h.t, err)
		types = append(types, rec.Type)
	}
	return types
}

// opened returns the events of a stream with what they hold.
func (h *house) opened(stream string) (events []any, envelopes []eventstore.Envelope) {
	h.t.Helper()
	for entry, err := range h.journal.Read(h.t.Context(), stream, eventstore.Tail{}) {
		must(h.t, err)
		envelope, err := entry.Record.Open(h.t.Context(), h.vault)
		must(h.t, err)
		events, envelopes = append(events, entry.Event), append(envelopes, envelope)
	}
	return events, envelopes
}

func (h *house) head() eventstore.Position {
	h.t.Helper()
	p, err := h.log.Store().Head(h.t.Context())
	must(h.t, err)
	return p
}

// react runs the reactors over everything that they have not had yet.
func (h *house) react(from eventstore.Position) eventstore.Position {
	h.t.Helper()
	for {
		before := from
		for rec, err := range h.log.Store().ReadAll(h.t.Context(), from, eventstore.Forwards, eventstore.Filter{}) {
			must(h.t, err)
			event, record, err := h.journal.Registry.Decode(h.t.Context(), h.vault, rec)
			must(h.t, err)
			for _, r := range h.Reactors {
				for _, typ := range r.Types {
					if typ == rec.Type {
						must(h.t, r.Handle(h.t.Context(), event, record))
						must(h.t, r.Handle(h.t.Context(), event, record)) // at least once
					}
				}
			}
			from = rec.Position
		}
		if from == before {
			return from
		}
	}
}

func keyed(key string) func(*engine.Request) {
	return func(r *engine.Request) { r.IdempotencyKey = key }
}

func dry(r *engine.Request) { r.DryRun = true }

func match(revision int64) func(*engine.Request) {
	return func(r *engine.Request) { r.IfMatch = engine.Seen(revision) }
}

// typesOf returns what an outcome says was or would be appended.
func typesOf(o engine.Outcome) []string {
	types := []string{}
	for _, e := range o.Events {
		types = append(types, e.Type)
	}
	return types
}

// together runs n calls at once and waits for all.
func together(n int, call func(i int)) {
	var wait sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wait.Go(func() { <-start; call(i) })
	}
	close(start)
	wait.Wait()
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
