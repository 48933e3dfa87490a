package api

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"sleutelbos/http/answers"
	"sleutelbos/projections/machinery/listing"
)

// shown is a row with a value of each kind.
type shown struct {
	Name, None string
	Count      int64
	Yes        bool
	At, Never  time.Time
	Many, Few  []string
}

var shownFields = []listing.Field[shown]{
	listing.Of(listing.Text, "name", func(s *shown) *string { return &s.Name }),
	listing.Of(listing.Text, "none", func(s *shown) *string { return &s.None }).Nullable(),
	listing.Of(listing.Text, "absent", func(s *shown) *string { return &s.None }).LeftOut(),
	listing.Of(listing.Number, "count", func(s *shown) *int64 { return &s.Count }),
	listing.Of(listing.Flag, "yes", func(s *shown) *bool { return &s.Yes }),
	listing.Of(listing.Moment, "at", func(s *shown) *time.Time { return &s.At }),
	listing.Of(listing.Moment, "never", func(s *shown) *time.Time { return &s.Never }),
	listing.Of(listing.Texts, "many", func(s *shown) *[]string { return &s.Many }),
	listing.Of(listing.Texts, "few", func(s *shown) *[]string { return &s.Few }),
	listing.Computed(listing.Flag, "computed", func(s *shown, at time.Time) bool { return s.At.Before(at) }),
}

// TestPageIsWrittenAsAnEncoderWould holds what is appended to what encoding says of the same: the
// order of members, what is null, and how texts are quoted.
func TestPageIsWrittenAsAnEncoderWould(t *testing.T) {
	at := time.Date(2026, 3, 14, 12, 30, 0, 123_000_000, time.FixedZone("", 3600))
	row := shown{Name: "Zoë \"<x>\" \\ \n\u2028 \x7f", Count: -3, Yes: true, At: at, Many: []string{"ij", "\t"}}
	next := "cursor"
	line := answers.HistoryLine{Position: "3", Text: "blokkeerde \"Zoë\"", Reason: &next}
	object := `{"name":"Zoë \"<x>\" \\ \n` + "\u2028 \x7f" + `","none":null,"count":-3,"yes":true,"at":"2026-03-14T11:30:00.123Z","never":null,"many":["ij","\t"],"few":[],"computed":false}`
	view := listing.View[shown]{Fields: shownFields, Row: &row, At: at}
	if got, err := view.AppendJSON(nil); err != nil || string(got) != object {
		t.Errorf("a view is\n%s, %v; want\n%s", got, err, object)
	}
	for name, page := range map[string]Page{
		"of nothing": {Items: []answers.Item{}, Position: "7"},
		"of views":   {Items: []answers.Item{view, view}, Next: &next, Total: 12, AtLeast: true, Position: "7"},
		"of lines":   {Items: []answers.Item{line}, Total: 1},
	} {
		want, err := json.Marshal(page)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := page.appendJSON(nil); err != nil || string(got) != string(want) {
			t.Errorf("a page %s is\n%s, %v; want\n%s", name, got, err, want)
		}
	}
}
