package vault

import (
	"fmt"
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/tink-crypto/tink-go/v2/tink"

	"sleutelbos/eventstore"
)

// readyKeys is how many keys are kept ready for use. A ready key takes 1.4 kB of memory, a raw
// one 0.3 kB, and it takes about 1 µs to make one ready. So only the keys of the subjects of
// the moment are kept ready: the events of an account come one after the other.
const readyKeys = 1 << 12

// keyring keeps subject keys in memory.
type keyring struct {
	ready   [readyKeys]atomic.Pointer[readyKey] // each subject has one place, shared with others
	seed    maphash.Seed
	checked atomic.Int64  // when the keyring last asked what other processes destroyed, in nanoseconds; 0 if never
	purges  atomic.Uint64 // how often a key was taken out

	mu          sync.Mutex
	raw         *simplelru.LRU[string, []byte] // nil for a destroyed key
	size        int
	destruction int64 // the newest one known
}

// readyKey may be used only while no key was taken out since, for it might be this one.
type readyKey struct {
	subject string
	key     tink.AEAD
	purges  uint64
}

func newKeyring(size int) (*keyring, error) {
	raw, err := simplelru.NewLRU[string, []byte](size, nil)
	if err != nil {
		return nil, fmt.Errorf("make the keys' memory: %w", err)
	}
	return &keyring{seed: maphash.MakeSeed(), raw: raw, size: size}, nil
}

func (k *keyring) place(subject string) *atomic.Pointer[readyKey] {
	return &k.ready[maphash.String(k.seed, subject)%readyKeys]
}

// get returns a key from memory. found is false if the key has to be read; then put wants
// purges back.
func (k *keyring) get(subject string) (key tink.AEAD, found bool, purges uint64, err error) {
	place := k.place(subject)
	if r := place.Load(); r != nil && r.subject == subject && r.purges == k.purges.Load() {
		return r.key, true, r.purges, nil
	}
	raw, found, purges := k.getRaw(subject)
	if !found {
		return nil, false, purges, nil
	}
	if raw == nil {
		return nil, true, purges, eventstore.ErrKeyDestroyed
	}
	if key, err = newSubjectKey(raw); err != nil {
		return nil, true, purges, err
	}
	r := &readyKey{subject, key, purges}
	place.Store(r)
	if purges != k.purges.Load() {
		place.CompareAndSwap(r, nil) // a destroyed key stays nowhere
	}
	return key, true, purges, nil
}

func (k *keyring) getRaw(subject string) (raw []byte, found bool, purges uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	raw, found = k.raw.Get(subject)
	return raw, found, k.purges.Load()
}

// put keeps a key as it was read, unless a key was destroyed since the read began, for it
// might have been this one.
func (k *keyring) put(subject string, raw []byte, purges uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.purges.Load() == purges {
		k.raw.Add(subject, raw)
	}
}

// destroyed removes a key, and notes that it is destroyed.
func (k *keyring) destroyed(subject string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.purges.Add(1)
	k.raw.Add(subject, nil)
	k.place(subject).Store(nil)
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

// due reports whether to ask for keys that other processes destroyed, and since which
// destruction. It returns true to one caller a second.
func (k *keyring) due(now time.Time) (since int64, yes bool) {
	last := k.checked.Load()
	if age := now.UnixNano() - last; age >= 0 && age < int64(time.Second) {
		return 0, false
	}
	if !k.checked.CompareAndSwap(last, now.UnixNano()) {
		return 0, false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.destruction, true
}

// learned notes the newest destruction known. After a failure the next caller asks again.
func (k *keyring) learned(destruction int64, failed bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.destruction = max(k.destruction, destruction)
	if failed {
		k.checked.Store(0)
	}
}
