package audit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"sleutelbos/eventstore"
)

// ErrNotAsSealed says that the log is not what the last seal says, so it may not be sealed
// again. Verify finds what is wrong.
var ErrNotAsSealed = errors.New("the log is not as it was sealed; verify it")

// maxEnds is how many ends of streams one seal names. If more streams grew, several seals are made.
// A store that refuses such an event for its size gets smaller ones: how much it takes is its own
// setting.
const maxEnds = 3000

// Sealer seals a log. Several processes may do so at the same time, each with a folder of
// its own and the same key.
type Sealer struct {
	Journal eventstore.Journal // its registry knows Sealed as SealedName
	Dir     string             // the data folder; notes go to seals/ in it
	Key     Key
	Now     func() time.Time // default time.Now
	Log     *slog.Logger     // default slog.Default
	// Away says whether the log is known to be out of reach. Then a stop hardly waits for a last seal.
	// It may be nil.
	Away func() (since time.Time, away bool)

	mu   sync.Mutex
	tree tree                // over all up to last
	last eventstore.Position // of the last event in the tree
	tail sealTail            // where the next seal goes
	most int                 // ends in one seal; 0 for maxEnds
}

// lastWithin bounds the seal at the stop, and thereWithin how long a log that was out of reach has to
// show that it is there again.
const (
	lastWithin  = 10 * time.Second
	thereWithin = time.Second
)

// Finish seals the end of the log at the stop. Nobody else does, so it says also of a time that was over
// that it was not done.
func (s *Sealer) Finish(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lastWithin)
	defer cancel()
	err := s.there(ctx)
	if err == nil {
		_, err = s.Seal(ctx)
	}
	if err != nil {
		s.logger().ErrorContext(ctx, "the end of the log was not sealed at the stop; the next start seals it", "error", err)
	}
}

// there returns an error if the log is out of reach. That it was so a moment ago says little: a command
// that the stop cut off counts as that, too.
func (s *Sealer) there(ctx context.Context) error {
	if s.Away == nil {
		return nil
	}
	if _, away := s.Away(); !away {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, thereWithin)
	defer cancel()
	_, err := s.Journal.Store.Head(ctx)
	return err
}

func (s *Sealer) logger() *slog.Logger {
	if s.Log == nil {
		return slog.Default()
	}
	return s.Log
}

// Seal seals what is new since the last seal, and returns the seals that it made: none if
// nothing is new. Errors: ErrNotAsSealed; *eventstore.ConflictError if another process sealed at
// the same moment; ErrKeyLost; those of the store.
func (s *Sealer) Seal(ctx context.Context) ([]Sealed, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Key.Lost() {
		return nil, ErrKeyLost
	}
	if err := os.MkdirAll(s.notes(), 0o700); err != nil {
		return nil, fmt.Errorf("seal the log: %w", err)
	}
	known, err := verifiers([]string{s.Key.Public})
	if err != nil {
		return nil, err
	}
	made, err := s.sealAfter(ctx, known, nil)
	for newer, ok := errors.AsType[*newerSeal](err); ok; newer, ok = errors.AsType[*newerSeal](err) {
		made, err = s.sealAfter(ctx, known, &newer.record)
	}
	if err != nil {
		s.tree, s.last = tree{}, eventstore.Position{} // what was added and not sealed is read again
		return made, fmt.Errorf("seal the log: %w", err)
	}
	return made, s.remember()
}

// sealAfter seals what is new since the last seal, which is no older than one that was met.
func (s *Sealer) sealAfter(ctx context.Context, known note.Verifiers, met *eventstore.Recorded) (made []Sealed, err error) {
	if err := s.catchUp(ctx, known, met); err != nil {
		return nil, err
	}
	for {
		made, err = s.sealRest(ctx, made)
		large, ok := errors.AsType[*tooLargeError](err)
		if !ok || large.ends == 1 {
			return made, err
		}
		s.most = large.ends / 2 //nolint:mnd // a seal of half as many ends
	}
}

