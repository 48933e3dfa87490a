package vault_test

import (
	"errors"
	"testing"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/vault"
	"sleutelbos/internal/sqlitex"
)

// A key that can't be opened is told from a vault that is out of reach: nobody waits for it.
func TestF55_DamagedKeysAreFinal(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		v, ctx := p.vault(t), t.Context()
		for _, subject := range []string{"account-1", "account-2", "account-3", "account-4"} {
			_, err := v.Key(ctx, subject, true)
			must(t, err)
		}
		vault.Damage(t, v, `UPDATE subject_keys SET wrapped = $1 WHERE subject = 'account-1'`, []byte("no key of this vault at all"))
		vault.Damage(t, v, `UPDATE subject_keys SET wrapped = $1 WHERE subject = 'account-2'`, []byte{})
		vault.Damage(t, v, `UPDATE subject_keys SET wrapped = $1 WHERE subject = 'account-3'`, vault.WrappedKey(t, v, "account-4"))
		fresh := p.vault(t)
		for _, subject := range []string{"account-1", "account-2", "account-3"} {
			for _, create := range []bool{false, true} {
				if _, err := fresh.Key(ctx, subject, create); !errors.Is(err, eventstore.ErrKeyDamaged) {
					t.Errorf("the key of %s, create %v: %v", subject, create, err)
				}
			}
		}
		_, err := fresh.Key(ctx, "account-4", false)
		must(t, err)
		damaged, err := fresh.CheckKeys(ctx)
		must(t, err)
		same(t, damaged, []string{"account-1", "account-2", "account-3"})
		n, err := fresh.Preload(ctx)
		must(t, err)
		same(t, n, 1)
	})
}

// A damaged row of what can be had again does not count.
func TestF55_DamagedSessionsAndAskersDoNotCount(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		v, ctx := p.vault(t), t.Context()
		s := v.Sessions()
		data, err := s.Encode(noon.Add(time.Hour), map[string]any{"account": "1"})
		must(t, err)
		must(t, s.OpenCtx(ctx, "token", data, noon.Add(time.Hour)))
		must(t, v.ExpectAsker(ctx, "account-1", "organization-1"))
		for _, stream := range []string{"account-1", "organization-1"} {
			must(t, v.KeepAsker(ctx, vault.Asker{Stream: stream, Revision: 1, Data: []byte("known")}))
		}
		vault.Damage(t, v, `UPDATE sessions SET sealed = $1`, []byte("damaged"))
		vault.Damage(t, v, `UPDATE askers SET sealed = $1 WHERE stream = 'organization-1'`, []byte("damaged"))
		_, found, err := s.FindCtx(ctx, "token")
		must(t, err)
		sealed, _, err := v.FindAsker(ctx, "account-1")
		must(t, err)
		_, _, known := v.OpenAsker(sealed)
		same(t, []bool{found, known}, []bool{false, false})
	})
}

// A vault that can only be read is not in reach.
func TestF59_PingWrites(t *testing.T) {
	v, err := vault.OpenSQLite(t.Context(), t.TempDir(), master, vault.Options{})
	must(t, err)
	defer v.Close()
	must(t, v.Ping(t.Context()))
	vault.Damage(t, v, `CREATE TRIGGER full BEFORE UPDATE ON vault_check BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`)
	if v.Ping(t.Context()) == nil {
		t.Error("a vault that can't be written is in reach")
	}
}

// A full disk has the error by which the edge says that the client may come back.
func TestF59_AFullDiskIsTold(t *testing.T) {
	v, err := vault.OpenSQLite(t.Context(), t.TempDir(), master, vault.Options{})
	must(t, err)
	defer v.Close()
	vault.Damage(t, v, `PRAGMA max_page_count = 1`) // no more pages than there are
	err = v.StoreAnswer(t.Context(), "actor", "key", vault.Answer{RequestHash: []byte("hash"), Body: make([]byte, 1<<20)})
	if !sqlitex.OutOfReach(err) {
		t.Errorf("got %v", err)
	}
}
