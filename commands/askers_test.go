package commands_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync/atomic"
	"testing"
	"time"

	"sleutelbos/commands"
	"sleutelbos/commands/accounts"
	"sleutelbos/commands/admins"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/commands/signin"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/vault"
)

// away is a store that can be out of reach.
type away struct {
	eventstore.Store
	is atomic.Bool
}

func (a *away) ReadStream(ctx context.Context, stream string, from int64, d eventstore.Direction) iter.Seq2[eventstore.Recorded, error] {
	if a.is.Load() {
		return func(yield func(eventstore.Recorded, error) bool) {
			yield(eventstore.Recorded{}, eventstore.ErrUnavailable)
		}
	}
	return a.Store.ReadStream(ctx, stream, from, d)
}

// deaf is a vault that loses what commands tell it of askers.
type deaf struct {
	*vault.Vault
	is atomic.Bool
}

var errDeaf = errors.New("the vault is out of reach")

func (d *deaf) KeepAsker(ctx context.Context, k vault.Asker) error {
	if d.is.Load() {
		return errDeaf
	}
	return d.Vault.KeepAsker(ctx, k)
}

// TestAskersAreKnownWithoutTheLog: another process, which can't reach the log any more, knows
// at once what each command made of an asker.
func TestAskersAreKnownWithoutTheLog(t *testing.T) {
	run := func(t *testing.T, h *house) {
		cut := &away{Store: h.log.Store()}
		options := h.options()
		options.Journal.Store = cut
		other := h.serviceOf(options)
		defer func() { must(t, other.Close()) }()

		mine := h.organization(1, "nen", "example.nl")
		h.account(1, mine, "admin")
		h.account(3, mine, "user")
		key := result[accounts.APIKeyMade](h, h.platform(), func() accounts.IssueAPIKey {
			h.account(7, mine, "service")
			return accounts.IssueAPIKey{AccountID: id(7), Name: "nightly"}
		}())
		for _, n := range []int{1, 3, 7} {
			must(t, onlyError(other.Access.Principal(t.Context(), id(n))))
		}
		must(t, onlyError(other.Access.Authenticate(t.Context(), key.Key)))
		cut.is.Store(true)

		newName := "Somebody Else"
		reason := "asked for"
		for _, body := range []any{
			accounts.ChangeDetails{AccountID: id(3), Name: &newName},
			admins.AppointAdmin{OrganizationID: mine, AccountID: id(3)},
			admins.DismissAdmin{OrganizationID: mine, AccountID: id(3)},
			accounts.SetPassword{AccountID: id(3), Password: "Another Passw0rd for it"},
			accounts.SetPassword{AccountID: id(3), Password: goodPassword, KeepPassword: true},
			accounts.SetValidUntil{AccountID: id(3), ValidUntil: noon.AddDate(0, 0, 2).Format("2006-01-02")},
			accounts.ClearValidUntil{AccountID: id(3)},
			accounts.BlockAccount{AccountID: id(3), Reason: reason},
			accounts.UnblockAccount{AccountID: id(3), Reason: reason},
			accounts.DisableAccount{AccountID: id(3), Reason: reason},
			accounts.EnableAccount{AccountID: id(3), Reason: reason},
			accounts.ChangeUsername{AccountID: id(3), Username: "new@example.nl"},
			accounts.CloseAccount{AccountID: id(3), Reason: reason},
		} {
			ok(h, h.platform(), body)
			if _, ends := body.(accounts.SetValidUntil); ends {
				same(t, seen(t, other, id(3)), byTheLog(t, h, id(3)))
				h.advance(3 * 24 * time.Hour)
			}
			same(t, seen(t, other, id(3)), byTheLog(t, h, id(3)))
		}
		same(t, codeOf(onlyError(other.Access.Principal(t.Context(), id(3)))), "not-signed-in")
		ok(h, h.platform(), accounts.RevokeAPIKey{AccountID: id(7), KeyID: key.KeyID})
		same(t, codeOf(onlyError(other.Access.Authenticate(t.Context(), key.Key))), "not-signed-in")
		if _, err := other.Access.Principal(t.Context(), id(8)); !errors.Is(err, eventstore.ErrUnavailable) {
			t.Errorf("an account that never asked, without the log: got %v", err)
		}
	}
	t.Run("together", func(t *testing.T) { run(t, openHouse(t, false)) })
	t.Run("apart", func(t *testing.T) { run(t, openHouse(t, true)) })
}

// whoOrCode is a principal, or the code of why there is none.
type whoOrCode struct {
	Who  rights.Principal
	Code string
}

func seen(t *testing.T, s *commands.Service, account string) whoOrCode {
	t.Helper()
	who, err := s.Access.Principal(t.Context(), account)
	return whoOrCode{who, codeOf(err)}
}

