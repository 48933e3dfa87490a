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

// subjects are the keys of persons, by which their data in the log is sealed.
type subjects struct {
	*core
	keys  *keyring
	ahead ahead
}

// Key returns the key of a subject, from memory if it is there. With create it makes one if
// there is none. A new key is durable when Key returns it, and two calls that make it at once
// get the same. Errors: eventstore.ErrKeyUnknown, eventstore.ErrKeyDestroyed,
// eventstore.ErrKeyDamaged.
//
// Key notices within a second that another process destroyed a key. Once a second the next
// caller asks the database what was destroyed since, with one indexed read. If that fails, so
// does Key. PostgreSQL's LISTEN/NOTIFY would need a connection of its own, and would not tell
// what was missed while that was broken.
func (k *subjects) Key(ctx context.Context, subject string, create bool) (tink.AEAD, error) {
	if err := k.noticeDestroyed(ctx); err != nil {
		return nil, err
	}
	key, found, purges, err := k.keys.get(subject)
	if found {
		return key, err
	}
	var wrapped []byte
	if create {
		wrapped, err = k.makeKey(ctx, subject)
	} else {
		wrapped, err = readKey(ctx, k.read, subject)
	}
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, eventstore.ErrKeyUnknown
	case err != nil:
		return nil, fmt.Errorf("get a subject's key: %w", err)
	case wrapped == nil:
		k.keys.put(subject, nil, purges)
		return nil, eventstore.ErrKeyDestroyed
	}
	raw, err := k.unwrap(subject, wrapped)
	if err != nil {
		return nil, err
	}
	k.keys.put(subject, raw, purges)
	return newSubjectKey(raw)
}

// readKey returns the wrapped key, which is nil if it was destroyed. Errors: sql.ErrNoRows if
// there is none.
func readKey(ctx context.Context, s statements, subject string) (wrapped []byte, err error) {
	var destroyed bool
	err = s.QueryRowContext(ctx, `SELECT wrapped, wrapped IS NULL FROM subject_keys WHERE subject = $1`, subject).Scan(&wrapped, &destroyed)
	if err != nil || destroyed {
		return nil, err
	}
	return append([]byte{}, wrapped...), nil // SQLite gives nil for an empty text, which is a damaged key
}

func (k *subjects) makeKey(ctx context.Context, subject string) ([]byte, error) {
	fresh, err := k.secrets.wrap.Encrypt(random(subjectKeySize), associated(keyTable, subject))
	if err != nil {
		return nil, err
	}
	now := micros(k.opts.Now())
	var wrapped []byte // after an error it may not be read: the committer may still write it
	err = k.writeOne(ctx, func(ctx context.Context, s statements) error {
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

// unwrap returns the key itself. Errors: eventstore.ErrKeyDamaged. The master key was compared
// when the vault was opened, so it is this row that is wrong.
func (k *subjects) unwrap(subject string, wrapped []byte) ([]byte, error) {
	raw, err := k.secrets.wrap.Decrypt(wrapped, associated(keyTable, subject))
	if err == nil && len(raw) != subjectKeySize {
		err = fmt.Errorf("it has %d bytes", len(raw))
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", eventstore.ErrKeyDamaged, err)
	}
	return raw, nil
}

// DestroyKey erases a subject. Its key is removed from the database and from memory, in this
// process at once and in others within a second, and no key is made for the subject again,
// also if it had none yet. To destroy a key twice changes nothing; the first time stays.
//
// On SQLite the bytes are overwritten in the file. On PostgreSQL they stay in dead rows until
// VACUUM, and in archived WAL and in backups until those are gone. There they are wrapped by
// the master key.
func (k *subjects) DestroyKey(ctx context.Context, subject string, at time.Time) error {
	err := k.write(ctx, func(ctx context.Context, s statements) error {
		// The lock of the counter's row makes destructions commit in the order of their
		// numbers, so that a reader of those after n cannot miss one.
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
	k.keys.destroyed(subject)
	if err := k.overwriteLog(ctx); err != nil {
		return fmt.Errorf("overwrite a destroyed key: %w", err)
	}
	return nil
}

// overwriteLog empties SQLite's write-ahead log, which still holds the pages of before. A busy reader
// delays it.
func (c *core) overwriteLog(ctx context.Context) error {
	if c.committer == nil {
		return nil
	}
	_, err := c.committer.db.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	return err
}

func (k *subjects) noticeDestroyed(ctx context.Context) (err error) {
	since, yes := k.keys.due(k.opts.Now())
	if !yes {
		return nil
	}
	newest := since
	defer func() { k.keys.learned(newest, err != nil) }()
	rows, err := k.read.QueryContext(ctx, `SELECT subject, destruction FROM subject_keys WHERE destruction > $1 ORDER BY destruction`, since)
	if err != nil {
		return fmt.Errorf("look for destroyed keys: %w", err)
	}
	defer rows.Close() // rows.Err says what went wrong
	for rows.Next() {
		var subject string
		if err := rows.Scan(&subject, &newest); err != nil {
			return fmt.Errorf("look for destroyed keys: %w", err)
		}
		k.keys.destroyed(subject)
	}
	return rows.Err()
}

// Preload reads every key into memory in one pass, and makes room for them, so that a rebuild
// over the whole log asks the database for none. It returns how many it read. A key that can't
// be opened is left out.
func (k *subjects) Preload(ctx context.Context) (int, error) {
	if err := k.noticeDestroyed(ctx); err != nil {
		return 0, err
	}
	var all int
	if err := k.read.QueryRowContext(ctx, `SELECT count(*) FROM subject_keys`).Scan(&all); err != nil {
		return 0, fmt.Errorf("preload the keys: %w", err)
	}
	k.keys.makeRoom(all + all/8)
	purges, loaded := k.keys.purges.Load(), 0
	_, err := k.each(ctx, func(subject string, raw []byte) {
		k.keys.put(subject, raw, purges)
		loaded++
	})
	return loaded, err
}

// mostDamaged is how many damaged keys are named. Beyond that the vault as a whole is the trouble.
const mostDamaged = 1000

// CheckKeys opens every key, and returns the subjects of those that are damaged, a thousand at
// most.
func (k *subjects) CheckKeys(ctx context.Context) (damaged []string, err error) {
	return k.each(ctx, func(string, []byte) {})
}

// each calls do with every key that is whole, or nil for one that was destroyed. It returns the
// subjects of the others.
func (k *subjects) each(ctx context.Context, do func(subject string, raw []byte)) (damaged []string, err error) {
	rows, err := k.read.QueryContext(ctx, `SELECT subject, wrapped, wrapped IS NULL FROM subject_keys ORDER BY subject`)
	if err != nil {
		return nil, fmt.Errorf("read all keys: %w", err)
	}
	defer rows.Close() // rows.Err says what went wrong
	for rows.Next() {
		var subject string
		var wrapped, raw []byte
		var destroyed bool
		if err := rows.Scan(&subject, &wrapped, &destroyed); err != nil {
			return nil, fmt.Errorf("read all keys: %w", err)
		}
		if !destroyed {
			if raw, err = k.unwrap(subject, wrapped); err != nil {
				if len(damaged) < mostDamaged {
					damaged = append(damaged, subject)
				}
				continue
			}
		}
		do(subject, raw)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read all keys: %w", err)
	}
	return damaged, nil
}
