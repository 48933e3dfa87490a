package commands_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/organizations"
	"sleutelbos/domain/message"
	"sleutelbos/eventstore"
)

// TestValue18_ADomainIsAdded: all existing users in it get a mail that tells how to ask for licenses
// (N-9), once each, whatever crashes; of whom the mails are redirected, the administrator gets it
// (AMB-N8). Who is closed or of another organization gets none.
func TestValue18_ADomainIsAdded(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	h.account(9, h.organization(8, "klic"), "user")
	h.account(2, org, "admin")
	for n := 3; n <= 6; n++ {
		h.account(n, org, "user")
	}
	h.account(7, org, "service")
	ok(h, h.platform(), accounts.CloseAccount{AccountID: id(4), Reason: "weg"})
	ok(h, h.platform(), accounts.RedirectMail{AccountID: id(5)})
	at := h.react(eventstore.Position{})
	h.post.take()
	h.advance(time.Second)
	ok(h, h.platform(), organizations.AllowDomain{OrganizationID: org, Domain: "example.nl"})
	failed := 0
	h.store.breaks(func(stream string, _ []eventstore.Event) error {
		if failed++; strings.HasPrefix(stream, "message-") && failed == 2 {
			return errors.New("the process is gone")
		}
		return nil
	})
	if err := tryReact(h, "messages", at); err == nil {
		t.Error("the reactor does not say that it failed")
	}
	h.store.mend()
	h.restart()
	at = h.react(at)
	var told []string
	for _, m := range h.post.take() {
		same(t, []string{string(m.Template), m.Domain, m.Link}, []string{string(message.TemplateDomainAdded), "example.nl", "https://accounts.example.nl/me"})
		told = append(told, m.To+" of "+m.Username)
	}
	slices.Sort(told)
	same(t, told, []string{
		username(2) + " of " + username(2), username(2) + " of " + username(5), username(3) + " of " + username(3), username(6) + " of " + username(6),
	})
	ok(h, h.platform(), organizations.AllowDomain{OrganizationID: org, Domain: "example.nl"})
	ok(h, h.platform(), organizations.AllowDomain{OrganizationID: org, Domain: "other.nl"})
	h.react(at)
	same(t, len(h.post.take()), 0)
}
