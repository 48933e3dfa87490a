package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/alexedwards/scs/v2"

	"sleutelbos/internal/storedjson"
)

const (
	sessionTable = "sessions"

	// sessionAccount is the name of the value that holds the account's id. A session without
	// it belongs to nobody.
	sessionAccount = "account"
)

// Sessions is the store of web sessions, for scs, and the encoding of what they hold. It
// keeps a keyed hash of each token and seals the data.
type Sessions struct{ vault *core }

var (
	_ scs.CtxStore = Sessions{}
	_ scs.Codec    = Sessions{}
)

// Sessions returns the store of web sessions.
func (v *Vault) Sessions() Sessions { return Sessions{v.core} }

// storedSession is the data of a session as it is stored.
type storedSession struct {
	Deadline time.Time         `json:"deadline"`
	Values   map[string]string `json:"values"`
}

// Encode returns the data of a session as it is stored. The values of a session are strings;
// any other is an error.
func (Sessions) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	s := storedSession{Deadline: deadline.UTC(), Values: make(map[string]string, len(values))}
	for name, value := range values {
		text, ok := value.(string)
		if !ok {
			return nil, fmt.Errorf("keep a session: its %s is a %T, not a string", name, value)
		}
		s.Values[name] = text
	}
	return storedjson.Marshal(s)
}

// Decode reads what Encode returned.
func (Sessions) Decode(data []byte) (deadline time.Time, values map[string]any, err error) {
	var s storedSession
	if err := storedjson.Unmarshal(data, &s); err != nil {
		return time.Time{}, nil, fmt.Errorf("read a session: %w", err)
	}
	values = make(map[string]any, len(s.Values))
	for name, value := range s.Values {
		values[name] = value
	}
	return s.Deadline, values, nil
}

func (s Sessions) hash(token string) []byte { return s.vault.secrets.keyed("session", token) }

// FindCtx returns the data of a session, and false if it is unknown or expired.
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
	if err != nil { // a damaged row stays damaged: whoever has the session signs in again
		s.vault.opts.Log.Error("a session in the vault is damaged, and does not count", "error", err)
		return nil, false, nil
	}
	return data, true, nil
}

// OpenCtx keeps the data of a new session until it expires.
func (s Sessions) OpenCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.keep(ctx, token, data, expiry, `INSERT INTO sessions (account, sealed, created_at, seen_at, expires_at, hash) VALUES ($1, $2, $3, $3, $4, $5)`)
}

// CommitCtx keeps a session's data until it expires, in place of what it had. A session that is
// not there any more is not made again: a request that began before its end may commit it after.
func (s Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.keep(ctx, token, data, expiry, `UPDATE sessions SET account = $1, sealed = $2, seen_at = $3, expires_at = $4 WHERE hash = $5`)
}

func (s Sessions) keep(ctx context.Context, token string, data []byte, expiry time.Time, statement string) error {
	var session storedSession
	if err := storedjson.Unmarshal(data, &session); err != nil {
		return fmt.Errorf("keep a session: %w", err)
	}
	hash := s.hash(token)
	sealed, err := s.vault.secrets.seal(sessionTable, string(hash), data)
	if err != nil {
		return err
	}
	_, err = s.vault.exec(ctx, statement, session.Values[sessionAccount], sealed, micros(s.vault.opts.Now()), micros(expiry), hash)
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

// EndAll ends every session of an account but the one of the token kept (empty: none is
// kept) and returns how many ended.
func (s Sessions) EndAll(ctx context.Context, account, kept string) (int64, error) {
	n, err := s.vault.exec(ctx, `DELETE FROM sessions WHERE account = $1 AND hash <> $2`, account, s.hash(kept))
	if err != nil {
		return 0, fmt.Errorf("end an account's sessions: %w", err)
	}
	return n, nil
}
