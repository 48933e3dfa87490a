package commands_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/activation"
	"sleutelbos/commands/letters"
	"sleutelbos/commands/rights"
	"sleutelbos/commands/setup"
	"sleutelbos/commands/signin"
	"sleutelbos/domain/session"
	"sleutelbos/eventstore"
)

// TestF7_AnOldLinkProvesNothing: who asks for a new activation with a link that has no force is a
// stranger in the history, and not the holder.
func TestF7_AnOldLinkProvesNothing(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	ok(h, h.platform(), create(3, org))
	ok(h, h.platform(), activation.SendActivation{AccountID: id(3)})
	h.react(eventstore.Position{})
	token := tokenOf(t, h.post.take()[0])
	h.advance(400 * 24 * time.Hour)
	ok(h, rights.Stranger, activation.RequestNewActivation{Token: token})
	events, envelopes := h.opened("account-" + id(3))
	last := len(events) - 1
	same(t, fmt.Sprintf("%T", events[last]), "account.ActivationSent")
	same(t, envelopes[last].Actor, eventstore.Actor{Kind: eventstore.ActorStranger})
}

// TestF7_SessionsThatRanOut are written down as such, when they did, and are not revoked by a later
// block; those open are.
func TestF7_SessionsThatRanOut(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	h.account(3, org, "user")
	in := signin.SignIn{Username: username(3), Password: goodPassword}
	for range 3 {
		ok(h, rights.Stranger, in)
		must(t, h.Repairs.Sweep(t.Context(), h.now()))
		h.advance(10 * 24 * time.Hour)
	}
	ok(h, rights.Stranger, in)
	h.advance(time.Hour)
	ok(h, h.platform(), accounts.BlockAccount{AccountID: id(3), Reason: "x"})
	must(t, h.Repairs.Sweep(t.Context(), h.now()))
	must(t, h.Repairs.Sweep(t.Context(), h.now()))
	var ends []string
	for rec, err := range h.log.Store().ReadAll(t.Context(), eventstore.Position{}, eventstore.Forwards, eventstore.Filter{Types: []string{"session."}}) {
		must(t, err)
		event, record, err := h.journal.Registry.DecodeSealed(rec)
		must(t, err)
		if _, began := event.(session.Started); began {
			continue
		}
		ends = append(ends, fmt.Sprintf("%s %+v", record.Envelope.OccurredAt.Format("01-02 15:04"), event))
	}
	ran := "{AccountID:" + id(3) + "}"
	slices.Sort(ends)
	same(t, ends, []string{"03-15 00:00 " + ran, "03-25 00:00 " + ran, "04-04 00:00 " + ran, "04-13 13:00 {AccountID:" + id(3) + " Because:revoked}"})
}

// TestF10_SignOutElsewhere is a command with its event, which ends whatever was opened before.
func TestF10_SignOutElsewhere(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	h.account(3, org, "user")
	in := signin.SignIn{Username: username(3), Password: goodPassword}
	kept := result[signin.SignedIn](h, rights.Stranger, in)
	other := result[signin.SignedIn](h, rights.Stranger, in)
	ok(h, h.who(3), signin.SignOutElsewhere{SessionID: kept.SessionID}, dry)
	same(t, h.who(3).Epoch, kept.Epoch)
	ok(h, h.who(3), signin.SignOutElsewhere{SessionID: kept.SessionID})
	same(t, h.who(3).Epoch, kept.Epoch+1)
	h.advance(time.Minute)
	must(t, h.Repairs.Sweep(t.Context(), h.now()))
	same(t, h.events("session-"+other.SessionID), []string{"session.started.v1", "session.ended.v1"})
	same(t, h.events("session-"+kept.SessionID), []string{"session.started.v1"})
	refused(h, rights.Stranger, signin.SignOutElsewhere{SessionID: kept.SessionID}, "not-signed-in")
	h.account(4, org, "user")
	refused(h, h.who(4), signin.SignOutElsewhere{SessionID: kept.SessionID}, "session-not-found")
	refused(h, h.who(3), signin.SignOutElsewhere{SessionID: other.SessionID}, "session-not-found")
}

