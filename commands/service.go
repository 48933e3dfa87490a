// Package commands holds the use cases: who may, what is looked at, what is decided. The way
// to the streams is commands/engine. It holds no rule of its own about what may happen, and
// knows neither HTTP nor a database.
package commands

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"sleutelbos/commands/engine"
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
)

// Options are what a Service is made of. Journal, Vault, Sessions and PublicURL are
// required, and Mailer for who runs the reactors.
type Options struct {
	Journal   eventstore.Journal
	Vault     engine.Vault
	Sessions  engine.Sessions
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
	*engine.Engine
	mailer                       Mailer
	publicURL, support, language string

	accounts      *engine.Aggregate[account.State, account.Command, account.Event]
	organizations *engine.Aggregate[organization.State, organization.Command, organization.Event]
	licenses      *engine.Aggregate[license.State, license.Command, license.Event]
	requests      *engine.Aggregate[licenserequest.State, licenserequest.Command, licenserequest.Event]
	letters       *engine.Aggregate[letter.State, letter.Command, letter.Event]
	messages      *engine.Aggregate[message.State, message.Command, message.Event]
	sessions      *engine.Aggregate[session.State, session.Command, session.Event]

	repairs repairs
	asked   *lru.Cache[string, time.Time] // when an account last asked for a new activation
}

// New returns a service. It starts one goroutine, which Close ends.
func New(o Options) (*Service, error) {
	if o.Language == "" {
		o.Language = "nl"
	}
	if o.Support != "" && !mailaddress.Valid(o.Support) {
		return nil, errors.New("the support address is not a mail address")
	}
	s := &Service{mailer: o.Mailer, publicURL: o.PublicURL, support: o.Support, language: o.Language}
	var errs [9]error
	s.Engine, errs[0] = engine.New(engine.Options{
		Journal: o.Journal, Vault: o.Vault, Sessions: o.Sessions, Now: o.Now, Patience: o.Patience, States: o.States, Log: o.Log,
	})
	if errs[0] != nil {
		return nil, errs[0]
	}
	s.accounts, errs[1] = engine.NewAggregate(s.Engine, "account", account.Decider)
	s.organizations, errs[2] = engine.NewAggregate(s.Engine, "organization", organization.Decider)
	s.licenses, errs[3] = engine.NewAggregate(s.Engine, "license", license.Decider)
	s.requests, errs[4] = engine.NewAggregate(s.Engine, "licenserequest", licenserequest.Decider)
	s.letters, errs[5] = engine.NewAggregate(s.Engine, "letter", letter.Decider)
	s.messages, errs[6] = engine.NewAggregate(s.Engine, "message", message.Decider)
	s.sessions, errs[7] = engine.NewAggregate(s.Engine, "session", session.Decider)
	s.asked, errs[8] = lru.New[string, time.Time](1 << 14)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, errors.Join(fmt.Errorf("make the commands: %w", err), s.Close())
	}
	s.UsedBy(reservation.KindUsername, func(ctx context.Context, stream, holder string) (bool, error) {
		f, err := s.accounts.Load(ctx, holder)
		return f.State.Exists && !f.State.Closed && f.State.UsernameReservation == stream, err
	})
	s.UsedBy(reservation.KindDomain, func(ctx context.Context, stream, holder string) (bool, error) {
		f, err := s.organizations.Load(ctx, holder)
		for _, reserved := range f.State.Domains {
			if reserved == stream {
				return true, err
			}
		}
		return false, err
	})
	s.UsedBy(reservation.KindOpenRequest, func(ctx context.Context, stream, holder string) (bool, error) {
		f, err := s.requests.Load(ctx, holder)
		return f.State.Open() && f.State.Reservation == stream, err
	})
	return s, nil
}
