package vault_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/vault"
)

func encrypt(t *testing.T, k tink.AEAD) []byte {
	t.Helper()
	b, err := k.Encrypt([]byte("Jan de Vries"), []byte("here"))
	must(t, err)
	return b
}

func decrypts(k tink.AEAD, sealed []byte) bool {
	b, err := k.Decrypt(sealed, []byte("here"))
	return err == nil && string(b) == "Jan de Vries"
}

func TestKeys(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		v, ctx := p.vault(t), t.Context()
		_, err := v.Key(ctx, "account-1", false)
		if !errors.Is(err, eventstore.ErrKeyUnknown) {
			t.Fatalf("before it was made: %v", err)
		}
		key, err := v.Key(ctx, "account-1", true)
		must(t, err)
		sealed := encrypt(t, key)

		second := p.vault(t, func(o *vault.Options) { o.CachedKeys = 1 }) // another process, nearly no memory
		for range 2 {
			for _, subject := range []string{"account-1", "account-2"} {
				key, err := second.Key(ctx, subject, true)
				must(t, err)
				if decrypts(key, sealed) != (subject == "account-1") {
					t.Fatalf("the key of %s is another one", subject)
				}
			}
		}

		must(t, v.DestroyKey(ctx, "account-1", noon))
		must(t, v.DestroyKey(ctx, "account-1", noon.Add(time.Hour)))
		must(t, v.DestroyKey(ctx, "account-3", noon)) // never had one
		same(t, []time.Time{vault.DestroyedAt(t, v, "account-1"), vault.DestroyedAt(t, v, "account-2")}, []time.Time{noon, {}})
		for _, create := range []bool{false, true} {
			for _, subject := range []string{"account-1", "account-3"} {
				if _, err := v.Key(ctx, subject, create); !errors.Is(err, eventstore.ErrKeyDestroyed) {
					t.Fatalf("destroyed %s, create %v: %v", subject, create, err)
				}
			}
		}
		_, err = v.Key(ctx, "account-2", false)
		must(t, err)
	})
}

func TestDestroyedInAnotherProcess(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		here, there, ctx := p.vault(t), p.vault(t), t.Context()
		_, err := here.Key(ctx, "account-1", true)
		must(t, err)
		must(t, there.DestroyKey(ctx, "account-1", noon))
		p.clock.advance(time.Second)
		if _, err := here.Key(ctx, "account-1", false); !errors.Is(err, eventstore.ErrKeyDestroyed) {
			t.Fatalf("a second later: %v", err)
		}
	})
}

func TestKeysMadeAtOnce(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		v, w := p.vault(t), p.vault(t)
		keys := make([]tink.AEAD, 32)
		together(len(keys), func(i int) {
			var err error
			if keys[i], err = []*vault.Vault{v, w}[i%2].Key(t.Context(), fmt.Sprintf("account-%d", i/8), true); err != nil {
				t.Error(err)
			}
		})
		for i, key := range keys {
			if sealed := encrypt(t, key); !decrypts(keys[i/8*8], sealed) {
				t.Fatalf("call %d got a key of its own", i)
			}
		}
	})
}

// A key read before a destruction must not come back into memory after it.
func TestDestroyWhileReading(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		v, ctx := p.vault(t, func(o *vault.Options) { o.CachedKeys = 1 }), t.Context()
		for round := range 20 {
			subject := fmt.Sprintf("account-%d", round)
			_, err := v.Key(ctx, subject, true)
			must(t, err)
			_, err = v.Key(ctx, "other", true) // pushes it out of memory
			must(t, err)
			together(4, func(i int) {
				if i == 0 {
					if err := v.DestroyKey(ctx, subject, noon); err != nil {
						t.Error(err)
					}
					return
				}
				if _, err := v.Key(ctx, subject, false); err != nil && !errors.Is(err, eventstore.ErrKeyDestroyed) {
					t.Error(err)
				}
			})
			if _, err := v.Key(ctx, subject, false); !errors.Is(err, eventstore.ErrKeyDestroyed) {
				t.Fatalf("round %d: %v", round, err)
			}
		}
	})
}

func TestPreload(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		v, ctx := p.vault(t), t.Context()
		sealed := map[string][]byte{}
		for i := range 20 {
			subject := fmt.Sprintf("account-%d", i)
			key, err := v.Key(ctx, subject, true)
			must(t, err)
			sealed[subject] = encrypt(t, key)
		}
		must(t, v.DestroyKey(ctx, "account-7", noon))
		fresh, err := p.open(t, master, vault.Options{Now: p.clock.now, CachedKeys: 2})
		must(t, err)
		n, err := fresh.Preload(ctx)
		must(t, err)
		same(t, n, 20)
		must(t, fresh.Close()) // what is answered now comes from memory
		for subject, text := range sealed {
			key, err := fresh.Key(ctx, subject, false)
			if subject == "account-7" {
				if !errors.Is(err, eventstore.ErrKeyDestroyed) {
					t.Fatalf("destroyed: %v", err)
				}
				continue
			}
			must(t, err)
			if !decrypts(key, text) {
				t.Fatalf("the key of %s is another one", subject)
			}
		}
	})
}

// The wrapped key's own bytes are gone from the files, not only out of reach.
func TestDestroyedKeyIsOverwritten(t *testing.T) {
	dir := t.TempDir()
	v, err := vault.OpenSQLite(t.Context(), dir, master, vault.Options{})
	must(t, err)
	defer v.Close() // the test ends
	for i := range 50 {
		_, err = v.Key(t.Context(), fmt.Sprintf("account-%d", i), true)
		must(t, err)
	}
	wrapped := vault.WrappedKey(t, v, "account-30")
	files := sqlitePlace(dir)
	if !bytes.Contains(files(t), wrapped) {
		t.Fatal("the wrapped key is not where this test looks for it")
	}
	must(t, v.DestroyKey(t.Context(), "account-30", noon))
	if bytes.Contains(files(t), wrapped) {
		t.Fatal("the wrapped key is still in the files")
	}
}

// What this key seals, Tink's opens, and the other way around.
func TestSubjectKeyIsTinks(t *testing.T) {
	raw := bytes.Repeat([]byte{9}, 32)
	ours, err := vault.NewSubjectKey(raw)
	must(t, err)
	tinks, err := subtle.NewAESGCM(raw)
	must(t, err)
	if !decrypts(tinks, encrypt(t, ours)) || !decrypts(ours, encrypt(t, tinks)) {
		t.Fatal("the two do not read each other")
	}
	sealed := encrypt(t, ours)
	sealed[len(sealed)-1] ^= 1
	if decrypts(ours, sealed) || decrypts(ours, nil) {
		t.Fatal("a changed text was opened")
	}
}
