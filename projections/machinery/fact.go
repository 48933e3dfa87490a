package machinery

import "strings"

// Fact is a condition of the simplest kind: a column is some literal. Which rows fit the facts of a table may be
// kept in memory, see Table.FoundBy, so that who filters by them reads no row that does not fit.
type Fact struct {
	Column  string
	Literal string // in SQL
}

// MostFacts is how many facts a table can have.
const MostFacts = 32

// SQL returns the fact as a condition.
func (f Fact) SQL() string { return f.Column + " = " + f.Literal }

// Quoted returns a text as a literal in SQL.
func Quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// Condition is a condition of rows: its SQL, which may ask for the present moment as ?, and what the facts
// that it is made of say of it. Make it with Is, Equals and SQL, and combine it with Not, And and Or.
type Condition struct {
	SQL  string
	kind conditionKind
	fact Fact
	of   []Condition
}

type conditionKind int

const (
	opaque conditionKind = iota // only SQL can judge it
	aFact
	within // the row is of the owner who is asked for, see Found.Within
	negated
	conjunction
	disjunction
)

// SQL returns a condition that only SQL can judge.
func SQL(text string) Condition { return Condition{SQL: text} }

// Is returns the condition that a column is true. SQLite, which takes no count of the values, is let to seek such
// rows in an index, because few are blocked or closed, and kept from seeking the others, see Not.
func Is(column string) Condition { return fits(Fact{column, "TRUE"}) }

// Equals returns the condition that a column is a text.
func Equals(column, text string) Condition { return fits(Fact{column, Quoted(text)}) }

func fits(f Fact) Condition { return Condition{SQL: f.SQL(), kind: aFact, fact: f} }

// Within returns a condition, given as SQL, that a row is of the owner of Found.Within.
func Within(text string) Condition { return Condition{SQL: text, kind: within} }

// In returns the SQL with a placeholder for the present moment.
func (c Condition) In(now string) string { return strings.ReplaceAll(c.SQL, "?", now) }

// Worded returns the same condition in other SQL.
func (c Condition) Worded(text string) Condition {
	c.SQL = text
	return c
}

// Not returns the opposite condition.
func (c Condition) Not() Condition {
	text := "NOT (" + c.SQL + ")"
	if c.kind == aFact && c.fact.Literal == "TRUE" {
		text = "NOT " + c.fact.Column
	}
	return Condition{SQL: text, kind: negated, of: []Condition{c}}
}

// And returns the condition that all of them fit.
func And(all ...Condition) Condition { return combined(conjunction, " AND ", "TRUE", all) }

// Or returns the condition that one of them fits.
func Or(any ...Condition) Condition { return combined(disjunction, " OR ", "FALSE", any) }

func combined(kind conditionKind, word, none string, of []Condition) Condition {
	if len(of) == 0 {
		return SQL(none)
	}
	if len(of) == 1 {
		return of[0]
	}
	texts := make([]string, len(of))
	for i, c := range of {
		texts[i] = c.SQL
		if c.kind == opaque {
			texts[i] = "(" + c.SQL + ")"
		}
	}
	text := strings.Join(texts, word)
	if kind == disjunction {
		text = "(" + text + ")"
	}
	return Condition{SQL: text, kind: kind, of: of}
}
