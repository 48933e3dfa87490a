package words

import (
	"regexp"
	"strings"
	"testing"

	"sleutelbos/domain/mailtemplate"
	"sleutelbos/domain/message"
	"sleutelbos/eventstore/catalog"
)

// everyText calls see with everything that the program says in a language, and where it stands.
func everyText(t *testing.T, see func(l Language, where, text string)) {
	t.Helper()
	for _, l := range Languages {
		for key, text := range all[l] {
			see(l, string(key), text)
		}
		for template, text := range subjects[l] {
			see(l, "the subject of "+template, text)
		}
		for _, a := range catalog.Aggregates() {
			see(l, a.Name, Said(l, a.Says))
			for _, e := range a.Events {
				see(l, e.Name, Said(l, e.Says))
				see(l, e.Name, Said(l, e.Will))
			}
		}
		for _, mail := range message.Templates() {
			text := mailtemplate.BuiltIn(mail, string(l))
			see(l, string(mail), text.Subject+"\n"+text.Body)
		}
	}
	for _, e := range enumerations {
		for value, text := range e.said {
			see(Dutch, value, text.NL)
			see(English, value, text.EN)
		}
	}
}

// TestF36_NoWordIsTwoAtOnce keeps out "maand(en)": a text that depends on a number has both forms.
func TestF36_NoWordIsTwoAtOnce(t *testing.T) {
	either := regexp.MustCompile(`\pL\((s|es|ies|n|en|e|'s)\)`)
	everyText(t, func(_ Language, where, text string) {
		if found := either.FindString(text); found != "" {
			t.Errorf("%s: %q", where, text)
		}
	})
}

// TestF36_OneTermForOneThing keeps out the second word for what has one.
func TestF36_OneTermForOneThing(t *testing.T) {
	second := map[Language]*regexp.Regexp{
		Dutch:   regexp.MustCompile(`(?i)inlog|registratie verlopen|historie van alles|ontsloeg|treedt terug|\bdocumenten\b|\bberichten\b`),
		English: regexp.MustCompile(`(?i)\blog(ged)? in\b|registration expired|history of everything|least characters|\bin service\b`),
	}
	everyText(t, func(l Language, where, text string) {
		text = strings.ReplaceAll(text, "Documenten lezen", "") // the name of a permission (O-23)
		if found := second[l].FindString(text); found != "" {
			t.Errorf("%s says %q: %s", where, found, text)
		}
	})
	for _, l := range Languages {
		for key, name := range texts[l] {
			place, ok := strings.CutPrefix(string(key), "nav.")
			if title, titled := texts[l][Key(place+".title")]; ok && titled && title != name && place != "home" {
				t.Errorf("%s: the navigation says %q, and the page %q", l, name, title)
			}
		}
	}
}

// TestF36_AMenuHasNoHoles says every event without knowing what happened.
func TestF36_AMenuHasNoHoles(t *testing.T) {
	hole := regexp.MustCompile(`  |\s$|[{}\[\]]`)
	for _, a := range catalog.Aggregates() {
		for _, e := range a.Events {
			for _, l := range Languages {
				if said := Sentence(l, Happening{Type: e.Name, Actor: Actor{Name: "…"}}); hole.MatchString(said) {
					t.Errorf("%s: %q", e.Name, said)
				}
			}
		}
	}
}

// TestF36_AReasonStandsWithItsDeed keeps it from what only keeps names unique.
func TestF36_AReasonStandsWithItsDeed(t *testing.T) {
	said := Sentence(Dutch, Happening{Type: "reservation.released.v1", Actor: Actor{Name: "Ann"}, Reason: "uit dienst"})
	if strings.Contains(said, "uit dienst") {
		t.Error(said)
	}
	if said := Sentence(Dutch, Happening{Type: "account.closed.v1", Actor: Actor{Name: "Ann"}, Reason: "uit dienst"}); !strings.HasSuffix(said, ": uit dienst") {
		t.Error(said)
	}
}

// TestF36_CountriesHaveNames in both languages, and are sorted by them.
func TestF36_CountriesHaveNames(t *testing.T) {
	for l, want := range map[Language]string{Dutch: "Nederland", English: "Netherlands"} {
		for _, code := range Countries(l) {
			if name := Country(l, code); name == code || name == "" {
				t.Errorf("%s: %s has no name", l, code)
			}
		}
		if got := Country(l, "NL"); got != want {
			t.Errorf("%s: %q", l, got)
		}
	}
	if first := Country(Dutch, Countries(Dutch)[0]); first != "Afghanistan" {
		t.Errorf("the first is %s", first)
	}
}
