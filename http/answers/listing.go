package answers

import (
	"context"
	"iter"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/projections/machinery/listing"
)

// Listing is a list that the contract shows. One that stands alone has rows that are no things
// of their own, such as counts of other things.
type Listing[Row any] struct {
	Names string // of the operation: ListLetters
	Path  string // of the list, in the API
	Lists string // what the list is, for the documentation
	Right rights.Right
	List  listing.Model[Row]
	// Joined are the tables that rows come from beside their own.
	Joined []string
	// Scope is the parameter that names the organization; organizations are their own.
	Scope string
}

// Listed is a page of a list.
type Listed[Row any] struct {
	Items    []Row
	Next     string // the cursor of the next page; empty at the end
	Total    int64  // of all pages
	More     bool   // the total is of a search that finds more
	Position string // of the log, up to which the rows reflect it
}

// Parameters returns what the list takes.
func (l Listing[Row]) Parameters() []Param {
	params := []Param{{Name: l.Scope, Kind: ID}}
	if l.Scope == ofOrganization.Name {
		params[0] = ofOrganization
	}
	for _, f := range l.List.AllFilters() {
		params = append(params, paramOf(f))
	}
	return listParams(params, l.List.Sorts())
}

// Ask checks the parameters of an address against what the list takes. Errors:
// *problem.Error for what it does not take.
func (l Listing[Row]) Ask(rawQuery string) (Args, error) {
	return ParseArgs(l.Parameters(), rawQuery)
}

// Download returns the address of the whole list that the parameters ask for, in a format.
func (l Listing[Row]) Download(args Args, format string) string {
	args = args.without("cursor", "limit")
	args["format"] = format
	return Prefix + l.Path + "?" + args.Encode()
}

// Page returns a page of the rows that fit and that the asker may see, without what is not
// for the asker.
func (l Listing[Row]) Page(ctx context.Context, s Source, asker Asker, args Args) (Listed[Row], error) {
	asked := Question{List: "List" + l.Names, Who: asker.Who, Parameters: args}
	q, err := l.question(ctx, s, asker, args)
	if err == nil {
		q.After, err = s.Cursors.Open(asked, args["cursor"])
	}
	if err != nil {
		return Listed[Row]{}, err
	}
	position, err := s.position(ctx, l.List.Table)
	if err != nil {
		return Listed[Row]{}, err
	}
	page, err := l.List.Page(ctx, s.DB, q)
	if err != nil {
		return Listed[Row]{}, err
	}
	next, err := s.Cursors.Seal(asked, page.Next)
	return Listed[Row]{Items: page.Items, Next: next, Total: page.Total, More: page.More, Position: position}, err
}

// All yields every row that fits and that the asker may see.
func (l Listing[Row]) All(ctx context.Context, s Source, asker Asker, args Args) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		q, err := l.question(ctx, s, asker, args)
		if err != nil {
			var none Row
			yield(none, err)
			return
		}
		for row, err := range l.List.All(ctx, s.DB, q) {
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// Find returns a page of the rows that a question of the program's own asks for, as far as the
// asker may see them. Whatever the question says of organization and account narrows that.
func (l Listing[Row]) Find(ctx context.Context, s Source, asker Asker, q listing.Question) (listing.Page[Row], error) {
	if err := l.narrow(s, asker, &q); err != nil {
		return listing.Page[Row]{}, err
	}
	return l.List.Page(ctx, s.DB, q)
}

// Each yields every row that a question of the program's own asks for, likewise.
func (l Listing[Row]) Each(ctx context.Context, s Source, asker Asker, q listing.Question) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		if err := l.narrow(s, asker, &q); err != nil {
			var none Row
			yield(none, err)
			return
		}
		l.List.All(ctx, s.DB, q)(yield)
	}
}

// narrow leaves of a question what the asker may see.
func (l Listing[Row]) narrow(s Source, asker Asker, q *listing.Question) error {
	organization, account, err := asker.Within(l.Right, q.Organization)
	if err == nil && account != "" && q.Account != "" && q.Account != account {
		err = asker.Refused(engine.ErrDenied)
	}
	if err != nil {
		return err
	}
	q.Organization, q.Now, q.Sights = organization, s.Now(), asker.sights()
	if account != "" {
		q.Account = account
	}
	return nil
}

// Count returns how many rows fit that the asker may see.
func (l Listing[Row]) Count(ctx context.Context, s Source, asker Asker, args Args) (int64, error) {
	q, err := l.question(ctx, s, asker, args)
	if err != nil {
		return 0, err
	}
	return l.List.Count(ctx, s.DB, q)
}

func (l Listing[Row]) question(ctx context.Context, s Source, asker Asker, args Args) (listing.Question, error) {
	q := listing.Question{Query: listing.Query{Search: args["q"], Sort: args["sort"], Limit: args.Number("limit", 0)}, Fits: map[string]string{}, Now: s.Now(), Sights: asker.sights()}
	var err error
	if q.Organization, q.Account, err = asker.Within(l.Right, args[l.Scope]); err != nil {
		return q, err
	}
	for _, f := range l.List.AllFilters() {
		if f.Name != "accountId" || q.Account == "" { // who sees but one account asks for no other
			q.Fits[f.Name] = args[f.Name]
		}
		if f.Kind == listing.Moment && args[f.Name] != "" && q.Zone == nil {
			if q.Zone, err = s.zoneOf(ctx, asker, q.Organization); err != nil {
				return q, err
			}
		}
	}
	return q, nil
}

// paramOf returns the parameter of a filter.
func paramOf(f listing.Filter) Param {
	kinds := map[listing.Kind]Kind{listing.Text: Text, listing.ID: ID, listing.Flag: Flag, listing.Moment: Moment, listing.OneOf: OneOf}
	return Param{Name: f.Name, Doc: f.Doc, Kind: kinds[f.Kind], Enum: f.Values}
}
