package vault

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
)

// keysAhead is for how many accounts that are not opened yet a key is made ahead.
const keysAhead = 64

// ahead holds ids for accounts that will be opened. Their keys are durable already.
type ahead struct {
	mu     sync.Mutex
	ids    []string
	making bool
	closed bool
	made   sync.WaitGroup
}

// NewAccount returns an id, a UUID of version 7, for an account that is about to be opened.
// Usually its key is durable already: it was made with many others in one commit, so that
// opening the account need not wait for one. Otherwise Key makes it. Close removes the keys
// that nobody took. After a crash they stay, and open nothing.
func (k *subjects) NewAccount() (string, error) {
	if id, ok := k.ahead.take(k); ok {
		return id, nil
	}
	id, err := uuid.NewV7()
	return id.String(), err
}

func (a *ahead) take(k *subjects) (id string, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.ids) <= keysAhead/2 && !a.making && !a.closed {
		a.making = true
		a.made.Go(func() { a.add(k.makeAhead(keysAhead / 2)) })
	}
	if len(a.ids) == 0 {
		return "", false
	}
	id, a.ids = a.ids[0], a.ids[1:]
	return id, true
}

func (a *ahead) add(ids []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.making = false
	a.ids = append(a.ids, ids...)
}

// close returns the ids that nobody took.
func (a *ahead) close() []string {
	a.mu.Lock()
	a.closed = true
	a.mu.Unlock()
	a.made.Wait()
	left := a.ids
	a.ids = nil
	return left
}

// makeAhead makes n keys in one commit and returns their ids. If that fails it returns none,
// and Key will say why.
func (k *subjects) makeAhead(n int) []string {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	purges := k.keys.purges.Load()
	ids, keys, args := make([]string, n), make([][]byte, n), make([]any, 0, 2*n+1)
	args = append(args, micros(k.opts.Now()))
	rows := make([]string, n)
	for i := range ids {
		id, err := uuid.NewV7()
		if err != nil {
			return nil
		}
		ids[i], keys[i] = id.String(), random(subjectKeySize)
		subject := eventstore.AccountSubject(ids[i])
		wrapped, err := k.secrets.wrap.Encrypt(keys[i], associated(keyTable, subject))
		if err != nil {
			return nil
		}
		args = append(args, subject, wrapped)
		rows[i] = fmt.Sprintf("($1, $%d, $%d)", 2*i+2, 2*i+3)
	}
	if _, err := k.exec(ctx, `INSERT INTO subject_keys (created_at, subject, wrapped) VALUES `+strings.Join(rows, ", "), args...); err != nil {
		return nil
	}
	for i, id := range ids {
		k.keys.put(eventstore.AccountSubject(id), keys[i], purges)
	}
	return ids
}

// removeAhead removes the keys of accounts that were never opened. If the database is away,
// they stay.
func (k *subjects) removeAhead() {
	ids := k.ahead.close()
	if len(ids) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	places, args := make([]string, len(ids)), make([]any, len(ids))
	for i, id := range ids {
		places[i], args[i] = "$"+strconv.Itoa(i+1), eventstore.AccountSubject(id)
	}
	if _, err := k.exec(ctx, `DELETE FROM subject_keys WHERE subject IN (`+strings.Join(places, ", ")+`)`, args...); err != nil {
		k.opts.Log.Warn("keys made ahead stay in the vault", "keys", len(ids), "error", err)
	}
}
