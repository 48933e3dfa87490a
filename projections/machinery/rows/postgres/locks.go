package postgres

import (
	"context"
	"hash/fnv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"sleutelbos/projections/machinery"
)

// locker holds advisory locks on a connection of its own. When that connection ends, for
// whatever reason, PostgreSQL releases the locks. Then they are lost and must be taken again.
type locker struct {
	config *pgx.ConnConfig
	stop   context.CancelFunc
	ended  sync.WaitGroup

	mu   sync.Mutex
	conn *pgx.Conn
	held map[string]*lock
}

// checkEvery is how often the connection is tried; checkLimit is how long that may take.
const (
	checkEvery = time.Second
	checkLimit = 5 * time.Second
)

func newLocker(config *pgx.ConnConfig) *locker {
	ctx, stop := context.WithCancel(context.Background())
	l := &locker{config: config.Copy(), stop: stop, held: map[string]*lock{}}
	l.ended.Go(func() { l.watch(ctx) })
	return l
}

// TryLock implements machinery.DB.
func (db *DB) TryLock(ctx context.Context, name string) (machinery.Lock, bool, error) {
	return db.locker.try(ctx, name)
}

func (l *locker) try(ctx context.Context, name string) (machinery.Lock, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.held[name]; ok {
		return nil, false, nil // PostgreSQL would give it to the same connection again
	}
	got, err := l.ask(ctx, name)
	if err != nil && l.conn == nil && ctx.Err() == nil {
		got, err = l.ask(ctx, name) // the connection was gone without anyone knowing
	}
	if err != nil {
		return nil, false, err
	}
	if !got {
		return nil, false, nil
	}
	held := &lock{locker: l, name: name, lost: make(chan struct{})}
	l.held[name] = held
	return held, true, nil
}

// ask asks for a lock, and connects first if there is no connection. If an error broke the
// connection, there is none afterwards.
func (l *locker) ask(ctx context.Context, name string) (got bool, err error) {
	if l.conn == nil {
		conn, err := pgx.ConnectConfig(ctx, l.config)
		if err != nil {
			return false, err
		}
		l.conn = conn
	}
	err = l.conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", lockNumber(name)).Scan(&got)
	if l.conn.IsClosed() { // also by pgx, when a context ends in the middle
		l.lose()
	}
	return got, err
}

func lockNumber(name string) int64 {
	h := fnv.New64a()
	h.Write([]byte("sleutelbos " + name))
	return int64(h.Sum64())
}

// watch looks regularly whether the connection is still there.
func (l *locker) watch(ctx context.Context) {
	tick := time.NewTicker(checkEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		l.check(ctx)
	}
}

func (l *locker) check(ctx context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn == nil {
		return
	}
	ctx, end := context.WithTimeout(ctx, checkLimit)
	defer end()
	if l.conn.Ping(ctx) != nil {
		l.lose()
	}
}

// lose closes the connection and tells the holders that their locks are lost.
func (l *locker) lose() {
	ctx, end := context.WithTimeout(context.Background(), checkLimit)
	defer end()
	_ = l.conn.Close(ctx) // it is broken
	l.conn = nil
	for name, held := range l.held {
		close(held.lost)
		delete(l.held, name)
	}
}

func (l *locker) close() {
	l.stop()
	l.ended.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		l.lose()
	}
}

type lock struct {
	locker *locker
	name   string
	lost   chan struct{}
}

func (l *lock) Lost() <-chan struct{} { return l.lost }

func (l *lock) Release() {
	l.locker.mu.Lock()
	defer l.locker.mu.Unlock()
	if l.locker.held[l.name] != l {
		return // lost before
	}
	delete(l.locker.held, l.name)
	ctx, end := context.WithTimeout(context.Background(), checkLimit)
	defer end()
	if _, err := l.locker.conn.Exec(ctx, "SELECT pg_advisory_unlock($1)", lockNumber(l.name)); err != nil {
		l.locker.lose() // the connection's end releases it too
	}
}
