// Package vault holds what must be durable and must not be in the event log: the keys of
// subjects, and every secret that an event names by its credential id (passwords, link
// tokens, letter codes, API keys), with the sessions and the answers to repeated commands.
//
// A secret is stored as a keyed hash, or sealed with AES-256-GCM under a key that is derived
// from the master key and tied to its table and id. Nobody can open a copy of the database
// without the master key, or a copy of the log without the vault.
// Every write is on the disk when its method returns.
//
// The vault decides nothing. The aggregate whose events name the credential decides whether an
// account may sign in or a link is still valid.
//
// It runs on SQLite (its own file, one writing connection, concurrent writes share one
// commit) or PostgreSQL (schema vault; the server groups the commits itself).
package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"time"
)

// Options are the settings of a vault. The zero value is right for production.
type Options struct {
	Now          func() time.Time // the clock; default time.Now
	CachedKeys   int              // subject keys kept in memory; default 262,144 (about 60 MB when full)
	Argon2       Argon2           // cost of new password hashes; default 19 MiB, 2 passes, 1 lane
	HashSlots    int              // password hashes computed at the same time; default half of GOMAXPROCS, so that guessing leaves processors free
	HashQueue    int              // callers that may wait for a slot, more get ErrBusy; default 128
	HashesOfOne  int              // of these, callers for one asker; default 16
	OnHash       func()           // called at every argon2 run, whatever it is for
	Log          *slog.Logger     // default slog.Default
	PostgresPool int              // most connections to PostgreSQL; default 16
}

// Argon2 is the cost of a password hash.
type Argon2 struct {
	MemoryKiB uint32
	Passes    uint32
	Lanes     uint8
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.CachedKeys <= 0 {
		o.CachedKeys = 1 << 18
	}
	if o.Argon2 == (Argon2{}) {
		o.Argon2 = Argon2{MemoryKiB: 19 << 10, Passes: 2, Lanes: 1}
	}
	if o.HashSlots <= 0 {
		o.HashSlots = max(1, runtime.GOMAXPROCS(0)/2)
	}
	if o.HashQueue <= 0 {
		o.HashQueue = 128
	}
	if o.HashesOfOne <= 0 {
		o.HashesOfOne = 16
	}
	if o.OnHash == nil {
		o.OnHash = func() {}
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.PostgresPool <= 0 {
		o.PostgresPool = 16
	}
	return o
}

// The errors of a vault. Compare with errors.Is.
var (
	ErrClosed      = errors.New("the vault is closed")
	ErrWrongMaster = errors.New("this master key does not open this vault")
	ErrExists      = errors.New("a credential with this id is there already")
	ErrNotFound    = errors.New("there is no such credential")
	ErrDamaged     = errors.New("what the vault holds of it can't be opened")
	ErrBusy        = errors.New("too many passwords are being checked at this moment")
	ErrTooLong     = fmt.Errorf("a password has at most %d characters", MaxPassword)
)

// Vault is an open vault. It is safe for concurrent use. Its parts are the kinds of things that
// it keeps, each with its methods in the file of its name.
type Vault struct {
	*core
	*subjects
	*credentials
	serviceKeys
	letterCodes
	links
	passwords
	answers
	askers
	doorUsers
	marks
	tries
}

// core is what all parts of a vault share: the database, and the keys for what is secret.
type core struct {
	opts      Options
	secrets   secrets
	read      *sql.DB
	committer *committer // nil on PostgreSQL, where read is used for writing too
}

func newVault(ctx context.Context, master MasterKey, opts Options, read *sql.DB, c *committer) (*Vault, error) {
	s, err := newSecrets(master)
	if err != nil {
		return nil, err
	}
	ring, err := newKeyring(opts.CachedKeys)
	if err != nil {
		return nil, err
	}
	remembered, err := newAPIKeys()
	if err != nil {
		return nil, err
	}
	all := &core{opts: opts, secrets: s, read: read, committer: c}
	known, err := newAskers(ctx, all)
	if err != nil {
		return nil, err
	}
	secret := &credentials{core: all, apiKeys: remembered}
	v := &Vault{
		core: all, subjects: &subjects{core: all, keys: ring}, credentials: secret,
		serviceKeys: serviceKeys{secret}, letterCodes: letterCodes{secret}, links: links{secret},
		passwords: passwords{core: all, hashing: newHashing(opts)}, answers: answers{all}, askers: known, doorUsers: doorUsers{all}, marks: marks{all}, tries: tries{all},
	}
	if err := v.checkMaster(ctx); err != nil {
		return nil, err
	}
	if err := v.keyPasswords(ctx); err != nil {
		return nil, err
	}
	return v, nil
}

// checkMaster compares the master key with the one that the vault was made with, so that a
// wrong key is noticed at start and not at the first secret.
func (c *core) checkMaster(ctx context.Context) error {
	mark := c.DerivedKey("vault-check")
	if _, err := c.exec(ctx, `INSERT INTO vault_check (id, mark) VALUES (1, $1) ON CONFLICT (id) DO NOTHING`, mark); err != nil {
		return fmt.Errorf("check the master key: %w", err)
	}
	var stored []byte
	if err := c.read.QueryRowContext(ctx, `SELECT mark FROM vault_check WHERE id = 1`).Scan(&stored); err != nil {
		return fmt.Errorf("check the master key: %w", err)
	}
	if !equal(stored, mark) {
		return ErrWrongMaster
	}
	return nil
}

// Ping returns an error if the vault cannot be read, or cannot be written: a full disk, or one that
// has become read-only, still answers whoever only reads.
func (c *core) Ping(ctx context.Context) error {
	changed, err := c.exec(ctx, `UPDATE vault_check SET id = id`)
	if err == nil && changed == 0 {
		err = errors.New("it has no mark of its master key")
	}
	if err != nil {
		return fmt.Errorf("reach the vault: %w", err)
	}
	return nil
}

// Close waits for the writes that were accepted and closes the database. A later write returns
// ErrClosed.
func (v *Vault) Close() error {
	v.removeAhead()
	if v.committer == nil {
		return v.read.Close()
	}
	return errors.Join(v.committer.close(), v.read.Close())
}

// Sweep removes what has expired: answers, tries, sessions, setup tokens, and the sealed copies of
// links and codes that nobody fetched. It returns how many rows it changed. The hashes of
// expired links stay, so that the page of such a link can say that it has expired.
func (c *core) Sweep(ctx context.Context) (int64, error) {
	now, all := micros(c.opts.Now()), int64(0)
	for _, statement := range []string{
		`DELETE FROM answers WHERE expires_at <= $1`,
		`DELETE FROM tries WHERE until <= $1`,
		`DELETE FROM sessions WHERE expires_at <= $1`,
		`DELETE FROM credentials WHERE kind = 'setup' AND expires_at <= $1`,
		`UPDATE credentials SET sealed = NULL WHERE sealed IS NOT NULL AND expires_at IS NOT NULL AND expires_at <= $1`,
	} {
		n, err := c.exec(ctx, statement, now)
		if err != nil {
			return all, fmt.Errorf("sweep the vault: %w", err)
		}
		all += n
	}
	return all, nil
}

// micros returns a time as it is stored, in microseconds since 1970. The zero time is NULL.
func micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

func fromMicros(n sql.NullInt64) time.Time {
	if !n.Valid {
		return time.Time{}
	}
	return time.UnixMicro(n.Int64).UTC()
}
