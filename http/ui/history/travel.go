package history

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/projections/models/audithistory"
)

// place is a moment in an account's history: after a step, or at a time.
type place struct {
	Step int       // the last that had happened; 0: none had
	At   time.Time // in the zone of the page; zero: right after the step
}

// Text returns the place as an address has it: a time with its offset, since there is an hour in
// each year that comes twice.
func (p place) Text() string {
	if !p.At.IsZero() {
		return p.At.Format(time.RFC3339)
	}
	return strconv.Itoa(p.Step)
}

// Local returns the time of the place as a browser's field has it.
func (p place) Local() string { return p.At.Format(localTime) }

// Twin returns the other time that reads the same on the clock; the zero time if there is none.
func (p place) Twin() time.Time {
	if p.At.IsZero() {
		return time.Time{}
	}
	return twin(p.At)
}

// twin returns the other time that reads the same on the clock of its zone. There are two where
// the clock is put back.
func twin(at time.Time) time.Time {
	for _, back := range []time.Duration{30 * time.Minute, time.Hour, -30 * time.Minute, -time.Hour} {
		if other := at.Add(back); other.Format(localTime) == at.Format(localTime) {
			return other
		}
	}
	return time.Time{}
}

func (p place) before(other place) bool {
	if p.Step != other.Step || p.At.IsZero() || other.At.IsZero() {
		return p.Step < other.Step
	}
	return p.At.Before(other.At)
}

// localTime is how a browser's field for a time writes it, in the zone of the page.
const localTime = "2006-01-02T15:04"

// travel is what the address of a history asks: from where the account is seen, what it is
// compared with, and which lines are shown. It has a method for each address that the page
// leads to, since templates have no other way to ask for one; they change nothing.
type travel struct {
	values url.Values
	id     string
	marks  []audithistory.Mark
	zone   *time.Location // of the days and hours in the address

	Here    place
	Present bool // nobody asked for a moment: it is seen as it is now
	Pinned  *place
	Kind    catalog.Group // empty for all
	By      string        // an actor's id; empty for all
	From    string        // days, 2006-01-02; empty for all
	To      string
	Oldest  bool // first
	// canonical is the address with offsets, if the browser's field left them out.
	canonical string
	begin     int // the step with which the list begins; 0: the one that shows Here
}

// travelOf reads an address. What it does not understand is refused: a filter that is
// ignored would show more than was asked for.
func travelOf(r *http.Request, id string, marks []audithistory.Mark, zone *time.Location) (travel, error) {
	q := r.URL.Query()
	t := travel{values: q, id: id, marks: marks, zone: zone, Present: true, Here: place{Step: len(marks)}}
	ok := true
	number := func(name string) int {
		n, err := strconv.Atoi(q.Get(name))
		if q.Get(name) != "" && (err != nil || n < 0) {
			ok = false
		}
		return min(n, len(marks))
	}
	if q.Get("step") != "" {
		t.Here, t.Present = place{Step: number("step")}, false
	}
	if text := q.Get("at"); text != "" {
		at, valid := parseLocal(text, zone)
		t.Here, t.Present = t.placeAt(at), false
		ok = ok && valid
	}
	if text := q.Get("pin"); text != "" {
		pinned := place{}
		if at, valid := parseLocal(text, zone); valid {
			pinned = t.placeAt(at)
		} else {
			pinned.Step = number("pin")
		}
		t.Pinned = &pinned
	}
	t.canonical = t.withOffsets()
	t.begin = number("begin")
	t.Kind, t.By, t.From, t.To, t.Oldest = catalog.Group(q.Get("kind")), q.Get("by"), q.Get("from"), q.Get("to"), q.Get("order") == "oldest"
	for _, day := range []string{t.From, t.To} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			ok = false
		}
	}
	if t.Kind != "" && !t.Kind.Known() {
		ok = false
	}
	if !ok {
		return travel{}, problem.New(http.StatusBadRequest, "parameter-invalid")
	}
	return t, nil
}

// parseLocal reads a time as a browser's field writes it, a day (its end), or RFC 3339.
func parseLocal(text string, zone *time.Location) (time.Time, bool) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at.In(zone), true
	}
	if day, err := time.ParseInLocation(time.DateOnly, text, zone); err == nil {
		return day.AddDate(0, 0, 1).Add(-time.Second), true
	}
	for _, layout := range []string{localTime, localTime + ":05"} {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil {
			if other := twin(at); !other.IsZero() && other.Before(at) {
				at = other // the first of two; the page offers the second
			}
			return at, true
		}
	}
	return time.Time{}, false
}

