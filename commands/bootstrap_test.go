package commands_test

import (
	"testing"
	"time"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/rights"
	"sleutelbos/commands/setup"
	"sleutelbos/commands/signin"
)

// emptyHouse is a house with an empty store.
func emptyHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir(), post: &post{}}
	h.clock.Store(noon.UnixNano())
	h.start()
	t.Cleanup(h.stop)
	return h
}

func TestSetupLink(t *testing.T) {
	h := emptyHouse(t)
	token, err := h.Setup.Bootstrap(t.Context(), setup.First{})
	must(t, err)
	in := setup.SetupFirstAdmin{Token: token, Username: "root@example.nl", Name: "Root", Password: "kort"}
	refused(h, rights.Stranger, in, "password-too-short")
	in.Password = goodPassword
	h.advance(30 * time.Minute)
	refused(h, rights.Stranger, in, "setup-token-invalid")

	h.restart() // a start without accounts prints a new link
	in.Token, err = h.Setup.Bootstrap(t.Context(), setup.First{})
	must(t, err)
	made := result[setup.AdminMade](h, rights.Stranger, in)
	refused(h, rights.Stranger, in, "setup-token-invalid")
	who, err := h.Access.Principal(t.Context(), made.AccountID)
	must(t, err)
	same(t, who, rights.Principal{
		Kind: "account", AccountID: made.AccountID, Name: "Root", Role: rights.RolePlatform, Organization: rights.PlatformOrganization,
		Epoch: 1, // the password was set
	})
	ok(h, rights.Stranger, signin.SignIn{Username: "root@example.nl", Password: goodPassword})
	refused(h, who, accounts.BlockAccount{AccountID: made.AccountID, Reason: "x", OwnAccount: true}, "last-admin")
	_, envelopes := h.opened("account-" + made.AccountID)
	same(t, envelopes[0].Actor.Kind, "system")
}

func TestBootstrap(t *testing.T) {
	h := emptyHouse(t)
	_, err := h.Setup.Bootstrap(t.Context(), setup.First{APIKey: "short"})
	if err == nil {
		t.Fatal("a short key was taken")
	}
	key := "0123456789abcdef0123456789abcdef"
	token, err := h.Setup.Bootstrap(t.Context(), setup.First{Username: "root@example.nl", Password: goodPassword, APIKey: key})
	must(t, err)
	same(t, token, "")
	who, err := h.Access.Authenticate(t.Context(), key)
	must(t, err)
	same(t, who.Role, rights.RolePlatform)
	ok(h, rights.Stranger, signin.SignIn{Username: "ROOT@example.nl", Password: goodPassword})

	before := h.head()
	h.restart()
	token, err = h.Setup.Bootstrap(t.Context(), setup.First{Username: "other@example.nl", Password: goodPassword})
	must(t, err)
	same(t, token, "")
	same(t, h.head(), before)
}
