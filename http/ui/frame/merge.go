package frame

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/typed"
	"sleutelbos/eventstore"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/audithistory"
)

// Editing is a form that changes several fields of something that others may change meanwhile.
type Editing struct {
	Fields   []string
	Held     map[string]string // what the fields hold now
	Revision int64             // of the thing, as it is now
	// Body makes the command of the form, after the fields that its reader left alone have got
	// what they hold now.
	Body func() (any, error)
}

// wasPrefix stands before the name of a hidden field that says what a field held when the form
// was drawn.
const wasPrefix = "was-"

// Merged is what others did to something between the drawing of a form and its arrival.
type Merged struct {
	Since   int64    // the revision that the form was filled in on
	Changed bool     // others changed something since
	Both    []string // the fields that both changed, to different values
}

// RunMerged runs the command of a form that may have been filled in on an earlier revision. A
// field that the reader left alone keeps what others put there. Errors: engine.ErrStale if
// both changed a field, or if the form does not say what it held; those of Run.
func (c Commands) RunMerged(r *http.Request, e Editing, next Shows) (Merged, error) {
	since, err := strconv.ParseInt(r.PostFormValue("revision"), 10, 64)
	if err != nil {
		return Merged{}, problem.New(http.StatusBadRequest, "parameter-invalid")
	}
	m := Merged{Since: since, Changed: since != e.Revision}
	if m.Changed {
		var told bool
		if m.Both, told = merge(r, e); !told || len(m.Both) > 0 {
			return m, engine.ErrStale
		}
	}
	body, err := e.Body()
	if err != nil {
		return m, err
	}
	req := session.Request(r, "ui")
	req.IfMatch = engine.Seen(e.Revision)
	_, err = c.RunAs(r, body, req, next)
	return m, err
}

// merge puts what a thing holds now into the fields that the reader of a form left alone. It
// returns the fields that both changed, and false if the form does not say what it held.
func merge(r *http.Request, e Editing) (both []string, told bool) {
	told = true
	for _, field := range e.Fields {
		if !r.PostForm.Has(field) {
			continue // the form does not offer it
		}
		if !r.PostForm.Has(wasPrefix + field) {
			told = false
			continue
		}
		was, sent, now := typed.Lines(r.PostForm.Get(wasPrefix+field)), typed.Lines(r.PostForm.Get(field)), typed.Lines(e.Held[field])
		switch {
		case sent == was:
			r.PostForm.Set(field, e.Held[field])
		case now != was && now != sent:
			both = append(both, field)
		}
	}
	return both, told
}

// Now returns what the fields that both changed hold now.
func (m Merged) Now(held map[string]string) map[string]string {
	now := map[string]string{}
	for _, field := range m.Both {
		now[field] = held[field]
	}
	return now
}

// TellStale says on the page of a form that was refused as stale what others did since it was drawn. A
// page with another problem, or with none, stays as it is.
func (c Reach) TellStale(r *http.Request, page *Page, m Merged, stream string, fields []string) error {
	if page.Problem == nil || page.Problem.Status != http.StatusPreconditionFailed {
		return nil
	}
	page.Problem.Detail = words.Text(words.Of(r.Context()), "change.stale")
	var err error
	page.Meanwhile, err = c.Meanwhile(r, stream, m.Since, fields)
	return err
}

// Seen returns the address of the page after a form, which tells what others did meanwhile; see
// Reach.SeenSince.
func (m Merged) Seen(path string) string {
	if !m.Changed {
		return path
	}
	return Address(path, map[string]string{"seen": strconv.FormatInt(m.Since, 10)})
}

// SeenSince returns what others did to the thing of a stream since the revision that the address
// of the page names; nothing if it names none.
func (c Reach) SeenSince(r *http.Request, stream string, fields []string) ([]Meanwhile, error) {
	since, err := strconv.ParseInt(r.URL.Query().Get("seen"), 10, 64)
	if err != nil {
		return nil, nil //nolint:nilerr // no revision, nothing to tell
	}
	all, err := c.Meanwhile(r, stream, since, fields)
	return slices.DeleteFunc(all, func(m Meanwhile) bool { return m.Own }), err
}

// Meanwhile is what was done to something while a form about it was filled in.
type Meanwhile struct {
	At      time.Time
	Text    string
	Changes []answers.Change // of the fields of the form
	Own     bool             // the reader did it, in another window perhaps
}

// Meanwhile returns what was done to the thing of a stream after a revision, the oldest first,
// as far as the reader may know.
func (c Reach) Meanwhile(r *http.Request, stream string, after int64, fields []string) ([]Meanwhile, error) {
	who, ctx := session.Who(r.Context()), r.Context()
	if who.May(rights.ReadHistory) == rights.ScopeNone {
		return nil, nil
	}
	seen, err := audithistory.PositionOf(ctx, c.Source.DB, stream, after)
	if errors.Is(err, machinery.ErrNoRow) {
		return nil, nil // an address that somebody made up
	}
	if err != nil {
		return nil, err
	}
	return c.happened(ctx, who, audithistory.Filter{Stream: stream, After: seen, Outcome: eventstore.OutcomeDone}, fields)
}

// mostMeanwhile is how many changes of others a page tells.
const mostMeanwhile = 10

func (c Reach) happened(ctx context.Context, who rights.Principal, f audithistory.Filter, fields []string) ([]Meanwhile, error) {
	latest, err := audithistory.List(ctx, c.Source.DB, f, listing.Query{Sort: "-position", Limit: mostMeanwhile})
	if err != nil {
		return nil, err
	}
	slices.Reverse(latest.Items)
	var all []Meanwhile
	for _, row := range latest.Items {
		line, err := c.Source.Lines(who).Line(ctx, row)
		if err != nil {
			return nil, err
		}
		changes := slices.DeleteFunc(line.Changes, func(change answers.Change) bool { return !slices.Contains(fields, change.Field) })
		all = append(all, Meanwhile{At: row.OccurredAt, Text: line.Text, Changes: changes, Own: row.ActorID == who.AccountID})
	}
	return all, nil
}
