package vault

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

const triesTable = "tries"

// tries counts how often something was tried within some time. A row tells neither what nor by
// whom: its key is a keyed hash of both. Sweep removes those whose time is over.
type tries struct{ *core }

// CountTry counts a try, and returns how many there were within a time that began with the first
// of them, and when that time is over.
func (t tries) CountTry(ctx context.Context, kind, who string, within time.Duration) (count int, until time.Time, err error) {
	now := t.opts.Now()
	var micro sql.NullInt64
	err = t.writeOne(ctx, func(ctx context.Context, s statements) error {
		return s.QueryRowContext(ctx, `INSERT INTO tries (key, count, until) VALUES ($1, 1, $2)
			ON CONFLICT (key) DO UPDATE SET
				count = CASE WHEN tries.until <= $3 THEN 1 ELSE tries.count + 1 END,
				until = CASE WHEN tries.until <= $3 THEN excluded.until ELSE tries.until END
			RETURNING count, until`, t.key(kind, who), micros(now.Add(within)), micros(now)).Scan(&count, &micro)
	})
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("count a try: %w", err)
	}
	return count, fromMicros(micro), nil
}

// TakeBackTry takes one try back, which came to nothing.
func (t tries) TakeBackTry(ctx context.Context, kind, who string) error {
	if _, err := t.exec(ctx, `UPDATE tries SET count = count - 1 WHERE key = $1 AND count > 0`, t.key(kind, who)); err != nil {
		return fmt.Errorf("take a try back: %w", err)
	}
	return nil
}

// TriesOf returns how many tries there were.
func (t tries) TriesOf(ctx context.Context, kind, who string) (count int, err error) {
	err = t.read.QueryRowContext(ctx, `SELECT count FROM tries WHERE key = $1 AND until > $2`, t.key(kind, who), micros(t.opts.Now())).Scan(&count)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("count tries: %w", err)
	}
	return count, nil
}

// ForgetTries forgets the tries that there were.
func (t tries) ForgetTries(ctx context.Context, kind, who string) error {
	if _, err := t.exec(ctx, `DELETE FROM tries WHERE key = $1`, t.key(kind, who)); err != nil {
		return fmt.Errorf("forget tries: %w", err)
	}
	return nil
}

func (t tries) key(kind, who string) string {
	return hex.EncodeToString(t.secrets.keyed("tries/"+kind, who))
}
