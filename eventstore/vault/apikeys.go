package vault

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
)

const (
	kindAPIKey   = "api_key"
	apiKeyMark   = "slb_"
	prefixLength = 8

	// MinGivenAPIKey is the least length in bytes of a key that the operator chose.
	MinGivenAPIKey = 32
)

// MakeAPIKey makes the key of a service account, "slb_<prefix>_<secret>". It is answered
// this once; only its keyed hash and its prefix are kept. Errors: ErrExists.
func (v *Vault) MakeAPIKey(ctx context.Context, n NewSecret) (key, prefix string, err error) {
	prefix = pick(plainLower+plainDigits, prefixLength)
	key = apiKeyMark + prefix + "_" + newToken()
	return key, prefix, v.keepAPIKey(ctx, n, key)
}

// KeepAPIKey keeps a key that the operator chose, of at least MinGivenAPIKey bytes, and
// answers the prefix by which it is shown: for a key in another form than our own a part
// of its keyed hash. Errors: ErrExists; a key that is too short.
func (v *Vault) KeepAPIKey(ctx context.Context, n NewSecret, key string) (prefix string, err error) {
	if len(key) < MinGivenAPIKey {
		return "", fmt.Errorf("an API key has at least %d characters", MinGivenAPIKey)
	}
	return v.apiKeyPrefix(key), v.keepAPIKey(ctx, n, key)
}

func (v *Vault) keepAPIKey(ctx context.Context, n NewSecret, key string) error {
	made, err := v.keep(ctx, stored{
		NewSecret: n, kind: kindAPIKey, prefix: v.apiKeyPrefix(key), hash: v.secrets.keyed(kindAPIKey, key),
	})
	if err == nil && !made {
		err = ErrExists
	}
	return err
}

func (v *Vault) apiKeyPrefix(key string) string {
	rest, ours := strings.CutPrefix(key, apiKeyMark)
	if prefix, _, ok := strings.Cut(rest, "_"); ours && ok && len(prefix) == prefixLength {
		return prefix
	}
	return "given-" + hex.EncodeToString(v.secrets.keyed("api_key_prefix", key))[:prefixLength]
}

// FindAPIKey answers the credential of an API key; false if it is unknown, revoked or
// expired. It reads the database each time, so that a revoked key ends at once.
func (v *Vault) FindAPIKey(ctx context.Context, key string) (found Credential, ok bool, err error) {
	rows, err := v.read.QueryContext(ctx, `SELECT `+credentialColumns+` FROM credentials WHERE kind = $1 AND prefix = $2`,
		kindAPIKey, v.apiKeyPrefix(key))
	if err != nil {
		return Credential{}, false, fmt.Errorf("find an API key: %w", err)
	}
	defer rows.Close() // rows.Err says what went wrong
	hash := v.secrets.keyed(kindAPIKey, key)
	for rows.Next() {
		c, stored, err := scanCredential(rows.Scan)
		if err != nil {
			return Credential{}, false, fmt.Errorf("find an API key: %w", err)
		}
		if equal(stored, hash) && c.RevokedAt.IsZero() && !c.Expired(v.opts.Now()) {
			found, ok = c, true
		}
	}
	return found, ok, rows.Err()
}
