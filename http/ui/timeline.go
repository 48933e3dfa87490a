package ui

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
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
	Icon      string
	Kind      string
	Why       string // of a refusal: the rule, in words
	Here      bool   // the moment from which the account is seen
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

// pageOfLines is how many lines a page shows; aheadOfHere how many of them stand above the
// moment from which the account is seen.
const (
	pageOfLines = 40
	aheadOfHere = 4
)

// drawTimeline fills the lines of the page, its filters and its scrubber.
func (u *UI) drawTimeline(r *http.Request, page *historyPage) error {
	page.Bars = barsOf(page.travel)
	page.countKinds(words.Of(r.Context()))
	if err := u.countActors(r, page); err != nil {
		return err
	}
	steps := page.fitting()
	page.Shown = len(steps)
	from := page.beginIn(steps)
	window := steps[from:min(from+pageOfLines, len(steps))]
	if from > 0 {
		page.Newer = page.URL("begin", strconv.Itoa(steps[max(0, from-pageOfLines)]))
	}
	if next := from + pageOfLines; next < len(steps) {
		page.Older = page.URL("begin", strconv.Itoa(steps[next]))
	}
	page.Export = page.export()
	return u.readLines(r, page, window)
}

// fitting answers the steps that fit the filters, in the order in which they are shown.
func (t travel) fitting() []int {
	low, high := t.span()
	from, to := t.period()
	var steps []int
	for step := low; step <= high; step++ {
		m := t.marks[step-1]
		switch {
		case t.Kind != "" && groupOf(m.Type) != t.Kind,
			t.By != "" && m.ActorID != t.By,
			!from.IsZero() && m.OccurredAt.Before(from),
			!to.IsZero() && !m.OccurredAt.Before(to):
			continue
		}
		steps = append(steps, step)
	}
	if !t.Oldest {
		slices.Reverse(steps)
	}
	return steps
}

// span answers the first and last step that the page is about: all, or those between the
// moments compared.
func (t travel) span() (first, last int) {
	if t.Compares() {
		return min(t.Pinned.Step, t.Here.Step) + 1, max(t.Pinned.Step, t.Here.Step)
	}
	return 1, len(t.marks)
}

// period answers the first moment and the one after the last of the days asked for.
func (t travel) period() (from, to time.Time) { return dayStart(t.From, 0), dayStart(t.To, 1) }

func dayStart(day string, later int) time.Time {
	at, err := time.ParseInLocation(time.DateOnly, day, frame.Zone)
	if err != nil {
		return time.Time{} // none was asked for; what is no day was refused before
	}
	return at.AddDate(0, 0, later)
}

// beginIn answers where the shown part of the list begins: with the step that the address
// names, or so that the moment seen is among the lines.
func (t travel) beginIn(steps []int) int {
	step, ahead := t.begin, 0
	if step == 0 {
		if t.Present {
			return 0
		}
		step, ahead = t.Here.Step, aheadOfHere
	}
	for i, s := range steps {
		if !t.Oldest && s <= step || t.Oldest && s >= step {
			return max(0, i-ahead)
		}
	}
	return max(0, len(steps)-pageOfLines)
}

func (u *UI) readLines(r *http.Request, page *historyPage, window []int) error {
	positions := make([]int64, len(window))
	stepAt := map[int64]int{}
	for i, step := range window {
		positions[i] = page.marks[step-1].Position
		stepAt[positions[i]] = step
	}
	rows, err := audithistory.At(r.Context(), u.DB, positions...)
	if err != nil {
		return err
	}
	if !page.Oldest {
		slices.Reverse(rows)
	}
	lines, err := u.lines(r, rows)
	if err != nil {
		return err
	}
	for i := range lines {
		line := &lines[i]
		line.Step = stepAt[rows[i].Position]
		line.Here, line.Later = !page.Present && line.Step == page.Here.Step, line.Step > page.Here.Step
		line.Pinned = page.Compares() && line.Step == page.Pinned.Step
		if line.Href == "/accounts/"+page.ID {
			line.Href = "" // the reader is there
		}
	}
	page.Days = byDay(lines)
	return nil
}

func byDay(lines []timelineLine) []timelineDay {
	var days []timelineDay
	for _, line := range lines {
		day := line.At.In(frame.Zone)
		day = time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, frame.Zone)
		if n := len(days); n == 0 || !days[n-1].Day.Equal(day) {
			days = append(days, timelineDay{Day: day})
		}
		days[len(days)-1].Lines = append(days[len(days)-1].Lines, line)
	}
	return days
}

