package vault

import (
	"database/sql"
	"runtime"
	"testing"
	"time"
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
