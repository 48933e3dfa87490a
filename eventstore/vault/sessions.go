package vault

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/alexedwards/scs/v2"
)

const (
	sessionTable = "sessions"

	// SessionAccount is the key under which a session's data holds the account's id, a
	// string. Sessions without it belong to nobody.
	SessionAccount = "account"
)

// Sessions is the store of web sessions, for scs. Tokens are kept as keyed hashes, the
// data sealed (in scs's GobCodec, its default).
type Sessions struct{ vault *Vault }

var _ scs.CtxStore = Sessions{}

// Sessions answers the store of web sessions.
func (v *Vault) Sessions() Sessions { return Sessions{v} }

// Session is one session of an account, as its holder or an admin sees it.
type Session struct {
	ID        string // names it in EndSession; not the token
	CreatedAt time.Time
	SeenAt    time.Time // when its data was last written
	ExpiresAt time.Time
}

func (s Sessions) hash(token string) []byte { return s.vault.secrets.keyed("session", token) }

// FindCtx answers a session's data; false if it is unknown or expired.
func (s Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var sealed []byte
	hash := s.hash(token)
	err := s.vault.read.QueryRowContext(ctx, `SELECT sealed FROM sessions WHERE hash = $1 AND expires_at > $2`,
		hash, micros(s.vault.opts.Now())).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("find a session: %w", err)
	}
	data, err := s.vault.secrets.open(sessionTable, string(hash), sealed)
	return data, err == nil, err
}

// CommitCtx keeps a session's data until it expires, in place of what it had.
func (s Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, values, err := scs.GobCodec{}.Decode(data)
	if err != nil {
		return fmt.Errorf("keep a session: %w", err)
	}
	account, _ := values[SessionAccount].(string)
	hash := s.hash(token)
	sealed, err := s.vault.secrets.seal(sessionTable, string(hash), data)
	if err != nil {
		return err
	}
	_, err = s.vault.exec(ctx, `INSERT INTO sessions (hash, account, sealed, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $4, $5)
		ON CONFLICT (hash) DO UPDATE SET account = excluded.account, sealed = excluded.sealed,
			seen_at = excluded.seen_at, expires_at = excluded.expires_at`,
		hash, account, sealed, micros(s.vault.opts.Now()), micros(expiry))
	if err != nil {
		return fmt.Errorf("keep a session: %w", err)
	}
	return nil
}

// DeleteCtx ends a session; ending one that is not there is no error.
func (s Sessions) DeleteCtx(ctx context.Context, token string) error {
	if _, err := s.vault.exec(ctx, `DELETE FROM sessions WHERE hash = $1`, s.hash(token)); err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	return nil
}

// Find is FindCtx for callers without a context.
func (s Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx for callers without a context.
func (s Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx for callers without a context.
func (s Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// OfAccount answers an account's sessions that have not expired, the newest first.
func (s Sessions) OfAccount(ctx context.Context, account string) ([]Session, error) {
	rows, err := s.vault.read.QueryContext(ctx, `SELECT hash, created_at, seen_at, expires_at FROM sessions
		WHERE account = $1 AND expires_at > $2 ORDER BY created_at DESC, hash`, account, micros(s.vault.opts.Now()))
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	defer rows.Close() // rows.Err says what went wrong
	var all []Session
	for rows.Next() {
		var hash []byte
		var created, seen, expires sql.NullInt64
		if err := rows.Scan(&hash, &created, &seen, &expires); err != nil {
			return nil, fmt.Errorf("list sessions: %w", err)
		}
		all = append(all, Session{hex.EncodeToString(hash), fromMicros(created), fromMicros(seen), fromMicros(expires)})
	}
	return all, rows.Err()
}

// IDOf answers the id of a token's session, as OfAccount lists it.
func (s Sessions) IDOf(token string) string { return hex.EncodeToString(s.hash(token)) }

// End ends one session of an account by its id; false if the account has no such session.
func (s Sessions) End(ctx context.Context, account, id string) (bool, error) {
	hash, err := hex.DecodeString(id)
	if err != nil {
		return false, nil //nolint:nilerr // what is no id names no session
	}
	n, err := s.vault.exec(ctx, `DELETE FROM sessions WHERE hash = $1 AND account = $2`, hash, account)
	if err != nil {
		return false, fmt.Errorf("end a session: %w", err)
	}
	return n == 1, nil
}

// EndAll ends every session of an account but the one of the token kept (empty: none is
// kept) and answers how many ended.
func (s Sessions) EndAll(ctx context.Context, account, kept string) (int64, error) {
	n, err := s.vault.exec(ctx, `DELETE FROM sessions WHERE account = $1 AND hash <> $2`, account, s.hash(kept))
	if err != nil {
		return 0, fmt.Errorf("end an account's sessions: %w", err)
	}
	return n, nil
}
