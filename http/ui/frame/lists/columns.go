package lists

import (
	"sleutelbos/http/words"
)

// Column is what the list shows of each row.
type Column[Row any] struct {
	Text   words.Key // of its head
	Field  string    // the field of the API whose name is its head, where there is no text
	Sort   string    // name of the order by it; empty for none
	Main   bool      // it tells what the row is, so that it needs no label on a small screen
	Number bool
	Class  string // of its cells
	// Cell is the template that draws the value: one of this package ("cell-text",
	// "cell-main" …) or of the section.
	Cell  string
	Value func(*Row) any
}

// Main is the value of a "cell-main": what the row is, with a line below it.
type Main struct{ Href, Text, Second string }

// Noted is the value of a "cell-noted": a text with a line below it.
type Noted struct{ Text, Second string }

// Href is the value of a "cell-link".
type Href struct{ Href, Text string }

// head is the head of a column.
type head struct {
	Label, Href string
	State       string // "ascending", "descending" or "" for how the list is sorted by it
	Number      bool
}

// line is a row with its cells.
type line struct {
	Line
	Cells []cell
}

type cell struct {
	Label, Class, Template string
	Value                  any
}

func (l List[Item, Row]) draw(v *View, rows []Row) {
	columns := l.Columns(v)
	for _, c := range columns {
		v.Heads = append(v.Heads, head{Label: c.label(v), Href: v.sortedBy(c.Sort), State: v.state(c.Sort), Number: c.Number})
	}
	for i := range rows {
		row := line{Line: l.Of(&rows[i])}
		for _, c := range columns {
			drawn := cell{Class: c.Class, Template: c.Cell, Value: c.Value(&rows[i])}
			if c.Number {
				drawn.Class = "number"
			}
			if !c.Main {
				drawn.Label = c.label(v)
			}
			row.Cells = append(row.Cells, drawn)
		}
		v.Lines = append(v.Lines, row)
	}
}

func (c Column[Row]) label(v *View) string {
	switch {
	case c.Text != "":
		return words.Text(v.Language, c.Text)
	case c.Field != "":
		return words.Label(v.Language, c.Field)
	}
	return ""
}

// sortedBy returns the address of the list in an order, or in the opposite one where it is
// sorted so already.
func (v *View) sortedBy(name string) string {
	switch name {
	case "":
		return ""
	case v.sort:
		return v.with("sort", "-"+name)
	}
	return v.with("sort", name)
}

func (v *View) state(name string) string {
	switch {
	case name == "":
		return ""
	case v.sort == name:
		return "ascending"
	case v.sort == "-"+name:
		return "descending"
	}
	return ""
}

// Names returns what the accounts are called that rows are about.
func Names[Item any](v *View, items []Item, of func(Item) string) (map[string]string, error) {
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = of(item)
	}
	return v.Site.Names.Of(v.Request.Context(), ids...)
}

// Same returns the rows as the read model has them.
func Same[Item any](_ *View, items []Item) ([]Item, error) { return items, nil }
