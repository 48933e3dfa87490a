package catalog_test

import (
	"testing"

	"sleutelbos/eventstore/catalog"
)

// TestF4_WhoseStreamsAreOurs: what stands in a stream of another category is nobody's matter here.
func TestF4_WhoseStreamsAreOurs(t *testing.T) {
	r := catalog.New()
	for _, ours := range []string{"account-1", "person-1", "organization-1", "session-1", "message-1", "username-abc", "domain-abc", "openrequest-abc", "regionname-abc", "rolegroupname-abc", "refusals-2026-03", "seals-1"} {
		if !r.Owns(ours) {
			t.Errorf("%s is not ours", ours)
		}
	}
	for _, foreign := range []string{"billing-1", "accounts-1", "accountant-1", "order", "", "-account"} {
		if r.Owns(foreign) {
			t.Errorf("%s is ours", foreign)
		}
	}
}
