package commands_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/rights"
	"sleutelbos/commands/signin"
	"sleutelbos/domain/account"
	"sleutelbos/domain/refusal"
	"sleutelbos/domain/typed"
	"sleutelbos/eventstore"

	"github.com/go-json-experiment/json"
)

func create(n int, organization string) accounts.CreateAccount {
	return accounts.CreateAccount{
		AccountID: id(n), OrganizationID: organization, Username: username(n), Name: "Person", Role: "user", Channel: "mail_link",
	}
}

// TestCreateAccount holds AMB-K5 and AMB-R1.
func TestCreateAccount(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	admin := h.account(2, org, "admin")

	in := create(3, org)
	in.Username = " Person3@Example.NL "
	outcome, err := do(h, admin, in)
	must(t, err)
	same(t, h.events("account-"+id(3)), []string{"account.created.v1"})
	same(t, outcome.Streams[0], engine.StreamRevision{Stream: "account-" + id(3), Revision: 0})
	same(t, outcome.Position, h.head())
	same(t, outcome.Result, any(accounts.AccountMade{AccountID: id(3)}))

	events, envelopes := h.opened("account-" + id(3))
	created := events[0].(account.Created)
	same(t, created.Username, "Person3@Example.NL")
	same(t, envelopes[0].Actor, eventstore.Actor{Kind: "account", ID: id(2), Name: "Person 2"})
	same(t, envelopes[0].Organization, org)
	same(t, envelopes[0].Origin, eventstore.Origin{Channel: "api", Address: "192.0.2.7", UserAgent: "test"})

	t.Run("again by the same client changes nothing", func(t *testing.T) {
		before := h.head()
		ok(h, admin, in)
		same(t, h.head(), before)
	})
	t.Run("another spelling of the username is taken", func(t *testing.T) {
		other := create(4, org)
		other.Username = "PERSON3@example.nl"
		before := h.events("account-" + id(4))
		refused(h, admin, other, "username-taken")
		same(t, h.events("account-"+id(4)), before)
	})
	t.Run("an invalid request claims nothing", func(t *testing.T) {
		bad := create(4, org)
		bad.Name = ""
		refused(h, admin, bad, "name-required")
		good := create(5, org)
		good.Username = bad.Username
		ok(h, admin, good)
	})
	t.Run("with a password can sign in at once, and must choose another", func(t *testing.T) {
		p := create(6, org)
		p.Channel, p.GeneratePassword = "admin_password", true
		made := result[accounts.AccountMade](h, admin, p)
		signed := result[signin.SignedIn](h, rights.Stranger, signin.SignIn{Username: p.Username, Password: made.Password})
		same(t, signed.PasswordChangeRequired, true)
		who := h.who(6)
		same(t, who.May(rights.ReadAccounts), rights.ScopeNone)
		refused(h, who, licenses.RequestLicense{AccountID: id(6), LicenseID: id(20)}, "password-change-required")
		ok(h, who, accounts.ChangePassword{CurrentPassword: made.Password, Password: goodPassword})
		same(t, h.who(6).May(rights.ReadAccounts), rights.ScopeSelf)
		refused(h, h.who(6), accounts.ChangePassword{CurrentPassword: made.Password, Password: "Sleutel-hanger-8"}, "current-password-wrong")
	})
	t.Run("a poor password is refused, each rule by its name", func(t *testing.T) {
		p := create(7, org)
		p.Channel, p.Password = "admin_password", "kort"
		_, err := do(h, admin, p)
		for _, code := range []string{"password-too-short", "password-needs-upper", "password-needs-digit"} {
			if !strings.Contains(err.Error(), code) {
				t.Fatalf("%v does not name %s", err, code)
			}
		}
	})
	t.Run("valid until a day, that day included, where the organization is", func(t *testing.T) {
		p := create(8, org)
		p.ValidUntil = "2026-06-30"
		ok(h, admin, p)
		events, _ := h.opened("account-" + id(8))
		same(t, events[0].(account.Created).EndsAt, time.Date(2026, 6, 30, 22, 0, 0, 0, time.UTC))
		ok(h, admin, accounts.SetValidUntil{AccountID: id(8), ValidUntil: "2026-07-01T23:30:00Z"})
		events, _ = h.opened("account-" + id(8))
		same(t, events[1].(account.ValiditySet).ValidUntil, "2026-07-02")
		refused(h, admin, accounts.SetValidUntil{AccountID: id(8), ValidUntil: "morgen"}, "valid-until-invalid")
	})
}

