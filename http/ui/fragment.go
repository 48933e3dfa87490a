package ui

import (
	"bytes"
	"fmt"
	"net/http"

	"sleutelbos/http/words"
)

// fragment writes the content of a template without the frame, for a part of a page that
// is asked for by itself.
func (u *UI) fragment(w http.ResponseWriter, r *http.Request, name string, data any) error {
	set, ok := u.templates[words.Of(r.Context())][name]
	if !ok {
		return fmt.Errorf("there is no template %s", name)
	}
	var part bytes.Buffer
	if err := set.ExecuteTemplate(&part, "content", data); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err := w.Write(part.Bytes())
	return err
}
