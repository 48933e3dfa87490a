package logfile

import (
	"context"
	"errors"
	"sync"

	"sleutelbos/internal/sqlitex"
)

// readConns is how many readers of the file work at the same time.
const readConns = 4

// Pool lends connections for reading, and ends whoever reads when the log closes.
type Pool struct {
	open  func() (*sqlitex.Conn, error)
	conns chan *sqlitex.Conn // nil stands for one that is not open yet

	ctx     context.Context
	stop    context.CancelFunc
	running sync.WaitGroup // work in the background
	mu      sync.RWMutex   // held by whoever begins such work, so that Stop waits for all of it
	stopped bool
}

func newPool(open func() (*sqlitex.Conn, error)) *Pool {
	p := &Pool{open: open, conns: make(chan *sqlitex.Conn, readConns)}
	p.ctx, p.stop = context.WithCancel(context.Background())
	for range readConns {
		p.conns <- nil
	}
	return p
}

// first opens the first connection and looks at it.
func (p *Pool) first(look func(*sqlitex.Conn) error) error {
	c, err := p.open()
	if err != nil {
		return err
	}
	if err := look(c); err != nil {
		return errors.Join(err, c.Close())
	}
	<-p.conns
	p.conns <- c
	return nil
}

// Read lends a connection to use, which must not keep it.
func (p *Pool) Read(ctx context.Context, use func(*sqlitex.Conn) error) error {
	if p.ctx.Err() != nil {
		return Closed()
	}
	var c *sqlitex.Conn
	select {
	case c = <-p.conns:
	case <-ctx.Done():
		return ctx.Err()
	case <-p.ctx.Done():
		return Closed()
	}
	defer func() { p.conns <- c }()
	if err := ctx.Err(); err != nil {
		return err
	}
	if c == nil {
		var err error
		if c, err = p.open(); err != nil {
			return err
		}
	}
	return use(c)
}

// Alive returns an error if the log is closed or the context has ended.
func (p *Pool) Alive(ctx context.Context) error {
	if p.ctx.Err() != nil {
		return Closed()
	}
	return ctx.Err()
}

// Background does work beside the caller. The work's context ends when the log closes; if
// it has closed, nothing is done.
func (p *Pool) Background(work func(context.Context)) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if !p.stopped {
		p.running.Go(func() { work(p.ctx) })
	}
}

// Stop ends all reading: whoever reads gets an error. It waits for the work in the background.
func (p *Pool) Stop() {
	p.stop()
	p.mu.Lock()
	p.stopped = true
	p.mu.Unlock()
	p.running.Wait()
}

// close waits for the connections that are lent.
func (p *Pool) close() error {
	var errs []error
	for range readConns {
		if c := <-p.conns; c != nil {
			errs = append(errs, c.Close())
		}
	}
	return errors.Join(errs...)
}
