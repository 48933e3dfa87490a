package commands_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"sleutelbos/commands/access"
	"sleutelbos/commands/accounts"
	"sleutelbos/commands/activation"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/letters"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/reactors"
	"sleutelbos/commands/rights"
	"sleutelbos/commands/signin"
	"sleutelbos/domain/account"
	"sleutelbos/domain/message"
	"sleutelbos/eventstore"
)

func tokenOf(t *testing.T, m reactors.Mail) string {
	t.Helper()
	token, ok := strings.CutPrefix(m.Link, "https://accounts.example.nl/activate/")
	if !ok {
		t.Fatalf("the link is %s", m.Link)
	}
	return token
}

func activate(token, code string) activation.ActivateAccount {
	return activation.ActivateAccount{Token: token, Code: code, Password: goodPassword}
}

func (h *house) page(token string) activation.State {
	h.t.Helper()
	p, err := h.Activation.Open(h.t.Context(), token)
	must(h.t, err)
	return p.State
}

// TestActivation holds O-2, O-12 and O-14.
func TestActivation(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "nen", "example.nl")
	admin := h.account(2, org, "admin")
	ok(h, admin, create(3, org))
	ok(h, admin, activation.SendActivation{AccountID: id(3)})
	at := h.react(eventstore.Position{})
	mails := h.post.take()
	same(t, len(mails), 1)
	same(t, mails[0].Template, message.TemplateRegistration)
	same(t, mails[0].To, username(3))
	same(t, mails[0].LastDay, "2026-04-14")
	first := tokenOf(t, mails[0])

	page, err := h.Activation.Open(t.Context(), first)
	must(t, err)
	same(t, page, activation.Page{
		State: activation.LinkValid, TriesLeft: 5, ExpiresAt: time.Date(2026, 4, 14, 22, 0, 0, 0, time.UTC), LastDay: "2026-04-14",
		Password: access.PasswordRules{MinLength: 8, MinUpper: 1, MinDigits: 1, MaxLength: 256}, Language: "nl",
	})
	same(t, h.page("unheard-of"), activation.LinkUnknown)
	same(t, h.page(first[:42]), activation.LinkUnknown)

	ok(h, admin, activation.SendActivation{AccountID: id(3)})
	h.react(at)
	mails = h.post.take()
	same(t, mails[0].Template, message.TemplateRegistrationAgain)
	second := tokenOf(t, mails[0])
	same(t, h.page(first), activation.LinkSuperseded)
	refused(h, rights.Stranger, activate(first, ""), "activation-superseded")

	h.clock.Store(time.Date(2026, 4, 14, 22, 0, 0, 0, time.UTC).UnixNano())
	same(t, h.page(second), activation.LinkExpired)
	refused(h, rights.Stranger, activate(second, ""), "activation-expired")
	h.advance(-time.Second)
	weak := activate(second, "")
	weak.Password = "password"
	refused(h, rights.Stranger, weak, "password-needs-upper")

	var mu sync.Mutex
	answers := map[string]int{}
	together(8, func(int) {
		_, err := do(h, rights.Stranger, activate(second, ""))
		mu.Lock()
		defer mu.Unlock()
		answers[codeOf(err)]++
	})
	same(t, answers, map[string]int{"<nil>": 1, "already-activated": 7})
	same(t, h.page(second), activation.LinkCompleted)
	_, envelopes := h.opened("account-" + id(3))
	same(t, envelopes[len(envelopes)-1].Actor.ID, id(3)) // who has the link acts as the account
	ok(h, rights.Stranger, signin.SignIn{Username: username(3), Password: goodPassword})
	refused(h, admin, activation.SendActivation{AccountID: id(3)}, "already-activated")
}

func TestAskForANewActivation(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	ok(h, h.platform(), create(3, org))
	ok(h, h.platform(), activation.SendActivation{AccountID: id(3)})
	at := h.react(eventstore.Position{})
	old := tokenOf(t, h.post.take()[0])
	ask := func(token string) engine.Outcome {
		t.Helper()
		outcome, err := do(h, rights.Stranger, activation.RequestNewActivation{Token: token})
		must(t, err)
		outcome.CommandID = [16]byte{}
		return outcome
	}
	nothing := ask("unheard-of")
	same(t, ask(old), nothing) // it is valid still
	same(t, h.count("account.activation_sent."), 1)
	h.clock.Store(time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC).UnixNano())
	same(t, ask(old), nothing)
	same(t, ask(old), nothing) // once is enough for a while
	same(t, h.count("account.activation_sent."), 2)
	h.react(at)
	fresh := h.post.take()
	same(t, len(fresh), 1)
	ok(h, rights.Stranger, activate(tokenOf(t, fresh[0]), ""))
}

