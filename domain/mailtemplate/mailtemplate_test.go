package mailtemplate_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sleutelbos/domain/decidertest"
	. "sleutelbos/domain/mailtemplate"
	"sleutelbos/domain/message"
)

const organization = "00000000-0000-7000-8000-000000000002"

var (
	activation = About{organization, message.TemplatePortalActivation, "nl"}
	text       = Text{"Uw account", "Hallo {NAAM},\n\n{LINK}\n\nTot {VERLOOPDATUM}."}
	builtIn    = BuiltIn(activation.Template, "nl")
	changed    = Changed{organization, activation.Template, "nl", text.Subject, text.Body, builtIn.Subject, builtIn.Body}
)

func given(t *testing.T, events ...Event) decidertest.Scenario[State, Command, Event] {
	t.Helper()
	return decidertest.Given(t, Decider, events...)
}

func with(subject, body string) Change { return Change{activation, Text{subject, body}} }

func TestChange(t *testing.T) {
	t.Run("tells what was there before", func(t *testing.T) {
		given(t).When(Change{activation, text}).Then(changed)
	})
	t.Run("of one language leaves the other", func(t *testing.T) {
		state := Decider.Fold(State{}, changed)
		if state.Held(activation.Template, "en") != BuiltIn(activation.Template, "en") || state.Held(activation.Template, "nl") != text {
			t.Errorf("%+v", state)
		}
	})
	t.Run("to what is so already is nothing", func(t *testing.T) {
		given(t, changed).When(Change{activation, text}).ThenNothing()
		given(t).When(Change{activation, builtIn}).ThenNothing()
	})
	t.Run("to the built-in text resets it", func(t *testing.T) {
		given(t, changed).When(Change{activation, builtIn}).Then(WasReset{organization, activation.Template, "nl", builtIn.Subject, builtIn.Body, text.Subject, text.Body})
	})
}

// TestValue03_RequiredPlaceholders refuses the mail of an activation without its link and last day (O-15).
func TestValue03_RequiredPlaceholders(t *testing.T) {
	for name, c := range map[string]struct {
		change Change
		err    error
	}{
		"without the link":                {with("Uw account", "Tot {VERLOOPDATUM}."), ErrLink},
		"without the last day":            {with("Uw account", "{LINK}"), ErrLastDay},
		"with a link in small letters":    {with("Uw account", "{link} {LINK} {VERLOOPDATUM}"), ErrUnknown},
		"of another mail":                 {with("Uw account", "{LINK} {VERLOOPDATUM} {LICENTIE}"), ErrUnknown},
		"with a brace that is not closed": {with("Uw account", "{LINK} {VERLOOPDATUM} {"), ErrUnknown},
		"with the link in the subject":    {with("{LINK}", "{LINK} {VERLOOPDATUM}"), ErrNotThere},
		"of another mail in the subject":  {with("{LICENTIE}", "{LINK} {VERLOOPDATUM}"), ErrNoneThere},
		"of a request without the reason": {Change{About{organization, message.TemplateLicenseRequest, "nl"}, Text{"Aanvraag", "{LINK} {LICENTIE} {NAAM}"}}, ErrMissing},
		"of an unknown kind":              {Change{About{organization, "nothing", "nl"}, text}, message.ErrTemplateUnknown},
		"in an unknown language":          {Change{About{organization, activation.Template, "de"}, text}, message.ErrLanguageUnknown},
	} {
		t.Run(name, func(t *testing.T) { given(t).When(c.change).ThenRefused(c.err) })
	}
	for name, change := range map[string]Change{
		"without a subject": with(" ", text.Body), "without a text": with("Uw account", "\n"),
		"with two lines in the subject": with("Uw\naccount", text.Body), "with a text that is too long": with("Uw account", text.Body+strings.Repeat("a", MaxText)),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Decider.Decide(State{}, change); err == nil {
				t.Error("accepted")
			}
		})
	}
}

