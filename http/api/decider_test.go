package api_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestWhoDecided keeps from a holder who decided on the own request (N-18): neither shown
// nor to be found by asking for each actor in turn (AMB-N1).
func TestWhoDecided(t *testing.T) {
	s := newStack(t)
	h := s.house("Noord")
	license := h.adminClient.run("RegisterLicense", map[string]any{"organizationId": h.organization, "name": "NEN", "shownInSelection": true}).Result["licenseId"].(string)
	request := h.userClient.run("RequestLicense", map[string]any{"accountId": h.user, "licenseId": license}).Result["requestId"].(string)
	h.adminClient.run("ApproveLicense", map[string]any{"requestId": request})
	history := "/api/v1/accounts/" + h.user + "/history"

	mine := string(h.userClient.fresh(history).body)
	if !strings.Contains(mine, "licenserequest.approved.v1") || strings.Contains(mine, h.admin) || strings.Contains(mine, "Admin Noord") {
		t.Errorf("the holder sees %s", mine)
	}
	if as := string(h.adminClient.fresh(history).body); !strings.Contains(as, h.admin) {
		t.Errorf("the admin sees %s", as)
	}
	if a := h.userClient.get(history + "?actor=" + h.admin); a.status != http.StatusForbidden {
		t.Errorf("the holder asks what the admin did: %d %s", a.status, a.body)
	}
	if a := h.userClient.get(history + "?q=admin"); a.status != http.StatusForbidden {
		t.Errorf("the holder asks what an admin did by name: %d %s", a.status, a.body)
	}
	if a := h.userClient.get(history + "?actor=" + h.user); a.status != http.StatusOK {
		t.Errorf("the holder asks for the own acts: %d %s", a.status, a.body)
	}
	some := parse[page](t, h.adminClient.fresh(history+"?type=account.created.v1,licenserequest.*")).Items
	var types []string
	for _, line := range some {
		types = append(types, line["type"].(string))
	}
	same(t, types, []string{"account.created.v1", "licenserequest.requested.v1", "licenserequest.approved.v1"})
}
