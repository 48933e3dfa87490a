package history

import (
	"net/http"
	"net/url"
	"time"

	"sleutelbos/eventstore/catalog"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// kindChip is a filter with the number of events that it keeps.
type kindChip struct {
	Key   catalog.Group // empty for all
	Icon  string
	Label string
	Count int
	On    bool
	Href  string
}

type actorOption struct {
	ID, Name string
	Count    int
	On       bool
}

func (page *historyPage) countKinds(l words.Language) {
	counts := map[catalog.Group]int{}
	first, last := page.span()
	about := page.marks[first-1 : max(first-1, last)]
	for _, m := range about {
		counts[groupOf(m.Type)]++
	}
	page.Kinds = append(page.Kinds, kindChip{Label: words.Text(l, "kind.all"), Count: len(about), On: page.Kind == "", Href: page.URL("kind", "", "begin", "")})
	for _, g := range catalog.Groups() {
		if counts[g.Group] > 0 || page.Kind == g.Group {
			page.Kinds = append(page.Kinds, kindChip{
				g.Group, g.Icon, words.Said(l, g.Says), counts[g.Group], page.Kind == g.Group, page.URL("kind", string(g.Group), "begin", ""),
			})
		}
	}
}

// countActors lists who acted, for those who may see it.
func (s historyPages) countActors(r *http.Request, page *historyPage) error {
	who := session.Who(r.Context())
	counts := map[string]int{}
	var ids []string
	for _, m := range page.marks {
		if m.ActorID == "" || answers.ByActor(who, m.ActorID) != nil {
			continue
		}
		if counts[m.ActorID]++; counts[m.ActorID] == 1 {
			ids = append(ids, m.ActorID)
		}
	}
	names, err := s.Names.Of(r.Context(), ids...)
	if err != nil {
		return err
	}
	for _, id := range ids {
		name := names[id]
		if name == "" {
			name = id // an account that the list does not have yet
		}
		page.Actors = append(page.Actors, actorOption{id, name, counts[id], page.By == id})
	}
	return nil
}

// downloads returns the addresses of the same lines as files, from the API.
func (t travel) downloads() frame.Downloads {
	q := url.Values{"sort": {"-position"}}
	if t.Oldest {
		q.Set("sort", "position")
	}
	if names := typesOf(t.Kind, t.marks); names != "" {
		q.Set("type", names)
	}
	if t.By != "" {
		q.Set("actor", t.By)
	}
	from, to := t.period()
	if !from.IsZero() {
		q.Set("from", from.UTC().Format(time.RFC3339))
	}
	if !to.IsZero() {
		q.Set("to", to.UTC().Format(time.RFC3339))
	}
	return frame.DownloadsOf("/accounts/"+t.id+"/history", q)
}
