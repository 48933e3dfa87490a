package server

import (
	"fmt"
	"net/http"
	"net/url"
	"time"

	"sleutelbos/http/problem"
)

// SecurityTXTPath is where whoever found a weakness looks for whom to tell (RFC 9116).
const SecurityTXTPath = "/.well-known/security.txt"

// SecurityTXT returns the page that says whom to tell of a weakness. Without a support address there
// is none.
func SecurityTXT(support string, publicURL *url.URL, now func() time.Time) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if support == "" {
			problem.Write(w, r, problem.New(http.StatusNotFound, "not-found"))
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		expires := now().UTC().AddDate(0, 6, 0).Truncate(24 * time.Hour) // it must be less than a year ahead
		fmt.Fprintf(w, "Contact: %s\nExpires: %s\nPreferred-Languages: nl, en\nCanonical: %s\n",
			&url.URL{Scheme: "mailto", Opaque: support}, expires.Format(time.RFC3339), publicURL.JoinPath(SecurityTXTPath))
	})
}
