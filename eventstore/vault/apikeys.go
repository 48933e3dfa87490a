package vault

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

const (
	kindAPIKey   = "api_key"
	apiKeyMark   = "slb_"
	prefixLength = 8

	// MinGivenAPIKey is how many bytes a key that the operator chose must have.
	MinGivenAPIKey = 32
)

// serviceKeys are the API keys of service accounts.
type serviceKeys struct{ *credentials }

// MakeAPIKey makes the key of a service account, "slb_<prefix>_<secret>", and returns it with
// its prefix. Nobody can read it again, for only its keyed hash and its prefix are kept.
// Errors: ErrExists.
func (k serviceKeys) MakeAPIKey(ctx context.Context, n NewSecret) (key, prefix string, err error) {
	prefix = pick(plainLower+plainDigits, prefixLength)
	key = apiKeyMark + prefix + "_" + newToken()
	return key, prefix, k.keepAPIKey(ctx, n, key)
}

// KeepAPIKey keeps a key that the operator chose, of at least MinGivenAPIKey bytes. It returns
// the prefix by which the key is shown. That of a key that does not have our form is made
// from its keyed hash. Errors: ErrExists; a key that is too short.
func (k serviceKeys) KeepAPIKey(ctx context.Context, n NewSecret, key string) (prefix string, err error) {
	if len(key) < MinGivenAPIKey {
		return "", fmt.Errorf("an API key has at least %d characters", MinGivenAPIKey)
	}
	return k.apiKeyPrefix(key), k.keepAPIKey(ctx, n, key)
}

func (k serviceKeys) keepAPIKey(ctx context.Context, n NewSecret, key string) error {
	made, err := k.keep(ctx, stored{
		NewSecret: n, kind: kindAPIKey, prefix: k.apiKeyPrefix(key), hash: k.secrets.keyed(kindAPIKey, key),
	})
	if err == nil && !made {
		err = ErrExists
	}
	return err
}

func (k serviceKeys) apiKeyPrefix(key string) string {
	rest, ours := strings.CutPrefix(key, apiKeyMark)
	if prefix, _, ok := strings.Cut(rest, "_"); ours && ok && len(prefix) == prefixLength {
		return prefix
	}
	return "given-" + hex.EncodeToString(k.secrets.keyed("api_key_prefix", key))[:prefixLength]
}

// FindAPIKey returns the credential of an API key, and false if the key is unknown, revoked or
// expired. A key that was found once is found in memory until something is revoked in this
// process. A key that another process revoked may still be found, so ask the account's own
// state too.
func (k serviceKeys) FindAPIKey(ctx context.Context, key string) (Credential, bool, error) {
	hash := k.secrets.keyed(kindAPIKey, key)
	found, ok, changes := k.apiKeys.get(hash)
	if !ok {
		var err error
		if found, ok, err = k.readAPIKey(ctx, k.apiKeyPrefix(key), hash); err != nil || !ok {
			return Credential{}, false, err
		}
		k.apiKeys.put(hash, found, changes)
	}
	if found.Expired(k.opts.Now()) {
		return Credential{}, false, nil
	}
	return found, true, nil
}

func (k serviceKeys) readAPIKey(ctx context.Context, prefix string, hash []byte) (found Credential, ok bool, err error) {
	rows, err := k.read.QueryContext(ctx, `SELECT `+credentialColumns+` FROM credentials WHERE kind = $1 AND prefix = $2`, kindAPIKey, prefix)
	if err != nil {
		return Credential{}, false, fmt.Errorf("find an API key: %w", err)
	}
	defer rows.Close() // rows.Err says what went wrong
	for rows.Next() {
		c, stored, err := scanCredential(rows.Scan)
		if err != nil {
			return Credential{}, false, fmt.Errorf("find an API key: %w", err)
		}
		if equal(stored, hash) && c.RevokedAt.IsZero() {
			found, ok = c, true
		}
	}
	return found, ok, rows.Err()
}

// rememberedAPIKeys is how many keys are kept in memory. Each program has one or two.
const rememberedAPIKeys = 1024

// apiKeys keeps the keys that were found in memory, by their keyed hash.
type apiKeys struct {
	mu      sync.Mutex
	found   *simplelru.LRU[string, Credential]
	changes int // how often it was emptied
}

func newAPIKeys() (*apiKeys, error) {
	found, err := simplelru.NewLRU[string, Credential](rememberedAPIKeys, nil)
	if err != nil {
		return nil, fmt.Errorf("make the memory of API keys: %w", err)
	}
	return &apiKeys{found: found}, nil
}

func (k *apiKeys) get(hash []byte) (c Credential, ok bool, changes int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	c, ok = k.found.Get(string(hash))
	return c, ok, k.changes
}

// put keeps a key as it was read, unless something was revoked since the read began.
func (k *apiKeys) put(hash []byte, c Credential, changes int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.changes == changes {
		k.found.Add(string(hash), c)
	}
}

func (k *apiKeys) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.changes++
	k.found.Purge()
}
