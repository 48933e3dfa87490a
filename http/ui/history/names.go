package history

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"sleutelbos/http/answers"
	"sleutelbos/http/words"
)

// namer puts names in the place of ids.
type namer struct {
	language         words.Language
	accounts, things map[string]string
	ids              []string
}

func (n *namer) want(ids ...string) {
	for _, id := range ids {
		if _, err := uuid.Parse(id); err == nil {
			n.ids = append(n.ids, id)
		}
	}
}

func (n *namer) wantLine(line answers.HistoryLine) {
	_, id, _ := strings.Cut(line.Stream, "-")
	n.want(id)
	for _, each := range []*string{line.AccountID, line.Actor.ID} {
		if each != nil {
			n.want(*each)
		}
	}
	for _, c := range line.Changes {
		if !refers(c.Field) {
			continue
		}
		for _, each := range []*string{c.Old, c.New} {
			if each != nil {
				n.want(*each)
			}
		}
	}
}

// refers says whether a member holds ids that the program put there. What people type holds none,
// whatever it looks like: it would tell the name of whatever has the id that was typed.
func refers(field string) bool {
	for _, end := range []string{"Id", "Ids", "By"} {
		if strings.HasSuffix(field, end) {
			return true
		}
	}
	return slices.Contains([]string{"holder", "licenses", "regions", "roleGroups", "admins", "adminsOutOfService"}, field)
}

// namer returns a namer of what two states refer to.
func (s lineReader) namer(r *http.Request, states ...*answers.AccountState) (*namer, error) {
	n := &namer{language: words.Of(r.Context())}
	for _, state := range states {
		for field, value := range state.Members() {
			if !refers(field) {
				continue
			}
			switch v := value.(type) {
			case string:
				n.want(v)
			case []string:
				n.want(v...)
			}
		}
	}
	return n, s.learn(r, n)
}

// learn looks the wanted names up.
func (s lineReader) learn(r *http.Request, n *namer) error {
	slices.Sort(n.ids)
	n.ids = slices.Compact(n.ids)
	var err error
	if n.accounts, err = s.Names.Of(r.Context(), n.ids...); err != nil {
		return err
	}
	n.things = map[string]string{}
	for paged := range answers.AllPaged() {
		names, err := paged.Names(r.Context(), s.Source, n.ids)
		if err != nil {
			return err
		}
		maps.Copy(n.things, names)
	}
	return nil
}

// named returns whether an id is that of something with a name, and the name.
func (n *namer) named(id string) (string, bool) {
	for _, names := range []map[string]string{n.accounts, n.things} {
		if names[id] != "" {
			return names[id], true
		}
	}
	return id, false
}

// cell shows a member of a state.
func (n *namer) cell(field string, value any) cell {
	switch v := value.(type) {
	case nil:
		return cell{}
	case time.Time:
		return cell{Time: v}
	case bool:
		return cell{Text: words.Value(n.language, words.YesNo, v)}
	case []string:
		names := make([]string, len(v))
		for i, each := range v {
			if names[i], _ = n.named(each); field == "apiKeys" {
				_, names[i], _ = strings.Cut(each, " ") // without its id
			}
		}
		return cell{Text: strings.Join(names, ", ")}
	}
	text := fmt.Sprint(value)
	if field == "badge" {
		return cell{Badge: text}
	}
	if field == "validUntil" {
		return cell{Text: words.Day(n.language, text)}
	}
	if name, ok := n.named(text); ok && refers(field) {
		return cell{Text: name}
	}
	return cell{Text: words.FactValue(n.language, field, text)}
}
