package api_test

import (
	"bufio"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sleutelbos/http/answers"
)

func TestSubscribers(t *testing.T) {
	s := newStack(t)
	a := s.platform().get("/api/v1/subscribers")
	same(t, a.status, http.StatusOK)
	same(t, string(a.body), `{"items":[{"through":"door","address":"10.1.2.3:4567","user":"reader","stream":"$all","group":null,"filter":"streams beginning with account-",`+
		`"since":"2026-03-14T12:00:00Z","position":"12","lag":3}]}`)
	s.house("Noord").adminClient.get("/api/v1/subscribers").refused(t, 403, "no-right")
	(&client{s: s}).get("/api/v1/subscribers").refused(t, 401, "not-signed-in")
}

// TestF23_FollowersOfTheFeed: who follows by HTTP is seen among those who follow the log.
func TestF23_FollowersOfTheFeed(t *testing.T) {
	s := newStack(t)
	s.house("Noord")
	platform := s.platform()
	seen := func() []answers.SubscriberView {
		list := parse[answers.SubscriberList](t, platform.get("/api/v1/subscribers"))
		return slices.DeleteFunc(list.Items, func(v answers.SubscriberView) bool { return v.Through != answers.ThroughFeed })
	}
	same(t, len(seen()), 0)
	res, err := http.DefaultClient.Do(platform.request(http.MethodGet, "/api/v1/events?types=account.*", ""))
	must(t, err)
	lines := bufio.NewReader(res.Body)
	for line := ""; !strings.HasPrefix(line, ": caught up"); {
		line, err = lines.ReadString('\n')
		must(t, err)
	}
	now := seen()
	if len(now) != 1 || now[0].Stream != "$all" || now[0].Filter == nil || *now[0].Filter != "account.*" || now[0].Lag == nil || *now[0].Lag > 3 || now[0].Position == "0" {
		t.Errorf("it sees %+v", now)
	}
	must(t, res.Body.Close())
	for deadline := time.Now().Add(10 * time.Second); len(seen()) > 0; {
		if time.Now().After(deadline) {
			t.Fatal("a follower who left is still seen")
		}
	}
}
