package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/internal/limits"
)

// The pace of the feed.
const (
	heartbeat = 15 * time.Second // a comment, so that proxies keep the line open
	slowFeed  = 10 * time.Second // a client that takes longer for one write is cut off
	readAhead = 32               // deliveries read while the ones before are being written
)

// feed is the events for those who follow them.
type feed struct{ *API }

func (a feed) operations() []operation {
	return []operation{{
		id: "FollowEvents", method: http.MethodGet, path: "/events", right: rights.ReadEvents,
		summary: "The event feed as CloudEvents 1.0 over Server-Sent Events; the id of each is its position.",
		params: []answers.Param{
			{Name: "after", Kind: answers.Position, Doc: "Begins behind this position; Last-Event-ID goes before it."},
			{Name: "types", Doc: "account.*,license.registered.v1 …"},
			{Name: "follow", Kind: answers.Flag, Doc: "false: ends at the present."},
		},
		headers: []answers.Param{{Name: "Last-Event-ID", Kind: answers.Position, Doc: "Begins behind this position."}},
		media:   []string{"text/event-stream"}, flow: &flow{write: a.follow, work: limits.Feed, time: feedTime, slow: slowFeed, resumed: true},
	}}
}

// delivery is a step of a subscription, handed from its goroutine to the writer.
type delivery struct {
	eventstore.Delivery
	err error
}

func (a feed) follow(k *asking, out *stream) error {
	after := k.args.Position("after")
	if last := k.Header.Get("Last-Event-ID"); last != "" {
		at, err := eventstore.ParsePosition(last)
		if err != nil {
			return problem.New(http.StatusBadRequest, "parameter-invalid", problem.Field{Pointer: "?Last-Event-ID", Code: "parameter-invalid"})
		}
		after = at
	}
	types, err := parseTypes(k.args["types"])
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(k.Context())
	defer stop()
	origin := session.Request(k.Request, "api").Origin
	follower, leave := a.Followers.Enter(answers.Subscriber{
		Address: origin.Address, User: k.who.Name, Filter: strings.Join(types, ", "), Since: a.Now(),
	}, after)
	defer leave()
	f := &feeder{a: a, k: k, out: out, types: types, at: after, told: after, follower: follower}
	f.begin()
	return f.run(ctx, a.subscribe(ctx, after, types.filter()))
}

// subscribe reads the log in a goroutine of its own, so that the writer can do other
// things while nothing happens. It ends with its context.
func (a feed) subscribe(ctx context.Context, after eventstore.Position, filter eventstore.Filter) <-chan delivery {
	out := make(chan delivery, readAhead)
	go func() {
		defer close(out)
		for d, err := range a.Journal.Store.Subscribe(ctx, after, filter) {
			select {
			case out <- delivery{d, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return out
}

// feeder writes one client's feed.
type feeder struct {
	a        feed
	k        *asking
	types    eventTypes
	out      *stream
	at, told eventstore.Position // considered, and known to the client
	looked   eventstore.Position // up to which the store says that it has looked
	written  time.Time
	follower *answers.Follower
}

func (f *feeder) begin() {
	h := f.out.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // a proxy must not collect it
}

// errPresent ends a feed that does not follow.
var errPresent = errors.New("the feed has come to the present")

func (f *feeder) run(ctx context.Context, deliveries <-chan delivery) error {
	tick := time.NewTicker(heartbeat / 5)
	defer tick.Stop()
	err := f.write(": welcome\n\n")
	for err == nil {
		if len(deliveries) == 0 { // what was written is not to wait for what comes later
			if err = f.out.Flush(); err != nil {
				break
			}
		}
		select {
		case d, open := <-deliveries:
			if !open {
				return nil
			}
			err = f.take(ctx, d)
		case <-tick.C:
			err = f.idle()
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	if errors.Is(err, errPresent) {
		return nil
	}
	return err
}

func (f *feeder) take(ctx context.Context, d delivery) error {
	if d.err != nil {
		return d.err
	}
	f.look(d.Delivery)
	f.follower.Sent(f.at)
	switch {
	case d.IsEvent:
		return f.event(ctx, d.Event)
	case d.CaughtUp && f.k.args["follow"] == "false":
		return errors.Join(f.tell(), errPresent)
	case d.CaughtUp:
		return f.write(": caught up\n\n")
	}
	return nil // a checkpoint: the client is told of it with the next heartbeat
}

// look notes how far the store has looked. A client keeps the commit alone, and with it claims to
// have seen what stands there. So a checkpoint that lies before an event at its own commit counts
// only once something later has come.
func (f *feeder) look(d eventstore.Delivery) {
	if d.Position.Commit() > f.looked.Commit() {
		f.at = eventstore.Later(f.at, eventstore.AtCommit(f.looked.Commit()))
	}
	f.looked = eventstore.Later(f.looked, d.Position)
	if d.IsEvent || d.Position == eventstore.AtCommit(d.Position.Commit()) {
		f.at = eventstore.Later(f.at, d.Position)
	}
}

func (f *feeder) event(ctx context.Context, rec eventstore.Recorded) error {
	if !f.types.match(rec.Type) {
		return nil
	}
	cloud, ok, err := f.a.cloudEvent(ctx, f.k.who, rec)
	if err != nil || !ok {
		return err
	}
	f.told = rec.Position
	return f.write(fmt.Sprintf("id: %s\ndata: %s\n\n", rec.Position, cloud))
}

// idle keeps the line and the client's position alive.
func (f *feeder) idle() error {
	if time.Since(f.written) < heartbeat {
		return nil
	}
	if f.at.After(f.told) {
		return f.tell()
	}
	return f.write(": still here\n\n")
}

// tell moves the client's Last-Event-ID over events that it does not get.
func (f *feeder) tell() error {
	f.told = f.at
	return f.write(fmt.Sprintf("id: %s\n\n", f.at))
}

func (f *feeder) write(text string) error {
	f.written = time.Now()
	_, err := f.out.Write([]byte(text))
	return err
}

// eventTypes are those that a client asks for; none asks for all.
type eventTypes []string

func parseTypes(text string) (eventTypes, error) {
	if text == "" {
		return nil, nil // all
	}
	types := strings.Split(text, ",")
	for _, t := range types {
		if !typeName.MatchString(t) {
			return nil, answers.BadParam("types")
		}
	}
	return types, nil
}

func (t eventTypes) filter() eventstore.Filter {
	var prefixes []string
	for _, name := range t {
		prefixes = append(prefixes, strings.TrimSuffix(name, "*"))
	}
	return eventstore.Filter{Types: prefixes}
}

func (t eventTypes) match(name string) bool {
	for _, asked := range t {
		prefix, any := strings.CutSuffix(asked, "*")
		if asked == name || any && strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return len(t) == 0
}
