package vault_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/vault"
)

// filled writes something of everything.
func filled(t *testing.T, v *vault.Vault) {
	t.Helper()
	ctx := t.Context()
	for i := range 3 {
		_, err := v.Key(ctx, fmt.Sprintf("account-%d", i), true)
		must(t, err)
	}
	must(t, v.DestroyKey(ctx, "account-1", noon))
	must(t, v.SetPassword(ctx, vault.Password{ID: "p1", Account: "a1", Plain: "Told by letter 1", KeepSealed: true}))
	_, _, err := v.MakeAPIKey(ctx, vault.NewSecret{ID: "k1", Account: "a1"})
	must(t, err)
	data, err := v.Sessions().Encode(noon.Add(time.Hour), map[string]any{"account": "a1"})
	must(t, err)
	must(t, v.Sessions().OpenCtx(ctx, "token", data, noon.Add(time.Hour)))
	must(t, v.ExpectAsker(ctx, "account-1", "organization-1"))
	must(t, v.KeepReactorMark(ctx, "mails", vault.ReactorMark{Stream: "account-1", Revision: 3, Event: uuid.UUID{1}}))
	must(t, v.StoreAnswer(ctx, "a1", "key", vault.Answer{RequestHash: []byte{1}, Status: 200, Body: []byte("body")}))
	_, err = v.AddDoorUser(ctx, vault.DoorUser{Name: "reader", Role: "subscriber", Streams: []string{"account-"}})
	must(t, err)
}

func TestBackup(t *testing.T) {
	dir, clock := t.TempDir(), newClock()
	options := vault.Options{Now: clock.now, Argon2: vault.Argon2{MemoryKiB: 64, Passes: 1, Lanes: 1}}
	v, err := vault.OpenSQLite(t.Context(), dir, master, options)
	must(t, err)
	defer func() { must(t, v.Close()) }()
	filled(t, v)
	// A writer goes on meanwhile.
	ctx, stop := context.WithCancel(t.Context())
	writing := make(chan error)
	go func() {
		var err error
		for i := 0; err == nil && ctx.Err() == nil; i++ {
			_, err = v.Key(context.WithoutCancel(ctx), fmt.Sprintf("later-%d", i), true)
		}
		writing <- err
	}()
	to := t.TempDir()
	path := filepath.Join(to, "vault.db")
	version, err := vault.BackupSQLite(t.Context(), dir, path)
	stop()
	must(t, errors.Join(err, <-writing))
	newest, err := vault.SchemaVersion()
	must(t, err)
	same(t, version, newest)
	info, err := os.Stat(path)
	must(t, err)
	same(t, info.Mode(), fs.FileMode(0o600))
	if _, err := vault.BackupSQLite(t.Context(), dir, path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second time: got %v", err)
	}

	copied, err := vault.OpenSQLite(t.Context(), to, master, options)
	must(t, err)
	defer func() { must(t, copied.Close()) }()
	same(t, vault.WrappedKey(t, copied, "account-2"), vault.WrappedKey(t, v, "account-2"))
	if _, err := copied.Key(t.Context(), "account-1", true); !errors.Is(err, eventstore.ErrKeyDestroyed) {
		t.Errorf("a destroyed key: got %v", err)
	}
	right, err := copied.VerifyPassword(t.Context(), "p1", "Told by letter 1")
	same(t, []any{right, err}, []any{true, error(nil)})
	_, session, err := copied.Sessions().FindCtx(t.Context(), "token")
	must(t, err)
	marks, err := copied.ReactorMarks(t.Context())
	must(t, err)
	same(t, len(marks), 0)
	_, answer, err := copied.Answer(t.Context(), "a1", "key")
	must(t, err)
	_, asker, err := copied.AskerRevision(t.Context(), "account-1")
	must(t, err)
	same(t, []bool{session, answer, asker}, []bool{false, false, false})
}

func TestBackupOfNothing(t *testing.T) {
	if _, err := vault.BackupSQLite(t.Context(), t.TempDir(), filepath.Join(t.TempDir(), "vault.db")); err == nil {
		t.Error("there is no vault to copy")
	}
}

