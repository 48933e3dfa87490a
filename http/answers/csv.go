package answers

import (
	"strconv"
	"strings"
)

// column is one of the CSV of a history.
type column struct {
	head string
	cell func(HistoryLine) string
}

// columns are those of the CSV of a history.
var columns = []column{
	{"position", func(l HistoryLine) string { return l.Position }},
	{"revision", func(l HistoryLine) string { return strconv.FormatInt(l.Revision, 10) }},
	{"at", func(l HistoryLine) string { return l.At }},
	{"type", func(l HistoryLine) string { return l.Type }},
	{"text", func(l HistoryLine) string { return l.Text }},
	{"actorKind", func(l HistoryLine) string { return l.Actor.Kind }},
	{"actorId", func(l HistoryLine) string { return text(l.Actor.ID) }},
	{"actorName", func(l HistoryLine) string { return text(l.Actor.Name) }},
	{"onBehalfOf", func(l HistoryLine) string {
		if l.OnBehalfOf == nil {
			return ""
		}
		return text(l.OnBehalfOf.ID)
	}},
	{"channel", func(l HistoryLine) string { return l.Origin.Channel }},
	{"address", func(l HistoryLine) string { return text(l.Origin.Address) }},
	{"userAgent", func(l HistoryLine) string { return text(l.Origin.UserAgent) }},
	{"reason", func(l HistoryLine) string { return text(l.Reason) }},
	{"outcome", func(l HistoryLine) string { return l.Outcome }},
	{"changes", func(l HistoryLine) string { return changesText(l.Changes) }},
	{"stream", func(l HistoryLine) string { return l.Stream }},
	{"accountId", func(l HistoryLine) string { return text(l.AccountID) }},
	{"organizationId", func(l HistoryLine) string { return text(l.OrganizationID) }},
	{"eventId", func(l HistoryLine) string { return l.EventID }},
	{"correlationId", func(l HistoryLine) string { return text(l.CorrelationID) }},
	{"causationId", func(l HistoryLine) string { return text(l.CausationID) }},
	{"commandId", func(l HistoryLine) string { return text(l.CommandID) }},
}

// HistoryColumns returns the heads of a history as CSV.
func HistoryColumns() []string {
	var heads []string
	for _, c := range columns {
		heads = append(heads, c.head)
	}
	return heads
}

// Cells returns the line as a row of that CSV.
func (l HistoryLine) Cells() []string {
	var cells []string
	for _, c := range columns {
		cells = append(cells, c.cell(l))
	}
	return cells
}

func changesText(changes []Change) string {
	parts := make([]string, len(changes))
	for i, c := range changes {
		parts[i] = c.Field + ": " + text(c.Old) + " → " + text(c.New)
	}
	return strings.Join(parts, "; ")
}

func text(t *string) string {
	if t == nil {
		return ""
	}
	return *t
}