// TestF48_ASupersededLinkAsksForNothing: whoever got the first mail by mistake takes no force from
// the link of the right holder, however often and however late.
func TestF48_ASupersededLinkAsksForNothing(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	ok(h, h.platform(), create(3, org))
	ok(h, h.platform(), activation.SendActivation{AccountID: id(3)})
	at := h.react(eventstore.Position{})
	wrong := tokenOf(t, h.post.take()[0])
	address := "right@example.nl"
	ok(h, h.platform(), accounts.ChangeDetails{AccountID: id(3), Details: accounts.Details[*string]{Email: &address}})
	ok(h, h.platform(), activation.SendActivation{AccountID: id(3)})
	h.react(at)
	right := tokenOf(t, h.post.take()[0])
	before := h.events("account-" + id(3))
	for range 3 {
		ok(h, rights.Stranger, activation.RequestNewActivation{Token: wrong})
		h.advance(time.Hour)
	}
	same(t, h.events("account-"+id(3)), before)
	same(t, h.page(right), activation.LinkValid)
	ok(h, rights.Stranger, activate(right, ""))
}

// TestF48_TheRightHolderIsReminded, once a day and at the address that the newest link went to; the
// link goes on to work, and the asker is told nothing.
func TestF48_TheRightHolderIsReminded(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	ok(h, h.platform(), create(3, org))
	ok(h, h.platform(), activation.SendActivation{AccountID: id(3)})
	at := h.react(eventstore.Position{})
	wrong := tokenOf(t, h.post.take()[0])
	change := func(address string) {
		ok(h, h.platform(), accounts.ChangeUsername{AccountID: id(3), Username: address})
	}
	change("right@example.nl")
	ok(h, h.platform(), activation.SendActivation{AccountID: id(3)})
	at = h.react(at)
	right := tokenOf(t, h.post.take()[0])
	ask := func() []reactors.Mail {
		t.Helper()
		asked, err := do(h, rights.Stranger, activation.RequestNewActivation{Token: wrong})
		must(t, err)
		same(t, len(asked.Events)+len(asked.Streams), 0)
		at = h.react(at)
		return h.post.take()
	}
	mails := ask()
	same(t, len(mails), 1)
	same(t, [4]string{mails[0].To, string(mails[0].Template), mails[0].Link, mails[0].Username}, [4]string{"right@example.nl", "activation_reminder", "", "right@example.nl"})
	h.advance(time.Hour)
	same(t, len(ask()), 0) // once a day
	h.advance(24 * time.Hour)
	same(t, len(ask()), 1)
	h.advance(24 * time.Hour)
	ok(h, h.platform(), accounts.BlockAccount{AccountID: id(3), Reason: "r"})
	same(t, len(ask()), 0)
	ok(h, h.platform(), accounts.UnblockAccount{AccountID: id(3)})
	same(t, h.page(right), activation.LinkValid)
	change("elsewhere@example.nl") // so the link does not count
	same(t, len(ask()), 0)
	change("right@example.nl")
	ok(h, h.platform(), activation.SendActivation{AccountID: id(3)})
	at = h.react(at)
	ok(h, rights.Stranger, activate(tokenOf(t, h.post.take()[0]), ""))
	same(t, len(ask()), 0) // nothing to be reminded of
}

