package vault

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"
)

// WrappedKey returns a subject's key as it is stored.
func WrappedKey(t *testing.T, v *Vault, subject string) []byte {
	t.Helper()
	wrapped, err := readKey(t.Context(), v.read, subject)
	if err != nil {
		t.Fatal(err)
	}
	return wrapped
}

// StoredPHC returns a password's hash as it is stored.
func StoredPHC(t *testing.T, v *Vault, id string) (phc string) {
	t.Helper()
	if err := v.read.QueryRowContext(t.Context(), `SELECT phc FROM credentials WHERE id = $1`, id).Scan(&phc); err != nil {
		t.Fatal(err)
	}
	return phc
}

// PlainHash returns salt and hash, as an earlier version stored them, for what is stored now.
func PlainHash(t *testing.T, stored, password string) (salt, hash string) {
	t.Helper()
	cost, raw, _, err := parsePHC(stored)
	if err != nil {
		t.Fatal(err)
	}
	key := argon2.IDKey([]byte(password), raw, cost.Passes, cost.MemoryKiB, cost.Lanes, hashSize)
	return base64.RawStdEncoding.EncodeToString(raw), base64.RawStdEncoding.EncodeToString(key)
}

// Unkey stores a hash as an earlier version did.
func Unkey(t *testing.T, v *Vault, id, password string) (phc string) {
	t.Helper()
	stored := StoredPHC(t, v, id)
	_, hash := PlainHash(t, stored, password)
	plain := strings.Replace(stored[:strings.LastIndex(stored, "$")+1], keyMark, "", 1) + hash
	if _, err := v.exec(t.Context(), `UPDATE credentials SET phc = $2 WHERE id = $1`, id, plain); err != nil {
		t.Fatal(err)
	}
	return plain
}

// AwaitHashQueue returns when n callers hash or wait to.
func AwaitHashQueue(v *Vault, n int64) {
	for v.hashing.queue.Len() != int(n) {
		runtime.Gosched()
	}
}

// NewSubjectKey makes a key ready for use.
var NewSubjectKey = newSubjectKey

// Copied returns the columns that CopyTo copies, by table.
func Copied() map[string]string {
	all := map[string]string{}
	for _, t := range copied {
		all[t.table] = t.columns
	}
	return all
}

// DestroyedAt returns when a subject's key was destroyed, or the zero time.
func DestroyedAt(t *testing.T, v *Vault, subject string) time.Time {
	t.Helper()
	var at sql.NullInt64
	if err := v.read.QueryRowContext(t.Context(), `SELECT destroyed_at FROM subject_keys WHERE subject = $1`, subject).Scan(&at); err != nil {
		t.Fatal(err)
	}
	return fromMicros(at)
}

// Damage runs a statement that damages the database of a vault.
func Damage(t *testing.T, v *Vault, statement string, args ...any) {
	t.Helper()
	if _, err := v.exec(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
}

// Setting returns a setting of the vault's connections to PostgreSQL.
func Setting(t *testing.T, v *Vault, name string) (value string) {
	t.Helper()
	if err := v.read.QueryRowContext(t.Context(), "SELECT current_setting($1)", name).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// HoldSchema holds the turn with the schema of a PostgreSQL database until the work is done. It ends
// with a second of silence.
func HoldSchema(ctx context.Context, databaseURL string, work func(context.Context) error) error {
	db, err := sql.Open("pgx", databaseURL)
	if err != nil {
		return err
	}
	return errors.Join(turn{silence: time.Second, patience: time.Second}.take(ctx, db, work), db.Close())
}
