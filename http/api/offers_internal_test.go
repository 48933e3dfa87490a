package api

import (
	"encoding/json"
	"testing"

	"sleutelbos/commands/engine"
	"sleutelbos/http/problem"
	"sleutelbos/http/words"
)

// A refusal in the history says in words what was refused.
func TestEveryCommandIsSaidAsADeed(t *testing.T) {
	for _, o := range NewOffers(nil).List() {
		for _, l := range words.Languages {
			if words.Deed(l, o.Name) == o.Name {
				t.Errorf("%s has no words in %s", o.Name, l)
			}
		}
	}
}

// No refusal of a body leaves the reader without a sentence, whatever the command.
func TestEveryRefusalOfABodyIsSaid(t *testing.T) {
	for _, o := range NewOffers(nil).List() {
		odd := map[string]any{}
		for name, s := range o.Schema.Properties {
			if s.Type == "string" {
				odd[name] = "\u0001"
			}
		}
		text, err := json.Marshal(odd)
		if err != nil {
			t.Fatal(err)
		}
		for _, body := range []string{"{}", string(text)} {
			_, refusal := o.run(t.Context(), []byte(body), engine.Request{})
			for _, l := range words.Languages {
				d := problem.Of(words.With(t.Context(), l), refusal)
				if d.Status != 422 || d.Detail == "" {
					t.Errorf("%s, %s: %d, %s says %q", o.Name, l, d.Status, d.Code, d.Detail)
				}
				for _, f := range d.Errors {
					if f.Detail == "" {
						t.Errorf("%s, %s: nothing is said about %s", o.Name, l, f.Code)
					}
				}
			}
		}
	}
}
