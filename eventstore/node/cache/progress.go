package cache

import (
	"sync"
	"sync/atomic"

	"sleutelbos/eventstore/node/logfile"
)

// Progress tells how far the log is, and those who wait that it went on.
type Progress struct {
	head    atomic.Uint64 // of the newest durable event
	visible atomic.Uint64 // of the newest that is no system event

	mu   sync.Mutex
	next chan struct{}
}

// NewProgress returns the progress of an empty log.
func NewProgress() *Progress { return &Progress{next: make(chan struct{})} }

// Head returns the place of the newest durable event, 0 if there is none.
func (p *Progress) Head() logfile.Place { return logfile.Place(p.head.Load()) }

// Visible returns the place of the newest event that the port shows, 0 if there is none.
func (p *Progress) Visible() logfile.Place { return logfile.Place(p.visible.Load()) }

// Set moves both places without telling anyone.
func (p *Progress) Set(head, visible logfile.Place) {
	p.visible.Store(uint64(visible))
	p.head.Store(uint64(head))
}

// Advance shows a commit. Visible is 0 if all its events are system events.
func (p *Progress) Advance(head, visible logfile.Place) {
	if visible != 0 {
		p.visible.Store(uint64(visible))
	}
	p.head.Store(uint64(head))
	p.Broadcast()
}

// Changed returns a channel that the next Broadcast closes. Take it, read, and only then
// wait on it: so no commit is missed.
func (p *Progress) Changed() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.next
}

// Broadcast wakes all who wait.
func (p *Progress) Broadcast() {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.next)
	p.next = make(chan struct{})
}
