package api_test

import (
	"encoding/json"
	"slices"
	"testing"

	"sleutelbos/commands/engine"
	"sleutelbos/http/problem"
	"sleutelbos/http/words"
)

// operations are what can be refused besides commands and looking at something.
var operations = []string{"OpenLetter", "RebuildProjection", "VerifyLog"}

// A refusal in the history says in words what was refused.
func TestEveryCommandIsSaidAsADeed(t *testing.T) {
	names := slices.Clone(operations)
	for _, c := range newStack(t).Commands.All() {
		names = append(names, c.Name)
	}
	for _, name := range names {
		for _, l := range words.Languages {
			if words.Deed(l, name) == name {
				t.Errorf("%s has no words in %s", name, l)
			}
		}
	}
	for _, said := range words.Deeds() {
		if !slices.Contains(names, said) {
			t.Errorf("%s is said, and is no command", said)
		}
	}
}

// No refusal of a body leaves the reader without a sentence, whatever the command.
func TestEveryRefusalOfABodyIsSaid(t *testing.T) {
	s := newStack(t)
	for _, c := range s.Commands.List() {
		odd := map[string]any{}
		for name, member := range c.Body.Properties {
			if member.Type == "string" {
				odd[name] = "\u0001"
			}
		}
		text, err := json.Marshal(odd)
		must(t, err)
		for _, body := range []string{"{}", string(text)} {
			_, refusal := s.Commands.RunJSON(t.Context(), engine.Request{}, c.Name, []byte(body))
			for _, l := range words.Languages {
				d := problem.Of(words.With(t.Context(), l), refusal)
				if d.Status != 422 || d.Detail == "" {
					t.Errorf("%s, %s: %d, %s says %q", c.Name, l, d.Status, d.Code, d.Detail)
				}
				for _, f := range d.Errors {
					if f.Detail == "" {
						t.Errorf("%s, %s: nothing is said about %s", c.Name, l, f.Code)
					}
				}
			}
		}
	}
}
