package persistent

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dlclark/regexp2"
	"golang.org/x/time/rate"

	"sleutelbos/eventstore"
)

// Limits of a filter, so that a client cannot make every event expensive.
const (
	maxPattern   = 4096
	maxPrefixes  = 1000
	matchTimeout = 100 * time.Millisecond

	// What backtracking may take of a processor, in microseconds: a second at once, then a quarter.
	backtrackAtOnce = 1_000_000
	backtrackShare  = 250_000 // of each second
	backtrackAgain  = time.Minute
)

// backtracking lets one expression at a time backtrack, however many clients bring one: the
// program keeps its other processors.
var backtracking sync.Mutex

// Filter says which events of $all a subscription wants: those whose stream or type begins
// with one of the prefixes, or matches a regular expression as .NET writes them.
type Filter struct {
	ByType   bool     `json:"by_type"` // about event types, else about stream names
	Regex    string   `json:"regex,omitempty"`
	Prefixes []string `json:"prefixes,omitempty"` // meaningless beside a Regex
}

// String returns the filter in words.
func (f Filter) String() string {
	about := "streams"
	if f.ByType {
		about = "types"
	}
	if f.Regex != "" {
		return about + " matching " + f.Regex
	}
	return about + " beginning with " + strings.Join(f.Prefixes, ", ")
}

// Matcher is a filter ready for use.
type Matcher struct {
	// Prefixes is the part that the log does by index.
	Prefixes eventstore.Filter
	matches  func(string) bool
	byType   bool
	slow     *atomic.Int64 // when it may be tried again, as it took too long; 0 if it did not
}

// InvalidError says in a sentence what is wrong with a request.
type InvalidError struct{ Problem string }

func (e *InvalidError) Error() string { return e.Problem }

// Compile checks a filter and makes it ready. Its error is *InvalidError.
func (f Filter) Compile() (Matcher, error) {
	m := Matcher{byType: f.ByType, slow: new(atomic.Int64)}
	switch {
	case len(f.Regex) > maxPattern:
		return Matcher{}, &InvalidError{"The filter's regular expression is too long."}
	case f.Regex != "":
		return m, m.compile(f.Regex)
	case len(f.Prefixes) == 0:
		return Matcher{}, &InvalidError{"A filter needs a regular expression or prefixes."}
	case len(f.Prefixes) > maxPrefixes:
		return Matcher{}, &InvalidError{"The filter has too many prefixes."}
	case f.ByType:
		m.Prefixes.Types = f.Prefixes
	default:
		m.Prefixes.Streams = f.Prefixes
	}
	return m, nil
}

// compile takes .NET's expressions, which match by backtracking, within a time limit. RE2
// matches in linear time, and means the same for most expressions and names.
func (m *Matcher) compile(pattern string) error {
	simple, _ := regexp.Compile(pattern) // nil for what only .NET knows
	full, err := regexp2.Compile(pattern, regexp2.None)
	switch {
	case full == nil && simple == nil:
		return &InvalidError{fmt.Sprintf("The filter's regular expression is wrong: %v", err)}
	case full == nil:
		m.matches = simple.MatchString
		return nil
	}
	full.MatchTimeout = matchTimeout
	effort := rate.NewLimiter(backtrackShare, backtrackAtOnce)
	alike := simple != nil && !foreignClass(pattern)
	m.matches = func(s string) bool {
		if alike && printable(s) {
			return simple.MatchString(s)
		}
		return m.backtrack(full, effort, s)
	}
	return nil
}

// backtrack matches as .NET does. Once that took too long it is not tried again for a while: the
// next events would take as long, and whoever asked is told by Err.
func (m *Matcher) backtrack(full *regexp2.Regexp, effort *rate.Limiter, s string) bool {
	if m.slow.Load() != 0 {
		return false
	}
	backtracking.Lock()
	defer backtracking.Unlock()
	begin := time.Now()
	ok, err := full.MatchString(s)
	now := time.Now()
	if err != nil || !effort.AllowN(now, int(now.Sub(begin).Microseconds())) {
		m.slow.Store(now.Add(backtrackAgain).UnixNano())
		return false
	}
	return ok
}

// foreignClass says whether an expression may hold a class that RE2 reads in another way:
// [a-z-[b]], which leaves something out, or [[:alpha:]], which .NET doesn't know.
func foreignClass(pattern string) bool {
	return strings.Contains(pattern, "-[") || strings.Contains(pattern, "[:")
}

// printable says whether a name is ASCII without control characters. For other names RE2
// decides differently: é is no \w, and $ does not match before a last newline.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// Match returns the part of the filter that the log cannot do by index; nil if the log does
// all of it.
func (m Matcher) Match() func(stream, eventType string) bool {
	switch {
	case m.matches == nil:
		return nil
	case m.byType:
		return func(_, eventType string) bool { return m.matches(eventType) }
	default:
		return func(stream, _ string) bool { return m.matches(stream) }
	}
}

// Err returns the reason if Match could not decide for some event since the last call without an
// error. What was read in between may lack events.
func (m Matcher) Err() error {
	if m.slow == nil {
		return nil
	}
	again := m.slow.Load()
	if again == 0 {
		return nil
	}
	if time.Now().UnixNano() >= again {
		m.slow.Store(0) // for what is read from now on
	}
	return &InvalidError{"The filter's regular expression took too long."}
}