// TestUsernameRules holds O-3 and AMB-N11.
func TestUsernameRules(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "nen", "example.nl")
	for name, code := range map[string]string{
		"jan":                            "username-not-email",
		"jan@notexample.nl":              "username-domain-not-allowed",
		"jan@sub.example.nl":             "username-domain-not-allowed",
		"jan@example.nl.evil.nl":         "username-domain-not-allowed",
		"jan@evil.nl@example.nl":         "username-not-email",
		"\"a@evil.nl\"@example.nl":       "username-not-email",
		"jan@example.nl.":                "username-not-email",
		"\u212aees@example.nl":           "username-not-email", // the Kelvin sign folds to k
		"jan@example.nl\r\nBcc: x@y.nl":  "username-invalid",
		"j\u0430n@example.nl":            "username-not-email", // a Cyrillic a
		"jan@example.nl,piet@example.nl": "username-not-email",
	} {
		in := create(2, org)
		in.Username = name
		_, err := do(h, h.platform(), in)
		if codeOf(err) != code {
			t.Errorf("%q: got %v, want %s", name, err, code)
		}
	}
	same(t, h.events("account-"+id(2)), []string{})
	service := create(3, org)
	service.Username, service.Role, service.Channel = "hr-koppeling", "service", "admin_password"
	ok(h, h.platform(), service)
}

func TestCaseless(t *testing.T) {
	for given, want := range map[string]string{
		"Jan@X.nl": "jan@x.nl", " jan ": "jan", "STRASSE": "strasse", "straße": "strasse",
		"e\u0301": "é", "\u212a": "k", "İ": "i̇",
	} {
		same(t, typed.Caseless(given), want)
	}
	if typed.Caseless("рaul") == typed.Caseless("paul") {
		t.Fatal("look-alikes became one")
	}
}

// TestSameUsernameAtOnce holds K-3.
func TestSameUsernameAtOnce(t *testing.T) { eachStore(t, sameUsernameAtOnce) }

func sameUsernameAtOnce(t *testing.T, h *house) {
	t.Helper()
	org := h.organization(1, "klic")
	platform := h.platform()
	other := h.service() // another process
	defer func() { must(t, other.Close()) }()
	const clients = 32
	var mu sync.Mutex
	answers := map[string]int{}
	together(clients, func(i int) {
		in := create(100+i, org)
		in.Username = "same@example.nl"
		s := h.Service
		if i%2 == 1 {
			s = other
		}
		_, err := s.Run(t.Context(), engine.Request{Actor: platform}, in)
		mu.Lock()
		defer mu.Unlock()
		answers[codeOf(err)]++
	})
	same(t, answers, map[string]int{"<nil>": 1, "username-taken": clients - 1})
	same(t, h.count("account.created."), 2) // and the platform's own
	same(t, h.count("reservation.claimed.")-h.count("reservation.released."), 2)
}

// count counts the events whose type begins so.
func (h *house) count(prefix string) int {
	h.t.Helper()
	n := 0
	for _, err := range h.log.Store().ReadAll(h.t.Context(), eventstore.Position{}, eventstore.Forwards, eventstore.Filter{Types: []string{prefix}}) {
		must(h.t, err)
		n++
	}
	return n
}

// goneAt is a process that ends before it writes to a stream.
func goneAt(stream string) func(string, []eventstore.Event) error {
	return func(to string, _ []eventstore.Event) error {
		if to == stream {
			return errors.New("the process is gone")
		}
		return nil
	}
}

