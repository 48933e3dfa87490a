package limits

import "strings"

// Route says which work a route makes, and with it all routes that begin with it: of several the
// longest counts. A route of the web UI or the API that none of them fits fails a test.
type Route struct {
	Method  string // "GET" is HEAD, too
	Pattern string // of the router, without a slash at the end; "/" alone is the home page and nothing else
	Work    Work
}

// Routes are those of the web UI and the API.
var Routes = []Route{
	{"GET", "/static", Asset},
	{"GET", "/docs", Asset},
	{"GET", "/openapi.json", Asset},
	{"GET", "/asyncapi.json", Asset},
	{"GET", "/schemas", Asset},
	{"GET", "/.well-known", Asset},

	// Who is not signed in.
	{"GET", "/login", Open},
	{"POST", "/login", Secret},
	{"POST", "/logout", Open},
	{"POST", "/preferences", Open},
	{"GET", "/activate", Open},
	{"POST", "/activate", Secret},
	{"GET", "/activation-requested", Open},
	{"GET", "/setup", Open},
	{"POST", "/setup", Secret},
	{"POST", "/api/v1/login", Secret},
	{"POST", "/api/v1/logout", Open},
	{"POST", "/api/v1/commands/ActivateAccount", Secret},
	{"POST", "/api/v1/commands/RequestNewActivation", Secret},
	{"POST", "/api/v1/commands/SetupFirstAdmin", Secret},

	// One's own password can be tried, too.
	{"GET", "/password", Read},
	{"POST", "/password", Secret},
	{"POST", "/api/v1/commands/ChangePassword", Secret},

	// Who is signed in.
	{"GET", "/", Read},
	{"GET", "/search", Read},
	{"GET", "/audit", Read},
	{"GET", "/messages", Read}, {"POST", "/messages", Write},
	{"GET", "/letters-by-account", Read},
	{"GET", "/me", Read}, {"POST", "/me", Write},
	{"GET", "/accounts", Read}, {"POST", "/accounts", Write},
	{"GET", "/persons", Read}, {"POST", "/persons", Write},
	{"GET", "/organizations", Read}, {"POST", "/organizations", Write},
	{"GET", "/licenses", Read}, {"POST", "/licenses", Write},
	{"GET", "/requests", Read}, {"POST", "/requests", Write},
	{"GET", "/regions", Read}, {"POST", "/regions", Write},
	{"GET", "/role-groups", Read}, {"POST", "/role-groups", Write},
	{"GET", "/letters", Read}, {"POST", "/letters", Write},
	{"GET", "/manage", Read}, {"POST", "/manage", Write},
	{"GET", "/api/v1", Read}, {"POST", "/api/v1", Write},
}

// Of returns the work of a route, by its method and the pattern of the router; false for a route
// that nothing is said of.
func Of(method, pattern string) (Work, bool) {
	if method == "HEAD" {
		method = "GET"
	}
	var work Work
	longest := -1
	for _, r := range Routes {
		if r.Method == method && len(r.Pattern) > longest && (pattern == r.Pattern || r.Pattern != "/" && strings.HasPrefix(pattern, r.Pattern+"/")) {
			work, longest = r.Work, len(r.Pattern)
		}
	}
	return work, longest >= 0
}

// Calls are those of the event log's door, by the full name of the method: all that begin with
// it, of several the longest.
var Calls = map[string]Work{
	"/event_store.client.streams.Streams/":                                        Call,
	"/event_store.client.gossip.Gossip/":                                          Call,
	"/event_store.client.server_features.ServerFeatures/":                         Call,
	"/event_store.client.persistent_subscriptions.PersistentSubscriptions/":       Call,
	"/event_store.client.persistent_subscriptions.PersistentSubscriptions/Create": DoorGroup,
	"/event_store.client.persistent_subscriptions.PersistentSubscriptions/Update": DoorGroup,
	"/event_store.client.persistent_subscriptions.PersistentSubscriptions/Delete": DoorGroup,
}

// OfCall returns the work of a call of the door; false for one that nothing is said of.
func OfCall(method string) (Work, bool) {
	var work Work
	longest := 0
	for prefix, w := range Calls {
		if strings.HasPrefix(method, prefix) && len(prefix) > longest {
			work, longest = w, len(prefix)
		}
	}
	return work, longest > 0
}
