package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"
)

// TestF17_AHolderSeesNothingOfOthers: the own history tells no administrator's mail address, and a
// license does not tell how many others hold it or ask for it.
func TestF17_AHolderSeesNothingOfOthers(t *testing.T) {
	s := newStack(t)
	p := s.platform()
	made := func(name string, body map[string]any, member string) string {
		t.Helper()
		return p.run(name, body).Result[member].(string)
	}
	org := made("RegisterOrganization", map[string]any{"name": "Org", "preset": "klic"}, "organizationId")
	account := func(username string, more map[string]any) string {
		t.Helper()
		body := map[string]any{"organizationId": org, "username": username, "name": username, "role": "user", "channel": "admin_password", "password": goodPassword, "keepPassword": true}
		for name, value := range more {
			body[name] = value
		}
		return made("CreateAccount", body, "accountId")
	}
	account("chef", map[string]any{"role": "admin", "email": "private.address@example.nl"})
	jan := account("jan", map[string]any{"mailToAdmin": true})
	license := made("RegisterLicense", map[string]any{"organizationId": org, "name": "L", "shownInSelection": true}, "licenseId")
	p.run("ApproveLicense", map[string]any{"requestId": made("RequestLicense", map[string]any{"accountId": jan, "licenseId": license}, "requestId")})

	jar, err := cookiejar.New(nil)
	must(t, err)
	holder := &client{s: s, jar: jar}
	body, err := json.Marshal(map[string]string{"username": "jan", "password": goodPassword})
	must(t, err)
	same(t, holder.do(http.MethodPost, "/api/v1/login", string(body)).status, http.StatusOK)

	var history string
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(history, "message.queued"); {
		if time.Now().After(deadline) {
			t.Fatalf("no mail was queued: %s", history)
		}
		history = string(holder.fresh("/api/v1/accounts/" + jan + "/history").body)
	}
	if strings.Contains(history, "private.address") {
		t.Errorf("the own history tells the address of an administrator: %s", history)
	}
	if theirs := string(p.fresh("/api/v1/accounts/" + jan + "/history").body); !strings.Contains(theirs, "private.address") {
		t.Error("the administrators don't see it either")
	}
	same(t, p.list("/api/v1/licenses")[0]["holders"], any(float64(1)))
	same(t, holder.list("/api/v1/licenses")[0]["holders"], any(float64(0)))
	same(t, holder.list("/api/v1/licenses")[0]["openRequests"], any(float64(0)))
}
