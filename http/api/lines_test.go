package api_test

import (
	"slices"
	"testing"
)

// TestF28_FieldsOfSeveralLinesTakeThem gives each command that has a reason or a description
// one of two lines, and each text of one line two.
func TestF28_FieldsOfSeveralLinesTakeThem(t *testing.T) {
	s := newStack(t)
	h := s.house("Noord")
	several := []string{"reason", "description", "body"}
	for _, c := range s.Commands.List() {
		for name, member := range c.Body.Properties {
			if member.Lines != slices.Contains(several, name) {
				t.Errorf("%s: whether %s has several lines is told as %v", c.Name, name, member.Lines)
			}
		}
	}
	about := map[string]any{"accountId": h.user}
	for _, deed := range []struct{ name, member string }{
		{"ChangeDetails", "description"}, {"BlockAccount", "reason"}, {"UnblockAccount", "reason"}, {"DisableAccount", "reason"}, {"EnableAccount", "reason"},
		{"ShieldAccount", "reason"}, {"UnshieldAccount", "reason"}, {"CloseAccount", "reason"},
	} {
		if _, ok := s.Commands.Find(deed.name); !ok {
			t.Fatalf("there is no command %s", deed.name)
		}
		about[deed.member] = "een\r\ntwee"
		h.adminClient.run(deed.name, about)
		delete(about, deed.member)
	}
	lines := h.adminClient.list("/api/v1/accounts/" + h.user + "/history?type=account.blocked.*,account.closed.*,account.description_changed.*")
	for _, line := range lines {
		if reason := line["reason"]; reason != nil && reason != "een\ntwee" {
			t.Errorf("the reason is kept as %q", reason)
		}
	}
	same(t, len(lines), 3)
	a := h.adminClient.command("ChangeDetails", map[string]any{"accountId": h.admin, "name": "een\ntwee"})
	a.refused(t, 422, "name-invalid")
}
