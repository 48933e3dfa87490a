package frame

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"
)

// Local returns a path of this very site, or "/" for anything else (T23).
func Local(target string) string {
	parsed, err := url.Parse(target)
	if err != nil || parsed.IsAbs() || parsed.Host != "" || parsed.User != nil || parsed.Opaque != "" ||
		!strings.HasPrefix(target, "/") || strings.HasPrefix(target, "//") || strings.ContainsAny(target, "\\\t\r\n") {
		return "/"
	}
	return parsed.RequestURI()
}

// Next returns where a form wants to go on, such as the list as it was filtered.
func Next(r *http.Request, otherwise string) string {
	if target := r.PostFormValue("next"); target != "" {
		return Local(target)
	}
	return otherwise
}

// BackTo returns the request as if it asked for the list that the form was on.
func BackTo(r *http.Request, path string) *http.Request {
	r = r.Clone(r.Context())
	r.Method, r.URL = http.MethodGet, &url.URL{Path: path}
	if target, err := url.Parse(Next(r, path)); err == nil && target.Path == path {
		r.URL.RawQuery = target.RawQuery
	}
	return r
}

// Address returns a path with a query; parameters that are empty are left out.
func Address(path string, parameters map[string]string) string {
	if query := Query(parameters); query != "" {
		return path + "?" + query
	}
	return path
}

// Query encodes parameters; those that are empty are left out.
func Query(parameters map[string]string) string {
	values := url.Values{}
	for name, value := range parameters {
		if value != "" {
			values.Set(name, value)
		}
	}
	return values.Encode()
}

// PathID returns the id in the path in its one spelling, and false if it is none.
func PathID(r *http.Request) (string, bool) {
	text := chi.URLParam(r, "id")
	id, err := uuid.Parse(text)
	return id.String(), err == nil && len(text) == len(uuid.Nil.String())
}