func TestCrashBetweenClaimAndCreate(t *testing.T) {
	h := openHouse(t, true)
	org := h.organization(1, "klic")
	platform := h.platform()
	h.store.breaks(goneAt("account-" + id(2)))
	in := create(2, org)
	if _, err := do(h, platform, in); err == nil {
		t.Fatal("it was created")
	}
	h.restart()
	taken := create(3, org)
	taken.Username = in.Username
	refused(h, platform, taken, "username-taken")
	h.advance(59 * time.Second)
	must(t, h.Repairs.Sweep(t.Context(), h.now()))
	refused(h, platform, taken, "username-taken")

	h.advance(2 * time.Second)
	must(t, h.Repairs.Sweep(t.Context(), h.now()))
	ok(h, platform, taken)
	h.advance(time.Hour)
	must(t, h.Repairs.Sweep(t.Context(), h.now()))
	refused(h, platform, in, "username-taken")
}

// Appended together, the claim is not there without the account.
func TestCrashLeavesNoClaim(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	platform := h.platform()
	h.store.breaks(goneAt("account-" + id(2)))
	claimed, in := h.count("reservation."), create(2, org)
	if _, err := do(h, platform, in); err == nil {
		t.Fatal("it was created")
	}
	h.restart()
	same(t, h.count("reservation."), claimed)
	other := create(3, org)
	other.Username = in.Username
	ok(h, platform, other)
	refused(h, platform, in, "username-taken")
}

func TestSweepLeavesAloneWhatIsUnderWayAndHappenedEarlier(t *testing.T) {
	eachStore(t, sweepLeavesAloneWhatIsUnderWayAndHappenedEarlier)
}

func sweepLeavesAloneWhatIsUnderWayAndHappenedEarlier(t *testing.T, h *house) {
	t.Helper()
	in := create(2, h.organization(1, "klic"))
	h.store.breaks(func(stream string, _ []eventstore.Event) error {
		if stream == "account-"+id(2) { // the name is claimed
			return h.Repairs.Sweep(t.Context(), h.now())
		}
		return nil
	})
	ok(h, h.platform(), in, func(r *engine.Request) { r.Now = h.now().AddDate(0, -3, 0) })
	taken := in
	taken.AccountID = id(3)
	refused(h, h.platform(), taken, "username-taken")
}

func TestStoreOutOfReach(t *testing.T) { eachStore(t, storeOutOfReach) }

func storeOutOfReach(t *testing.T, h *house) {
	t.Helper()
	org := h.organization(1, "klic")
	platform := h.platform()
	failures := 3
	h.store.breaks(func(stream string, events []eventstore.Event) error {
		if failures > 0 && strings.HasPrefix(stream, "account-") {
			failures--
			if failures == 1 { // it was written, and the answer was lost
				_, err := h.log.Store().Append(t.Context(), stream, eventstore.NoStream, events...)
				return errors.Join(err, eventstore.ErrUnavailable)
			}
			return eventstore.ErrUnavailable
		}
		return nil
	})
	ok(h, platform, create(2, org))
	same(t, h.events("account-"+id(2)), []string{"account.created.v1"})
	same(t, failures, 0)
	ok(h, platform, accounts.BlockAccount{AccountID: id(2), Reason: "still well chained"})

	h.store.breaks(func(string, []eventstore.Event) error { return eventstore.ErrUnavailable })
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := h.Run(short, engine.Request{Actor: platform}, accounts.UnblockAccount{AccountID: id(2)})
	if !errors.Is(err, eventstore.ErrUnavailable) {
		t.Fatalf("got %v, want that the store is out of reach", err)
	}
	h.store.mend()
	ok(h, platform, accounts.UnblockAccount{AccountID: id(2)})
}

func TestChangeUsername(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	admin := h.account(2, org, "admin")
	h.account(3, org, "user")
	refused(h, admin, accounts.ChangeUsername{AccountID: id(3), Username: username(2)}, "username-taken")
	ok(h, admin, accounts.ChangeUsername{AccountID: id(3), Username: "new@example.nl"})
	ok(h, admin, accounts.ChangeUsername{AccountID: id(3), Username: "NEW@example.nl"})
	refused(h, rights.Stranger, signin.SignIn{Username: username(3), Password: goodPassword}, "sign-in-failed")
	ok(h, rights.Stranger, signin.SignIn{Username: "new@EXAMPLE.nl", Password: goodPassword})
	h.account(4, org, "user")
	ok(h, admin, accounts.ChangeUsername{AccountID: id(4), Username: username(3)})
	ok(h, admin, accounts.CloseAccount{AccountID: id(4), Reason: "left"})
	ok(h, admin, accounts.ChangeUsername{AccountID: id(3), Username: username(3)})
}

