package eventstore

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"

	"sleutelbos/internal/storedjson"
)

// Registry knows every name ever stored and its Go type, unique both ways. An unknown
// name is an error everywhere, never a skip.
type Registry struct {
	byName map[string]*kind
	byType map[reflect.Type]*kind // what is written today
	ours   map[string]bool        // the categories of our streams

	openers sync.Pool // of *opener
	lost    lost
	passes  atomic.Pointer[Passes] // nil: nothing is passed over
}

// kind is one stored name.
type kind struct {
	name     string
	version  int
	goType   reflect.Type // as folds see it, after upcasting
	stored   reflect.Type // as it is in the log
	personal []member     // of the type as stored
	shown    []member     // the personal members of the type as folds see it
	account  int          // index of the member account_id as stored, -1 if there is none
	layout   *layout      // of the type as stored; nil if only the general decoder reads it
	decode   func(data []byte, o *opener) (any, error)
}

type member struct {
	index int
	name  string
}

// NewRegistry returns an empty registry.
func NewRegistry() *Registry {
	return &Registry{
		byName: map[string]*kind{}, byType: map[reflect.Type]*kind{}, ours: map[string]bool{},
		openers: sync.Pool{New: func() any { return &opener{} }},
	}
}

// Own says that streams of a category are ours, the part of their names before the first dash. The
// aggregates of the registered names are so by themselves.
func (r *Registry) Own(categories ...string) {
	for _, category := range categories {
		r.ours[category] = true
	}
}

// Owns says whether a stream is ours. In one of others anything may stand: it is neither read nor
// verified. What stands in ours and is not known is a fault.
func (r *Registry) Owns(stream string) bool {
	category, _, _ := strings.Cut(stream, "-")
	return r.ours[category]
}

var storedName = regexp.MustCompile(`^[a-z]+\.[a-z_]+\.v([1-9][0-9]*)$`)

// Register gives a Go type its stored name, "aggregate.past-tense.vN". String members
// tagged `personal:"yes"` are stored sealed under the key of the event's subject. It
// panics on a name or type given twice: that is a fault of the program, found at start.
func Register[E any](r *Registry, name string) {
	k := newKind[E](r, name)
	if _, ok := r.byType[k.goType]; ok {
		panic("eventstore: two stored names for " + k.goType.String())
	}
	k.decode = reader(k, func(e E) any { return e })
	r.byType[k.goType] = k
}

// Upcast reads a name that is no longer written: Old as it was stored, New as it is today.
func Upcast[Old, New any](r *Registry, name string, up func(Old) New) {
	k := newKind[Old](r, name)
	k.goType = reflect.TypeFor[New]()
	k.shown = personalMembers(k.goType)
	k.decode = reader(k, func(old Old) any { return up(old) })
}

// reader returns how to read a kind. What the members are read into is used again; the
// event is a copy of it.
func reader[Stored any](k *kind, today func(Stored) any) func(data []byte, o *opener) (any, error) {
	spare := sync.Pool{New: func() any { return new(Stored) }}
	return func(data []byte, o *opener) (any, error) {
		stored := spare.Get().(*Stored)
		defer func() {
			var none Stored
			*stored = none
			spare.Put(stored)
		}()
		if err := k.read(data, stored, reflect.ValueOf(stored).Elem(), o); err != nil {
			return nil, err
		}
		return today(*stored), nil
	}
}

// read fills the event and opens its personal members.
func (k *kind) read(data []byte, event any, v reflect.Value, o *opener) error {
	if k.layout == nil || !k.layout.read(data, v) {
		v.SetZero()
		if err := storedjson.Unmarshal(data, event); err != nil {
			return err
		}
	}
	o.subject = k.subject(o.stream, v)
	if o.keys == nil || o.may != nil && !o.may(o.subject) {
		return nil
	}
	for _, m := range k.personal {
		field := v.Field(m.index)
		if field.String() == "" {
			continue
		}
		plain, err := o.open(field.String(), m.name)
		if err != nil {
			return err
		}
		field.SetString(plain)
	}
	return nil
}

func newKind[Stored any](r *Registry, name string) *kind {
	match := storedName.FindStringSubmatch(name)
	if match == nil {
		panic("eventstore: not a stored name: " + name)
	}
	if _, ok := r.byName[name]; ok {
		panic("eventstore: stored name registered twice: " + name)
	}
	version, err := strconv.Atoi(match[1])
	if err != nil {
		panic("eventstore: not a version: " + name)
	}
	k := &kind{name: name, version: version, goType: reflect.TypeFor[Stored](), stored: reflect.TypeFor[Stored](), account: -1}
	k.layout = layoutOf(k.goType)
	for i := range k.stored.NumField() {
		if jsonName(k.stored.Field(i)) == "account_id" {
			k.account = i
		}
	}
	k.personal = personalMembers(k.stored)
	k.shown = k.personal
	r.byName[name] = k
	aggregate, _, _ := strings.Cut(name, ".")
	r.Own(aggregate)
	return k
}

func jsonName(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	return name
}

