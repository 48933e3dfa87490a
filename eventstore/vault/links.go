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

// links are the tokens of links, and of the page that sets the program up.
type links struct{ *credentials }

func newToken() string { return base64.RawURLEncoding.EncodeToString(random(32)) }

// MakeLink makes the token of a link (256 random bits, 43 characters fit for a URL). Only
// its keyed hash is kept, and a sealed copy until ForgetSecret. As long as the copy is kept, a
// call with the same id returns the same token. Errors: ErrExists.
func (l links) MakeLink(ctx context.Context, n NewSecret) (token string, err error) {
	token = newToken()
	return l.make(ctx, n, kindLink, token, l.secrets.keyed(kindLink, token))
}

// FindLink returns the credential of a link's token, and false if there never was such a link
// or its account was removed. It also returns one that is expired, used or revoked, for the
// page of the link says so. It does not use the link up.
func (l links) FindLink(ctx context.Context, token string) (Credential, bool, error) {
	return l.byHash(ctx, kindLink, l.secrets.keyed(kindLink, token))
}

// MakeSetupToken makes the token with which the first admin is made. It is valid once, for
// SetupValidity. A token that was made before ends.
func (l links) MakeSetupToken(ctx context.Context) (string, error) {
	token, now := newToken(), l.opts.Now()
	err := l.write(ctx, func(ctx context.Context, s statements) error {
		if _, err := s.ExecContext(ctx, `DELETE FROM credentials WHERE kind = $1`, kindSetup); err != nil {
			return err
		}
		_, err := s.ExecContext(ctx, `INSERT INTO credentials (id, account, kind, hash, created_at, expires_at) VALUES ($1, '', $2, $3, $4, $5)`,
			"setup", kindSetup, l.secrets.keyed(kindSetup, token), micros(now), micros(now.Add(SetupValidity)))
		return err
	})
	if err != nil {
		return "", fmt.Errorf("make a setup token: %w", err)
	}
	return token, nil
}

// CheckSetupToken reports whether UseSetupToken would accept the token now.
func (l links) CheckSetupToken(ctx context.Context, token string) (bool, error) {
	c, found, err := l.byHash(ctx, kindSetup, l.secrets.keyed(kindSetup, token))
	return found && c.UsedAt.IsZero() && !c.Expired(l.opts.Now()), err
}

// UseSetupToken ends the token and reports whether it was valid. Of two calls at once one
// succeeds.
func (l links) UseSetupToken(ctx context.Context, token string) (bool, error) {
	now := micros(l.opts.Now())
	n, err := l.exec(ctx, `UPDATE credentials SET used_at = $3 WHERE kind = $1 AND hash = $2 AND used_at IS NULL AND expires_at > $3`,
		kindSetup, l.secrets.keyed(kindSetup, token), now)
	if err != nil {
		return false, fmt.Errorf("use a setup token: %w", err)
	}
	return n == 1, nil
}
