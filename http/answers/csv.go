package answers

import (
	"strings"

	"github.com/go-json-experiment/json"

	"sleutelbos/eventstore"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
)

// column is one of the CSV of a history.
type column struct {
	about listing.About
	value func(HistoryLine) any // as those of a field, or what changed
}

// columns are those of the CSV of a history.
var columns = []column{
	{of(listing.Text, "position"), func(l HistoryLine) any { return l.Position }},
	{of(listing.Number, "revision"), func(l HistoryLine) any { return l.Revision }},
	{of(listing.Moment, "at"), func(l HistoryLine) any { return l.At }},
	{of(listing.Text, "type"), func(l HistoryLine) any { return l.Type }},
	{of(listing.Text, "text"), func(l HistoryLine) any { return l.Text }},
	{oneOf("actorKind", words.Actors.Values()), func(l HistoryLine) any { return l.Actor.Kind }},
	{of(listing.Actor, "actorId"), func(l HistoryLine) any { return text(l.Actor.ID) }},
	{of(listing.Text, "actorName"), func(l HistoryLine) any { return text(l.Actor.Name) }},
	{of(listing.Actor, "onBehalfOf"), func(l HistoryLine) any {
		if l.OnBehalfOf == nil {
			return ""
		}
		return text(l.OnBehalfOf.ID)
	}},
	{oneOf("channel", words.Ways.Values()), func(l HistoryLine) any { return l.Origin.Channel }},
	{of(listing.Text, "address"), func(l HistoryLine) any { return text(l.Origin.Address) }},
	{of(listing.Text, "userAgent"), func(l HistoryLine) any { return text(l.Origin.UserAgent) }},
	{of(listing.Text, "reason"), func(l HistoryLine) any { return text(l.Reason) }},
	{oneOf("outcome", []string{eventstore.OutcomeDone, eventstore.OutcomeRefused}), func(l HistoryLine) any { return l.Outcome }},
	{of(listing.Text, "changes"), func(l HistoryLine) any { return changesOf{l.Type, l.Changes} }},
	{of(listing.Text, "stream"), func(l HistoryLine) any { return l.Stream }},
	{of(listing.ID, "accountId"), func(l HistoryLine) any { return text(l.AccountID) }},
	{of(listing.ID, "organizationId"), func(l HistoryLine) any { return text(l.OrganizationID) }},
	{of(listing.Text, "eventId"), func(l HistoryLine) any { return l.EventID }},
	{of(listing.Text, "correlationId"), func(l HistoryLine) any { return text(l.CorrelationID) }},
	{of(listing.Text, "causationId"), func(l HistoryLine) any { return text(l.CausationID) }},
	{of(listing.Text, "commandId"), func(l HistoryLine) any { return text(l.CommandID) }},
}

func of(kind listing.Kind, name string) listing.About { return listing.About{Name: name, Kind: kind} }

func oneOf(name string, values []string) listing.About {
	return listing.About{Name: name, Kind: listing.OneOf, Values: values}
}

// historyColumns returns what is known of the columns of a history.
func historyColumns() []listing.About {
	var abouts []listing.About
	for _, c := range columns {
		abouts = append(abouts, c.about)
	}
	return abouts
}

// HistoryColumns returns the heads of a history as CSV for programs.
func HistoryColumns() []string { return Shape{Columns: historyColumns()}.Heads() }

// Values returns the line as a row of that CSV.
func (l HistoryLine) Values() []any {
	var values []any
	for _, c := range columns {
		values = append(values, c.value(l))
	}
	return values
}

// AppendJSON appends the line as an object.
func (l HistoryLine) AppendJSON(b []byte) ([]byte, error) {
	object, err := json.Marshal(l)
	return append(b, object...), err
}

// changesOf are what an event of a type changed.
type changesOf struct {
	event string
	all   []Change
}

// String says the changes as programs get them.
func (c changesOf) String() string {
	parts := make([]string, len(c.all))
	for i, change := range c.all {
		parts[i] = change.Field + ": " + text(change.Old) + " → " + text(change.New)
	}
	return strings.Join(parts, "; ")
}

func text(t *string) string {
	if t == nil {
		return ""
	}
	return *t
}
