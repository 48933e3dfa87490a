package history

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sleutelbos/http/answers"
	"sleutelbos/http/words"
)

// cell is a value as people read it.
type cell struct {
	Text  string
	Badge string // the state that a badge shows
	Time  time.Time
}

// Empty reports whether there is nothing to show.
func (c cell) Empty() bool { return c == cell{} }

// fact is a field of an account at one or two moments.
type fact struct {
	Label    string
	Old, New cell
	Why      []cell // when, by whom and why, at the later moment
	Changed  bool
}

type factGroup struct {
	Key   string // of the text "facts.<key>"
	Facts []fact
}

// quiet are values that say nothing unless they changed.
var quiet = map[string]bool{"false": true, "0": true}

// facts draws an account: as it is at the second state, with what differs from the first.
// On both sides a field counts as changed if its value is another one; after one step
// also if it was set to the same value again, by another or for another reason.
func (n *namer) facts(from, to *answers.AccountState, bothSides bool) []factGroup {
	before, after := from.Members(), to.Members()
	changed := map[string]bool{}
	for _, d := range answers.Differences(from, to) {
		changed[d.Field] = true
	}
	var groups []factGroup
	for _, g := range answers.AccountFacts() {
		group := factGroup{Key: string(g.Key)}
		for _, field := range g.Fields {
			name := field.Name
			f := fact{
				Label: words.Field(n.language, name), Old: n.cell(name, before[name]), New: n.cell(name, after[name]),
				Changed: changed[name] || !bothSides && slices.ContainsFunc(field.Story, func(told string) bool { return changed[told] }),
			}
			if !f.Changed && (f.New.Empty() || quiet[fmt.Sprint(after[name])]) {
				continue
			}
			if f.Old.Empty() && quiet[fmt.Sprint(after[name])] && !bothSides {
				continue // an account begins with many fields that say no
			}
			for _, told := range field.Story {
				if c := n.cell(told, after[told]); !c.Empty() {
					f.Why = append(f.Why, c)
				}
			}
			group.Facts = append(group.Facts, f)
		}
		if len(group.Facts) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

// change shows what an event changed; false for what tells a reader nothing.
func (n *namer) change(storedName string, c answers.Change) (lineChange, bool) {
	field := c.Field[strings.LastIndexByte(c.Field, '.')+1:]
	shown := lineChange{Label: words.Field(n.language, field), Old: n.text(storedName, c.Field, c.Old), New: n.text(storedName, c.Field, c.New)}
	nothing := shown.Old.Empty() && (shown.New.Empty() || c.New != nil && quiet[*c.New])
	return shown, !nothing
}

func (n *namer) text(storedName, field string, value *string) cell {
	if value == nil {
		return cell{}
	}
	if at, err := time.Parse(time.RFC3339, *value); err == nil {
		return cell{Time: at}
	}
	if _, err := time.Parse(time.DateOnly, *value); err == nil {
		return cell{Text: words.Day(n.language, *value)}
	}
	if name, ok := n.named(*value); ok {
		return cell{Text: name}
	}
	return cell{Text: words.MemberValue(n.language, storedName, field, *value)}
}
