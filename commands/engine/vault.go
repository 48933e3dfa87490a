package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/vault"
)

// Vault is what the engine needs of the vault; *vault.Vault has it.
type Vault interface {
	eventstore.Keys
	Secrets
	Looks
	Tries

	DerivedKey(purpose string) []byte
	NewAccount() (id string, err error)
	ReservationID(kind, canonical string) string

	Answer(ctx context.Context, actor, key string) (vault.Answer, bool, error)
	StoreAnswer(ctx context.Context, actor, key string, a vault.Answer) error
}

// Looks are the questions to the vault that change nothing there.
type Looks interface {
	VerifyPassword(ctx context.Context, id, password string) (bool, error)
	FindLink(ctx context.Context, token string) (vault.Credential, bool, error)
	FindAPIKey(ctx context.Context, key string) (vault.Credential, bool, error)
	SealedSecret(ctx context.Context, id string) (string, error)
	CheckSetupToken(ctx context.Context, token string) (bool, error)
}

// Secrets are the changes of the vault. A command gets them from Call.Vault, so that a dry
// run can change none.
type Secrets interface {
	SetPassword(ctx context.Context, p vault.Password) error
	MakeLink(ctx context.Context, n vault.NewSecret) (token string, err error)
	MakeLetterCode(ctx context.Context, n vault.NewSecret) (code string, err error)
	CheckLetterCode(ctx context.Context, id, typed string) (vault.CodeCheck, error) // counts a try
	ForgetSecret(ctx context.Context, id string) error
	Use(ctx context.Context, id string) (bool, error)
	Revoke(ctx context.Context, id string) error
	MakeAPIKey(ctx context.Context, n vault.NewSecret) (key, prefix string, err error)
	KeepAPIKey(ctx context.Context, n vault.NewSecret, key string) (prefix string, err error)
	MakeSetupToken(ctx context.Context) (string, error)
	UseSetupToken(ctx context.Context, token string) (bool, error)
}

// Tries counts durably how often something was tried; it says what the methods promise. It is no
// part of Secrets, since a try of a dry run is one, too.
type Tries interface {
	CountTry(ctx context.Context, kind, who string, within time.Duration) (count int, until time.Time, err error)
	TakeBackTry(ctx context.Context, kind, who string) error
	TriesOf(ctx context.Context, kind, who string) (count int, err error)
	ForgetTries(ctx context.Context, kind, who string) error
}

// Sessions ends an account's web sessions; vault.Sessions has it.
type Sessions interface {
	EndAll(ctx context.Context, account, kept string) (int64, error)
}

// Look returns the vault for questions that change nothing there.
func (e *Engine) Look() Looks { return e.options.Vault }

// Tries returns where tries are counted.
func (e *Engine) Tries() Tries { return e.options.Vault }

// Vault returns the vault as the call may change it: a dry run's changes come to nothing.
func (c *Call) Vault() Secrets {
	if c.DryRun {
		return drySecrets{}
	}
	return c.engine.options.Vault
}

// Keys returns the keys of persons. Those that a dry run makes are thrown away.
func (c *Call) Keys() eventstore.Keys {
	if !c.DryRun {
		return c.engine.options.Vault
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dryKeys == nil {
		c.dryKeys = &dryKeys{real: c.engine.options.Journal.Keys}
	}
	return c.dryKeys
}

// MakeAccountID is MakeID for an account. The key of a fresh one waits in the vault.
func (c *Call) MakeAccountID() (id string, fresh bool, err error) {
	if c.repeatable || c.DryRun {
		return c.MakeID("account_id")
	}
	id, err = c.engine.options.Vault.NewAccount()
	return id, true, err
}

// EndSessions ends an account's web sessions, whose end no command waits for: a session of
// an account that may not be used is refused anyway.
func (c *Call) EndSessions(ctx context.Context, account string) {
	if err := c.TryEndSessions(ctx, account); err != nil {
		c.engine.options.Log.ErrorContext(ctx, "sessions could not be ended", "error", err)
	}
}

// TryEndSessions ends an account's web sessions.
func (c *Call) TryEndSessions(ctx context.Context, account string) error {
	if c.DryRun {
		return nil
	}
	_, err := c.engine.options.Sessions.EndAll(ctx, account, "")
	return err
}

// SecretID returns a fresh id for what is kept in the vault.
func SecretID() string { return uuid.NewString() }

// drySecrets lets a dry run go on as if the vault had been changed.
type drySecrets struct{}

func (drySecrets) SetPassword(context.Context, vault.Password) error { return nil }

func (drySecrets) MakeLink(context.Context, vault.NewSecret) (string, error) { return "", nil }

func (drySecrets) MakeLetterCode(context.Context, vault.NewSecret) (string, error) { return "", nil }

// CheckLetterCode takes the code for right: looking would cost a try.
func (drySecrets) CheckLetterCode(context.Context, string, string) (vault.CodeCheck, error) {
	return vault.CodeCheck{OK: true}, nil
}

func (drySecrets) ForgetSecret(context.Context, string) error { return nil }

func (drySecrets) Use(context.Context, string) (bool, error) { return true, nil }

func (drySecrets) Revoke(context.Context, string) error { return nil }

func (drySecrets) MakeAPIKey(context.Context, vault.NewSecret) (key, prefix string, err error) {
	return "", "dry-run", nil
}

func (drySecrets) KeepAPIKey(context.Context, vault.NewSecret, string) (string, error) {
	return "dry-run", nil
}

func (drySecrets) MakeSetupToken(context.Context) (string, error) { return "", nil }

func (drySecrets) UseSetupToken(context.Context, string) (bool, error) { return true, nil }

// dryKeys makes keys that are thrown away where the vault has none, so that a dry run
// leaves nothing behind.
type dryKeys struct {
	real eventstore.Keys
	mu   sync.Mutex
	made map[string]tink.AEAD
}

// Key implements eventstore.Keys.
func (k *dryKeys) Key(ctx context.Context, subject string, create bool) (tink.AEAD, error) {
	key, err := k.real.Key(ctx, subject, false)
	if !create || !errors.Is(err, eventstore.ErrKeyUnknown) {
		return key, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if made, ok := k.made[subject]; ok {
		return made, nil
	}
	secret := make([]byte, 32)
	rand.Read(secret) // it never returns an error
	made, err := subtle.NewAESGCM(secret)
	if err != nil {
		return nil, err
	}
	if k.made == nil {
		k.made = map[string]tink.AEAD{}
	}
	k.made[subject] = made
	return made, nil
}
