package answers

import (
	"context"
	"errors"
	"iter"

	"sleutelbos/commands/rights"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
)

// Thing is what the contract shows of one kind of thing: its list, one of it, and what
// happened to it. Row is what a list has of it, Whole what is shown of one.
type Thing[Row, Whole any] struct {
	Name, Names string // of the operations: ListLetters, GetLetter, GetLetterHistory
	Path        string // of the list, in the API
	Lists       string // what the list is, for the documentation
	Gets        string // what one is
	Happened    string // what its history is
	Right       rights.Right
	List        listing.Model[Row]
	Whole       listing.Model[Whole]
	Joined      []string // the tables that rows come from beside their own
	Category    string   // of its streams
	Missing     error    // refuses one that is not there
	// Scope is the parameter that names the organization; organizations are their own.
	Scope string
	Saved []Saved // the questions that are asked often
}

// Saved is a question that is asked often, by the values of its filters. The key of its
// label is its name.
type Saved struct {
	Name string
	Fits map[string]string
}

// Listed is a page of a list.
type Listed[Row any] struct {
	Items    []Row
	Next     string // the cursor of the next page; empty at the end
	Total    int64  // of all pages
	Position string // of the log, up to which the rows reflect it
}

// Parameters are what the list takes.
func (t Thing[Row, Whole]) Parameters() []Param {
	params := []Param{{Name: t.Scope, Kind: ID}}
	if t.Scope == ofOrganization.Name {
		params[0] = ofOrganization
	}
	for _, f := range t.List.AllFilters() {
		params = append(params, paramOf(f))
	}
	return ListParams(params, t.List.Sorts())
}

// Ask checks the parameters of an address against what the list takes. Errors:
// *problem.Error for what it does not take.
func (t Thing[Row, Whole]) Ask(rawQuery string) (Args, error) {
	return ParseArgs(t.Parameters(), rawQuery)
}

// CSV returns the address of the whole list that the parameters ask for.
func (t Thing[Row, Whole]) CSV(args Args) string {
	args = args.without("cursor", "limit")
	args["format"] = "csv"
	return Prefix + t.Path + "?" + args.Encode()
}

// Page returns a page of the rows that fit and that the asker may see, without what is not
// for the asker.
func (t Thing[Row, Whole]) Page(ctx context.Context, s Source, asker Asker, args Args) (Listed[Row], error) {
	asked := Question{List: "List" + t.Names, Who: asker.Who, Parameters: args}
	q, err := t.question(s, asker, args)
	if err == nil {
		q.After, err = s.Cursors.Open(asked, args["cursor"])
	}
	if err != nil {
		return Listed[Row]{}, err
	}
	position, err := s.position(ctx, t.List.Table)
	if err != nil {
		return Listed[Row]{}, err
	}
	page, err := t.List.Page(ctx, s.DB, q)
	if err != nil {
		return Listed[Row]{}, err
	}
	for i := range page.Items {
		redact(asker, t.List, &page.Items[i])
	}
	next, err := s.Cursors.Seal(asked, page.Next)
	return Listed[Row]{Items: page.Items, Next: next, Total: page.Total, Position: position}, err
}

// All yields every row that fits and that the asker may see.
func (t Thing[Row, Whole]) All(ctx context.Context, s Source, asker Asker, args Args) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		q, err := t.question(s, asker, args)
		if err != nil {
			var none Row
			yield(none, err)
			return
		}
		for row, err := range t.List.All(ctx, s.DB, q) {
			if err == nil {
				redact(asker, t.List, &row)
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// Count returns how many rows fit that the asker may see.
func (t Thing[Row, Whole]) Count(ctx context.Context, s Source, asker Asker, args Args) (int64, error) {
	q, err := t.question(s, asker, args)
	if err != nil {
		return 0, err
	}
	return t.List.Count(ctx, s.DB, q)
}

// Get returns the thing with an id, without what is not for the asker. The right is the one
// that the asker needs for what is done with it. Errors: Missing where it is not there or out of reach.
func (t Thing[Row, Whole]) Get(ctx context.Context, s Source, asker Asker, right rights.Right, id string) (Whole, error) {
	var none Whole
	row, err := t.Whole.Get(ctx, s.DB, id)
	if errors.Is(err, machinery.ErrNoRow) {
		return none, t.Missing
	}
	if err == nil {
		err = asker.reaches(right, t.Whole.Owner(&row), t.Missing)
	}
	if err != nil {
		return none, err
	}
	redact(asker, t.Whole, &row)
	return row, nil
}

func (t Thing[Row, Whole]) question(s Source, asker Asker, args Args) (listing.Question, error) {
	q := listing.Question{Query: listing.Query{Search: args["q"], Sort: args["sort"], Limit: args.Number("limit", 0)}, Fits: map[string]string{}, Now: s.Now()}
	var err error
	if q.Organization, q.Account, err = asker.Within(t.Right, args[t.Scope]); err != nil {
		return q, err
	}
	for _, f := range t.List.AllFilters() {
		if f.Name != "accountId" || q.Account == "" { // who sees but one account asks for no other
			q.Fits[f.Name] = args[f.Name]
		}
	}
	return q, nil
}

// paramOf returns the parameter of a filter.
func paramOf(f listing.Filter) Param {
	kinds := map[listing.Kind]Kind{listing.Text: Text, listing.ID: ID, listing.Flag: Flag, listing.Moment: Moment, listing.OneOf: OneOf}
	return Param{Name: f.Name, Doc: f.Doc, Kind: kinds[f.Kind], Enum: f.Values}
}

// Own returns the thing that is the asker's own account, whatever the asker's rights. Errors: Missing where
// it is not visible yet.
func (t Thing[Row, Whole]) Own(ctx context.Context, s Source, asker Asker) (Whole, error) {
	row, err := t.Whole.Get(ctx, s.DB, asker.Who.AccountID)
	if errors.Is(err, machinery.ErrNoRow) {
		return row, t.Missing
	}
	redact(asker, t.Whole, &row)
	return row, err
}
