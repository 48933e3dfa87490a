package commands

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"sleutelbos/domain/account"
	"sleutelbos/domain/letter"
	"sleutelbos/domain/license"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/domain/mailaddress"
	"sleutelbos/domain/message"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/reservation"
	"sleutelbos/domain/session"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/vault"
)

// Vault is what commands need of the vault; *vault.Vault has it.
type Vault interface {
	eventstore.Keys
	NewAccount() (id string, err error)
	ReservationID(kind, canonical string) string

	SetPassword(ctx context.Context, p vault.Password) error
	VerifyPassword(ctx context.Context, id, password string) (bool, error)

	MakeLink(ctx context.Context, n vault.NewSecret) (token string, err error)
	FindLink(ctx context.Context, token string) (vault.Credential, bool, error)
	MakeLetterCode(ctx context.Context, n vault.NewSecret) (code string, err error)
	CheckLetterCode(ctx context.Context, id, typed string) (vault.CodeCheck, error)
	SealedSecret(ctx context.Context, id string) (string, error)
	ForgetSecret(ctx context.Context, id string) error
	Use(ctx context.Context, id string) (bool, error)
	Revoke(ctx context.Context, id string) error

	MakeAPIKey(ctx context.Context, n vault.NewSecret) (key, prefix string, err error)
	KeepAPIKey(ctx context.Context, n vault.NewSecret, key string) (prefix string, err error)
	FindAPIKey(ctx context.Context, key string) (vault.Credential, bool, error)

	Answer(ctx context.Context, actor, key string) (vault.Answer, bool, error)
	StoreAnswer(ctx context.Context, actor, key string, a vault.Answer) error

	MakeSetupToken(ctx context.Context) (string, error)
	CheckSetupToken(ctx context.Context, token string) (bool, error)
	UseSetupToken(ctx context.Context, token string) (bool, error)
}

// Sessions ends an account's web sessions; vault.Sessions has it.
type Sessions interface {
	EndAll(ctx context.Context, account, kept string) (int64, error)
}

// Options are what a Service is made of. Journal, Vault, Sessions and PublicURL are
// required, and Mailer for who runs the reactors.
type Options struct {
	Journal   eventstore.Journal
	Vault     Vault
	Sessions  Sessions
	Mailer    Mailer
	PublicURL string // every link starts with it, e.g. "https://accounts.example.nl"
	Support   string // the mail address for problems that no admin can be told of; empty for none
	Language  string // of mails and letters: "nl" (default) or "en"

	Now      func() time.Time // default time.Now
	Patience time.Duration    // how long a command without a deadline tries; default 10 s
	States   int              // states kept in memory, an aggregate; default 16,384
	Log      *slog.Logger     // default slog.Default
}

// Service is every command, and what the edge asks beside them. It is safe for concurrent
// use. Close waits for what it still has to record.
type Service struct {
	Options

	accounts      *aggregate[account.State, account.Command, account.Event]
	organizations *aggregate[organization.State, organization.Command, organization.Event]
	licenses      *aggregate[license.State, license.Command, license.Event]
	requests      *aggregate[licenserequest.State, licenserequest.Command, licenserequest.Event]
	letters       *aggregate[letter.State, letter.Command, letter.Event]
	messages      *aggregate[message.State, message.Command, message.Event]
	reservations  *aggregate[reservation.State, reservation.Command, reservation.Event] // by whole stream names
	sessions      *aggregate[session.State, session.Command, session.Event]

	together eventstore.Together // nil where the store has no such thing

	locks    locks
	keyed    locks // of commands under one idempotency key
	refusals *refusals
	repairs  repairs
	asked    *lru.Cache[string, time.Time] // when an account last asked for a new activation
}

// New returns a service. It starts one goroutine, which Close ends.
func New(o Options) (*Service, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Patience <= 0 {
		o.Patience = 10 * time.Second
	}
	if o.States <= 0 {
		o.States = 1 << 14
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Language == "" {
		o.Language = "nl"
	}
	if o.Support != "" && !mailaddress.Valid(o.Support) {
		return nil, errors.New("the support address is not a mail address")
	}
	s := &Service{Options: o, locks: newLocks(), keyed: newLocks()}
	s.together, _ = o.Journal.Store.(eventstore.Together)
	var errs [9]error
	s.accounts, errs[0] = newAggregate(s, "account", account.Decider, o.States)
	s.organizations, errs[1] = newAggregate(s, "organization", organization.Decider, o.States)
	s.licenses, errs[2] = newAggregate(s, "license", license.Decider, o.States)
	s.requests, errs[3] = newAggregate(s, "licenserequest", licenserequest.Decider, o.States)
	s.letters, errs[4] = newAggregate(s, "letter", letter.Decider, o.States)
	s.messages, errs[5] = newAggregate(s, "message", message.Decider, o.States)
	s.reservations, errs[6] = newAggregate(s, "", reservation.Decider, o.States)
	s.sessions, errs[7] = newAggregate(s, "session", session.Decider, o.States)
	s.asked, errs[8] = lru.New[string, time.Time](o.States)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, fmt.Errorf("make the commands: %w", err)
	}
	s.refusals = newRefusals(s)
	return s, nil
}

// Close writes down what is still to be recorded and ends the service's goroutine.
func (s *Service) Close() error { return s.refusals.close() }

// locks let one caller at a time change one stream in this process, so that those who
// would only lose the race wait instead. It is no lock against other processes: the
// expected revision is.
type locks struct {
	seed  maphash.Seed
	slots []chan struct{}
}

func newLocks() locks {
	l := locks{seed: maphash.MakeSeed(), slots: make([]chan struct{}, 1024)}
	for i := range l.slots {
		l.slots[i] = make(chan struct{}, 1)
	}
	return l
}

func (l locks) lock(ctx context.Context, name string) (unlock func(), err error) {
	slot := l.slots[maphash.String(l.seed, name)%uint64(len(l.slots))]
	select {
	case slot <- struct{}{}:
		return func() { <-slot }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for %s: %w", name, ctx.Err())
	}
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // it never returns an error
	return b
}
