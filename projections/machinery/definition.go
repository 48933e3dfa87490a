package machinery

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
)

// Kind is the type of a column; in brackets what its values are in a row of an engine.
type Kind string

// The kinds of column.
const (
	Text  Kind = "text"  // (string) sorted bytewise
	Int   Kind = "int"   // (int64)
	Bool  Kind = "bool"  // (bool)
	Time  Kind = "time"  // (string) see TimeText
	Bytes Kind = "bytes" // ([]byte)
	List  Kind = "list"  // (string) a JSON array of strings
)

// Column is one column of a read model.
type Column struct {
	Name   string
	Kind   Kind
	Search bool // searched by part
}

// Definition is a read model as a rows engine sees it.
type Definition struct {
	Name    string
	Columns []Column // the first is the primary key, Text or Int
	Schema  string   // see NewTable
}

var tableName = regexp.MustCompile(`^[a-z][a-z_]*_v[1-9][0-9]*$`)

func newDefinition(name, schema string, columns []Column) Definition {
	if !tableName.MatchString(name) || len(name) > 40 {
		panic("projections: not the name of a read model: " + name)
	}
	return Definition{Name: name, Columns: columns, Schema: schema}
}

// Fingerprint tells apart definitions whose tables differ.
func (d Definition) Fingerprint() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "1 %s %v %s", d.Name, d.Columns, strings.Join(strings.Fields(d.Schema), " ")))
	return hex.EncodeToString(sum[:8])
}

// Statements answers the schema's statements for a physical table. The names of indexes
// begin with the second argument: a rebuilt table stands beside the live one for a while.
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

// Searched answers the names of the columns searched by part.
func (d Definition) Searched() []string {
	var names []string
	for _, c := range d.Columns {
		if c.Search {
			names = append(names, c.Name)
		}
	}
	return names
}

// Key answers the primary key's column.
func (d Definition) Key() Column { return d.Columns[0] }

func (d Definition) columnList() string {
	names := make([]string, len(d.Columns))
	for i, c := range d.Columns {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}
