package accounts

import (
	"net/http"

	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// secretPage shows a generated password or key this once.
type secretPage struct {
	Title, Text, Label words.Key
	Secret, Name, Back string
}

func (s Section) showSecret(w http.ResponseWriter, r *http.Request, p secretPage) error {
	return s.Pages.Render(w, r, "secret", frame.Page{Title: words.Text(words.Of(r.Context()), p.Title), Nav: "accounts", Data: p})
}
