package catalog

import (
	"reflect"
	"strconv"
	"strings"

	"sleutelbos/eventstore"
)

// Aggregate is a kind of thing, with what can happen to it.
type Aggregate struct {
	Name   string // the beginning of its events' stored names
	Says   Says   // its name on the pages
	IDs    IDs
	Events []Event
}

// IDs says whether the things of an aggregate have ids of their own.
type IDs int

// Things with their own ids live in streams named aggregate-id, and can be looked for by
// their id. The streams of the others are named after something else.
const (
	OwnIDs IDs = iota + 1
	NoIDs
)

// Event is a stored name.
type Event struct {
	Name string
	Type reflect.Type // as folds see it
	About
	Before   bool // it is no longer written
	register func(*eventstore.Registry)
}

// Pattern returns what a filter asks for to find the event whichever way it was stored: its name,
// or the part that all its names have and "*".
func (e Event) Pattern() string {
	if len(everything.names[e.Type]) == 1 {
		return e.Name
	}
	return e.Name[:strings.LastIndexByte(e.Name, '.')+1] + "*"
}

// About is what is said about an event. What it leaves out is named by the error that stops
// the program.
type About struct {
	Says    Says       // what happened, behind the name of who did it; {member} stands for its value, a part in brackets falls away with it
	Will    Says       // what a preview says beforehand; empty where the command's own page says it
	Group   Group      // what readers of the history look for together
	Icon    string     // a picture of the pages
	Turns   Turn       // the fact that the event's name alone changes
	Takes   string     // the member whose value the thing no longer has; a history shows it as an old value
	Repeats []string   // the members that tell values which stay as they were; a history shows no change of them
	Public  Visibility // who gets it from the feed
	NEN7513 Action     // what it is in that norm
}

// Says is a sentence, or a part of one, in every language.
type Says struct{ NL, EN string }

// Visibility says who gets an event from the feed, apart from those who may see everything.
type Visibility int

const (
	// Yes gives the event to whoever may read the events of its organization or account.
	Yes Visibility = iota + 1
	// WithoutDecider does the same, but tells who acted only to those who may see who decides.
	WithoutDecider
)

// Action is the code of NEN 7513 and RFC 3881 for what somebody did. Of what is only looked at,
// nothing but secrets is recorded.
type Action string

// The actions.
const (
	Create  Action = "C"
	Read    Action = "R"
	Update  Action = "U"
	Delete  Action = "D"
	Execute Action = "E"
)

// Turn is a fact that an event changes by its name alone. An event whose members show no
// value must say one, or Nothing().
type Turn struct {
	Fact     string // its name in the history, in the stored manner
	Old, New string
}

// Nothing returns the turn of an event that changes no fact which a history could show.
func Nothing() Turn { return Turn{Old: "nothing", New: "nothing"} }

// Turns returns the turn that makes a fact true or false.
func Turns(fact string, to bool) Turn {
	return Turn{Fact: fact, Old: strconv.FormatBool(!to), New: strconv.FormatBool(to)}
}

func aggregate(name string, says Says, ids IDs, events ...Event) Aggregate {
	return Aggregate{Name: name, Says: says, IDs: ids, Events: events}
}

// event is the line of an event that is written today.
func event[E any](name string, about About) Event {
	return Event{
		Name: name, Type: reflect.TypeFor[E](), About: about,
		register: func(r *eventstore.Registry) { eventstore.Register[E](r, name) },
	}
}

// before is the line of a name that is no longer written: an event of Old reads as one of New,
// and all that is said about it is said about that.
func before[Old, New any](name string, up func(Old) New) Event {
	return Event{
		Name: name, Type: reflect.TypeFor[New](), Before: true,
		register: func(r *eventstore.Registry) { eventstore.Upcast(r, name, up) },
	}
}

// Bookkeeping reports whether an event only keeps names unique. The reason of the deed that it is
// part of stands with the deed.
func (e Event) Bookkeeping() bool { return strings.HasPrefix(e.Name, "reservation.") }
