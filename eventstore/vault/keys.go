package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/tink-crypto/tink-go/v2/tink"

	"sleutelbos/eventstore"
)

var _ eventstore.Keys = (*Vault)(nil)

const keyTable = "subject_keys"

// Key answers the key of a subject, from memory where it can. With create it makes one
// where there is none, durable when it is answered; of two that make it at once both get
// the same. Errors: eventstore.ErrKeyUnknown, eventstore.ErrKeyDestroyed.
//
// A key that another process destroyed is noticed within a second: once a second the next
// caller asks the database what was destroyed since (one indexed read, on both engines;
// LISTEN/NOTIFY would need a connection of its own and says nothing about what was missed
// while it was broken). If that read fails, so does Key.
func (v *Vault) Key(ctx context.Context, subject string, create bool) (tink.AEAD, error) {
	if err := v.noticeDestroyed(ctx); err != nil {
		return nil, err
	}
	key, found, purges, err := v.keys.get(subject)
	if found {
		return key, err
	}
	var wrapped []byte
	if create {
		wrapped, err = v.makeKey(ctx, subject)
	} else {
		wrapped, err = readKey(ctx, v.read, subject)
	}
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, eventstore.ErrKeyUnknown
	case err != nil:
		return nil, fmt.Errorf("get a subject's key: %w", err)
	case wrapped == nil:
		v.keys.put(subject, nil, purges)
		return nil, eventstore.ErrKeyDestroyed
	}
	raw, err := v.unwrap(subject, wrapped)
	if err != nil {
		return nil, err
	}
	v.keys.put(subject, raw, purges)
	return newSubjectKey(raw)
}

// readKey answers the wrapped key, nil if it was destroyed, sql.ErrNoRows if there is none.
func readKey(ctx context.Context, s statements, subject string) (wrapped []byte, err error) {
	err = s.QueryRowContext(ctx, `SELECT wrapped FROM subject_keys WHERE subject = $1`, subject).Scan(&wrapped)
	return wrapped, err
}

func (v *Vault) makeKey(ctx context.Context, subject string) ([]byte, error) {
	fresh, err := v.secrets.wrap.Encrypt(random(32), associated(keyTable, subject))
	if err != nil {
		return nil, err
	}
	now := micros(v.opts.Now())
	var wrapped []byte // the committer's until it has answered
	err = v.writeOne(ctx, func(ctx context.Context, s statements) error {
		wrapped = fresh
		result, err := s.ExecContext(ctx, `INSERT INTO subject_keys (subject, wrapped, created_at) VALUES ($1, $2, $3)
			ON CONFLICT (subject) DO NOTHING`, subject, fresh, now)
		if err != nil {
			return err
		}
		if made, err := result.RowsAffected(); err != nil || made == 1 {
			return err
		}
		wrapped, err = readKey(ctx, s, subject)
		return err
	})
	if err != nil {
		return nil, err
	}
	return wrapped, nil
}

func (v *Vault) unwrap(subject string, wrapped []byte) ([]byte, error) {
	raw, err := v.secrets.wrap.Decrypt(wrapped, associated(keyTable, subject))
	if err != nil {
		return nil, fmt.Errorf("unwrap a subject's key: %w", err)
	}
	return raw, nil
}

// DestroyKey erases a subject: its key is gone from the database and from memory, here at
// once and in other processes within a second, and is never made again. A subject that
// has no key yet gets none any more. Twice changes nothing; the first time stays.
//
// On SQLite the bytes are overwritten in the file. On PostgreSQL they stay in dead rows
// until VACUUM, in archived WAL and in backups until those are gone, wrapped by the
// master key.
func (v *Vault) DestroyKey(ctx context.Context, subject string, at time.Time) error {
	err := v.write(ctx, func(ctx context.Context, s statements) error {
		// The counter's row lock makes destructions commit in their order, so that who
		// asks for those after n can't miss one.
		var destruction int64
		if err := s.QueryRowContext(ctx, `UPDATE destructions SET last = last + 1 WHERE id = 1 RETURNING last`).Scan(&destruction); err != nil {
			return err
		}
		_, err := s.ExecContext(ctx, `INSERT INTO subject_keys (subject, wrapped, created_at, destroyed_at, destruction)
			VALUES ($1, NULL, $2, $2, $3)
			ON CONFLICT (subject) DO UPDATE SET wrapped = NULL, destroyed_at = excluded.destroyed_at, destruction = excluded.destruction
			WHERE subject_keys.destroyed_at IS NULL`, subject, micros(at), destruction)
		return err
	})
	if err != nil {
		return fmt.Errorf("destroy a subject's key: %w", err)
	}
	v.keys.destroyed(subject)
	if v.committer != nil {
		// The write-ahead log holds pages as they were before; a busy reader delays this.
		if _, err := v.committer.db.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
			return fmt.Errorf("overwrite a destroyed key: %w", err)
		}
	}
	return nil
}

// KeyDestroyed answers when a subject's key was destroyed; the zero time if it was not.
func (v *Vault) KeyDestroyed(ctx context.Context, subject string) (time.Time, error) {
	var at sql.NullInt64
	err := v.read.QueryRowContext(ctx, `SELECT destroyed_at FROM subject_keys WHERE subject = $1`, subject).Scan(&at)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, fmt.Errorf("look for a destroyed key: %w", err)
	}
	return fromMicros(at), nil
}

func (v *Vault) noticeDestroyed(ctx context.Context) (err error) {
	since, yes := v.keys.due(v.opts.Now())
	if !yes {
		return nil
	}
	newest := since
	defer func() { v.keys.learned(newest, err != nil) }()
	rows, err := v.read.QueryContext(ctx, `SELECT subject, destruction FROM subject_keys WHERE destruction > $1 ORDER BY destruction`, since)
	if err != nil {
		return fmt.Errorf("look for destroyed keys: %w", err)
	}
	defer rows.Close() // rows.Err says what went wrong
	for rows.Next() {
		var subject string
		if err := rows.Scan(&subject, &newest); err != nil {
			return fmt.Errorf("look for destroyed keys: %w", err)
		}
		v.keys.destroyed(subject)
	}
	return rows.Err()
}

// Preload reads every key into memory in one pass, growing the memory to hold them, so
// that a rebuild over the whole log asks the database for none. It answers how many.
func (v *Vault) Preload(ctx context.Context) (int, error) {
	if err := v.noticeDestroyed(ctx); err != nil {
		return 0, err
	}
	var all int
	if err := v.read.QueryRowContext(ctx, `SELECT count(*) FROM subject_keys`).Scan(&all); err != nil {
		return 0, fmt.Errorf("preload the keys: %w", err)
	}
	v.keys.makeRoom(all + all/8)
	purges := v.keys.purges.Load()
	rows, err := v.read.QueryContext(ctx, `SELECT subject, wrapped FROM subject_keys`)
	if err != nil {
		return 0, fmt.Errorf("preload the keys: %w", err)
	}
	defer rows.Close() // rows.Err says what went wrong
	loaded := 0
	for ; rows.Next(); loaded++ {
		var subject string
		var wrapped, raw []byte
		if err := rows.Scan(&subject, &wrapped); err != nil {
			return loaded, fmt.Errorf("preload the keys: %w", err)
		}
		if wrapped != nil {
			if raw, err = v.unwrap(subject, wrapped); err != nil {
				return loaded, err
			}
		}
		v.keys.put(subject, raw, purges)
	}
	return loaded, rows.Err()
}
