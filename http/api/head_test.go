package api_test

import (
	"net/http"
	"testing"
)

// TestF23_Head asks for the header of every query of the document, streams too: it is that of the
// answer, which itself is not sent.
func TestF23_Head(t *testing.T) {
	s := newStack(t)
	noord := s.house("Noord")
	queries := s.queries(noord)
	for _, asker := range []*client{noord.adminClient, s.platform()} {
		for path, target := range queries {
			want := http.StatusOK
			if path != "/events" { // which has no end
				want = asker.get(target).status
			}
			got := asker.do(http.MethodHead, target, "")
			same(t, []any{path, got.status, string(got.body)}, []any{path, want, ""})
			if want == http.StatusOK && got.header.Get("Content-Type") == "" {
				t.Errorf("%s has no media type", path)
			}
		}
	}
	got := noord.adminClient.do(http.MethodHead, "/api/v1/accounts?format=csv", "")
	same(t, []string{got.header.Get("Content-Type"), string(got.body)}, []string{"text/csv; charset=utf-8; header=present", ""})
	got = noord.adminClient.do(http.MethodHead, "/api/v1/commands/BlockAccount", "")
	same(t, got.status, http.StatusMethodNotAllowed)
	got = noord.adminClient.do(http.MethodDelete, "/api/v1/me", "")
	same(t, got.header.Get("Allow"), "GET, HEAD")
}

// TestF23_IfMatch: a tag is compared, not judged; only what is none is refused.
func TestF23_IfMatch(t *testing.T) {
	s := newStack(t)
	noord := s.house("Noord")
	revision := noord.adminClient.fresh("/api/v1/accounts/" + noord.user).header.Get("ETag")
	if revision == "" {
		t.Fatal("no ETag")
	}
	for match, want := range map[string]int{
		revision: 200, "*": 200, ` * `: 200, `"999", ` + revision: 200, `,, "x" ,` + revision + `,`: 200, `"a,b",` + revision: 200,
		"W/" + revision: 412, `"999"`: 412, `"abc"`: 412, `""`: 412, `"-1"`: 412, `"007"`: 412, `"99999999999999999999"`: 412, `"a,1"`: 412,
		"1": 400, `"1`: 400, `1"`: 400, `"1" "2"`: 400, "**": 400, `w/"1"`: 400, `*, "1"`: 400, `"a b"`: 400, ",": 400,
	} {
		a := noord.adminClient.with("If-Match", match).with("Dry-Run", "true").command("BlockAccount", map[string]any{"accountId": noord.user, "reason": "x"})
		if a.status != want {
			t.Errorf("If-Match %s: %d %s", match, a.status, a.body)
		}
	}
	a := noord.adminClient.with("If-Match", "*").with("Dry-Run", "true").command("CreateAccount", map[string]any{
		"organizationId": noord.organization, "username": "nieuw@noord.nl", "name": "Nieuw", "role": "user", "channel": "mail_link",
	})
	same(t, a.status, http.StatusPreconditionFailed) // there is nothing yet that it could match
}