// byTheLog returns what the aggregates say.
func byTheLog(t *testing.T, h *house, account string) whoOrCode {
	t.Helper()
	f, err := h.Access.Accounts.Load(t.Context(), account)
	must(t, err)
	if !f.State.CanLogIn(h.now()) {
		return whoOrCode{rights.Principal{}, codeOf(engine.ErrNotSignedIn)}
	}
	who, err := h.Access.Holder(t.Context(), account, f.State)
	return whoOrCode{who, codeOf(err)}
}

// TestAnAskerIsNotForgottenByACrash: a block whose program ended before it told the vault is
// not acknowledged, works once the reactors have seen it, and works at once when it is asked
// for again.
func TestAnAskerIsNotForgottenByACrash(t *testing.T) {
	for name, mend := range map[string]func(h *house, from eventstore.Position){
		"by the reactor": func(h *house, from eventstore.Position) { h.react(from) },
		"by a retry": func(h *house, _ eventstore.Position) {
			ok(h, h.platform(), accounts.BlockAccount{AccountID: id(3), Reason: "fraud"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := openHouse(t, false)
			mine := h.organization(1, "nen", "example.nl")
			h.account(1, mine, "admin")
			h.account(3, mine, "user")
			from := h.head()
			options := h.options()
			broken := &deaf{Vault: h.vault}
			options.Vault = broken
			other := h.serviceOf(options)
			defer func() { must(t, other.Close()) }()

			broken.is.Store(true)
			_, err := other.Run(t.Context(), engine.Request{Actor: h.platform(), Origin: engine.SystemOrigin}, accounts.BlockAccount{AccountID: id(3), Reason: "fraud"})
			if !errors.Is(err, errDeaf) {
				t.Errorf("a block that the vault did not hear of: got %v", err)
			}
			must(t, onlyError(h.Access.Principal(t.Context(), id(3)))) // so the case is real
			mend(h, from)
			same(t, codeOf(onlyError(h.Access.Principal(t.Context(), id(3)))), "not-signed-in")
		})
	}
}

// TestF41_ASessionOfAnOldPasswordIsOver: a password that is changed while it is being verified
// opens no session that lasts, and neither does one of an account that is blocked meanwhile.
func TestF41_ASessionOfAnOldPasswordIsOver(t *testing.T) {
	for name, meanwhile := range map[string]any{
		"another password":       accounts.SetPassword{AccountID: id(3), Password: "Another Passw0rd for it", KeepPassword: true},
		"the holder's own":       accounts.ChangePassword{CurrentPassword: goodPassword, Password: "Another Passw0rd for it"},
		"a block, and its end":   accounts.BlockAccount{AccountID: id(3), Reason: "fraud"},
		"switched off, and on":   accounts.DisableAccount{AccountID: id(3), Reason: "leave"},
		"nothing of consequence": accounts.ChangeUsername{AccountID: id(3), Username: "new@example.nl"},
	} {
		t.Run(name, func(t *testing.T) {
			h := openHouse(t, false)
			h.account(3, h.organization(1, "nen", "example.nl"), "user")
			change := func() {
				if _, own := meanwhile.(accounts.ChangePassword); own {
					ok(h, h.who(3), meanwhile)
				} else {
					ok(h, h.platform(), meanwhile)
				}
				ok(h, h.platform(), accounts.UnblockAccount{AccountID: id(3)})
				ok(h, h.platform(), accounts.EnableAccount{AccountID: id(3)})
			}
			h.during.Store(&change)
			in := result[signin.SignedIn](h, rights.Stranger, signin.SignIn{Username: username(3), Password: goodPassword})
			if _, same := meanwhile.(accounts.ChangeUsername); (h.who(3).Epoch == in.Epoch) != same {
				t.Errorf("signed in with epoch %d, now it is %d", in.Epoch, h.who(3).Epoch)
			}
		})
	}
}

// TestF18_AForcedChangeIsForAnotherPassword: what an administrator chose does not outlive the change
// that is asked of the holder.
func TestF18_AForcedChangeIsForAnotherPassword(t *testing.T) {
	h := openHouse(t, false)
	who := h.account(3, h.organization(1, "nen", "example.nl"), "user")
	ok(h, h.platform(), accounts.SetPassword{AccountID: id(3), Password: "Another Passw0rd for it"})
	change := accounts.ChangePassword{CurrentPassword: "Another Passw0rd for it", Password: "Another Passw0rd for it"}
	refused(h, h.who(3), change, "password-same")
	refused(h, h.who(3), change, "password-same", dry)
	if !h.who(3).PasswordChangeRequired {
		t.Error("the change is not asked for any more")
	}
	change.Password = goodPassword
	ok(h, who, change)
}

// TestF18_AProgramSignsInWithNoPassword: it has keys (AMB-I4).
func TestF18_AProgramSignsInWithNoPassword(t *testing.T) {
	h := openHouse(t, false)
	h.account(7, h.organization(1, "nen", "example.nl"), "service")
	refused(h, rights.Stranger, signin.SignIn{Username: username(7), Password: goodPassword}, "service-account-password")
	refused(h, rights.Stranger, signin.SignIn{Username: username(7), Password: "wrong"}, codeOf(engine.ErrSignInFailed))
	refused(h, h.platform(), accounts.SetPassword{AccountID: id(7), Password: goodPassword}, "service-account-password")
}

// TestOnesOwnPasswordIsNotGuessed: the tries of an account are counted, dry or not, many at
// once or one by one.
func TestOnesOwnPasswordIsNotGuessed(t *testing.T) {
	h := openHouse(t, false)
	mine := h.organization(1, "nen", "example.nl")
	who, other := h.account(3, mine, "user"), h.account(4, mine, "user")
	before := h.hashes.Load()
	together(40, func(i int) {
		change := accounts.ChangePassword{CurrentPassword: fmt.Sprintf("Guess number %d", i), Password: "Sleutel-hanger-8"}
		_, err := h.Run(t.Context(), engine.Request{Actor: who, Origin: engine.SystemOrigin, DryRun: i%2 == 0}, change)
		if often := (*engine.TooOftenError)(nil); codeOf(err) != "current-password-wrong" && !errors.As(err, &often) {
			t.Errorf("got %v", err)
		}
	})
	if verified := h.hashes.Load() - before; verified != 10 {
		t.Errorf("%d of 40 guesses were verified, want 10", verified)
	}
	right := accounts.ChangePassword{CurrentPassword: goodPassword, Password: "Sleutel-hanger-8"}
	if often := (*engine.TooOftenError)(nil); !errors.As(onlyError(do(h, who, right)), &often) || often.RetryAfter != 15*time.Minute {
		t.Errorf("the right one, too late: got %v", often)
	}
	ok(h, other, right) // nobody else waits
	h.advance(15 * time.Minute)
	ok(h, who, right)
	for range 12 { // the right one clears the count
		refused(h, h.who(3), accounts.ChangePassword{CurrentPassword: "wrong", Password: goodPassword}, "current-password-wrong")
		ok(h, h.who(3), accounts.ChangePassword{CurrentPassword: "Sleutel-hanger-8", Password: goodPassword})
		ok(h, h.who(3), accounts.ChangePassword{CurrentPassword: goodPassword, Password: "Sleutel-hanger-8"})
	}
}

// opening is a vault that counts how often it opens what it keeps of an asker.
type opening struct {
	*vault.Vault
	times atomic.Int64
}

func (o *opening) OpenAsker(s vault.SealedAsker) (data, beside []byte, ok bool) {
	o.times.Add(1)
	return o.Vault.OpenAsker(s)
}

// TestWhoAsksIsOpenedOnce: not at each request, but anew when any process changed the account or its
// organization.
func TestWhoAsksIsOpenedOnce(t *testing.T) {
	h := openHouse(t, false)
	mine := h.organization(1, "nen", "example.nl")
	h.account(1, mine, "admin")
	h.account(3, mine, "user")
	counted := &opening{Vault: h.vault}
	options := h.options()
	options.Vault = counted
	other := h.serviceOf(options)
	defer func() { must(t, other.Close()) }()
	opens := func(want int64) {
		t.Helper()
		counted.times.Store(0)
		for range 3 {
			must(t, onlyError(other.Access.Principal(t.Context(), id(3))))
		}
		same(t, counted.times.Load(), want)
	}
	must(t, onlyError(other.Access.Principal(t.Context(), id(3)))) // perhaps from the log
	must(t, onlyError(other.Access.Principal(t.Context(), id(3))))
	opens(0)
	ok(h, h.platform(), admins.AppointAdmin{OrganizationID: mine, AccountID: id(3)})
	opens(1)
	ok(h, h.platform(), accounts.BlockAccount{AccountID: id(3), Reason: "fraud"})
	same(t, codeOf(onlyError(other.Access.Principal(t.Context(), id(3)))), codeOf(engine.ErrNotSignedIn))
	ok(h, h.platform(), accounts.UnblockAccount{AccountID: id(3), Reason: "was none"})
	opens(1)
}

// TestAnotherVersionKeptWhoAsks: what it kept is read from the log once, and kept anew.
func TestAnotherVersionKeptWhoAsks(t *testing.T) {
	h := openHouse(t, false)
	mine := h.organization(1, "nen", "example.nl")
	want := h.account(3, mine, "user")
	cut := &away{Store: h.log.Store()}
	options := h.options()
	options.Journal.Store = cut
	other := h.serviceOf(options)
	defer func() { must(t, other.Close()) }()
	for _, stream := range []string{"account-" + id(3), "organization-" + mine} {
		at, known, err := h.vault.AskerRevision(t.Context(), stream)
		must(t, err)
		same(t, known, true)
		must(t, h.vault.KeepAsker(t.Context(), vault.Asker{Stream: stream, Revision: at, Data: []byte(`{"form":99,"standing":"fine","admins":3}`)}))
		got, err := other.Access.Principal(t.Context(), id(3))
		must(t, err)
		same(t, got, want)
		cut.is.Store(true)
		got, err = other.Access.Principal(t.Context(), id(3))
		must(t, err)
		same(t, got, want)
		cut.is.Store(false)
	}
}