// tooLargeError says that the store refused a seal of so many ends for its size.
type tooLargeError struct {
	ends int
	error
}

// Unwrap returns what the store said.
func (e *tooLargeError) Unwrap() error { return e.error }

// sealRest seals what lies behind the last seal, and adds the seals to those made before. After a
// *tooLargeError the tree is that of the last seal again.
func (s *Sealer) sealRest(ctx context.Context, made []Sealed) ([]Sealed, error) {
	ends, position := map[string]end{}, s.last
	before := s.tree.copied()
	seal := func() error {
		sealed, err := s.append(ctx, checkpoint{size: s.tree.size, root: s.tree.root(), position: position, ends: ends})
		if errors.Is(err, eventstore.ErrTooLarge) {
			return &tooLargeError{len(ends), err}
		}
		if err == nil {
			made, ends, s.last, before = append(made, sealed), map[string]end{}, position, s.tree.copied()
		}
		return err
	}
	most := maxEnds
	if s.most > 0 {
		most = s.most
	}
	var newer *eventstore.Recorded
	whole := false // whether all is known of the rest that speaks against a seal
	err := s.each(ctx, position, func(r eventstore.Recorded) error {
		if isSeal(r) {
			over, err := s.Journal.Registry.PassedOver(ctx, r)
			if err != nil {
				return err
			}
			if !over && r.Position.After(s.tail.position) {
				newer = &r
			}
			return nil
		}
		if _, listed := ends[r.Stream]; !listed && len(ends) == most && newer == nil {
			if err := s.nothingNewer(ctx, position, &whole); err != nil {
				return err
			}
			if err := seal(); err != nil {
				return err
			}
		}
		hash := eventstore.HashOf(r)
		s.tree.add(hash)
		ends[r.Stream], position = end{r.Revision, hash}, r.Position
		return nil
	})
	if err == nil && newer != nil {
		err = &newerSeal{*newer}
	}
	if err == nil && len(ends) > 0 {
		err = seal()
	}
	if err != nil {
		s.tree = before
	}
	return made, err
}

// nothingNewer returns a *newerSeal if one lies ahead, for which it looks once.
func (s *Sealer) nothingNewer(ctx context.Context, position eventstore.Position, known *bool) error {
	if *known {
		return nil
	}
	newer, err := s.newerThan(ctx, position)
	if err == nil && newer != nil {
		err = &newerSeal{*newer}
	}
	*known = err == nil
	return err
}

// each calls do with every event after a position.
func (s *Sealer) each(ctx context.Context, beyond eventstore.Position, do func(eventstore.Recorded) error) error {
	for r, err := range s.Journal.Store.ReadAll(ctx, beyond, eventstore.Forwards, eventstore.Filter{}) {
		if err != nil {
			return err
		}
		if err := do(r); err != nil {
			return err
		}
	}
	return nil
}

// append writes the seal into the log and then its note outside. A crash between the two
// leaves a seal without a note, and catchUp writes the note. The other way around, the note
// would say that the log has lost a seal.
func (s *Sealer) append(ctx context.Context, c checkpoint) (Sealed, error) {
	at := s.time()
	c.stream = max(StreamPrefix+at.Format(monthly), s.tail.stream) // also if the clock was set back
	tail, err := s.Journal.TailOf(ctx, c.stream)
	if err != nil {
		return Sealed{}, err
	}
	// Another process may have sealed since catchUp.
	if c.revision = s.tail.after[c.stream]; tail.Next != c.revision {
		return Sealed{}, &eventstore.ConflictError{Stream: c.stream, Expected: eventstore.Expected(c.revision - 1), Actual: tail.Next - 1}
	}
	signed, err := c.sign(s.Key)
	if err != nil {
		return Sealed{}, err
	}
	sealed := Sealed{
		Size: c.size, Position: c.position.String(), Root: c.root.String(), Streams: len(c.ends), Note: Note(signed),
	}
	id := uuid.NewSHA1(uuid.NameSpaceOID, []byte(signed))
	envelope := eventstore.Envelope{
		Actor: eventstore.Actor{Kind: eventstore.ActorSystem, ID: "audit"}, Origin: eventstore.Origin{Channel: "system"},
		CommandID: id.String(), CorrelationID: id.String(), OccurredAt: at,
	}
	written, err := s.Journal.Append(ctx, c.stream, tail, envelope, eventstore.Draft{ID: id, Event: sealed})
	if err != nil {
		return Sealed{}, err
	}
	s.tail = sealTail{c.stream, map[string]int64{c.stream: c.revision + 1}, written.Position}
	return sealed, s.write(sealed)
}

