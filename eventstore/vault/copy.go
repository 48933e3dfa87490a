package vault

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// ErrNotEmpty says that a vault holds something already.
var ErrNotEmpty = errors.New("the vault to copy to is not empty")

// copied are the tables of a vault and their columns. What is sealed is tied to its table and
// id only, so it opens in the copy. The mark of the master key is left out: opening a vault
// writes it.
var copied = []struct{ table, columns string }{
	{"subject_keys", "subject, wrapped, created_at, destroyed_at, destruction"},
	{"credentials", "id, account, kind, prefix, hash, phc, sealed, tries, created_at, expires_at, used_at, revoked_at"},
	{"sessions", "hash, account, sealed, created_at, seen_at, expires_at"},
	{askerTable, "stream, beside, revision, sealed"},
	{"answers", "actor, key, request_hash, status, sealed, expires_at"},
	{"door_users", doorUserColumns},
	{"log_mark", logMarkColumns},
	{"reactor_marks", reactorMarkColumns},
	{triesTable, "key, count, until"},
}

// CopyTo copies the whole vault to an empty one of the same master key, all or nothing, and
// returns how many rows it copied. Nobody may write to either meanwhile. Errors: ErrNotEmpty.
func (v *Vault) CopyTo(ctx context.Context, to *Vault) (int64, error) {
	var rows int64
	err := to.write(ctx, func(ctx context.Context, s statements) error {
		rows = 0 // it may run again
		for _, t := range copied {
			var there int
			if err := s.QueryRowContext(ctx, `SELECT count(*) FROM `+t.table).Scan(&there); err != nil {
				return err
			}
			if there > 0 {
				return ErrNotEmpty
			}
			n, err := v.copyTable(ctx, s, t.table, t.columns)
			if err != nil {
				return fmt.Errorf("%s: %w", t.table, err)
			}
			rows += n
		}
		var last int64
		if err := v.read.QueryRowContext(ctx, `SELECT last FROM destructions WHERE id = 1`).Scan(&last); err != nil {
			return err
		}
		_, err := s.ExecContext(ctx, `UPDATE destructions SET last = $1 WHERE id = 1`, last)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("copy the vault: %w", err)
	}
	return rows, nil
}

func (v *Vault) copyTable(ctx context.Context, to statements, table, columns string) (n int64, err error) {
	rows, err := v.read.QueryContext(ctx, `SELECT `+columns+` FROM `+table)
	if err != nil {
		return 0, err
	}
	defer rows.Close() // rows.Err says what went wrong
	values := make([]any, strings.Count(columns, ",")+1)
	into, places := make([]any, len(values)), make([]string, len(values))
	for i := range values {
		into[i], places[i] = &values[i], fmt.Sprintf("$%d", i+1)
	}
	insert := `INSERT INTO ` + table + ` (` + columns + `) VALUES (` + strings.Join(places, ", ") + `)`
	for ; rows.Next(); n++ {
		if err := rows.Scan(into...); err != nil {
			return n, err
		}
		if _, err := to.ExecContext(ctx, insert, values...); err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}
