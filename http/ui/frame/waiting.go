package frame

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/words"
)

// waitingFile is the page of a program that has no stores yet, and so no frame either.
//
//go:embed waiting/waiting.html
var waitingFile embed.FS

var waitingPage = template.Must(template.ParseFS(waitingFile, "waiting/waiting.html"))

// MountWaiting adds what is answered before the stores are there: people see a page that looks again
// by itself, and programs are told to come back.
func MountWaiting(r chi.Router) {
	MountStatic(r)
	later := problem.Handler(func(w http.ResponseWriter, r *http.Request) error {
		if strings.HasPrefix(r.URL.Path, answers.Prefix) || r.Method != http.MethodGet && r.Method != http.MethodHead {
			return problem.Starting
		}
		return waiting(w, r)
	})
	r.NotFound(later.ServeHTTP)
	r.MethodNotAllowed(later.ServeHTTP)
}

func waiting(w http.ResponseWriter, r *http.Request) error {
	l := words.Of(r.Context())
	again := strconv.Itoa(int(problem.Starting.RetryAfter.Seconds()))
	var drawn bytes.Buffer
	if err := waitingPage.Execute(&drawn, map[string]string{
		"Lang": string(l), "Theme": themeOf(r), "Again": again,
		"Title": words.Text(l, "frame.starting"), "Text": words.Text(l, "frame.starting-text"), "Look": words.Text(l, "frame.starting-look"),
	}); err != nil {
		return fmt.Errorf("render the page of the start: %w", err)
	}
	w.Header().Set("Retry-After", again)
	return write(w, problem.Starting.Status, drawn.Bytes())
}