// TestF8_ADryRunChangesNothing runs commands that use, make or try something of the vault, dry: vault
// and log are the same afterwards, and the real run succeeds.
func TestF8_ADryRunChangesNothing(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "officeheart")
	admin := h.account(2, org, "admin")
	invited := create(3, org)
	invited.Channel = "mail_link_and_letter_code"
	ok(h, admin, invited)
	ok(h, admin, activation.SendActivation{AccountID: id(3)})
	h.react(eventstore.Position{})
	token := tokenOf(t, h.post.take()[0])
	var letterID string
	for rec, err := range h.log.Store().ReadAll(t.Context(), eventstore.Position{}, eventstore.Forwards, eventstore.Filter{Types: []string{"letter.created."}}) {
		must(t, err)
		letterID = strings.TrimPrefix(rec.Stream, "letter-")
	}
	letter := result[letters.Content](h, admin, letters.OpenLetter{LetterID: letterID})
	program := accounts.CreateAccount{AccountID: id(5), OrganizationID: org, Username: "program", Name: "P", Role: "service", Channel: "admin_password", Password: goodPassword, KeepPassword: true}
	service := program
	service.AccountID, service.Username = id(6), "another"
	ok(h, h.platform(), service)
	issued := result[accounts.APIKeyMade](h, h.platform(), accounts.IssueAPIKey{AccountID: id(6), Name: "k"})

	signed := result[signin.SignedIn](h, rights.Stranger, signin.SignIn{Username: username(2), Password: goodPassword})

	before, head := h.vaultRows(), h.head()
	for _, body := range []any{
		activate(token, letter.Code), activate(token, "WRONG-CODES"), activation.RequestNewActivation{Token: token},
		activation.SendActivation{AccountID: id(3)}, letters.MarkLetterPrinted{LetterID: letterID}, program,
		accounts.SetPassword{AccountID: id(2), GeneratePassword: true}, accounts.IssueAPIKey{AccountID: id(6), Name: "second"},
		accounts.RevokeAPIKey{AccountID: id(6), KeyID: issued.KeyID}, accounts.CloseAccount{AccountID: id(6), Reason: "x"},
		accounts.BlockAccount{AccountID: id(6), Reason: "x"}, accounts.ChangePassword{CurrentPassword: goodPassword, Password: "Another-good-1"},
		accounts.ChangeUsername{AccountID: id(3), Username: "new@example.nl"}, signin.SignOutElsewhere{SessionID: signed.SessionID},
		setup.SetupFirstAdmin{Token: "x", Username: "u", Name: "n", Password: goodPassword},
		signin.SignIn{Username: username(2), Password: goodPassword},
	} {
		if _, err := do(h, h.who(2), body, dry); err != nil {
			t.Logf("%T: %v", body, err)
		}
		same(t, h.vaultRows(), before)
		for rec, err := range h.log.Store().ReadAll(t.Context(), head, eventstore.Forwards, eventstore.Filter{}) {
			must(t, err)
			if !strings.HasPrefix(rec.Type, "refusal.") { // that somebody tried is known
				t.Errorf("%T dry: %s", body, rec.Type)
			}
		}
	}
	ok(h, rights.Stranger, activate(token, letter.Code))
}

// TestF8_ADryRunIsNotRemembered: after a dry run an activation can still be asked for anew.
func TestF8_ADryRunIsNotRemembered(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	admin := h.account(2, org, "admin")
	ok(h, admin, create(3, org))
	ok(h, admin, activation.SendActivation{AccountID: id(3)})
	h.react(eventstore.Position{})
	token := tokenOf(t, h.post.take()[0])
	h.advance(400 * 24 * time.Hour)
	ok(h, admin, activation.RequestNewActivation{Token: token}, dry)
	head := h.head()
	ok(h, rights.Stranger, activation.RequestNewActivation{Token: token})
	if h.head() == head {
		t.Error("the dry run was remembered")
	}
}

// vaultRows returns everything that the vault holds, but what it makes ahead.
func (h *house) vaultRows() map[string][]string {
	h.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(h.dir, "vault.db")+"?mode=ro")
	must(h.t, err)
	defer func() { must(h.t, db.Close()) }()
	tables, err := db.QueryContext(h.t.Context(), "SELECT name FROM sqlite_master WHERE type = 'table'")
	must(h.t, err)
	var names []string
	for tables.Next() {
		var name string
		must(h.t, tables.Scan(&name))
		names = append(names, name)
	}
	must(h.t, tables.Err())
	all := map[string][]string{}
	for _, name := range names {
		all[name] = rowsOf(h.t, db, name)
	}
	return all
}

func rowsOf(t testing.TB, db *sql.DB, table string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+table)
	must(t, err)
	defer func() { must(t, rows.Close()) }()
	columns, err := rows.Columns()
	must(t, err)
	var all []string
	for rows.Next() {
		values, at := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			at[i] = &values[i]
		}
		must(t, rows.Scan(at...))
		all = append(all, fmt.Sprint(values...))
	}
	must(t, rows.Err())
	slices.Sort(all)
	return all
}
