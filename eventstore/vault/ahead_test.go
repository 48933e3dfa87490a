package vault_test

import (
	"sync"
	"testing"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
)

func TestNewAccount(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		v := p.vault(t)
		const accounts = 500
		var mu sync.Mutex
		ids := map[string][]byte{}
		together(16, func(int) {
			for range accounts / 16 {
				id, err := v.NewAccount()
				must(t, err)
				if parsed, err := uuid.Parse(id); err != nil || parsed.Version() != 7 {
					t.Errorf("%s is no UUID of version 7", id)
				}
				key, err := v.Key(t.Context(), eventstore.AccountSubject(id), true)
				must(t, err)
				sealed := encrypt(t, key)
				mu.Lock()
				if ids[id] != nil {
					t.Errorf("%s was given twice", id)
				}
				ids[id] = sealed
				mu.Unlock()
			}
		})
		must(t, v.Close())

		again := p.vault(t)
		for id, sealed := range ids {
			key, err := again.Key(t.Context(), eventstore.AccountSubject(id), false)
			must(t, err)
			if !decrypts(key, sealed) {
				t.Fatalf("the key of %s is another one now", id)
			}
		}
		kept, err := again.Preload(t.Context())
		must(t, err)
		same(t, kept, len(ids)) // no key was left that nobody took
	})
}

// With no room to make keys ahead an account is opened all the same.
func TestNewAccountOfAClosedVault(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		v := p.vault(t)
		must(t, v.Close())
		if _, err := v.NewAccount(); err != nil {
			t.Fatal(err)
		}
		if _, err := v.Key(t.Context(), "account-1", true); err == nil {
			t.Fatal("a closed vault made a key")
		}
	})
}
