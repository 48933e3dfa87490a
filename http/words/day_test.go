package words

import (
	"strings"
	"testing"
	"time"
)

func TestDays(t *testing.T) {
	want := map[Language]string{
		Dutch: "donderdag 1 januari/jan zondag 1 februari/feb zondag 1 maart/mrt woensdag 1 april/apr vrijdag 1 mei/mei maandag 1 juni/jun " +
			"woensdag 1 juli/jul zaterdag 1 augustus/aug dinsdag 1 september/sep donderdag 1 oktober/okt zondag 1 november/nov dinsdag 1 december/dec",
		English: "Thursday 1 January/Jan Sunday 1 February/Feb Sunday 1 March/Mar Wednesday 1 April/Apr Friday 1 May/May Monday 1 June/Jun " +
			"Wednesday 1 July/Jul Saturday 1 August/Aug Tuesday 1 September/Sep Thursday 1 October/Oct Sunday 1 November/Nov Tuesday 1 December/Dec",
	}
	for _, l := range Languages {
		var said []string
		for month := time.January; month <= time.December; month++ {
			said = append(said, Time(l, time.Date(2026, month, 1, 12, 0, 0, 0, time.UTC), "Monday 2 January/Jan"))
		}
		if got := strings.Join(said, " "); got != want[l] {
			t.Errorf("%s: got %s", l, got)
		}
	}
	for day, want := range map[string]string{"2026-03-02": "2 mrt 2026", "May be": "May be", "": ""} {
		if got := Day(Dutch, day); got != want {
			t.Errorf("%q: got %q, want %q", day, got, want)
		}
	}
}
