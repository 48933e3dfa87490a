package frame

import (
	"testing"

	"sleutelbos/http/words"
)

// TestValuesAreNoAddresses gives the functions of templates a pointer, as some fields are.
func TestValuesAreNoAddresses(t *testing.T) {
	blocked, none := "blocked", (*string)(nil)
	f := functions(words.English)
	value := f["value"].(func(words.Set, any) string)
	if got, want := value("badge", &blocked), value("badge", blocked); got != want {
		t.Errorf("a pointer is said as %q, its value as %q", got, want)
	}
	if got := pointed(none); got != nil {
		t.Errorf("a pointer to nothing is %v", got)
	}
	said, err := f["t"].(func(words.Key, ...any) (string, error))("selected.done", new(2), 3)
	if want, _ := words.TryText(words.English, "selected.done", 2, 3); err != nil || said != want {
		t.Errorf("a pointer in a sentence is said as %q, its value as %q (%v)", said, want, err)
	}
}

func TestBrowser(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0":                                                "Firefox 145",
		"Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0":     "Edge 142",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15": "Safari 17",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36":                 "Chrome 142",
		"Firefox/145.0": "Firefox 145", "curl/8.5.0": "curl 8", "our import": "our import", "": "",
	} {
		if got := browser(agent); got != want {
			t.Errorf("%q is shown as %q, want %q", agent, got, want)
		}
	}
}
