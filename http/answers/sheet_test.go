package answers_test

import (
	"testing"

	"sleutelbos/http/answers"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
)

// TestF31_EveryListIsToldInWords asks every list for what its file and each of its columns are
// called in every language, and the words of the values that a column can have.
func TestF31_EveryListIsToldInWords(t *testing.T) {
	for _, q := range (answers.Source{}).Queries() {
		if q.One != nil {
			continue
		}
		if q.Subject == nil {
			t.Errorf("%s does not say what it is about", q.ID)
		}
		for _, l := range words.Languages {
			if words.Sheet(l, q.ID) == q.ID {
				t.Errorf("%s has no words in %s: sheet.%s", q.ID, l, q.ID)
			}
			for _, about := range q.Shape.Columns {
				if !words.HasField(l, about.Name) {
					t.Errorf("%s: %s has no label in %s", q.ID, about.Name, l)
				}
			}
		}
		for _, about := range q.Shape.Columns {
			if _, ok := words.SetOf(about.Values); !ok && about.Kind == listing.OneOf {
				t.Errorf("%s: the values of %s have no words: %s", q.ID, about.Name, about.Values)
			}
		}
	}
}
