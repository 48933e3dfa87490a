package history

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"sleutelbos/http/words"
	"sleutelbos/projections/models/audithistory"
)

// pageOfLines is how many lines a page shows; aheadOfHere how many of them stand above the
// moment from which the account is seen.
const (
	pageOfLines = 40
	aheadOfHere = 4
)

// drawTimeline fills the lines of the page, its filters and its scrubber.
func (s historyPages) drawTimeline(r *http.Request, page *historyPage) error {
	page.Bars = barsOf(page.travel)
	page.countKinds(words.Of(r.Context()))
	if err := s.countActors(r, page); err != nil {
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
	page.Downloads = page.downloads()
	return s.readLines(r, page, window)
}

// fitting returns the steps that fit the filters, in the order in which they are shown.
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

// span returns the first and last step that the page is about: all, or those between the
// moments compared.
func (t travel) span() (first, last int) {
	if t.Compares() {
		return min(t.Pinned.Step, t.Here.Step) + 1, max(t.Pinned.Step, t.Here.Step)
	}
	return 1, len(t.marks)
}

// period returns the first moment and the one after the last of the days asked for.
func (t travel) period() (from, to time.Time) {
	return dayStart(t.From, 0, t.zone), dayStart(t.To, 1, t.zone)
}

func dayStart(day string, later int, zone *time.Location) time.Time {
	at, err := time.ParseInLocation(time.DateOnly, day, zone)
	if err != nil {
		return time.Time{} // none was asked for; what is no day was refused before
	}
	return at.AddDate(0, 0, later)
}

// beginIn returns where the shown part of the list begins: with the step that the address
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

func (s historyPages) readLines(r *http.Request, page *historyPage, window []int) error {
	positions := make([]int64, len(window))
	stepAt := map[int64]int{}
	for i, step := range window {
		positions[i] = page.marks[step-1].Position
		stepAt[positions[i]] = step
	}
	rows, err := audithistory.At(r.Context(), s.DB, positions...)
	if err != nil {
		return err
	}
	if !page.Oldest {
		slices.Reverse(rows)
	}
	lines, err := s.reader.lines(r, "/accounts/"+page.ID, rows)
	if err != nil {
		return err
	}
	for i := range lines {
		line := &lines[i]
		line.Step = stepAt[rows[i].Position]
		line.Here, line.Later = !page.Present && line.Step == page.Here.Step, line.Step > page.Here.Step
		line.Pinned = page.Compares() && line.Step == page.Pinned.Step
	}
	page.Days = byDay(lines, page.zone)
	return nil
}

// Travel returns the address of the page, for the lines that lead to a step.
func (page historyPage) Travel() travel { return page.travel }