// lines opens rows as sentences with their changes, names in the place of ids.
func (u *UI) lines(r *http.Request, rows []audithistory.Row) ([]timelineLine, error) {
	ctx, l := r.Context(), words.Of(r.Context())
	opened := u.past(r).Lines
	all := make([]timelineLine, len(rows))
	n := &namer{language: l}
	for i, row := range rows {
		line, err := opened.Line(ctx, row)
		if err != nil {
			return nil, err
		}
		all[i] = timelineLine{HistoryLine: line, At: row.OccurredAt, Said: line.Text, Icon: iconOf(row.Type, row.Outcome), Kind: string(groupOf(row.Type))}
		if line.Reason != nil {
			all[i].Said = strings.TrimSuffix(line.Text, ": "+*line.Reason)
		}
		n.wantLine(line)
	}
	if err := u.learn(r, n); err != nil {
		return nil, err
	}
	who := session.Who(ctx)
	for i := range all {
		all[i].link(who, n)
		for _, c := range all[i].HistoryLine.Changes {
			if shown, ok := n.change(c); ok {
				all[i].Changes = append(all[i].Changes, shown)
			}
		}
		if all[i].Outcome == eventstore.OutcomeRefused {
			all[i].Why = ruleOf(l, rows[i], opened.Opener, r)
		}
	}
	return all, nil
}

// ruleOf answers the sentence of the rule that refused a command; empty if it has none.
func ruleOf(l words.Language, row audithistory.Row, o audithistory.Opener, r *http.Request) string {
	line, err := o.Open(r.Context(), row)
	if err != nil {
		return "" // the line itself was opened before; without a rule it still says what was refused
	}
	for _, c := range line.Changes {
		if c.Field == "code" {
			return problem.Text(l, c.New)
		}
	}
	return ""
}

// link names who acted and what it is about, as far as the reader has a page of it.
func (line *timelineLine) link(who rights.Principal, n *namer) {
	if id := line.Actor.ID; id != nil {
		line.ActorName = *id
		switch {
		case line.Actor.Name != nil:
			line.ActorName = *line.Actor.Name
		case line.Actor.Kind == eventstore.ActorSystem:
			line.ActorName = frame.Part(n.language, *id)
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
	switch {
	case category == "license":
		line.Href, line.Object = "/licenses/"+id, n.licenses[id]
	case category == "organization" && who.May(rights.ReadOrganizations) > rights.ScopeNone:
		line.Href, line.Object = "/organizations/"+id, n.organizations[id]
	case line.AccountID != nil:
		line.Href, line.Object = "/accounts/"+*line.AccountID, n.accounts[*line.AccountID]
	}
	if line.Object == "" {
		line.Object = id
	}
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
func (u *UI) countActors(r *http.Request, page *historyPage) error {
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
	names, err := u.Names.Of(r.Context(), ids...)
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

// export is the address of the same lines as CSV, from the API.
func (t travel) export() string {
	q := url.Values{"format": {"csv"}, "sort": {"-position"}}
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
	return answers.Prefix + "/accounts/" + t.id + "/history?" + q.Encode()
}

// bar is one of the strokes above the scrubber: a step, or the weightiest of some.
type bar struct {
	X    string
	Kind catalog.Group
	Here bool
}

// mostBars is how many strokes can be told apart.
const mostBars = 240

// barsOf draws the history in small. The strokes stand where the scrubber's handle does.
func barsOf(t travel) []bar {
	n := len(t.marks)
	if n == 0 {
		return nil
	}
	each := (n + mostBars - 1) / mostBars
	weight := map[catalog.Group]int{}
	groups := catalog.Groups()
	for i, g := range groups {
		weight[g.Group] = len(groups) - i
	}
	var bars []bar
	for first := 1; first <= n; first += each {
		b := bar{X: strconv.FormatFloat(float64(first)*1000/float64(n), 'f', 1, 64)}
		for step := first; step < first+each && step <= n; step++ {
			if k := groupOf(t.marks[step-1].Type); weight[k] > weight[b.Kind] {
				b.Kind = k
			}
			b.Here = b.Here || step == t.Here.Step
		}
		bars = append(bars, b)
	}
	return bars
}

// Travel is the address of the page, for the lines that lead to a step.
func (page historyPage) Travel() travel { return page.travel }
