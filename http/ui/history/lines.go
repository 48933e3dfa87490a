package history

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/models/audithistory"
)

// timelineDay is a day with what happened on it.
type timelineDay struct {
	Day   time.Time
	Lines []timelineLine
}

// timelineLine is an event as a sentence, with what stands below it.
type timelineLine struct {
	answers.HistoryLine
	Step      int // of the account's history; 0 in the whole log
	At        time.Time
	Said      string // the sentence, without the reason
	Why       string // the reason, if the sentence says it
	Icon      string
	Kind      string
	Here      bool // the moment from which the account is seen
	Pinned    bool
	Later     bool // than that moment
	Changes   []lineChange
	ActorHref string // empty if the reader can't see the actor
	ActorName string
	Behalf    string
	Href      string // of what it is about; empty if there is no page
	Object    string
}

type lineChange struct {
	Label    string
	Old, New cell
}

// lineReader opens stored events as lines for people.
type lineReader struct{ frame.Site }

func (s lineReader) past(r *http.Request) answers.Past {
	return answers.Past{
		Source: s.Source,
		Asker:  s.Reach.Asker(r, "GetAccountHistory"),
	}
}

// lines opens rows as sentences with their changes, names in the place of ids. Here is the path of
// the page that the reader is at, to which no line leads.
func (s lineReader) lines(r *http.Request, here string, rows []audithistory.Row) ([]timelineLine, error) {
	ctx, l := r.Context(), words.Of(r.Context())
	opened := s.past(r).Lines()
	all := make([]timelineLine, len(rows))
	n := &namer{language: l}
	for i, row := range rows {
		line, err := opened.Line(ctx, row)
		if err != nil {
			return nil, err
		}
		all[i] = timelineLine{HistoryLine: line, At: row.OccurredAt, Said: line.Text, Icon: iconOf(row.Type, row.Outcome), Kind: string(groupOf(row.Type))}
		if line.Reason != nil {
			if said, has := strings.CutSuffix(line.Text, ": "+*line.Reason); has {
				all[i].Said, all[i].Why = said, *line.Reason
			}
		}
		n.wantLine(line)
	}
	if err := s.learn(r, n); err != nil {
		return nil, err
	}
	who := session.Who(ctx)
	for i := range all {
		all[i].link(who, n, here)
		for _, c := range all[i].HistoryLine.Changes {
			if shown, ok := n.change(all[i].Type, c); ok {
				all[i].Changes = append(all[i].Changes, shown)
			}
		}
	}
	return all, nil
}

// link names who acted and what it is about, as far as the reader has a page of it.
func (line *timelineLine) link(who rights.Principal, n *namer, here string) {
	if id := line.Actor.ID; id != nil {
		line.ActorName = *id
		switch {
		case line.Actor.Name != nil:
			line.ActorName = *line.Actor.Name
		case line.Actor.Kind == eventstore.ActorSystem:
			line.ActorName = words.Part(n.language, *id)
		}
		if n.accounts[*id] != "" && who.May(rights.ReadAccounts) > rights.ScopeSelf {
			line.ActorHref = "/accounts/" + url.PathEscape(*id)
		}
	}
	if b := line.OnBehalfOf; b != nil {
		switch {
		case b.Name != nil:
			line.Behalf = *b.Name
		case b.ID != nil:
			line.Behalf = *b.ID
		}
	}
	category, id, _ := strings.Cut(line.Stream, "-")
	switch paged, ok := answers.PagedIn(category); {
	case ok && who.May(paged.Right) > rights.ScopeNone && paged.Place+"/"+id != here:
		line.Href, line.Object = paged.Place+"/"+id, n.things[id]
	case line.AccountID != nil && "/accounts/"+*line.AccountID != here:
		line.Href, line.Object = "/accounts/"+*line.AccountID, n.accounts[*line.AccountID]
	}
	if line.Object == "" {
		line.Object = id
	}
}

// byDay puts lines under the days on which they happened, as these are in a time zone.
func byDay(lines []timelineLine, zone *time.Location) []timelineDay {
	var days []timelineDay
	for _, line := range lines {
		day := line.At.In(zone)
		day = time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, zone)
		if n := len(days); n == 0 || !days[n-1].Day.Equal(day) {
			days = append(days, timelineDay{Day: day})
		}
		days[len(days)-1].Lines = append(days[len(days)-1].Lines, line)
	}
	return days
}
