package frame

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sleutelbos/http/answers"
	"sleutelbos/projections/machinery/listing"
)

// Choice is a select whose options may be too many for one. Then a search stands beside it, which
// brings other options: with scripts while one types, without them by a button that draws the page again. The template "choice-search"
// draws it.
type Choice struct {
	ID, Name string // of the select
	Here     string // the path of the page
	Search   string // what is searched for
	Options  []Option
	Searches bool // there are more than the options
}

// searching stands behind the name of a select in the name of its search.
const searching = "-search"

// mostSearched is how many bytes a search among options may have.
const mostSearched = 400

// searchedFor returns what is searched for among the options of a select; nothing if that is no text.
func searchedFor(r *http.Request, name string) string {
	text := r.URL.Query().Get(SearchOf(name))
	if len(text) > mostSearched || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		return ""
	}
	return strings.TrimSpace(text)
}

// SearchOf returns the name of the search of a select.
func SearchOf(name string) string { return name + searching }

// Query asks a list for the options that fit what is searched for, as many as a select offers.
func (c *Choice) Query() listing.Query {
	return listing.Query{Search: c.Search, Sort: "name", Limit: mostOptions}
}

// Cut says whether the page of options that was found is all there are, or a search is needed.
func (c *Choice) Cut(total int64, found int) {
	c.Searches = c.Search != "" || total > int64(found)
}

// ChoiceOf returns the select of a name on the page of a request, without its options.
func ChoiceOf(r *http.Request, id, name string) Choice {
	return Choice{ID: id, Name: name, Here: r.URL.Path, Search: searchedFor(r, name)}
}

// Organizations fills a select with the organizations that fit what is searched for, by name, and the
// chosen one.
func (n Names) Organizations(ctx context.Context, c *Choice, chosen string, questions ...listing.Question) error {
	if len(questions) == 0 {
		questions = []listing.Question{{}}
	}
	var total int64
	for _, q := range questions {
		q.Query = c.Query()
		page, err := answers.Organizations.Find(ctx, n.Source, asking(ctx), q)
		if err != nil {
			return err
		}
		for _, row := range page.Items {
			c.Options = append(c.Options, Option{row.ID, row.Name})
		}
		total += page.Total
	}
	c.Cut(total, len(c.Options))
	if chosen == "" || slices.ContainsFunc(c.Options, func(o Option) bool { return o.Value == chosen }) {
		return nil
	}
	organizations, _ := answers.PagedIn("organization") // they have pages
	names, err := organizations.Names(ctx, n.Source, []string{chosen})
	if names[chosen] != "" {
		c.Options = append(c.Options, Option{chosen, names[chosen]})
	}
	return err
}
