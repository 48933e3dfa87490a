package signin

import (
	"net/http"
	"net/netip"
	"net/url"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
)

// open handles a page whose address holds a token.
func (s Section) open(h frame.Handler) http.HandlerFunc {
	return s.Pages.Handle(func(w http.ResponseWriter, r *http.Request) error {
		s.keepAddress(w)
		return h(w, r)
	})
}

// keepAddress keeps the address of a page, which holds a token, to the page itself. A
// browser that does so calls its own origin "null" in forms, and tells by other means that
// they are ours only where the connection is to be trusted; elsewhere the server's usual
// policy, which tells no other site either, has to do.
func (s Section) keepAddress(w http.ResponseWriter) {
	if trustworthy(s.PublicURL) {
		w.Header().Set("Referrer-Policy", "no-referrer")
	}
}

func trustworthy(address *url.URL) bool {
	ip, err := netip.ParseAddr(address.Hostname())
	return address.Scheme == "https" || address.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}

// stranger begins a command of whoever holds a link, whoever else is signed in here.
func stranger(r *http.Request) engine.Request {
	req := session.Request(r, "ui")
	req.Actor = rights.Stranger
	return req
}
