package ui

import (
	"io/fs"
	"regexp"
	"slices"
	"testing"

	"sleutelbos/http/words"
)

// TestTexts holds the languages to the same keys, and the templates to known ones.
func TestTexts(t *testing.T) {
	for key := range words.Texts[words.Dutch] {
		if !words.Known(words.English, key) {
			t.Errorf("%s is not said in English", key)
		}
	}
	for key := range words.Texts[words.English] {
		if !words.Known(words.Dutch, key) {
			t.Errorf("%s is not said in Dutch", key)
		}
	}
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	used := regexp.MustCompile(`\bt "([a-z0-9.-]+)"`)
	for _, name := range names {
		raw, err := templateFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range used.FindAllSubmatch(raw, -1) {
			if key := string(match[1]); !words.Known(words.Dutch, key) {
				t.Errorf("%s uses the text %s, which nobody says", name, key)
			}
		}
	}
}

// TestLocal lets a redirect lead nowhere but to this site (T23).
func TestLocal(t *testing.T) {
	for target, want := range map[string]string{
		"/accounts?q=x": "/accounts?q=x", "/": "/", "": "/", "//evil": "/", `/\evil`: "/", "https:evil": "/", "/%09/evil": "/%09/evil",
		"//evil/..": "/", "https://evil/": "/", "/\t/evil": "/", "javascript:alert(1)": "/", "http://u@evil": "/",
	} {
		if got := local(target); got != want {
			t.Errorf("local(%q) = %q, want %q", target, got, want)
		}
	}
}

// TestTemplatesParse parses every page in every language; parse panics on a fault.
func TestTemplatesParse(t *testing.T) {
	pages := parse()
	for _, l := range words.Languages {
		if !slices.Contains([]bool{pages[l]["login"] != nil}, true) {
			t.Errorf("no login page in %s", l)
		}
	}
}

// Two parts of the program are told apart where a history is filtered by who acted.
func TestPartsHaveNames(t *testing.T) {
	for part, want := range map[string]string{"mail": "Mails versturen", "messages": "Mails klaarzetten", "clock": "de klok", "never-heard-of": "het programma"} {
		if got := partName(words.Dutch, part); got != want {
			t.Errorf("%s: got %q, want %q", part, got, want)
		}
	}
}
