// Package keystest provides real keys of subjects that are kept in memory only, for tests of
// what reads and writes sealed events.
package keystest

import (
	"context"
	"crypto/rand"
	"sync"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"

	"sleutelbos/eventstore"
)

// Keys makes and keeps keys in memory. It is safe for concurrent use.
type Keys struct {
	mu   sync.Mutex
	keys map[string]tink.AEAD // nil for a destroyed one
}

var _ eventstore.Keys = (*Keys)(nil)

// New returns Keys that hold no key yet.
func New() *Keys { return &Keys{keys: map[string]tink.AEAD{}} }

// Key implements eventstore.Keys.
func (k *Keys) Key(ctx context.Context, subject string, create bool) (tink.AEAD, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	key, known := k.keys[subject]
	switch {
	case known && key == nil:
		return nil, eventstore.ErrKeyDestroyed
	case known:
		return key, nil
	case !create:
		return nil, eventstore.ErrKeyUnknown
	}
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return nil, err
	}
	key, err := subtle.NewAESGCM(raw)
	if err != nil {
		return nil, err
	}
	k.keys[subject] = key
	return key, nil
}

// Destroy destroys the key of a subject, which never gets one again.
func (k *Keys) Destroy(subject string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys[subject] = nil
}
