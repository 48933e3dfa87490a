package vault

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"
)

const (
	kindLink  = "link"
	kindSetup = "setup"

	// SetupValidity is how long a setup token can be used.
	SetupValidity = 30 * time.Minute
)

func newToken() string { return base64.RawURLEncoding.EncodeToString(random(32)) }

// MakeLink makes the token of a link (256 random bits, 43 characters fit for a URL). Only
// its keyed hash is kept, and a sealed copy until ForgetSecret. As long as the copy is kept, a
// call with the same id returns the same token. Errors: ErrExists.
func (v *Vault) MakeLink(ctx context.Context, n NewSecret) (token string, err error) {
	token = newToken()
	return v.make(ctx, n, kindLink, token, v.secrets.keyed(kindLink, token))
}

// FindLink returns the credential of a link's token, and false if there never was such a link
// or its account was removed. It also returns one that is expired, used or revoked, for the
// page of the link says so. It does not use the link up.
func (v *Vault) FindLink(ctx context.Context, token string) (Credential, bool, error) {
	return v.byHash(ctx, kindLink, v.secrets.keyed(kindLink, token))
}

// MakeSetupToken makes the token with which the first admin is made. It is valid once, for
// SetupValidity. A token that was made before ends.
func (v *Vault) MakeSetupToken(ctx context.Context) (string, error) {
	token, now := newToken(), v.opts.Now()
	err := v.write(ctx, func(ctx context.Context, s statements) error {
		if _, err := s.ExecContext(ctx, `DELETE FROM credentials WHERE kind = $1`, kindSetup); err != nil {
			return err
		}
		_, err := s.ExecContext(ctx, `INSERT INTO credentials (id, account, kind, hash, created_at, expires_at) VALUES ($1, '', $2, $3, $4, $5)`,
			"setup", kindSetup, v.secrets.keyed(kindSetup, token), micros(now), micros(now.Add(SetupValidity)))
		return err
	})
	if err != nil {
		return "", fmt.Errorf("make a setup token: %w", err)
	}
	return token, nil
}

// CheckSetupToken reports whether UseSetupToken would accept the token now.
func (v *Vault) CheckSetupToken(ctx context.Context, token string) (bool, error) {
	c, found, err := v.byHash(ctx, kindSetup, v.secrets.keyed(kindSetup, token))
	return found && c.UsedAt.IsZero() && !c.Expired(v.opts.Now()), err
}

// UseSetupToken ends the token and reports whether it was valid. Of two calls at once one
// succeeds.
func (v *Vault) UseSetupToken(ctx context.Context, token string) (bool, error) {
	now := micros(v.opts.Now())
	n, err := v.exec(ctx, `UPDATE credentials SET used_at = $3 WHERE kind = $1 AND hash = $2 AND used_at IS NULL AND expires_at > $3`,
		kindSetup, v.secrets.keyed(kindSetup, token), now)
	if err != nil {
		return false, fmt.Errorf("use a setup token: %w", err)
	}
	return n == 1, nil
}