func TestReset(t *testing.T) {
	given(t).When(Reset{activation}).ThenNothing()
	given(t, changed).When(Reset{activation}).Then(WasReset{organization, activation.Template, "nl", builtIn.Subject, builtIn.Body, text.Subject, text.Body})
	given(t, changed, WasReset{organization, activation.Template, "nl", builtIn.Subject, builtIn.Body, text.Subject, text.Body}).When(Reset{activation}).ThenNothing()
}

// TestEveryMailHasATextThatItAccepts ranges over every kind of mail in every language.
func TestEveryMailHasATextThatItAccepts(t *testing.T) {
	for _, template := range message.Templates() {
		if _, said := AllowedIn(template); !said {
			t.Errorf("%s does not say which placeholders it has", template)
		}
		for _, language := range message.Languages() {
			of := About{organization, template, language}
			changed := BuiltIn(template, language)
			changed.Subject += "!"
			if _, err := Decider.Decide(State{}, Change{of, changed}); err != nil {
				t.Errorf("%s in %s: %v", template, language, err)
			}
		}
	}
}

func TestFill(t *testing.T) {
	text := Text{"Voor {NAAM}", "Beste {NAAM},\nwelkom.\n\n\n\nReden: {REDEN}\n\n{LINK}\n\nTot {VERLOOPDATUM}"}
	got := text.Fill(Values{Name: "{LINK}", Link: "https://example.nl/a", LastDay: "14 april 2026"})
	if got.Subject != "Voor {LINK}" || got.Plain() != "Beste {LINK},\nwelkom.\n\nhttps://example.nl/a\n\nTot 14 april 2026\n" {
		t.Errorf("%q %q", got.Subject, got.Plain())
	}
	if got.Paragraphs[1].Button() != "https://example.nl/a" || got.Paragraphs[0].Button() != "" {
		t.Errorf("%+v", got.Paragraphs)
	}
	if got := text.Fill(Values{Reason: "Nodig"}).Plain(); !strings.Contains(got, "\n\nReden: Nodig\n\n") {
		t.Errorf("%q", got)
	}
}

// TestWhateverHappens changes and resets at random: what an organization holds always has what the mail must
// have, and the events tell each text that was there before.
func TestWhateverHappens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		template := rapid.SampledFrom(message.Templates()).Draw(t, "template")
		allowed, _ := AllowedIn(template)
		words := rapid.SampledFrom(append([]string{"a", "{", "}", "{x}", "\n\n", "<b>"}, written(allowed.All())...))
		var state State
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) {
				for _, language := range message.Languages() {
					for _, must := range allowed.Must {
						if !strings.Contains(state.Held(template, language).Body, must.Written()) {
							t.Fatalf("%s is missing in %q", must, state.Held(template, language).Body)
						}
					}
				}
			},
			"change": func(t *rapid.T) {
				of := About{organization, template, rapid.SampledFrom(message.Languages()).Draw(t, "language")}
				body := strings.Join(slices.Concat(rapid.SliceOfN(words, 0, 8).Draw(t, "text"), written(allowed.Must)), " ")
				state = follow(t, state, of, Change{of, Text{rapid.SampledFrom([]string{"", "a", "{NAAM}", "{LINK}"}).Draw(t, "subject"), body}})
			},
			"reset": func(t *rapid.T) {
				of := About{organization, template, rapid.SampledFrom(message.Languages()).Draw(t, "language")}
				state = follow(t, state, of, Reset{of})
			},
		})
	})
}

func follow(t *rapid.T, state State, of About, command Command) State {
	events, err := Decider.Decide(state, command)
	if err != nil {
		return state
	}
	before := state.Held(of.Template, of.Language)
	for _, e := range events {
		state = Decider.Evolve(state, e)
		old := Text{}
		switch e := e.(type) {
		case Changed:
			old = Text{e.OldSubject, e.OldBody}
		case WasReset:
			old = Text{e.OldSubject, e.OldBody}
		}
		if old != before {
			t.Fatalf("%+v tells that %q was there, not %q", e, old, before)
		}
	}
	return state
}

func written(all []Placeholder) []string {
	words := make([]string, len(all))
	for i, p := range all {
		words[i] = p.Written()
	}
	return words
}
