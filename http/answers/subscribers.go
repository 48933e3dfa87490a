package answers

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
)

// Through is by which way a client follows the log.
type Through string

// The ways.
const (
	ThroughDoor Through = "door" // the node's, by gRPC
	ThroughFeed Through = "feed" // of CloudEvents, over HTTP
)

// Values implements domain.Enumeration.
func (Through) Values() []string { return []string{string(ThroughDoor), string(ThroughFeed)} }

// Subscriber is a client that follows the log right now.
type Subscriber struct {
	Through       Through
	Address, User string
	Stream        string // or "$all"
	Group, Filter string // empty if there is none
	Since         time.Time
	Position      int64 // the last that it was sent; in $all its commit
	Lag           int64 // events behind that; NoLag where the store does not count them
}

// NoLag is the lag of who follows a store whose positions are no numbers of events.
const NoLag = -1

// LagKnown reports whether the lag is.
func (s Subscriber) LagKnown() bool { return s.Lag != NoLag }

// Subscribers returns who follows the log, the ones that are furthest behind first.
type Subscribers func(context.Context) []Subscriber

// And returns these subscribers and others.
func (s Subscribers) And(others Subscribers) Subscribers {
	return func(ctx context.Context) []Subscriber {
		all := append(s(ctx), others(ctx)...)
		slices.SortStableFunc(all, func(a, b Subscriber) int { return cmp.Compare(b.Lag, a.Lag) })
		return all
	}
}

// SubscriberView is a subscriber as clients see it.
type SubscriberView struct {
	Through  Through   `json:"through" enum:"values"`
	Address  string    `json:"address"`
	User     *string   `json:"user"`
	Stream   string    `json:"stream" doc:"Or $all."`
	Group    *string   `json:"group" doc:"Of a persistent subscription."`
	Filter   *string   `json:"filter" doc:"In words; without one it sees everything."`
	Since    time.Time `json:"since"`
	Position string    `json:"position" doc:"The last that it was sent: a position in $all, a revision in a stream."`
	Lag      *int64    `json:"lag" doc:"Events of the stream, or of the log, behind that. Null where the event store does not count them."`
}

// SubscriberList is the list of them.
type SubscriberList struct {
	Items []SubscriberView `json:"items"`
}

// List returns who follows the log, to who may see the whole platform.
func (s Subscribers) List(ctx context.Context, asker Asker) (SubscriberList, error) {
	if asker.Who.May(rights.ReadProjections) != rights.ScopeAll {
		return SubscriberList{}, asker.Refused(engine.ErrDenied)
	}
	list := SubscriberList{Items: []SubscriberView{}}
	for _, each := range s(ctx) {
		list.Items = append(list.Items, viewSubscriber(each))
	}
	return list, nil
}

func viewSubscriber(s Subscriber) SubscriberView {
	view := SubscriberView{
		Through: s.Through, Address: s.Address, User: Maybe(s.User), Stream: s.Stream, Group: Maybe(s.Group), Filter: Maybe(s.Filter),
		Since: s.Since.UTC(), Position: strconv.FormatInt(s.Position, 10),
	}
	if s.LagKnown() {
		view.Lag = &s.Lag
	}
	return view
}

// Followers are who follows the feed at this moment.
type Followers struct {
	mu  sync.Mutex
	all map[*Follower]struct{}
}

// Follower is one of them.
type Follower struct {
	who Subscriber
	at  atomic.Uint64
}

// Sent says how far the follower has come.
func (f *Follower) Sent(at eventstore.Position) { f.at.Store(at.Commit()) }

// Enter adds a follower, and returns how to take it away again.
func (f *Followers) Enter(who Subscriber, after eventstore.Position) (entered *Follower, leave func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.all == nil {
		f.all = map[*Follower]struct{}{}
	}
	who.Through, who.Stream = ThroughFeed, "$all"
	entered = &Follower{who: who}
	entered.Sent(after)
	f.all[entered] = struct{}{}
	return entered, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.all, entered)
	}
}

// Subscribers returns them all, who follows longest first. The lag is told where the head is a number of events.
func (f *Followers) Subscribers(head func(context.Context) (end int64, counts bool)) Subscribers {
	return func(ctx context.Context) []Subscriber {
		end, counts := head(ctx)
		f.mu.Lock()
		defer f.mu.Unlock()
		var all []Subscriber
		for each := range f.all {
			who := each.who
			who.Position, who.Lag = int64(each.at.Load()), NoLag
			if counts {
				who.Lag = max(0, end-who.Position)
			}
			all = append(all, who)
		}
		slices.SortFunc(all, func(a, b Subscriber) int { return a.Since.Compare(b.Since) })
		return all
	}
}
