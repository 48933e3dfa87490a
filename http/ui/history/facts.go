package history

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// cell is a value as people read it.
type cell struct {
	Text  string
	Badge string // the state that a badge shows
	Time  time.Time
}

// Empty says whether there is nothing to show.
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

// drawn is the order in which an account is drawn: groups of fields, each with the fields
// that tell when, by whom and why.
var drawn = []struct {
	key    string
	fields [][]string
}{
	{"access", [][]string{
		{"badge"}, {"canLogIn"}, {"blocked", "blockedAt", "blockedBy", "blockedReason", "unblockedReason"}, {"enabled", "disabledAt", "disabledBy", "disabledReason"},
		{"validUntil", "validitySetAt", "validitySetBy"}, {"expired"}, {"closed", "closedAt", "closedBy", "closedReason"},
	}},
	{"person", [][]string{
		{"name"}, {"username"}, {"role"}, {"organizationName"}, {"email"}, {"phone"}, {"country"}, {"description"}, {"mailToAdmin"}, {"createdAt", "createdBy"},
	}},
	{"activation", [][]string{
		{"activation"}, {"activationChannel"}, {"activationSentAt", "activationSentBy"}, {"activationSentCount"}, {"activationExpiresAt"}, {"activatedAt"}, {"codeTriesLeft"},
		{"passwordSetAt", "passwordSetBy"}, {"passwordChangeRequired"},
	}},
	{"rights", [][]string{{"licenses"}, {"apiKeys"}}},
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
	for _, g := range drawn {
		group := factGroup{Key: g.key}
		for _, fields := range g.fields {
			f := fact{
				Label: words.Field(n.language, fields[0]), Old: n.cell(fields[0], before[fields[0]]), New: n.cell(fields[0], after[fields[0]]),
				Changed: changed[fields[0]] || !bothSides && slices.ContainsFunc(fields, func(name string) bool { return changed[name] }),
			}
			if !f.Changed && (f.New.Empty() || quiet[fmt.Sprint(after[fields[0]])]) {
				continue
			}
			if f.Old.Empty() && quiet[fmt.Sprint(after[fields[0]])] && !bothSides {
				continue // an account begins with many fields that say no
			}
			for _, name := range fields[1:] {
				if c := n.cell(name, after[name]); !c.Empty() {
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
		return cell{Text: frame.DateText(n.language, *value)}
	}
	if name, ok := n.named(*value); ok {
		return cell{Text: name}
	}
	return cell{Text: words.MemberValue(n.language, storedName, field, *value)}
}
