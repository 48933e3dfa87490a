package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

const credentialTable = "credentials"

// Credential is what the vault tells about a secret that it keeps, without the secret.
type Credential struct {
	ID        string
	Account   string
	CreatedAt time.Time
	ExpiresAt time.Time // zero: never
	UsedAt    time.Time // zero: not yet
	RevokedAt time.Time // zero: not revoked
}

// Expired reports whether the credential has expired. At ExpiresAt it has.
func (c Credential) Expired(now time.Time) bool {
	return !c.ExpiresAt.IsZero() && !now.Before(c.ExpiresAt)
}

// credentials are the secrets of accounts, whatever their kind.
type credentials struct {
	*core
	apiKeys *apiKeys // forgets what was found when a credential ends
}

// NewSecret names a secret that is about to be made.
type NewSecret struct {
	ID        string // of the credential, as the event names it
	Account   string
	ExpiresAt time.Time // kept for the page of an expired secret; the aggregate decides
}

// stored is a row that is about to be written.
type stored struct {
	NewSecret
	kind   string
	prefix any // string or nil
	hash   []byte
	sealed []byte
}

// keep writes a credential. It returns false if there is one with this id.
func (c *credentials) keep(ctx context.Context, s stored) (bool, error) {
	n, err := c.exec(ctx, `INSERT INTO credentials (id, account, kind, prefix, hash, sealed, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING`,
		s.ID, s.Account, s.kind, s.prefix, s.hash, s.sealed, micros(c.opts.Now()), micros(s.ExpiresAt))
	if err != nil {
		return false, fmt.Errorf("keep a %s: %w", s.kind, err)
	}
	return n == 1, nil
}

// make keeps a secret with a sealed copy. If it is called again with the same id, account and
// kind, it returns the first secret as long as the sealed copy of that is kept, so that a
// repeated command sends the same link.
func (c *credentials) make(ctx context.Context, n NewSecret, kind, secret string, hash []byte) (string, error) {
	sealed, err := c.secrets.seal(credentialTable, n.ID, []byte(secret))
	if err != nil {
		return "", err
	}
	made, err := c.keep(ctx, stored{NewSecret: n, kind: kind, hash: hash, sealed: sealed})
	if err != nil || made {
		return secret, err
	}
	var there int
	err = c.read.QueryRowContext(ctx, `SELECT count(*) FROM credentials WHERE id = $1 AND account = $2 AND kind = $3`,
		n.ID, n.Account, kind).Scan(&there)
	if err != nil {
		return "", fmt.Errorf("make a %s: %w", kind, err)
	}
	if there == 0 {
		return "", ErrExists
	}
	secret, err = c.SealedSecret(ctx, n.ID)
	if errors.Is(err, ErrNotFound) {
		return "", ErrExists
	}
	return secret, err
}

// SealedSecret returns the secret of a link, letter code or password, for the mail or letter
// that has to tell it. Errors: ErrNotFound if no sealed copy is kept, or none any more.
func (c *credentials) SealedSecret(ctx context.Context, id string) (string, error) {
	var sealed []byte
	err := c.read.QueryRowContext(ctx, `SELECT sealed FROM credentials WHERE id = $1 AND revoked_at IS NULL`, id).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) || err == nil && sealed == nil {
		return "", ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("open a secret: %w", err)
	}
	plain, err := c.secrets.open(credentialTable, id, sealed)
	return string(plain), err
}

// ForgetSecret removes the sealed copy of a secret that was told. The secret is still
// accepted. To forget what is not there is no error.
func (c *credentials) ForgetSecret(ctx context.Context, id string) error {
	if _, err := c.exec(ctx, `UPDATE credentials SET sealed = NULL WHERE id = $1 AND sealed IS NOT NULL`, id); err != nil {
		return fmt.Errorf("forget a secret: %w", err)
	}
	return nil
}

// Use marks a credential as used. It returns false if the credential was used or revoked
// before, so that only one of two calls at once succeeds.
func (c *credentials) Use(ctx context.Context, id string) (bool, error) {
	n, err := c.exec(ctx, `UPDATE credentials SET used_at = $2, sealed = NULL
		WHERE id = $1 AND used_at IS NULL AND revoked_at IS NULL`, id, micros(c.opts.Now()))
	if err != nil {
		return false, fmt.Errorf("use a credential: %w", err)
	}
	return n == 1, nil
}

// Revoke ends a credential of any kind at once and for good, and forgets its sealed copy. To
// revoke it twice, or to revoke what is not there, is no error.
func (c *credentials) Revoke(ctx context.Context, id string) error {
	_, err := c.exec(ctx, `UPDATE credentials SET revoked_at = $2, sealed = NULL WHERE id = $1 AND revoked_at IS NULL`,
		id, micros(c.opts.Now()))
	if err != nil {
		return fmt.Errorf("revoke a credential: %w", err)
	}
	c.apiKeys.forget()
	return nil
}

// RemoveAccount removes every credential and session of an account, for good.
func (c *credentials) RemoveAccount(ctx context.Context, account string) error {
	err := c.write(ctx, func(ctx context.Context, s statements) error {
		if _, err := s.ExecContext(ctx, `DELETE FROM credentials WHERE account = $1`, account); err != nil {
			return err
		}
		if _, err := s.ExecContext(ctx, `DELETE FROM sessions WHERE account = $1`, account); err != nil {
			return err
		}
		_, err := s.ExecContext(ctx, `DELETE FROM askers WHERE stream = $1`, "account-"+account)
		return err
	})
	if err != nil {
		return fmt.Errorf("remove an account's secrets: %w", err)
	}
	c.apiKeys.forget()
	return nil
}

const credentialColumns = `id, account, hash, created_at, expires_at, used_at, revoked_at`

func scanCredential(scan func(...any) error) (c Credential, hash []byte, err error) {
	var created, expires, used, revoked sql.NullInt64
	if err := scan(&c.ID, &c.Account, &hash, &created, &expires, &used, &revoked); err != nil {
		return Credential{}, nil, err
	}
	c.CreatedAt, c.ExpiresAt = fromMicros(created), fromMicros(expires)
	c.UsedAt, c.RevokedAt = fromMicros(used), fromMicros(revoked)
	return c, hash, nil
}

// byHash finds the credential whose whole secret has this keyed hash.
func (c *credentials) byHash(ctx context.Context, kind string, hash []byte) (Credential, bool, error) {
	found, stored, err := scanCredential(c.read.QueryRowContext(ctx,
		`SELECT `+credentialColumns+` FROM credentials WHERE kind = $1 AND hash = $2`, kind, hash).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Credential{}, false, nil
	}
	if err != nil {
		return Credential{}, false, fmt.Errorf("find a %s: %w", kind, err)
	}
	return found, equal(stored, hash), nil
}
