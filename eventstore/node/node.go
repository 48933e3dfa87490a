// Package node is the embedded event log: one SQLite file, one goroutine that commits.
// It is append-only. It refuses to run twice on one folder, to acknowledge what is not on
// the disk, and to change or remove what was stored; truncation and deletion only hide.
//
//	          Open, Store                   this package: it puts the parts together
//	               │
//	Appender    All    Streams              log:     append, read the whole, read a stream
//	     │       │        │
//	 committer ──┴─ Memory┘                 log:     the one who writes, and what it shows to readers
//	     │           ├── Heads Tail Blocks  cache:   what is kept of the file; it draws who locks whom
//	     │           └── Kinds Links        index:   types, categories and streams by number and order
//	     └── File ──── Pool                 logfile: the tables, the lock of the folder, the readers
//
// An append waits in the committer's queue, is judged by the head of its stream, inserted
// with all others that wait, and shown in Memory when it is on the disk. A read looks in
// Memory first and then in the file. Package log draws both ways step by step.
//
// The log has a door for clients of EventStoreDB (door) and subscriptions that remember
// where they are (persistent). Both use a Log as any other caller does.
package node

import (
	"context"
	"errors"
	"sync"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/log"
	"sleutelbos/eventstore/node/logfile"
	"sleutelbos/eventstore/node/verify"
)

// Options say where a log lies and how much memory it may use.
type Options struct {
	Dir           string           // the folder; the log is the file log.db in it
	Now           func() time.Time // the clock of Recorded.Created and $maxAge; default time.Now
	MaxAppendSize int              // bytes of data, metadata and types of one append; default 1 MiB
	TailEvents    int              // newest events kept in memory for live readers; default 8192
	TailBytes     int              // most bytes that these may take; default 16 MiB
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.MaxAppendSize = positiveOr(o.MaxAppendSize, 1<<20)
	o.TailEvents = positiveOr(o.TailEvents, 8192)
	o.TailBytes = positiveOr(o.TailBytes, 16<<20)
	return o
}

func positiveOr(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

// now returns the time in the steps of EventStoreDB's clock.
func (o Options) now() time.Time { return o.Now().UTC().Truncate(100 * time.Nanosecond) }

// Log is the embedded event log. It is safe for concurrent use. It knows everything, system
// events ("$…") included; Store returns the port, which hides them.
type Log struct {
	*log.Appender
	*log.All
	*log.Streams

	options Options
	file    *logfile.File
	memory  *log.Memory
	close   func() error
}

// Open opens the log for writing; it is created if there is none. The work does not grow
// with the log. Errors: logfile.ErrInUse, logfile.ErrCorrupt, eventstore.ErrUnavailable.
func Open(ctx context.Context, o Options) (*Log, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	file, err := logfile.Open(ctx, o.Dir)
	if err != nil {
		return nil, err
	}
	l := newLog(file, o)
	l.Appender, err = log.NewAppender(file, l.memory, l.options.now, l.options.MaxAppendSize)
	if err != nil {
		file.Stop()
		return nil, errors.Join(err, file.Close())
	}
	return l, nil
}

// OpenReadOnly opens the log for reading, beside a process that writes it or without one. It
// learns what is new with each read of the log.
func OpenReadOnly(ctx context.Context, o Options) (*Log, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	file, err := logfile.OpenReadOnly(o.Dir)
	if err != nil {
		return nil, err
	}
	return newLog(file, o), nil
}

// newLog returns a log of which nothing can be appended to.
func newLog(file *logfile.File, o Options) *Log {
	o = o.withDefaults()
	memory := log.NewMemory(o.TailEvents, o.TailBytes)
	l := &Log{
		Appender: &log.Appender{}, All: log.NewAll(file, memory), Streams: log.NewStreams(file, memory, o.now),
		options: o, file: file, memory: memory,
	}
	l.close = sync.OnceValue(l.shut)
	return l
}

// Close waits for the appends under way and closes the file. Whoever reads gets an error.
func (l *Log) Close() error { return l.close() }

func (l *Log) shut() error {
	l.Drain()
	l.file.Stop()
	l.memory.Progress.Broadcast()
	return l.file.Close()
}

// Head returns the newest durable position, system events included; the zero position if
// there is none.
func (l *Log) Head() eventstore.Position { return l.memory.Progress.Head().Position() }

// Changed returns a channel that the next commit, or Close, closes. Take it, read, and only
// then wait on it: so no commit is missed. A log open for reading only closes it with Close.
func (l *Log) Changed() <-chan struct{} { return l.memory.Progress.Changed() }

// Verify reads the whole log and checks that nothing is missing or out of place. What the
// events say is the hash chain's to judge. Progress is told in positions, of all that were
// there at the start; it may be nil. Errors: logfile.ErrCorrupt, which says what and where.
func (l *Log) Verify(ctx context.Context, progress func(done, total int64)) (err error) {
	if err := l.Refresh(ctx); err != nil {
		return err
	}
	c, err := l.file.Reader()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	return verify.File(ctx, c, l.memory.Progress.Head(), progress)
}

// Backup writes a copy of the log as it is at one moment to a new file, while appends go
// on, and returns the copy's newest position. The file is durable when Backup returns; to
// restore it, put it into an empty folder as log.db. Backup refuses to overwrite.
func (l *Log) Backup(ctx context.Context, path string) (eventstore.Position, error) {
	head, err := l.file.Backup(ctx, path)
	return head.Position(), err
}