func TestIfMatch(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	admin := h.account(2, org, "admin")
	h.account(3, org, "user")
	name := "Somebody"
	change := accounts.ChangeDetails{AccountID: id(3), Name: &name}
	_, err := do(h, admin, change, match(1))
	if !errors.Is(err, engine.ErrStale) {
		t.Fatalf("got %v, want stale", err)
	}
	outcome, err := do(h, admin, change, match(2))
	must(t, err)
	same(t, outcome.Streams, []engine.StreamRevision{{Stream: "account-" + id(3), Revision: 3}})

	t.Run("of many with one revision, one succeeds", func(t *testing.T) {
		var mu sync.Mutex
		answers := map[string]int{}
		together(8, func(i int) {
			name := fmt.Sprintf("Name %d", i)
			_, err := do(h, admin, accounts.ChangeDetails{AccountID: id(3), Name: &name}, match(3))
			mu.Lock()
			defer mu.Unlock()
			answers[codeOf(err)]++
		})
		same(t, answers, map[string]int{"<nil>": 1, engine.ErrStale.Error(): 7})
	})
}

func TestDryRun(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	platform := h.platform()
	in := create(2, org)
	in.Role = "admin"
	before := h.head()
	would, err := do(h, platform, in, dry)
	must(t, err)
	same(t, h.head(), before)
	_, err = h.vault.Key(t.Context(), eventstore.AccountSubject(id(2)), false)
	if !errors.Is(err, eventstore.ErrKeyUnknown) {
		t.Fatalf("a dry run made a key: %v", err)
	}
	real, err := do(h, platform, in)
	must(t, err)
	same(t, typesOf(would), typesOf(real))
	same(t, would.Streams, real.Streams)
	same(t, would.Position, eventstore.Position{})

	t.Run("leaves nothing but the record of its refusal", func(t *testing.T) {
		in := create(3, org)
		in.Username = username(2)
		refused(h, platform, in, "username-taken", dry)
		events, envelopes := h.opened("refusals-2026-03")
		same(t, events, []any{refusal.Recorded{Command: "CreateAccount", Code: "username-taken", OrganizationID: org, Stream: "account-" + id(3), DryRun: true}})
		same(t, envelopes[0].Outcome, eventstore.OutcomeRefused)
	})
	t.Run("makes no secret that would never be good", func(t *testing.T) {
		in := create(4, org)
		in.Channel, in.GeneratePassword = "admin_password", true
		same(t, result[accounts.AccountMade](h, platform, in, dry), accounts.AccountMade{AccountID: id(4)})
		_, err := do(h, platform, in)
		must(t, err)
		set := result[accounts.PasswordSet](h, platform, accounts.SetPassword{AccountID: id(4), GeneratePassword: true}, dry)
		same(t, set, accounts.PasswordSet{})
	})
	t.Run("strangers have none", func(t *testing.T) {
		refused(h, rights.Stranger, signin.SignIn{}, "not-signed-in", dry)
	})
}

