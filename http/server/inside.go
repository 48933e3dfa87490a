package server

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"sleutelbos/http/problem"
)

// insideNames are the ends of names that no public name server knows.
var insideNames = []string{".localhost", ".local", ".internal", ".svc", ".home.arpa"}

// inside refuses a request for a host that has a public name: a page of that name, which a
// browser inside opens, could read what the listener tells (DNS rebinding). Probes ask by address,
// or by a name that only the inside knows.
func inside(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, err := url.Parse("//" + r.Host)
		if err != nil || asked.Host != r.Host || !isInside(asked.Hostname()) {
			problem.Write(w, r, problem.New(http.StatusMisdirectedRequest, "misdirected"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isInside(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	host = strings.ToLower(host)
	return host != "" && !strings.Contains(host, ".") || // a name of one part is no public one
		slices.ContainsFunc(insideNames, func(end string) bool {
			return strings.HasSuffix(host, end) || strings.Contains(host, end+".") && end == ".svc"
		})
}
