package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

const (
	answerTable = "answers"

	// AnswerValidity is how long the answer to a command is kept for a repetition of it.
	AnswerValidity = 72 * time.Hour
)

// Answer is the answer to a command that had an idempotency key.
type Answer struct {
	RequestHash []byte // of the request, so that another request under the same key is noticed
	Status      int    // HTTP status
	Body        []byte
}

// answers are the answers to commands that had an idempotency key.
type answers struct{ *core }

// Answer returns the answer that was stored for an actor's idempotency key. found is false if
// there is none, or it is older than AnswerValidity.
func (k answers) Answer(ctx context.Context, actor, key string) (stored Answer, found bool, err error) {
	var sealed []byte
	err = k.read.QueryRowContext(ctx, `SELECT request_hash, status, sealed FROM answers WHERE actor = $1 AND key = $2 AND expires_at > $3`,
		actor, key, micros(k.opts.Now())).Scan(&stored.RequestHash, &stored.Status, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return Answer{}, false, nil
	}
	if err == nil {
		stored.Body, err = k.secrets.open(answerTable, answerID(actor, key), sealed)
	}
	if err != nil {
		return Answer{}, false, fmt.Errorf("find a stored answer: %w", err)
	}
	return stored, true, nil
}

// StoreAnswer keeps the answer for an actor's idempotency key, and seals its body. The first
// answer stays until it expires; a later one is dropped without an error.
func (k answers) StoreAnswer(ctx context.Context, actor, key string, a Answer) error {
	sealed, err := k.secrets.seal(answerTable, answerID(actor, key), a.Body)
	if err != nil {
		return err
	}
	now := k.opts.Now()
	_, err = k.exec(ctx, `INSERT INTO answers (actor, key, request_hash, status, sealed, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (actor, key) DO UPDATE SET request_hash = excluded.request_hash, status = excluded.status,
			sealed = excluded.sealed, expires_at = excluded.expires_at
		WHERE answers.expires_at <= $7`,
		actor, key, a.RequestHash, a.Status, sealed, micros(now.Add(AnswerValidity)), micros(now))
	if err != nil {
		return fmt.Errorf("store an answer: %w", err)
	}
	return nil
}

func answerID(actor, key string) string { return actor + "\x00" + key }
