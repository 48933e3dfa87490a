package machinery

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"sleutelbos/domain/typed"
)

// Kind is the type of a column. The comments of the kinds have the Go type that the values
// of the column have in a row of an engine.
type Kind string

// The kinds of column.
const (
	Text  Kind = "text"  // string, sorted bytewise
	Int   Kind = "int"   // int64
	Bool  Kind = "bool"  // bool
	Time  Kind = "time"  // string, see TimeText
	Bytes Kind = "bytes" // []byte
	List  Kind = "list"  // string, a JSON array of strings
)

// Column is one column of a read model.
type Column struct {
	Name   string
	Kind   Kind
	Search bool // people search for a part of the text
}

// Definition is a read model as a rows engine sees it.
type Definition struct {
	Name    string
	Columns []Column // the first is the primary key, Text or Int
	Schema  string   // see NewTable
	// Order and Within are columns by which searches are kept ready, see Table.FoundBy; empty if none are.
	Order, Within string
	Facts         []Fact // likewise
}

var tableName = regexp.MustCompile(`^[a-z][a-z_]*_v[1-9][0-9]*$`)

func newDefinition(name, schema string, columns []Column) Definition {
	if !tableName.MatchString(name) || len(name) > 40 {
		panic("projections: not the name of a read model: " + name)
	}
	return Definition{Name: name, Columns: columns, Schema: schema}
}

// Fingerprint returns a text that differs between definitions whose tables differ. Where people
// search, the form of what they find is part of it.
func (d Definition) Fingerprint() string {
	form := "1"
	if len(d.Searched()) > 0 {
		form = fmt.Sprintf("%d noted", typed.Version) // the rows have numbers, and it is noted what of them changes
	}
	shape := fmt.Appendf(nil, "%s %s %v %s", form, d.Name, d.Columns, strings.Join(strings.Fields(d.Schema), " "))
	if d.Order != "" {
		shape = fmt.Appendf(shape, " %s %s %v", d.Order, d.Within, d.Facts)
	}
	sum := sha256.Sum256(shape)
	return hex.EncodeToString(sum[:8])
}

// Statements returns the schema's statements for a physical table. The names of indexes begin
// with the second argument, because a rebuilt table and its indexes stand beside the live
// ones for a while.
func (d Definition) Statements(table, index string) []string {
	var statements []string
	names := strings.NewReplacer("{table}", table, "{index}", index)
	for s := range strings.SplitSeq(d.Schema, ";") {
		if s = strings.TrimSpace(s); s != "" {
			statements = append(statements, names.Replace(s))
		}
	}
	return statements
}

// Searched returns the names of the columns in which people search for a part.
func (d Definition) Searched() []string {
	var names []string
	for _, c := range d.Columns {
		if c.Search {
			names = append(names, c.Name)
		}
	}
	return names
}

// Key returns the primary key's column.
func (d Definition) Key() Column { return d.Columns[0] }

func (d Definition) columnList() string {
	names := make([]string, len(d.Columns))
	for i, c := range d.Columns {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}
