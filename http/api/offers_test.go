package api_test

import (
	"encoding/json"
	"testing"

	"sleutelbos/commands/engine"
	"sleutelbos/http/problem"
	"sleutelbos/http/words"
)

// A refusal in the history says in words what was refused.
func TestEveryCommandIsSaidAsADeed(t *testing.T) {
	for _, c := range newStack(t).Commands.All() {
		for _, l := range words.Languages {
			if words.Deed(l, c.Name) == c.Name {
				t.Errorf("%s has no words in %s", c.Name, l)
			}
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
