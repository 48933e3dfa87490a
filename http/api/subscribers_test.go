package api_test

import (
	"net/http"
	"testing"
)

func TestSubscribers(t *testing.T) {
	s := newStack(t)
	a := s.platform().get("/api/v1/subscribers")
	same(t, a.status, http.StatusOK)
	same(t, string(a.body), `{"items":[{"address":"10.1.2.3:4567","user":"reader","stream":"$all","group":null,"filter":"streams beginning with account-",`+
		`"since":"2026-03-14T12:00:00Z","position":"12","lag":3}]}`)
	s.house("Noord").adminClient.get("/api/v1/subscribers").refused(t, 403, "no-right")
	(&client{s: s}).get("/api/v1/subscribers").refused(t, 401, "not-signed-in")
}
