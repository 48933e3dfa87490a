package node

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/internal/sqlitex"
)

// Log is the embedded event log. It is safe for concurrent use.
type Log struct {
	options Options
	file    string
	lock    *os.File // nil if opened for reading only
	still   bool     // nobody writes the file, and its folder is read-only

	writer *writer // nil if opened for reading only
	queue  *sqlitex.Group[*request]

	position atomic.Uint64 // of the newest durable event
	visible  atomic.Uint64 // of the newest that is no system event
	changes  changes
	heads    *heads
	tail     tail
	kinds    *kinds
	links    links
	blocks   *blocks
	names    *streamNames

	readers chan *sqlitex.Conn // the pool; nil stands for one not opened yet
	ctx     context.Context
	stop    context.CancelFunc
	running sync.WaitGroup
	closing sync.RWMutex // held by whoever starts work in the background, so that Close can wait for it
	closed  bool
}

const (
	readConns       = 4
	writeCacheBytes = 64 << 20
	readCacheBytes  = 16 << 20
)

// Open opens the log for writing; it is created if there is none. The work does not grow
// with the log. Errors: ErrInUse, ErrCorrupt, eventstore.ErrUnavailable.
func Open(ctx context.Context, o Options) (*Log, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	l := newLog(o)
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, unavailable(err)
	}
	var err error
	if l.lock, err = lockFolder(ctx, o.Dir); err != nil {
		return nil, err
	}
	if err := l.openWriter(); err != nil {
		l.stop()
		return nil, errors.Join(fmt.Errorf("open the event log: %w", err), l.release())
	}
	l.queue = l.writer.start()
	l.rememberIDs()
	return l, nil
}

// OpenReadOnly opens the log for reading, beside a running writer or without one.
func OpenReadOnly(ctx context.Context, o Options) (*Log, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	l := newLog(o)
	written := l.written() // before a reader makes the file that tells of it
	c, err := l.firstReader()
	if sqlitex.CannotOpen(err) && !written {
		l.still = true
		c, err = l.firstReader()
	}
	if err != nil {
		l.stop()
		return nil, fmt.Errorf("open the event log for reading: %w", err)
	}
	<-l.readers
	l.readers <- c
	return l, nil
}

func (l *Log) firstReader() (*sqlitex.Conn, error) {
	c, err := l.openReader()
	if err != nil {
		return nil, err
	}
	if err := checkFile(c); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// written says whether a writer has the file open, or left something to be put away: its
// write-ahead log is there then.
func (l *Log) written() bool {
	_, err := os.Stat(l.file + "-wal")
	return !errors.Is(err, fs.ErrNotExist)
}

func newLog(o Options) *Log {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.MaxAppendSize = positiveOr(o.MaxAppendSize, 1<<20)
	o.TailEvents = positiveOr(o.TailEvents, 8192)
	o.TailBytes = positiveOr(o.TailBytes, 16<<20)
	l := &Log{
		options: o, file: filepath.Join(o.Dir, fileName),
		heads: newHeads(), tail: tail{most: o.TailEvents, limit: o.TailBytes},
		blocks: newBlocks(), names: newStreamNames(), readers: make(chan *sqlitex.Conn, readConns), kinds: &kinds{},
	}
	l.kinds.shared.Store(&kindNames{})
	l.changes.next = make(chan struct{})
	l.ctx, l.stop = context.WithCancel(context.Background())
	for range readConns {
		l.readers <- nil
	}
	return l
}

func positiveOr(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

// lockFolder keeps every other process from writing here, until the file is closed. A
// process that was killed is gone a moment after its successor starts, so the lock is tried
// for a while.
func lockFolder(ctx context.Context, dir string) (*os.File, error) {
	const (
		patience = 2 * time.Second
		pause    = 20 * time.Millisecond
	)
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, unavailable(err)
	}
	ctx, end := context.WithTimeout(ctx, patience)
	defer end()
	for syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, errors.Join(fmt.Errorf("%w (%s is locked)", ErrInUse, lockName), f.Close())
		}
	}
	return f, nil
}

