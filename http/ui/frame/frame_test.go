package frame

import (
	"strings"
	"testing"
	"testing/fstest"

	"sleutelbos/commands/engine"
	"sleutelbos/http/words"
)

// TestLocal lets a redirect lead nowhere but to this site (T23).
func TestLocal(t *testing.T) {
	for target, want := range map[string]string{
		"/accounts?q=x": "/accounts?q=x", "/": "/", "": "/", "//evil": "/", `/\evil`: "/", "https:evil": "/", "/%09/evil": "/%09/evil",
		"//evil/..": "/", "https://evil/": "/", "/\t/evil": "/", "javascript:alert(1)": "/", "http://u@evil": "/",
	} {
		if got := Local(target); got != want {
			t.Errorf("Local(%q) = %q, want %q", target, got, want)
		}
	}
}

// TestTemplatesAreRead parses the frame's pages in every language; parse panics on a fault.
func TestTemplatesAreRead(t *testing.T) {
	pages := parse(words.NewBook(), new(engine.Commands))
	for _, l := range words.Languages {
		if pages.parsed[l]["problem"] == nil {
			t.Errorf("there is no page for a problem in %s", l)
		}
	}
}

// TestTemplatesUseTextsThatAreSaid stops the start on a template that uses a text that
// nobody says.
func TestTemplatesUseTextsThatAreSaid(t *testing.T) {
	defer func() {
		said, _ := recover().(string)
		if !strings.Contains(said, "page uses the text nobody.says-this") {
			t.Errorf("got %q", said)
		}
	}()
	parse(words.NewBook(), new(engine.Commands), fstest.MapFS{"templates/page.html": {Data: []byte(`{{define "content"}}{{t "nobody.says-this"}}{{end}}`)}})
}

// Two parts of the program are told apart where a history is filtered by who acted.
func TestPartsHaveNames(t *testing.T) {
	for part, want := range map[string]string{"mail": "Mails versturen", "messages": "Mails klaarzetten", "clock": "de klok", "never-heard-of": "het programma"} {
		if got := words.Part(words.Dutch, part); got != want {
			t.Errorf("%s: got %q, want %q", part, got, want)
		}
	}
}
