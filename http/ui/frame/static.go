package frame

import (
	"embed"
	"io/fs"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
)

//go:embed static
var static embed.FS

// MountStatic adds the style sheet and the scripts.
func MountStatic(r chi.Router) {
	files, err := fs.Sub(static, "static")
	if err != nil {
		panic("ui: the static files are embedded: " + err.Error())
	}
	r.Handle("/static/*", cached(filesOnly(http.StripPrefix("/static/", http.FileServerFS(files)))))
}

// filesOnly keeps a folder from being listed.
func filesOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if info, err := fs.Stat(static, strings.Trim(r.URL.Path, "/")); err != nil || info.IsDir() {
			problem.Write(w, r, problem.New(http.StatusNotFound, "not-found"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// cached lets a browser keep what changes only with the program.
func cached(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=3600")
		next.ServeHTTP(w, r)
	})
}

// Mount adds what every page needs: the choice of language and theme, and the page for
// what is not there.
func (p *Pages) Mount(r chi.Router) {
	r.Post("/preferences", p.Handle(p.preferences))
	r.NotFound(p.notFound)
}

// notFound shows people a page; programs get what they would from the API.
func (p *Pages) notFound(w http.ResponseWriter, r *http.Request) {
	missing := problem.New(http.StatusNotFound, "not-found")
	if strings.HasPrefix(r.URL.Path, answers.Prefix) {
		problem.Write(w, r, missing)
		return
	}
	p.Handle(func(http.ResponseWriter, *http.Request) error { return missing })(w, r)
}
