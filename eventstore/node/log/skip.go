package log

import (
	"context"
	"slices"
	"strings"

	"sleutelbos/eventstore/node/index"
	"sleutelbos/eventstore/node/logfile"
	"sleutelbos/internal/sqlitex"
)

// mostLinked is how many kinds a filter may name to be answered from the links.
const mostLinked = 32

// sparse returns the kinds whose links hold all that a filter by prefix can keep, if these
// are few enough that looking them up costs less than looking at everything. It returns nil
// if they are not, and an empty slice for a filter that nothing passes.
func (a *All) sparse(q *AllQuery, head logfile.Place) []int64 {
	// The links do not hold system events, and a reader beside the writer has none.
	if !a.pages.writes() || q.System || len(q.Filter.Streams)+len(q.Filter.Types) == 0 {
		return nil
	}
	kinds, ok := kindsOf(q, a.pages.memory.Kinds.Committed())
	if !ok || len(kinds) > mostLinked {
		return nil
	}
	total := int64(0)
	for _, kind := range kinds {
		total += a.pages.memory.Links.Of(kind).Count
	}
	if total > int64(head)/8 {
		return nil
	}
	return kinds
}

// kindsOf returns the kinds that a filter names. A prefix of streams names a kind only if it
// says the whole category: otherwise it may begin many, or streams without one.
func kindsOf(q *AllQuery, names *index.Names) (kinds []int64, ok bool) {
	kinds = []int64{}
	if len(q.Filter.Types) > 0 {
		for kind, name := range names.All() {
			if t, ok := strings.CutPrefix(name, index.TypePrefix); ok && hasPrefix(t, q.Filter.Types) {
				kinds = append(kinds, kind)
			}
		}
		return kinds, true
	}
	for _, prefix := range q.Filter.Streams {
		category, ok := index.Category(prefix)
		if !ok {
			return nil, false
		}
		if kind := names.Kind(index.CategoryPrefix + category); kind != 0 && !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	return kinds, true
}

// skip adds the next events of the kinds to a page, and moves it over all between them.
func (a *All) skip(ctx context.Context, q *AllQuery, kinds []int64, end logfile.Place, page *AllPage) error {
	room := q.Limit - len(page.Events)
	targets, err := a.targets(ctx, kinds, logfile.PlaceOf(page.Next), room)
	if err != nil {
		return err
	}
	upTo := end
	if len(targets) >= room {
		targets = targets[:room]
		upTo = min(end, targets[room-1])
	}
	if i, _ := slices.BinarySearch(targets, end+1); i < len(targets) {
		targets = targets[:i]
	}
	events, err := a.pages.at(ctx, targets)
	if err != nil {
		return err
	}
	for i := range events {
		if q.keeps(&events[i]) {
			page.Events = append(page.Events, events[i])
		}
	}
	if n := len(events); n > 0 && n < len(targets) {
		upTo = logfile.PlaceOf(events[n-1].Position) // cut short: they are large
	}
	page.Next = upTo.Position()
	return nil
}

// skipBack is skip for a page that goes backwards from a place. It returns the place down to which
// everything was looked at.
func (a *All) skipBack(ctx context.Context, q *AllQuery, kinds []int64, from, end logfile.Place, page *AllPage) (logfile.Place, error) {
	room, down := q.Limit-len(page.Events), end
	var targets []logfile.Place
	err := a.pages.file.Read(ctx, func(c *sqlitex.Conn) error {
		for _, kind := range kinds {
			found, err := a.pages.memory.Links.Of(kind).Before(c, kind, from, room)
			if err != nil {
				return err
			}
			targets = append(targets, found...)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	slices.Sort(targets)
	targets = slices.Compact(targets)
	slices.Reverse(targets)
	if len(targets) >= room {
		targets = targets[:room]
		down = max(end, targets[room-1])
	}
	if i := slices.IndexFunc(targets, func(at logfile.Place) bool { return at < end }); i >= 0 {
		targets = targets[:i]
	}
	events, err := a.pages.at(ctx, targets)
	if err != nil {
		return 0, err
	}
	for i := range events {
		if q.keeps(&events[i]) {
			page.Events = append(page.Events, events[i])
		}
	}
	if n := len(events); n > 0 && n < len(targets) {
		down = logfile.PlaceOf(events[n-1].Position) // cut short: they are large
	}
	return down, nil
}

// targets returns where the links of the kinds lead beyond a place: the first so many of
// each kind, in order.
func (a *All) targets(ctx context.Context, kinds []int64, beyond logfile.Place, limit int) ([]logfile.Place, error) {
	var targets []logfile.Place
	err := a.pages.file.Read(ctx, func(c *sqlitex.Conn) error {
		for _, kind := range kinds {
			found, err := a.pages.memory.Links.Of(kind).Beyond(c, kind, beyond, limit)
			if err != nil {
				return err
			}
			targets = append(targets, found...)
		}
		return nil
	})
	slices.Sort(targets)
	return slices.Compact(targets), err
}
