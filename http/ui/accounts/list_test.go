package accounts

import (
	"slices"
	"testing"

	"sleutelbos/domain/account"
)

// TestBadgesAreOffered holds the filter by badge to the badges that there are.
func TestBadgesAreOffered(t *testing.T) {
	offered := slices.Sorted(slices.Values(badges))
	if all := slices.Sorted(slices.Values(account.Badges())); !slices.Equal(offered, all) {
		t.Errorf("offered are %v, there are %v", offered, all)
	}
}