// TestValue02_ActivationNeedsLinkAndCode: the mail alone is not enough, and neither is the letter (O-16, O-18).
func TestValue02_ActivationNeedsLinkAndCode(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "officeheart")
	admin := h.account(2, org, "admin")
	in := create(3, org)
	in.Channel = "mail_link_and_letter_code"
	ok(h, admin, in)
	same(t, h.events("account-"+id(3)), []string{"account.created.v1"})
	send := func() (token, letterID, code string) {
		t.Helper()
		before := h.head()
		ok(h, admin, activation.SendActivation{AccountID: id(3)})
		h.react(before)
		mail := h.post.take()[0]
		same(t, mail.Template, message.TemplatePortalActivation)
		events, _ := h.opened("account-" + id(3))
		letterID = events[len(events)-1].(account.ActivationSent).LetterID
		letter := result[letters.Content](h, admin, letters.OpenLetter{LetterID: letterID})
		same(t, letter.Subject, "Activatiegegevens van ons klantenportaal")
		return tokenOf(t, mail), letterID, letter.Code
	}
	token, firstLetter, code := send()
	refused(h, rights.Stranger, activate(token, ""), "code-required")
	for range 5 {
		refused(h, rights.Stranger, activate(token, "WRONG-CODE2"), "activation-code-wrong")
	}
	same(t, h.page(token), activation.LinkCodeVoid)
	refused(h, rights.Stranger, activate(token, code), "activation-code-void")

	secondToken, secondLetter, secondCode := send()
	same(t, h.events("letter-"+firstLetter), []string{"letter.created.v1", "letter.opened.v1", "letter.invalidated.v1"})
	refused(h, admin, letters.OpenLetter{LetterID: firstLetter}, "letter-invalidated")
	refused(h, rights.Stranger, activate(secondToken, code), "activation-code-wrong")
	refused(h, h.account(4, org, "user"), letters.OpenLetter{LetterID: secondLetter}, "no-right")

	ok(h, admin, letters.MarkLetterPrinted{LetterID: secondLetter})
	refused(h, admin, letters.OpenLetter{LetterID: secondLetter}, "letter-printed")
	ok(h, admin, letters.MarkLetterSent{LetterID: secondLetter})
	before := h.head()
	ok(h, rights.Stranger, activate(secondToken, strings.ToLower(secondCode)))
	h.react(before)
	same(t, h.events("letter-"+secondLetter), []string{
		"letter.created.v1", "letter.opened.v1", "letter.printed.v1", "letter.sent.v1", "letter.invalidated.v1",
	})
}

func TestManyWrongCodesAtOnce(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "officeheart")
	in := create(3, org)
	in.Channel = "mail_link_and_letter_code"
	ok(h, h.platform(), in)
	ok(h, h.platform(), activation.SendActivation{AccountID: id(3)})
	h.react(eventstore.Position{})
	token := tokenOf(t, h.post.take()[0])
	together(32, func(int) {
		_, err := do(h, rights.Stranger, activate(token, "WRONG-CODE2"))
		if code := codeOf(err); code != "activation-code-wrong" && code != "activation-code-void" {
			t.Errorf("got %v", err)
		}
	})
	same(t, h.count("account.activation_code_rejected."), 5)
	same(t, h.page(token), activation.LinkCodeVoid)
}

// TestMailsInTheHoldersPlace holds AMB-N8.
func TestMailsInTheHoldersPlace(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	in := create(4, org)
	in.MailToAdmin, in.Username = true, "no-mail-at-all"
	ok(h, h.platform(), in)
	ok(h, h.platform(), activation.SendActivation{AccountID: id(4)})
	at := h.react(eventstore.Position{})
	same(t, receivers(h.post.take()), []string{"support@example.nl"}) // never nobody

	h.account(2, org, "admin")
	second := h.account(3, org, "admin")
	ok(h, second, activation.SendActivation{AccountID: id(4)})
	h.react(at)
	mails := h.post.take()
	same(t, receivers(mails), []string{username(2), username(3)})
	same(t, tokenOf(t, mails[0]), tokenOf(t, mails[1]))
	same(t, mails[0].ToAdmin, true)
}

// TestValue19_TheMailsOfAHolderWhoseMailIsRedirected go to the administrators, each of them, and none to
// the holder, whether that was ticked at the creation or later (N-3, N-4).
func TestValue19_TheMailsOfAHolderWhoseMailIsRedirected(t *testing.T) {
	for name, later := range map[string]bool{"from the creation": false, "later": true} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			org := h.organization(1, "klic")
			admin := h.account(2, org, "admin")
			in := create(4, org)
			in.MailToAdmin = !later
			ok(h, admin, in)
			if later {
				ok(h, admin, accounts.RedirectMail{AccountID: id(4)})
			}
			license := h.license(20, org)
			at := h.react(eventstore.Position{})
			h.post.take()
			for _, body := range []any{
				activation.SendActivation{AccountID: id(4)}, activation.SendActivation{AccountID: id(4)}, // and once more
				licenses.GrantLicense{LicenseID: license, AccountID: id(4)},
				licenses.RevokeLicense{LicenseID: license, AccountID: id(4), Reason: "x"},
			} {
				ok(h, admin, body)
				at = h.react(at)
				same(t, receivers(h.post.take()), []string{username(2)})
			}
			for _, decide := range []func(request string) any{
				func(request string) any { return licenses.RejectLicense{RequestID: request} },
				func(request string) any { return licenses.ApproveLicense{RequestID: request} },
			} {
				request := result[licenses.RequestMade](h, admin, licenses.RequestLicense{AccountID: id(4), LicenseID: license}).RequestID
				at = h.react(at)
				h.post.take() // to the administrators, who are to decide
				ok(h, admin, decide(request))
				at = h.react(at)
				same(t, receivers(h.post.take()), []string{username(2)})
			}
			ok(h, admin, accounts.EndMailRedirect{AccountID: id(4)})
			ok(h, admin, activation.SendActivation{AccountID: id(4)})
			h.react(at)
			same(t, receivers(h.post.take()), []string{username(4)})
		})
	}
}

