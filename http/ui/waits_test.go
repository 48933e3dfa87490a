package ui_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/http/answers"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/audithistory"
	"sleutelbos/projections/models/letters"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/organizationlist"
)

// waits keeps what the pages waited for.
type waits struct {
	answers.Runner
	mu    sync.Mutex
	names []string
}

func (w *waits) WaitFor(ctx context.Context, position eventstore.Position, names ...string) error {
	w.mu.Lock()
	w.names = append(w.names, names...)
	w.mu.Unlock()
	return w.Runner.WaitFor(ctx, position, names...)
}

// taken returns what was waited for since the last call, sorted.
func (w *waits) taken() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	names := w.names
	w.names = nil
	slices.Sort(names)
	return names
}

// TestFormsWait asks that each form waits for what the page after it shows, and for nothing else:
// a read model that is being built must keep nobody from blocking an account.
func TestFormsWait(t *testing.T) {
	s := newSite(t)
	h := s.house("waits", "klic")
	invited := s.account(h.id, "nora@waits.nl", "Nora", "user", "mail_link_and_letter_code")
	first, second := s.request(h.user, h.shown, "graag"), s.request(h.user, h.other, "graag")
	root, admin, user := s.signIn("root", goodPassword, "nl"), s.signIn("admin@waits.nl", goodPassword, "nl"), s.signIn("user@waits.nl", goodPassword, "nl")
	waits := func(want []string, b *browser, path string, pairs ...string) {
		t.Helper()
		s.waits.taken()
		p := b.post(path, pairs...)
		if got := s.waits.taken(); !slices.Equal(got, want) {
			t.Errorf("%s waited for %v, want %v (%d to %q)", path, got, want, p.status, p.location)
		}
	}
	request := []string{licenserequests.Table}
	waits(request, user, "/me/requests", "licenseId", s.license(h.id, "Third", false, true), "next", "/me")
	account, one := []string{accountdetail.Table, organizationlist.Table}, "/accounts/"+h.user
	waits(account, admin, one+"/block", "reason", "misbruik")
	waits(account, admin, one+"/unblock")
	waits(account, admin, one+"/username", "username", "ursula@waits.nl", "revision", admin.open(one+"/username").hidden(t, "revision"))
	waits(account, admin, "/accounts/new", "username", "x@waits.nl", "name", "X", "role", "user", "channel", "mail_link")
	waits(account, admin, one+"/password", "form", uuid.NewString(), "generatePassword", "yes")
	selected := admin.open("/accounts/selected?action=disable&id="+h.user+"&id="+invited).hidden(t, "form")
	waits([]string{accountlist.Table}, admin, "/accounts/selected", "form", selected, "reason", "weg")
	waits(account, admin, "/accounts/"+invited+"/enable")
	waits(account, admin, "/accounts/"+invited+"/send")
	waits([]string{letters.Table}, admin, "/letters/printed", "id", s.letter(admin))

	waits(request, admin, "/requests/"+first+"/approve")
	waits(request, admin, "/requests/approve", "id", second)
	waits([]string{licenselist.Table}, admin, "/licenses/new", "licenseId", uuid.NewString(), "name", "Nieuw")
	holders := []string{accountlist.Table, licenselist.Table} // its page says who has it
	waits(holders, admin, "/licenses/"+h.wide+"/company-wide")
	waits(holders, admin, "/licenses/"+h.shown+"/selection")
	organization := []string{audithistory.Table, organizationlist.Table} // its page says since when each rule holds
	waits(organization, root, "/organizations/new", "name", "Nieuw", "preset", "klic")
	waits(organization, root, "/organizations/"+h.id+"/domains", "domain", "waits.example")
	waits(nil, admin, one+"/block", "reason", "") // it is refused
}