// personalMembers returns the members of a type that are tagged as personal. It panics on one
// that is no string: only a string can be sealed.
func personalMembers(t reflect.Type) []member {
	var personal []member
	for i := range t.NumField() {
		field := t.Field(i)
		if field.Tag.Get("personal") == "" {
			continue
		}
		if field.Type.Kind() != reflect.String {
			panic("eventstore: only a string can be personal: " + t.String() + " " + field.Name)
		}
		personal = append(personal, member{i, jsonName(field)})
	}
	return personal
}

// Names returns every stored name, sorted.
func (r *Registry) Names() []string {
	names := make([]string, 0, len(r.byName))
	for name := range r.byName {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// TypeOf returns the Go type that folds see for a stored name; false if it is unknown.
func (r *Registry) TypeOf(name string) (reflect.Type, bool) {
	k, ok := r.byName[name]
	if !ok {
		return nil, false
	}
	return k.goType, true
}

// StoredTypeOf returns the Go type of what is in the log under a stored name; false if it
// is unknown. It differs from TypeOf's for a name that is no longer written.
func (r *Registry) StoredTypeOf(name string) (reflect.Type, bool) {
	k, ok := r.byName[name]
	if !ok {
		return nil, false
	}
	return k.stored, true
}

// NameOf returns the stored name under which values of a type are written today.
func (r *Registry) NameOf(t reflect.Type) (string, bool) {
	k, ok := r.byType[t]
	if !ok {
		return "", false
	}
	return k.name, true
}

// PersonalMembers returns the JSON names of the sealed members of a stored name, as the log has
// them.
func (r *Registry) PersonalMembers(name string) []string {
	if k, ok := r.byName[name]; ok {
		return namesOf(k.personal)
	}
	return nil
}

// PersonalMembersToday returns the JSON names of the personal members that folds see in an event
// of a stored name. They differ from PersonalMembers for a name that is no longer written.
func (r *Registry) PersonalMembersToday(name string) []string {
	if k, ok := r.byName[name]; ok {
		return namesOf(k.shown)
	}
	return nil
}

func namesOf(members []member) []string {
	var names []string
	for _, m := range members {
		names = append(names, m.name)
	}
	return names
}

// UnknownEventError says that a stored name is not in the registry: this program is older
// than the log, or something else wrote into it.
type UnknownEventError struct {
	Type     string
	Stream   string
	Revision int64
	Position Position
	ID       uuid.UUID
}

func (e *UnknownEventError) Error() string {
	return fmt.Sprintf("the event %s at %s revision %d (position %s) is unknown to this program: %s", e.Type, e.Stream, e.Revision, e.Position, WayOn(nil, e.Position, e.ID))
}

// WayOn says what to do about an event that this program can't read, and why it can't.
func WayOn(why error, position Position, id uuid.UUID) string {
	first := "run the version that wrote it"
	if errors.Is(why, ErrChanged) {
		first = "put back a log in which it was not changed"
	}
	return fmt.Sprintf(`%s; or, if nobody needs it, let every reader pass over it with "sleutelbos events pass --position %s --id %s --reason …"`, first, position, id)
}

// Record is an event as readers see it: where and when it was stored, and its envelope.
type Record struct {
	Recorded
	Envelope Envelope
	// Subject is whose personal values the event has: the stream of an account or a person, or the
	// account of another aggregate's event, as AccountSubject names one; else empty.
	Subject string
	// Unreadable says that a personal member could not be read, and stands as Unreadable.
	Unreadable bool
}

// AccountID returns the account that the event concerns; empty if it concerns none.
func (r Record) AccountID() string {
	id, isAccount := strings.CutPrefix(r.Subject, accountStreams)
	if !isAccount {
		return ""
	}
	return id
}

// AggregateID returns the part of the stream's name behind the category.
func (r Record) AggregateID() string {
	_, id, _ := strings.Cut(r.Stream, "-")
	return id
}

// Decode returns the event in its Go type of today, its personal members opened, or with what
// Shown puts in place of what nobody can read. Errors: *UnknownEventError, ErrUnhashed,
// ErrChanged, ErrPassedOver, *PassesError, those of Keys that pass.
func (r *Registry) Decode(ctx context.Context, keys Keys, rec Recorded) (any, Record, error) {
	return r.read(ctx, rec, reading{keys: keys})
}

// DecodeFor is Decode for a reader who may see the personal members of some events only. may says so
// of an event's record, whose envelope is still sealed; where it says no, they stay sealed.
func (r *Registry) DecodeFor(ctx context.Context, keys Keys, rec Recorded, may func(Record) bool) (any, Record, error) {
	return r.read(ctx, rec, reading{keys: keys, may: may})
}

// DecodeSealed returns the event with its personal members still sealed, for who counts,
// indexes or passes on events without a need to know names.
func (r *Registry) DecodeSealed(rec Recorded) (any, Record, error) {
	return r.read(context.Background(), rec, reading{}) // nothing is opened, so nothing is asked for
}

// PassedOver says whether an event is passed over. Errors: *PassesError.
func (r *Registry) PassedOver(ctx context.Context, rec Recorded) (bool, error) {
	return r.passes.Load().Over(ctx, rec)
}

// Follow returns the tail behind an event, and says whether the event is passed over; see
// Passes.Follow.
func (r *Registry) Follow(ctx context.Context, tail Tail, rec Recorded) (next Tail, over bool, err error) {
	return r.passes.Load().Follow(ctx, tail, rec)
}

// Readable says whether this program can read an event as it is stored.
func (r *Registry) Readable(rec Recorded) bool {
	_, _, err := r.decode(context.Background(), rec, reading{}) // nothing is opened, so nothing is asked for
	return err == nil
}

// reading says how an event is read.
type reading struct {
	keys     Keys              // nil leaves its personal members sealed
	may      func(Record) bool // whether they are opened; nil for always
	followed bool              // it followed another in the chain, and was compared with its hash then
}

// read is decode for all but what is passed over.
func (r *Registry) read(ctx context.Context, rec Recorded, how reading) (any, Record, error) {
	passes := r.passes.Load()
	if passes.Known(rec) {
		return nil, Record{}, ErrPassedOver
	}
	event, record, err := r.decode(ctx, rec, how)
	if err == nil {
		return event, record, nil
	}
	switch over, unknown := passes.Over(ctx, rec); {
	case unknown != nil:
		err = unknown
	case over:
		err = ErrPassedOver
	}
	return nil, Record{}, err
}

// decode returns an event and its record.
func (r *Registry) decode(ctx context.Context, rec Recorded, how reading) (any, Record, error) {
	k, ok := r.byName[rec.Type]
	if !ok {
		return nil, Record{}, &UnknownEventError{rec.Type, rec.Stream, rec.Revision, rec.Position, rec.ID}
	}
	o := r.openers.Get().(*opener)
	o.ctx, o.keys, o.stream, o.typ = ctx, how.keys, rec.Stream, rec.Type
	defer func() {
		o.forget()
		r.openers.Put(o)
	}()
	if !how.followed {
		var err error
		if o.hashed, err = held(rec, o.hashed); err != nil {
			return nil, Record{}, fmt.Errorf("read %s at %s revision %d (position %s): %w; %s", rec.Type, rec.Stream, rec.Revision, rec.Position, err, WayOn(err, rec.Position, rec.ID))
		}
	}
	envelope, err := decodeEnvelope(rec.Metadata)
	if err != nil {
		return nil, Record{}, fmt.Errorf("read %s at %s revision %d: %w", rec.Type, rec.Stream, rec.Revision, err)
	}
	if how.may != nil {
		o.may = asking(how.may, rec, envelope)
	}
	event, err := k.decode(rec.Data, o)
	if o.asked() {
		r.lost.note(o.subject, o.unreadable)
	}
	if err != nil {
		return nil, Record{}, fmt.Errorf("read %s at %s revision %d: %w", rec.Type, rec.Stream, rec.Revision, err)
	}
	return event, Record{Recorded: rec, Envelope: envelope, Subject: o.subject, Unreadable: o.unreadable}, nil
}

// asking returns what is asked once the subject of an event is known.
func asking(may func(Record) bool, rec Recorded, envelope Envelope) func(subject string) bool {
	return func(subject string) bool {
		return may(Record{Recorded: rec, Envelope: envelope, Subject: subject})
	}
}

func (k *kind) subject(stream string, v reflect.Value) string {
	if strings.HasPrefix(stream, accountStreams) || strings.HasPrefix(stream, personStreams) {
		return stream
	}
	if k.account >= 0 && v.Field(k.account).String() != "" {
		return AccountSubject(v.Field(k.account).String())
	}
	return ""
}

// encode returns the stored form of an event: its kind, subject, and JSON with the
// personal members sealed.
func (r *Registry) encode(ctx context.Context, keys Keys, stream string, event any) (*kind, string, []byte, error) {
	k, ok := r.byType[reflect.TypeOf(event)]
	if !ok {
		return nil, "", nil, fmt.Errorf("encode an event: %T has no stored name", event)
	}
	sealed := reflect.New(k.goType).Elem()
	sealed.Set(reflect.ValueOf(event))
	subject := k.subject(stream, sealed)
	for _, m := range k.personal {
		field := sealed.Field(m.index)
		if field.String() == "" {
			continue
		}
		if subject == "" {
			return nil, "", nil, fmt.Errorf("encode %s: it has personal data and no subject", k.name)
		}
		if Lost(field.String()) { // what stands in place of a value must not become one
			return nil, "", nil, fmt.Errorf("encode %s: its %s was read as %s: %w", k.name, m.name, field.String(), ErrKeyDamaged)
		}
		value, err := seal(ctx, keys, subject, field.String(), stream, k.name, m.name)
		if err != nil {
			return nil, "", nil, err
		}
		field.SetString(value)
	}
	data, err := storedjson.Marshal(sealed.Addr().Interface())
	if err != nil {
		return nil, "", nil, fmt.Errorf("encode %s: %w", k.name, err)
	}
	return k, subject, data, nil
}