func TestIdempotency(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	admin := h.account(2, org, "admin")
	in := create(0, org)
	in.AccountID, in.Channel, in.GeneratePassword = "", "admin_password", true
	outcome, err := do(h, admin, in, keyed("k1"))
	must(t, err)
	first, err := engine.Result[accounts.AccountMade](outcome)
	must(t, err)
	before := h.head()

	h.restart()
	again, err := do(h, admin, in, keyed("k1"))
	must(t, err)
	same(t, h.head(), before)
	same(t, again.CommandID, outcome.CommandID)
	same(t, again.Events, outcome.Events)
	same(t, again.Streams, outcome.Streams)
	same(t, again.Position, outcome.Position)
	same(t, fmt.Sprintf("%s", again.Result), fmt.Sprintf(`{"accountId":"%s"}`, first.AccountID)) // a secret is told once

	t.Run("with another body it is refused", func(t *testing.T) {
		another := in
		another.Name = "Somebody else"
		refused(h, admin, another, "idempotency-key-reused", keyed("k1"))
		refused(h, admin, accounts.BlockAccount{AccountID: id(2), Reason: "x"}, "idempotency-key-reused", keyed("k1"))
	})
	t.Run("another asker's key is another key", func(t *testing.T) {
		refused(h, h.platform(), in, "username-taken", keyed("k1"))
	})
	t.Run("a refusal is repeated and recorded once", func(t *testing.T) {
		for range 2 {
			refused(h, admin, accounts.BlockAccount{AccountID: id(2), Reason: "x", OwnAccount: true}, "last-admin", keyed("k2"))
		}
		same(t, h.count("refusal.recorded."), 4)
	})
	t.Run("many at once do it once", func(t *testing.T) {
		together(8, func(int) {
			_, err := do(h, admin, accounts.BlockAccount{AccountID: first.AccountID, Reason: "x"}, keyed("k3"))
			if err != nil {
				t.Error(err)
			}
		})
		same(t, h.count("account.blocked."), 1)
	})
	t.Run("a lost answer is found again in the log", func(t *testing.T) {
		in := create(0, org)
		in.AccountID, in.Username, in.Role = "", "lost@example.nl", "admin"
		h.store.breaks(func(stream string, _ []eventstore.Event) error { // the process dies before it appoints
			if strings.HasPrefix(stream, "organization-") {
				return errors.New("the process is gone")
			}
			return nil
		})
		if _, err := do(h, admin, in, keyed("k4")); err == nil {
			t.Fatal("it was appointed")
		}
		h.restart()
		outcome, err := do(h, admin, in, keyed("k4"))
		must(t, err)
		made, err := engine.Result[accounts.AccountMade](outcome)
		must(t, err)
		same(t, h.events("account-"+made.AccountID), []string{"account.created.v1"})
		same(t, typesOf(outcome), []string{"account.created.v1", "organization.admin_appointed.v1"})
	})
}

// TestF11_NothingToGuessWith: what is kept of a request with a password is no hash that a thief of the
// vault can compute, and tells a retry from another request all the same.
func TestF11_NothingToGuessWith(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	admin := h.account(2, org, "admin")
	in := create(3, org)
	in.Channel, in.Password = "admin_password", goodPassword
	made := result[accounts.AccountMade](h, admin, in, keyed("k1"))
	same(t, result[accounts.AccountMade](h, admin, in, keyed("k1")), made)
	other := in
	other.Password = "Another-passw0rd"
	refused(h, admin, other, "idempotency-key-reused", keyed("k1"))

	answer, found, err := h.vault.Answer(t.Context(), "account:"+id(2), "k1")
	must(t, err)
	same(t, found, true)
	raw, err := json.Marshal(in, json.Deterministic(true))
	must(t, err)
	for _, guess := range [][]byte{raw, fmt.Appendf(nil, "CreateAccount\n%s", raw), []byte(goodPassword)} {
		sum := sha256.Sum256(guess)
		if bytes.Contains(answer.RequestHash, sum[:]) {
			t.Error("the hash can be computed from the request")
		}
	}
}

// TestF52_SecretsAreToldOnce: a repetition is told a key again for a moment, and not from the vault.
func TestF52_SecretsAreToldOnce(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	admin := h.account(2, org, "admin")
	in := create(3, org)
	in.Channel, in.GeneratePassword = "admin_password", true
	first := result[accounts.AccountMade](h, admin, in, keyed("k1"))
	if first.Password == "" {
		t.Fatal("no password")
	}
	same(t, result[accounts.AccountMade](h, admin, in, keyed("k1")), first)
	h.advance(2 * time.Minute)
	same(t, result[accounts.AccountMade](h, admin, in, keyed("k1")), accounts.AccountMade{AccountID: first.AccountID})
	answer, _, err := h.vault.Answer(t.Context(), "account:"+id(2), "k1")
	must(t, err)
	if bytes.Contains(answer.Body, []byte(first.Password)) {
		t.Error("the vault keeps the password")
	}
}
