package api_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"
)

// TestF43_TheCurrentPasswordIsNotGuessed: whichever way the current password is tried, the tries of an
// account count together. Then each way is closed, for the right password, too, and to nobody else.
func TestF43_TheCurrentPasswordIsNotGuessed(t *testing.T) {
	s := newStack(t)
	h := s.house("Noord")
	const path, next = "/api/v1/commands/ChangePassword", "Sleutel-hanger-8"
	inAPI := func(c *client, current string) answer {
		return c.do(http.MethodPost, path, `{"currentPassword":"`+current+`","password":"`+next+`"}`)
	}
	ways := map[string]func(c *client, current string) answer{
		"the API":   inAPI,
		"a dry run": func(c *client, current string) answer { return inAPI(c.with("Dry-Run", "true"), current) },
		"a key of its own": func(c *client, current string) answer {
			return inAPI(c.with("Idempotency-Key", uuid.NewString()), current)
		},
		"the page": func(c *client, current string) answer {
			form := url.Values{"currentPassword": {current}, "password": {next}}
			return c.with("Content-Type", "application/x-www-form-urlencoded").with("Sec-Fetch-Site", "same-origin").do(http.MethodPost, "/password", form.Encode())
		},
	}
	verified := 0
	for i := range 5 {
		for name, try := range ways {
			switch a := try(h.userClient, "wrong-guess-"+string(rune('a'+i))); a.status {
			case http.StatusUnprocessableEntity:
				verified++
			case http.StatusTooManyRequests:
			default:
				t.Errorf("%s: %d %s", name, a.status, a.body)
			}
		}
	}
	same(t, verified, 10)
	for name, try := range ways {
		if a := try(h.userClient, goodPassword); a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" {
			t.Errorf("by %s the right one was taken, too late: %d, to come back after %q", name, a.status, a.header.Get("Retry-After"))
		}
	}
	same(t, inAPI(h.adminClient, goodPassword).status, http.StatusOK)
	s.advance(15 * time.Minute)
	same(t, inAPI(h.userClient, goodPassword).status, http.StatusOK)
}
