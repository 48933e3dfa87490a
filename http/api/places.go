package api

import (
	"net/http"
	"sync"
	"time"

	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
)

// places are what streams of one kind may take up. However many one person opens, the others
// find a place; and however many persons there are, the program goes on with its other work.
type places struct {
	person, all int

	mu    sync.Mutex
	taken map[string]int // by account
	total int
}

func newPlaces(person, all int) *places {
	return &places{person: person, all: all, taken: map[string]int{}}
}

// The places. A page of a download is in memory while it is written, and a follower costs
// little more than a connection.
const (
	downloadsOfOne, downloadsOfAll = 4, 64
	feedsOfOne, feedsOfAll         = 2_500, 5_000
)

var (
	errOwnPlaces = problem.Later(http.StatusTooManyRequests, "too-many-streams", 5*time.Second)
	errAllPlaces = problem.Later(http.StatusServiceUnavailable, "streams-full", 5*time.Second)
)

// enter takes a place, and returns how to leave it.
func (p *places) enter(who rights.Principal) (leave func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.taken[who.AccountID] >= p.person:
		return nil, errOwnPlaces
	case p.total >= p.all:
		return nil, errAllPlaces
	}
	p.taken[who.AccountID]++
	p.total++
	return func() { p.leave(who.AccountID) }, nil
}

func (p *places) leave(account string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total--
	if p.taken[account]--; p.taken[account] == 0 {
		delete(p.taken, account)
	}
}
