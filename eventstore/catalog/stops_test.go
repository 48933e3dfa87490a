package catalog

import (
	"testing"

	"sleutelbos/domain/account"
)

// TestWhatStopsAnAccount ranges over every event of an account: one after which the account may
// not be used says so, so that its sessions end.
func TestWhatStopsAnAccount(t *testing.T) {
	active := account.Decider.Fold(account.State{}, account.Created{Role: account.RoleUser}, account.Activated{})
	before := noon.AddDate(0, 0, -1)
	if err := active.LoginRefusal(before); err != nil {
		t.Fatal(err)
	}
	stops := 0
	for _, example := range examples {
		event, ok := example.(account.Event)
		if !ok {
			continue
		}
		_, stop := event.(account.Stop)
		if stop {
			stops++
		}
		if refused := account.Decider.Fold(active, event).LoginRefusal(before); refused != nil && !stop {
			t.Errorf("after %T it is refused that %v, and the event does not say that it stops the account", event, refused)
		}
	}
	if found := len(Implementing[account.Stop]()); stops != found || found < 4 {
		t.Errorf("%d of the examples stop an account, and %d events in the catalog", stops, found)
	}
}