func receivers(mails []reactors.Mail) []string {
	seen := map[string]bool{}
	for _, m := range mails {
		seen[m.To] = true
	}
	all := []string{}
	for _, n := range []string{username(2), username(3), username(4), username(5), "support@example.nl"} {
		if seen[n] {
			all = append(all, n)
		}
	}
	if len(all) != len(mails) {
		return append(all, "and others")
	}
	return all
}

func TestMailIsTriedAgain(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	h.post.fail = &reactors.SendError{Code: "smtp-451"}
	ok(h, h.platform(), create(3, org))
	ok(h, h.platform(), activation.SendActivation{AccountID: id(3)})
	h.react(eventstore.Position{})
	stream := ""
	for rec, err := range h.log.Store().ReadAll(t.Context(), eventstore.Position{}, eventstore.Forwards, eventstore.Filter{Types: []string{"message.queued."}}) {
		must(t, err)
		stream = rec.Stream
	}
	same(t, h.events(stream), []string{"message.queued.v1", "message.failed.v1"})
	must(t, h.Repairs.Sweep(t.Context(), h.now()))
	same(t, len(h.events(stream)), 2)
	h.restart() // what is to be tried again is found in the log
	for _, wait := range []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute} {
		h.advance(wait)
		must(t, h.Repairs.Sweep(t.Context(), h.now()))
	}
	same(t, len(h.events(stream)), 5)
	h.advance(time.Hour)
	must(t, h.Repairs.Sweep(t.Context(), h.now()))
	must(t, h.Repairs.Sweep(t.Context(), h.now()))
	same(t, h.events(stream)[5:], []string{"message.failed.v1", "message.given_up.v1"})
	events, _ := h.opened(stream)
	same(t, events[5], any(message.Failed{AccountID: id(3), Attempt: 5, Error: "smtp-451"}))

	h.post.fail = &reactors.SendError{Code: "smtp-550", Permanent: true}
	before := h.head()
	ok(h, h.platform(), activation.SendActivation{AccountID: id(3)})
	h.react(before)
	same(t, h.count("message.given_up."), 2)
}

// listed names one account as due, as a read model that lags would.
type listed struct{ id string }

func (l listed) DueActivations(context.Context, time.Time, int) ([]string, error) {
	return []string{l.id}, nil
}

func (l listed) DueAccounts(context.Context, time.Time, int) ([]string, error) {
	return []string{l.id}, nil
}

func TestDeadlines(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	in := create(3, org)
	in.ValidUntil = "2026-03-20"
	ok(h, h.platform(), in)
	ok(h, h.platform(), activation.SendActivation{AccountID: id(3)})
	end := func() {
		t.Helper()
		n, err := h.Clock.Deadlines(t.Context(), listed{id(3)}, h.now())
		must(t, err)
		same(t, n, 2)
	}
	h.clock.Store(time.Date(2026, 3, 20, 23, 0, 0, 0, time.UTC).UnixNano() - 1) // midnight in Amsterdam, but for a moment
	end()
	same(t, len(h.events("account-"+id(3))), 2)
	h.advance(1)
	end()
	h.clock.Store(time.Date(2026, 4, 14, 22, 0, 0, 0, time.UTC).UnixNano())
	end()
	end()
	same(t, h.events("account-" + id(3))[2:], []string{"account.expired.v1", "account.activation_expired.v1"})
	_, envelopes := h.opened("account-" + id(3))
	same(t, envelopes[2].Actor.Kind+" "+envelopes[2].Actor.ID, "system clock")
}