func (l *Log) openWriter() error {
	if err := sqlitex.Private(l.file); err != nil {
		return unavailable(err)
	}
	c, err := openConn(l.file, sqlitex.Create, "journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=4000",
		fmt.Sprintf("cache_size=-%d", writeCacheBytes>>10), fmt.Sprintf("journal_size_limit=%d", 64<<20))
	if err != nil {
		return err
	}
	l.writer = &writer{l: l, c: c, recent: newRecent()}
	l.kinds = &l.writer.kinds
	if err := migrate(c); err != nil {
		return err
	}
	if err := checkTail(c); err != nil {
		return err
	}
	// A new file must be found again after a power cut: its folder entry counts too.
	if err := sqlitex.SyncFolder(l.options.Dir); err != nil {
		return unavailable(err)
	}
	return l.load(true)
}

// load makes what the file says the truth for the writer and the readers.
func (l *Log) load(links bool) error {
	w := l.writer
	head, err := w.c.Integer(0, "SELECT max(pos) FROM events")
	if err != nil {
		return err
	}
	if w.shown, err = w.c.Integer(0, "SELECT shown FROM events WHERE pos=?", head); err != nil {
		return err
	}
	if w.lastSID, err = w.c.Integer(0, "SELECT max(sid) FROM streams"); err != nil {
		return err
	}
	names, err := loadKinds(w.c)
	if err != nil {
		return err
	}
	w.kinds.reset(names)
	w.head = place(head)
	if !links {
		return nil
	}
	all, flushed, err := loadLinks(w.c, names)
	if err != nil {
		return err
	}
	l.links.mu.Lock()
	l.links.kinds, l.links.flushed = all, flushed
	l.links.mu.Unlock()
	visible, err := lastShown(w.c, head, w.shown)
	if err != nil {
		return err
	}
	l.visible.Store(uint64(visible))
	l.position.Store(uint64(head))
	return nil
}

// recover finds out what is true after a failed commit. Usually nothing has changed; if the
// commit took place all the same, its events show now.
func (l *Log) recover() error {
	l.heads.forget()
	before := l.Head()
	if err := l.load(false); err != nil {
		return err
	}
	if l.writer.head.position() == before {
		return nil
	}
	l.tail.forget()
	if err := l.load(true); err != nil {
		return err
	}
	l.writer.recent = newRecent()
	l.rememberIDs()
	l.changes.broadcast()
	return nil
}

// rememberIDs reads the ids of the newest events in the background.
func (l *Log) rememberIDs() {
	answer, upTo := l.writer.recent.load, l.writer.head
	l.running.Go(func() { answer <- l.loadRecent(l.ctx, upTo) })
}

// Close waits for the appends under way and closes the file. Whoever reads gets an error.
func (l *Log) Close() error {
	l.closing.Lock()
	if l.closed {
		l.closing.Unlock()
		return nil
	}
	l.closed = true
	l.closing.Unlock()
	if l.queue != nil {
		l.queue.Close()
	}
	l.stop()
	l.changes.broadcast()
	l.running.Wait()
	return l.release()
}

func (l *Log) release() error {
	var errs []error
	for range readConns {
		if c := <-l.readers; c != nil {
			errs = append(errs, c.Close())
		}
	}
	if l.writer != nil { // last, so that it can put the write-ahead log away
		errs = append(errs, l.writer.c.Close())
	}
	if l.lock != nil {
		// A process being started at this moment holds a copy of the file until it runs, so
		// closing alone would not let go of the lock.
		errs = append(errs, syscall.Flock(int(l.lock.Fd()), syscall.LOCK_UN), l.lock.Close())
	}
	return errors.Join(errs...)
}

// now answers the time of the log, in the steps of EventStoreDB's clock.
func (l *Log) now() time.Time { return l.options.Now().UTC().Truncate(100 * time.Nanosecond) }

func unavailable(err error) error {
	if errors.Is(err, eventstore.ErrUnavailable) {
		return err
	}
	return fmt.Errorf("%w: %w", eventstore.ErrUnavailable, err)
}
