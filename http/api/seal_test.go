package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestF67_ASealIsALineAsAnyOther: the note of a seal grows with the streams that changed. The
// history says what it is about, and the note is a download of its own.
func TestF67_ASealIsALineAsAnyOther(t *testing.T) {
	s := newStack(t)
	noord := s.house("Noord")
	for n := range 60 {
		noord.adminClient.run("CreateAccount", map[string]any{
			"organizationId": noord.organization, "username": fmt.Sprintf("een%d@noord.nl", n), "name": "Een", "role": "user", "channel": "mail_link",
		})
	}
	made, err := s.Sealer.Seal(t.Context())
	must(t, err)
	seal := made[len(made)-1]
	platform := s.platform()
	path := "/api/v1/audit?type=log.sealed.v1&limit=1&minPosition=" + fmt.Sprint(s.head())
	lines := platform.get(path)
	same(t, lines.status, http.StatusOK)
	if len(lines.body) > 2000 || len(seal.Note) < 5000 {
		t.Errorf("a note of %d bytes makes a line of %d: %.3000s", len(seal.Note), len(lines.body), lines.body)
	}
	for _, field := range []string{"size", "root", "position", "streams", "signer"} {
		if !strings.Contains(string(lines.body), `"field":"`+field+`"`) {
			t.Errorf("the line has no %s: %s", field, lines.body)
		}
	}
	if !strings.Contains(string(lines.body), "sleutelbos+") {
		t.Errorf("nobody signed: %s", lines.body)
	}
	for _, query := range []string{"", fmt.Sprintf("?size=%d", seal.Size)} {
		same(t, string(platform.get("/api/v1/seals/note"+query).body), string(seal.Note))
	}
	platform.get("/api/v1/seals/note?size=1").refused(t, 404, "not-found")
	platform.get("/api/v1/seals/note?size=-1").refused(t, 400, "parameter-invalid")
	platform.get("/api/v1/seals/note?size=../1").refused(t, 400, "parameter-invalid")
	noord.adminClient.get("/api/v1/seals/note").refused(t, 403, "no-right")
}
