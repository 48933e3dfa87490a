package words

import "testing"

func TestPlurals(t *testing.T) {
	for _, c := range []struct {
		l    Language
		key  Key
		args []any
		want string
	}{
		{Dutch, "rule.months", []any{1}, "1 maand"},
		{Dutch, "rule.months", []any{0}, "0 maanden"},
		{English, "rule.months", []any{int64(12)}, "12 months"},
		{Dutch, "rule.password", []any{12, 1, 2}, "12 tekens, 1 hoofdletter, 2 cijfers"},
		{English, "rule.password", []any{12, 2, 1}, "12 characters, 2 capitals, 1 digit"},
		{Dutch, "selected.do-*", []any{"send", 1}, "1 activatie versturen"},
		{English, "manage.log-unsealed", []any{1}, "1 event is newer than the last seal."},
		{English, "manage.log-read", []any{3, 1, 2, 1}, "Read 3 events in 1 stream and compared them with 2 seals, 1 of them outside the log, too."},
	} {
		if got := Text(c.l, c.key, c.args...); got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.l, c.key, got, c.want)
		}
	}
}

func TestCount(t *testing.T) {
	for number, want := range map[string]string{"1": "Ten minste 1 cijfer.", "2": "Ten minste 2 cijfers."} {
		if got := Count("Ten minste "+number+" {cijfer|cijfers}.", number); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