func TestCopy(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		from, ctx := p.vault(t), t.Context()
		filled(t, from)
		dir := t.TempDir()
		options := vault.Options{Now: p.clock.now, Argon2: vault.Argon2{MemoryKiB: 64, Passes: 1, Lanes: 1}}
		to, err := vault.OpenSQLite(ctx, dir, master, options)
		must(t, err)
		defer func() { must(t, to.Close()) }()
		rows, err := from.CopyTo(ctx, to)
		same(t, []any{rows, err}, []any{int64(11), error(nil)})
		same(t, vault.WrappedKey(t, to, "account-2"), vault.WrappedKey(t, from, "account-2"))
		if _, err := to.Key(ctx, "account-1", true); !errors.Is(err, eventstore.ErrKeyDestroyed) {
			t.Errorf("a destroyed key: got %v", err)
		}
		right, err := to.VerifyPassword(ctx, "p1", "Told by letter 1")
		same(t, []any{right, err}, []any{true, error(nil)})
		told, err := to.SealedSecret(ctx, "p1")
		same(t, []any{told, err}, []any{"Told by letter 1", error(nil)})
		_, session, err := to.Sessions().FindCtx(ctx, "token")
		same(t, []any{session, err}, []any{true, error(nil)})
		answer, _, err := to.Answer(ctx, "a1", "key")
		same(t, []any{answer, err}, []any{vault.Answer{RequestHash: []byte{1}, Status: 200, Body: []byte("body")}, error(nil)})
		users, err := to.DoorUsers(ctx)
		must(t, err)
		old, err := from.DoorUsers(ctx)
		must(t, err)
		same(t, users, old)
		if _, err := from.CopyTo(ctx, to); !errors.Is(err, vault.ErrNotEmpty) {
			t.Errorf("a second time: got %v", err)
		}
	})
}

func TestCopyToPostgres(t *testing.T) {
	clock := newClock()
	options := vault.Options{Now: clock.now, Argon2: vault.Argon2{MemoryKiB: 64, Passes: 1, Lanes: 1}}
	from, err := vault.OpenSQLite(t.Context(), t.TempDir(), master, options)
	must(t, err)
	defer func() { must(t, from.Close()) }()
	filled(t, from)
	to, err := vault.OpenPostgres(t.Context(), freshDatabase(t), master, options)
	must(t, err)
	defer func() { must(t, to.Close()) }()
	rows, err := from.CopyTo(t.Context(), to)
	same(t, []any{rows, err}, []any{int64(11), error(nil)})
	key, err := to.Key(t.Context(), "account-2", false)
	must(t, err)
	original, err := from.Key(t.Context(), "account-2", false)
	must(t, err)
	if !decrypts(key, encrypt(t, original)) {
		t.Error("the key is another one")
	}
	must(t, to.DestroyKey(t.Context(), "account-2", noon)) // its number follows the old ones
}

// Every column of every table is copied: a new one must not be forgotten.
func TestCopyKnowsEveryColumn(t *testing.T) {
	dir := t.TempDir()
	v, err := vault.OpenSQLite(t.Context(), dir, master, vault.Options{})
	must(t, err)
	must(t, v.Close())
	db, err := sql.Open("sqlite", filepath.Join(dir, "vault.db"))
	must(t, err)
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT m.name, group_concat(c.name, ', ') FROM sqlite_schema m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT IN ('vault_check', 'destructions', 'goose_db_version', 'sqlite_sequence') GROUP BY m.name`)
	must(t, err)
	defer rows.Close()
	there := map[string]string{}
	for rows.Next() {
		var table, columns string
		must(t, rows.Scan(&table, &columns))
		there[table] = ordered(columns)
	}
	must(t, rows.Err())
	known := map[string]string{}
	for table, columns := range vault.Copied() {
		known[table] = ordered(columns)
	}
	same(t, known, there)
}

func ordered(columns string) string {
	all := strings.Split(columns, ", ")
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func TestDoorUsers(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		v, ctx := p.vault(t), t.Context()
		password, err := v.AddDoorUser(ctx, vault.DoorUser{Name: "reader", Role: "subscriber", Streams: []string{"account-", "license-"}})
		must(t, err)
		_, err = v.AddDoorUser(ctx, vault.DoorUser{Name: "boss", Role: "admin"})
		must(t, err)
		if _, err := v.AddDoorUser(ctx, vault.DoorUser{Name: "boss", Role: "ops"}); !errors.Is(err, vault.ErrExists) {
			t.Errorf("twice: got %v", err)
		}
		if len(password) < 26 { // base32: 130 bits
			t.Errorf("a password of %d characters", len(password))
		}
		all, err := v.DoorUsers(ctx)
		must(t, err)
		same(t, []string{all[0].Name, all[1].Name}, []string{"boss", "reader"})
		found, ok, err := v.FindDoorUser(ctx, "reader")
		same(t, []any{found, ok, err}, []any{vault.DoorUser{
			Name: "reader", Role: "subscriber", PasswordSHA256: sha256.Sum256([]byte(password)), Streams: []string{"account-", "license-"}, CreatedAt: noon,
		}, true, error(nil)})
		must(t, v.RemoveDoorUser(ctx, "reader"))
		_, ok, err = v.FindDoorUser(ctx, "reader")
		same(t, []any{ok, err}, []any{false, error(nil)})
		if err := v.RemoveDoorUser(ctx, "reader"); !errors.Is(err, vault.ErrNotFound) {
			t.Errorf("removed twice: got %v", err)
		}
		if p.bytes != nil && bytes.Contains(p.bytes(t), []byte(password)) {
			t.Error("the password is stored")
		}
	})
}
