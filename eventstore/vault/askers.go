package vault

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
)

const askerTable = "askers"

// askers keeps what must be known of whoever asks, so that a request can be judged without the
// event log. It has rows only for those who have asked. What they follow from is an account's
// stream, and the one beside it: that of its organization.
//
// A row is never older than an append that was acknowledged, in whatever process, as long as
// each side keeps its order: who fills a row expects it first and reads the log then; who
// appends does that first and keeps the row then.
type askers struct {
	*core
	find, revision *sql.Stmt // every request asks; they end with the database
}

func newAskers(ctx context.Context, c *core) (askers, error) {
	a := askers{core: c}
	var err error
	if a.find, err = c.read.PrepareContext(ctx, `SELECT a.sealed, b.stream, b.sealed FROM askers a JOIN askers b ON b.stream = a.beside
		WHERE a.stream = $1 AND a.sealed IS NOT NULL AND b.sealed IS NOT NULL`); err == nil {
		a.revision, err = c.read.PrepareContext(ctx, `SELECT revision FROM askers WHERE stream = $1`)
	}
	if err != nil {
		return askers{}, fmt.Errorf("prepare to find askers: %w", err)
	}
	return a, nil
}

// Asker is what follows from a stream up to a revision.
type Asker struct {
	Stream   string
	Revision int64
	Data     []byte
}

// ExpectAsker makes an empty row for each of two streams, where there is none yet, so that
// KeepAsker fills it.
func (a askers) ExpectAsker(ctx context.Context, stream, beside string) error {
	_, err := a.exec(ctx, `INSERT INTO askers (stream, beside, revision) VALUES ($1, $2, -1), ($2, '', -1)
		ON CONFLICT (stream) DO NOTHING`, stream, beside)
	if err != nil {
		return fmt.Errorf("expect an asker: %w", err)
	}
	return nil
}

// KeepAsker writes what follows from a stream into its row. Where there is no row, or one of a
// later revision, nothing happens. One of the same revision is written anew: another version of
// the program may keep something else of it.
func (a askers) KeepAsker(ctx context.Context, k Asker) error {
	revision, ok, err := a.AskerRevision(ctx, k.Stream)
	if err != nil || !ok || revision > k.Revision {
		return err
	}
	sealed, err := a.secrets.seal(askerTable, k.Stream, k.Data)
	if err != nil {
		return err
	}
	_, err = a.exec(ctx, `UPDATE askers SET revision = $2, sealed = $3 WHERE stream = $1 AND revision <= $2`, k.Stream, k.Revision, sealed)
	if err != nil {
		return fmt.Errorf("keep an asker: %w", err)
	}
	return nil
}

// AskerRevision returns up to which revision a row follows its stream, -1 for one that is only
// expected, and false if there is no row.
func (a askers) AskerRevision(ctx context.Context, stream string) (revision int64, ok bool, err error) {
	err = a.revision.QueryRowContext(ctx, stream).Scan(&revision)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("find an asker: %w", err)
	}
	return revision, true, nil
}

// SealedAsker is what is known of an asker as the vault has it: that of the stream, and that of the
// one beside it. Every write seals it differently, so whoever opened an equal one knows what this one says.
type SealedAsker struct {
	stream, beside       string
	sealed, besideSealed []byte
}

// Equal says whether both are the same, written at the same time.
func (s SealedAsker) Equal(other SealedAsker) bool {
	return s.stream == other.stream && s.beside == other.beside && bytes.Equal(s.sealed, other.sealed) && bytes.Equal(s.besideSealed, other.besideSealed)
}

// FindAsker returns what is known of an asker, and false if it is not known of both streams.
func (a askers) FindAsker(ctx context.Context, stream string) (SealedAsker, bool, error) {
	found := SealedAsker{stream: stream}
	if err := ctx.Err(); err != nil {
		return SealedAsker{}, false, err
	}
	if a.committer != nil { // SQLite reads two rows sooner than it begins to watch a context
		ctx = context.WithoutCancel(ctx)
	}
	err := a.find.QueryRowContext(ctx, stream).Scan(&found.sealed, &found.beside, &found.besideSealed)
	if errors.Is(err, sql.ErrNoRows) {
		return SealedAsker{}, false, nil
	}
	if err != nil {
		return SealedAsker{}, false, fmt.Errorf("find an asker: %w", err)
	}
	return found, true, nil
}

// OpenAsker returns what was kept of the stream and of the one beside it, and false if either can't
// be opened.
func (a askers) OpenAsker(s SealedAsker) (data, beside []byte, ok bool) {
	data, err := a.secrets.open(askerTable, s.stream, s.sealed)
	if err == nil {
		beside, err = a.secrets.open(askerTable, s.beside, s.besideSealed)
	}
	if err != nil { // a damaged row stays damaged; the log says it again
		a.opts.Log.Error("what is known of an asker is damaged in the vault, and does not count", "error", err)
		return nil, nil, false
	}
	return data, beside, true
}
