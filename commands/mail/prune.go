package mail

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"sleutelbos/commands/activation"
)

// Kept is how long a mail stays in the outbox. One whose link has ended goes earlier.
const Kept = 30 * 24 * time.Hour

// nameTime is how the name of a mail begins.
const nameTime = "20060102T150405.000000Z"

var linkToken = regexp.MustCompile(regexp.QuoteMeta(activation.Path) + `([A-Za-z0-9_-]+)`)

// Prune removes the mails that are of no use any more: those whose link can't be
// used any more, as ended says of its token, and all that are older than Kept. They hold names,
// addresses and links in the clear.
func (o Outbox) Prune(ctx context.Context, now time.Time, ended func(ctx context.Context, token string) (bool, error)) (removed int, err error) {
	entries, err := os.ReadDir(o.Dir)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil // no mail was written yet
	}
	if err != nil {
		return 0, fmt.Errorf("prune the outbox: %w", err)
	}
	for _, entry := range entries {
		if ctx.Err() != nil {
			return removed, ctx.Err()
		}
		over, err := o.over(ctx, entry.Name(), now, ended)
		if err == nil && over {
			removed++
			err = os.Remove(filepath.Join(o.Dir, entry.Name()))
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) { // another process prunes, too
			return removed, fmt.Errorf("prune the mail %s: %w", entry.Name(), err)
		}
	}
	return removed, nil
}

// over says whether a mail is of no use any more. What is no mail of ours stays.
func (o Outbox) over(ctx context.Context, name string, now time.Time, ended func(context.Context, string) (bool, error)) (bool, error) {
	if !strings.HasSuffix(name, ".eml") || len(name) < len(nameTime) {
		return false, nil
	}
	at, err := time.Parse(nameTime, name[:len(nameTime)])
	if err != nil {
		return false, nil //nolint:nilerr // somebody else's file
	}
	if now.Sub(at) > Kept {
		return true, nil
	}
	text, err := os.ReadFile(filepath.Join(o.Dir, name))
	if err != nil {
		return false, err
	}
	link := linkToken.FindSubmatch(text)
	if link == nil {
		return false, nil
	}
	return ended(ctx, string(link[1]))
}
