package postgres

import (
	"context"
	"fmt"
	"hash/fnv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"sleutelbos/projections/machinery"
)

// locker holds advisory locks on a connection of its own, and a lease on that connection, which it
// renews. When the connection ends, for whatever reason, PostgreSQL releases the locks at once. When
// the process is frozen, or its network was cut, the connection stays; then the lease runs out, and
// whoever wants a lock ends the connection. Either way the locks are lost and must be taken again.
type locker struct {
	config *pgx.ConnConfig
	stop   context.CancelFunc
	ended  sync.WaitGroup

	mu   sync.Mutex
	conn *pgx.Conn
	held map[string]*lock

	began time.Time
	until atomic.Int64 // up to when the lease certainly runs, in nanoseconds since began
}

// The lease is renewed every checkEvery, which may take checkLimit, and runs for leaseFor. Its
// holder takes it for lost before anybody else does: after checkEvery and checkLimit.
const (
	checkEvery = time.Second
	checkLimit = 5 * time.Second
	leaseFor   = 10 * time.Second
)

func newLocker(config *pgx.ConnConfig) *locker {
	ctx, stop := context.WithCancel(context.Background())
	l := &locker{config: config.Copy(), stop: stop, held: map[string]*lock{}, began: time.Now()}
	l.config.RuntimeParams["synchronous_commit"] = "off" // a lease that a crash loses has run out
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
	// The locks that are held are looked after in turn with this: a question that nobody answers must
	// not keep their holders from hearing that they are lost.
	ctx, end := context.WithTimeout(ctx, checkLimit)
	defer end()
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

// expire ends the connection of whoever holds a lock though the lease on it has run out.
const expire = `SELECT count(pg_terminate_backend(a.pid)) FROM pg_locks h
	JOIN pg_stat_activity a ON a.pid = h.pid
	JOIN reactors.leases x ON x.pid = a.pid AND x.began = a.backend_start
	WHERE h.locktype = 'advisory' AND h.granted AND h.objsubid = 1 AND h.database = (SELECT oid FROM pg_database WHERE datname = current_database())
		AND (h.classid::bigint << 32 | h.objid::bigint) = $1 AND x.until < clock_timestamp()`

// ask asks for a lock, and connects first if there is no connection. If an error broke the
// connection, there is none afterwards.
func (l *locker) ask(ctx context.Context, name string) (got bool, err error) {
	if l.conn == nil {
		if err := l.connect(ctx); err != nil {
			return false, err
		}
	}
	defer func() {
		if l.conn.IsClosed() { // also by pgx, when a context ends in the middle
			l.lose()
		}
	}()
	const try = "SELECT pg_try_advisory_lock($1)"
	if err = l.conn.QueryRow(ctx, try, lockNumber(name)).Scan(&got); err != nil || got {
		return got, err
	}
	var ended int
	if err = l.conn.QueryRow(ctx, expire, lockNumber(name)).Scan(&ended); err != nil || ended == 0 {
		return false, err
	}
	err = l.conn.QueryRow(ctx, try, lockNumber(name)).Scan(&got) // or at the next attempt, if it takes a moment to end
	return got, err
}

func (l *locker) connect(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, l.config)
	if err != nil {
		return err
	}
	l.conn = conn
	if err := l.renew(ctx); err != nil {
		l.lose()
		return err
	}
	return nil
}

// renew renews the lease on the connection.
func (l *locker) renew(ctx context.Context) error {
	until := time.Since(l.began) + checkEvery + checkLimit
	_, err := l.conn.Exec(ctx, `INSERT INTO reactors.leases (pid, began, until)
		SELECT pid, backend_start, clock_timestamp() + $1 * interval '1 second' FROM pg_stat_activity WHERE pid = pg_backend_pid()
		ON CONFLICT (pid) DO UPDATE SET began = excluded.began, until = excluded.until`, leaseFor.Seconds())
	if err != nil {
		return fmt.Errorf("renew the lease on the locks: %w", err)
	}
	l.until.Store(int64(until))
	return nil
}

func lockNumber(name string) int64 {
	h := fnv.New64a()
	h.Write([]byte("sleutelbos " + name))
	return int64(h.Sum64())
}

// watch renews the lease, and so looks regularly whether the connection is still there.
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
	if l.renew(ctx) != nil {
		l.lose()
	}
}

// lose closes the connection and tells the holders that their locks are lost.
func (l *locker) lose() {
	l.until.Store(0)
	for name, held := range l.held {
		close(held.lost)
		delete(l.held, name)
	}
	ctx, end := context.WithTimeout(context.Background(), checkLimit)
	defer end()
	_ = l.conn.Close(ctx) // it is broken
	l.conn = nil
}

func (l *locker) close() {
	l.stop()
	l.ended.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn == nil {
		return
	}
	ctx, end := context.WithTimeout(context.Background(), checkLimit)
	defer end()
	_, _ = l.conn.Exec(ctx, "DELETE FROM reactors.leases WHERE pid = pg_backend_pid() OR until < clock_timestamp() - interval '1 day'") // or it runs out
	l.lose()
}

type lock struct {
	locker *locker
	name   string
	lost   chan struct{}
}

func (l *lock) Lost() <-chan struct{} { return l.lost }

// Held looks at the time itself: a process that was frozen goes on before anything tells it that
// its lease has run out meanwhile.
func (l *lock) Held() bool {
	select {
	case <-l.lost:
		return false
	default:
		return int64(time.Since(l.locker.began)) < l.locker.until.Load()
	}
}

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
