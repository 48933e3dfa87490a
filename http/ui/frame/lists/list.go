// Package lists is the one list of the UI. A section describes a list (columns, filters,
// views, what can be done to rows) and gets its page: search and filters that work without
// scripts and follow what is typed with them, chips, heads that sort, pages, selection by
// keyboard, the same rows as CSV, and words for where there is nothing.
package lists

import (
	"context"
	"embed"
	"net/http"
	"net/url"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// Templates are the parts that lists are drawn with.
//
//go:embed all:templates
var Templates embed.FS

// List describes the list of one kind of thing. Item is what the read model has of one, Row
// what the page needs of it.
type List[Item, Row any] struct {
	Path string // of the page
	Key  string // of its own texts: "<key>.title", ".search", ".none" and ".no-match"
	Says string // of the texts that lists share: "list"
	Nav  string // key of the navigation item that is current
	Icon string // of the empty list
	// Bare is the key of the text of an empty list to which the reader can't add anything.
	Bare  words.Key
	Tall  bool // the list scrolls within the window, for many columns
	Right rights.Right

	Thing Thing[Item]
	// Order returns the order of a question that names none.
	Order func(asked url.Values) string
	// Fix says what an address leaves unsaid; nil if that is nothing.
	Fix func(asked url.Values)

	Filters   []Filter // the selects beside the search
	Links     []string // the filters that come by a link; each has a chip
	EveryChip bool     // the other filters have chips, too
	Views     Views
	Rows      func(*View, []Item) ([]Row, error)
	Columns   func(*View) []Column[Row]
	Of        func(*Row) Line
	Selection func(*View) *Selection // nil for a list in which nothing is ticked
	Add       func(*View) *Link      // what adds one; nil, as is its result, where nothing does
	Menu      string                 // a template beside the link that adds one, which gets the page
	Extra     func(*View) any        // what the menu needs; nil without one
}

// Thing is what a list has rows of; an answers.Listing is one.
type Thing[Item any] interface {
	Tables() []string
	Parameters() []answers.Param
	Ask(rawQuery string) (answers.Args, error)
	Download(args answers.Args, format string) string
	Page(ctx context.Context, s answers.Source, asker answers.Asker, args answers.Args) (answers.Listed[Item], error)
	Count(ctx context.Context, s answers.Source, asker answers.Asker, args answers.Args) (int64, error)
}

// Link is a button that leads somewhere.
type Link struct {
	Href string
	Text words.Key
}

// Line is what a row is, whatever its columns.
type Line struct {
	ID    string
	Href  string // of its page; empty if it has none
	Class string
	Name  string // for who ticks it without seeing it
	Fixed bool   // it can't be ticked
}

// Selection is what can be done to the ticked rows.
type Selection struct {
	Action  string // of the form
	Method  string
	Ticks   bool // rows can be ticked now
	Buttons []Button
	Help    words.Key
	Warns   bool // the help is a warning
	// Choose is the label of a select that the buttons are the options of, where they are many.
	Choose words.Key
	// All is the label of a box that selects every row that fits, on whatever page. The form says
	// then all=yes, and in filter which rows fit. Empty where only what is ticked can be acted on.
	All words.Key
}

// Button is an act on the ticked rows.
type Button struct {
	Runs        any // a body of the command that it runs, which says what it looks like
	Text        words.Key
	Primary     bool   // it is what one most likely came for
	Action      string // of the form, if it is another one
	Method      string // likewise
	Name, Value string // what the form says of it
}

// drawnButton is a button with the command that it runs.
type drawnButton struct {
	Button
	Command engine.Command
}

// Class returns the class of the button; empty for an ordinary one.
func (b drawnButton) Class() string {
	if b.Primary {
		return "primary"
	}
	return frame.Warning(b.Command)
}

// Show draws the page of the list. The problem is what was wrong with an act on some rows.
func (l List[Item, Row]) Show(s frame.Site, w http.ResponseWriter, r *http.Request, wrong *problem.Details) error {
	v, err := l.ask(s, r)
	if err != nil {
		return err
	}
	page, err := l.Thing.Page(r.Context(), s.Source, v.Asker, v.asked)
	if err != nil {
		return err
	}
	if v.Total, v.More = page.Total, page.More; page.Next != "" {
		v.Next = v.with("cursor", page.Next)
	}
	if err := l.fill(v, page.Items); err != nil {
		return err
	}
	title := words.Text(v.Language, "*.title", l.Key)
	return s.Pages.Render(w, r, "list", frame.Page{Title: title, Nav: l.Nav, Data: v, Problem: wrong})
}

// fill draws everything that depends on the rows or stands beside them.
func (l List[Item, Row]) fill(v *View, items []Item) error {
	rows, err := l.Rows(v, items)
	if err != nil {
		return err
	}
	v.rows = len(rows)
	if v.Filters, err = l.selects(v); err != nil {
		return err
	}
	if v.Chips, err = l.chips(v); err != nil {
		return err
	}
	if err := l.views(v); err != nil {
		return err
	}
	if l.Selection != nil {
		v.Selection = l.Selection(v)
		for _, b := range v.Selection.Buttons {
			v.Buttons = append(v.Buttons, drawnButton{b, v.Site.Commands.Offers.Of(b.Runs)})
		}
	}
	if l.Add != nil {
		v.Add = l.Add(v)
	}
	if l.Extra != nil {
		v.Extra = l.Extra(v)
	}
	l.draw(v, rows)
	return nil
}