func (s *Sealer) time() time.Time {
	if s.Now == nil {
		return time.Now().UTC()
	}
	return s.Now().UTC()
}

// sealTail is the place of the newest seal known. Each month has a stream of its own.
type sealTail struct {
	stream   string
	after    map[string]int64    // the next revision of the streams whose end was looked at
	position eventstore.Position // of the seal
}

func (s *Sealer) notes() string { return notesOf(s.Dir) }

// write writes the note outside the log. It does not replace one that is signed. One that is not
// proves nothing, so it is set aside, for whoever wants to know what became of it.
func (s *Sealer) write(sealed Sealed) error {
	path := notePath(s.Dir, sealed.Size)
	there, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return fmt.Errorf("read the note of a seal: %w", err)
	case Note(there) == sealed.Note:
		return nil
	case s.signed(there):
		return fmt.Errorf("%s differs from the seal in the log: %w", path, ErrNotAsSealed)
	default:
		aside := path + ".damaged"
		if err := os.Rename(path, aside); err != nil {
			return fmt.Errorf("set the damaged note of a seal aside: %w", err)
		}
		s.logger().Error("the note of a seal outside the log was damaged; it was set aside, and written again from the log", "file", aside)
	}
	return writeFile(path, []byte(sealed.Note), 0o600)
}

// signed says whether a note carries our signature.
func (s *Sealer) signed(text []byte) bool {
	known, err := verifiers([]string{s.Key.Public})
	if err != nil {
		return false
	}
	_, err = note.Open(text, known)
	return err == nil
}

// catchUp brings the tree to the last seal in the log. It takes the tree from memory or from
// the file of remember, or reads the log from its start.
func (s *Sealer) catchUp(ctx context.Context, known note.Verifiers, met *eventstore.Recorded) error {
	sealed, tail, found, err := s.lastSeal(ctx, met)
	if err != nil {
		return err
	}
	s.tail = tail
	if err := s.noNewerOutside(sealed.Size); err != nil {
		return err
	}
	if !found {
		s.tree, s.last = tree{}, eventstore.Position{}
		return nil
	}
	c, err := openNote(string(sealed.Note), known)
	if err != nil {
		return fmt.Errorf("the last seal in the log: %w: %w", err, ErrNotAsSealed)
	}
	if err := s.write(sealed); err != nil {
		return err
	}
	if s.at(c) {
		return nil
	}
	if s.recall(); s.at(c) {
		s.last, err = lastSealed(ctx, s.Journal.Store, c, tail.position)
		return err
	}
	s.tree = tree{}
	enough := errors.New("enough")
	err = s.each(ctx, eventstore.Position{}, func(r eventstore.Recorded) error {
		if isSeal(r) {
			return nil
		}
		if s.tree.size == c.size {
			return enough
		}
		s.tree.add(eventstore.HashOf(r))
		s.last = r.Position
		return nil
	})
	if err != nil && !errors.Is(err, enough) {
		s.tree = tree{}
		return err
	}
	if !s.at(c) {
		s.tree = tree{}
		return ErrNotAsSealed
	}
	return nil
}

func (s *Sealer) at(c checkpoint) bool { return s.tree.size == c.size && s.tree.root() == c.root }
