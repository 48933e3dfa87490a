package vault

import (
	"fmt"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/tink-crypto/tink-go/v2/tink"

	"sleutelbos/eventstore"
)

// readyKeys is how many keys are kept ready for use: a ready one takes 1.4 kB where its
// 32 bytes take 0.2 with all that surrounds them, and making it ready takes about 1 µs.
const readyKeys = 1 << 14

// keyring is the memory of subject keys.
type keyring struct {
	mu    sync.Mutex
	raw   *simplelru.LRU[string, []byte] // nil for a destroyed key
	ready *simplelru.LRU[string, tink.AEAD]
	size  int

	purges      uint64    // how often a key was taken out
	destruction int64     // the newest one known
	checked     time.Time // when others' destructions were last asked for
}

func newKeyring(size int) (*keyring, error) {
	raw, err := simplelru.NewLRU[string, []byte](size, nil)
	if err != nil {
		return nil, fmt.Errorf("make the keys' memory: %w", err)
	}
	ready, err := simplelru.NewLRU[string, tink.AEAD](min(size, readyKeys), nil)
	if err != nil {
		return nil, fmt.Errorf("make the keys' memory: %w", err)
	}
	return &keyring{raw: raw, ready: ready, size: size}, nil
}

// get answers a key from memory; found is false if it has to be read. purges goes back
// into put.
func (k *keyring) get(subject string) (key tink.AEAD, found bool, purges uint64, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if key, ok := k.ready.Get(subject); ok {
		return key, true, k.purges, nil
	}
	raw, ok := k.raw.Get(subject)
	if !ok {
		return nil, false, k.purges, nil
	}
	if raw == nil {
		return nil, true, k.purges, eventstore.ErrKeyDestroyed
	}
	if key, err = newSubjectKey(raw); err != nil {
		return nil, true, k.purges, err
	}
	k.ready.Add(subject, key)
	return key, true, k.purges, nil
}

// put remembers a key as it was read, unless a key was destroyed since the read began:
// it might have been this one.
func (k *keyring) put(subject string, raw []byte, purges uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.purges == purges {
		k.raw.Add(subject, raw)
	}
}

// destroyed forgets a key for good.
func (k *keyring) destroyed(subject string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.purges++
	k.ready.Remove(subject)
	k.raw.Add(subject, nil)
}

// makeRoom grows the memory so that n keys fit.
func (k *keyring) makeRoom(n int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if n > k.size {
		k.size = n
		k.raw.Resize(n)
	}
}

// due answers whether to ask for others' destructions, and since which one. Once a second
// it says so to one caller.
func (k *keyring) due(now time.Time) (since int64, yes bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if age := now.Sub(k.checked); age >= 0 && age < time.Second {
		return 0, false
	}
	k.checked = now
	return k.destruction, true
}

// learned notes the newest destruction known; after a failure the next caller asks again.
func (k *keyring) learned(destruction int64, failed bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.destruction = max(k.destruction, destruction)
	if failed {
		k.checked = time.Time{}
	}
}