// withOffsets returns the address with the offset of each time; it is empty if each has one.
func (t travel) withOffsets() string {
	var changes []string
	for name, p := range map[string]*place{"at": &t.Here, "pin": t.Pinned} {
		text := t.values.Get(name)
		if _, err := time.Parse(time.RFC3339, text); p == nil || text == "" || err == nil || p.At.IsZero() {
			continue
		}
		changes = append(changes, name, p.Text())
	}
	if len(changes) == 0 {
		return ""
	}
	return t.URL(changes...)
}

// AtTwin returns the address of the other time that reads the same on the clock.
func (t travel) AtTwin() string {
	return t.URL("at", t.Here.Twin().Format(time.RFC3339), "step", "", "begin", "")
}

// Backwards reports whether the pinned moment is the later of the two. The earlier one is always
// shown first.
func (t travel) Backwards() bool { return t.Compares() && t.Here.before(*t.Pinned) }

// First returns the earlier of the two moments that are compared, and Second the later.
func (t travel) First() place {
	if t.Backwards() {
		return t.Here
	}
	return *t.Pinned
}

// Second returns the later of the two moments that are compared.
func (t travel) Second() place {
	if t.Backwards() {
		return *t.Pinned
	}
	return t.Here
}

func (t travel) placeAt(at time.Time) place {
	p := place{At: at}
	for i, m := range t.marks {
		if !m.OccurredAt.After(at) {
			p.Step = i + 1
		}
	}
	return p
}

// before returns the place from which the step led here.
func (t travel) before() place { return place{Step: max(0, t.Here.Step-1)} }

// point returns a place as the API has it. The present is seen at the present time.
func (t travel) point(p place, now time.Time) answers.Point {
	if p.Step == 0 {
		return answers.Point{}
	}
	point := answers.Point{Through: eventstore.AtCommit(uint64(t.marks[p.Step-1].Position)), At: p.At}
	if t.Present && p == t.Here {
		point.At = now
	}
	return point
}

// Compares reports whether two moments are set beside each other.
func (t travel) Compares() bool { return t.Pinned != nil }

// Undecided reports whether a moment was pinned and no other chosen yet.
func (t travel) Undecided() bool { return t.Compares() && t.Pinned.Step == t.Here.Step }

// TotalSteps returns how many steps there are.
func (t travel) TotalSteps() int { return len(t.marks) }

// When returns when a step happened; the zero time before the first.
func (t travel) When(step int) time.Time {
	if step < 1 || step > len(t.marks) {
		return time.Time{}
	}
	return t.marks[step-1].OccurredAt
}

// Previous returns the address of the step before this one; it is empty at the first.
func (t travel) Previous() string {
	if t.Here.Step < 1 {
		return ""
	}
	return t.ToStep(t.Here.Step - 1)
}

// Next returns the address of the step after this one; it is empty at the last.
func (t travel) Next() string {
	if t.Here.Step >= len(t.marks) {
		return ""
	}
	return t.ToStep(t.Here.Step + 1)
}

// ToStep returns the address of a step, with the filters as they are.
func (t travel) ToStep(step int) string {
	return t.URL("step", strconv.Itoa(step), "at", "", "begin", "")
}

// Now returns the address of the account as it is now.
func (t travel) Now() string { return t.URL("step", "", "at", "", "begin", "") }

// Pin returns the address that keeps this moment to compare others with.
func (t travel) Pin() string { return t.URL("pin", t.Here.Text(), "begin", "") }

// Unpin returns the address without the comparison.
func (t travel) Unpin() string { return t.URL("pin", "", "begin", "") }

// URL returns the address with some parameters changed: names and values in turn, an empty
// value takes the name away.
func (t travel) URL(changes ...string) string {
	return addressOf("/accounts/"+t.id+"/history", t.values, changes...)
}

// Hidden returns the parameters that a form about one of them has to keep.
func (t travel) Hidden(without ...string) map[string]string {
	kept := map[string]string{}
	for _, name := range []string{"step", "at", "pin", "kind", "by", "from", "to", "order"} {
		if value := t.values.Get(name); value != "" && !slices.Contains(without, name) {
			kept[name] = value
		}
	}
	return kept
}

func addressOf(path string, values url.Values, changes ...string) string {
	changed := url.Values{}
	for name := range values {
		if values.Get(name) != "" {
			changed.Set(name, values.Get(name))
		}
	}
	for i := 0; i+1 < len(changes); i += 2 {
		changed.Del(changes[i])
		if changes[i+1] != "" {
			changed.Set(changes[i], changes[i+1])
		}
	}
	if len(changed) == 0 {
		return path
	}
	return path + "?" + changed.Encode()
}
