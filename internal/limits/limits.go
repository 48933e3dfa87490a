// Package limits says how much of the program one asker may use, in one matrix: a row a kind of
// work (Matrix), and the kind of each route and of each call of the event log's door (Routes,
// Calls). All pathways to a kind of work are held to the same row: pages, the API, dry runs and
// the door. What has no row is refused at start or by a test, so nothing is without a limit by
// being forgotten.
//
// It decides nothing about rights. Each process counts for itself, in memory; the tries of a
// password are counted durably, see package vault.
package limits

import (
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/time/rate"

	"sleutelbos/internal/bounded"
)

// Asker is who a limit is for. What is empty is not known, and its limit does not count.
type Asker struct {
	Account string // or the user of the door
	Address string // of the client; see Network
}

// TooMuchError says that an asker has used up what a kind of work has for one.
type TooMuchError struct {
	Work  Work
	After time.Duration // when to come back
	// Places says that the asker has as many answers under way as one may have.
	Places bool
}

func (e *TooMuchError) Error() string { return fmt.Sprintf("too much %s for one asker", e.Work) }

// FullError says that all askers together have as many answers under way as there may be.
type FullError struct {
	Work  Work
	After time.Duration
}

func (e *FullError) Error() string { return fmt.Sprintf("there is no place for more %s", e.Work) }

// Limits holds askers to a matrix. It is safe for concurrent use.
type Limits struct {
	matrix  Matrix
	now     func() time.Time
	buckets *bounded.Map[bucket, *rate.Limiter]
	places  map[Work]*places // of the matrix's rows
}

// bucket is what one asker has of a kind of work.
type bucket struct {
	work Work
	kind kindOfAsker
	by   string
}

// kindOfAsker says by what an asker is known.
type kindOfAsker byte

const (
	byAccount kindOfAsker = iota
	byAddress
	kindsOfAsker
)

// mostBuckets is of how many askers the use is remembered. Those who come less often have the
// whole of their limit again.
const mostBuckets = 1 << 16

// New returns limits of which nobody has used any.
func New(m Matrix, now func() time.Time) *Limits {
	l := &Limits{matrix: m, now: now, buckets: bounded.New[bucket, *rate.Limiter](mostBuckets, 0), places: map[Work]*places{}}
	for work, row := range m {
		l.places[work] = newPlaces(row.AtOnce)
	}
	return l
}

// Take counts one piece of work for an asker. What is too much does not count. Errors:
// *TooMuchError. It panics for work without a row: a fault of the program.
func (l *Limits) Take(work Work, by Asker) error {
	limiters, now := l.limiters(work, by)
	if err := limiters.left(work, now); err != nil {
		return err
	}
	for _, limiter := range limiters {
		if limiter != nil {
			limiter.AllowN(now, 1) // where others were quicker it is a little too much
		}
	}
	return nil
}

// Left returns what Take would return, and counts nothing.
func (l *Limits) Left(work Work, by Asker) error {
	limiters, now := l.limiters(work, by)
	return limiters.left(work, now)
}

// limiters are what an asker has left of a kind of work, by account and by address: nil for what
// is not known or has no limit.
type limiters [kindsOfAsker]*rate.Limiter

func (all limiters) left(work Work, now time.Time) error {
	for _, limiter := range all {
		if limiter == nil {
			continue
		}
		if missing := 1 - limiter.TokensAt(now); missing > 0 {
			return &TooMuchError{Work: work, After: time.Duration(missing / float64(limiter.Limit()) * float64(time.Second))}
		}
	}
	return nil
}

// limiters returns those of an asker, and the time.
func (l *Limits) limiters(work Work, by Asker) (all limiters, now time.Time) {
	row, ok := l.matrix[work]
	if !ok {
		panic("limits: no row for " + string(work))
	}
	now = l.now()
	if by.Account != "" && row.ByAccount != (Rate{}) {
		all[byAccount] = l.limiter(bucket{work, byAccount, by.Account}, row.ByAccount, now)
	}
	if row.ByAddress != (Rate{}) {
		if network := Network(by.Address); network != "" {
			all[byAddress] = l.limiter(bucket{work, byAddress, network}, row.ByAddress, now)
		}
	}
	return all, now
}

func (l *Limits) limiter(of bucket, r Rate, now time.Time) *rate.Limiter {
	if limiter, found := l.buckets.Get(of, now); found {
		return limiter
	}
	return l.buckets.Update(of, now, func(old *rate.Limiter, found bool) (*rate.Limiter, bool) {
		if !found { // nobody was quicker
			old = rate.NewLimiter(rate.Limit(r.PerMinute/60), r.Burst)
		}
		return old, true
	})
}

// Enter counts one piece of work that goes on for long, and returns how to leave its place.
// Errors: *TooMuchError, *FullError.
func (l *Limits) Enter(work Work, by Asker) (leave func(), err error) {
	if err := l.Take(work, by); err != nil {
		return nil, err
	}
	return l.places[work].enter(work, by)
}

// Network returns what a limit by address is for: an address, or of IPv6 the network that one
// customer gets (/64). It is empty for what is no address.
func Network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	if ip.Is4() { // which is written in one way
		return address
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	network, err := ip.Prefix(64)
	if err != nil { // no length of an IPv6 address is wrong
		return ip.String()
	}
	return network.String()
}
