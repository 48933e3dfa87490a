package app

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sleutelbos/commands/activation"
	"sleutelbos/commands/mail"
	"sleutelbos/commands/reactors"
	"sleutelbos/domain/mailtemplate"
	"sleutelbos/domain/message"
	"sleutelbos/eventstore/vault"
)

// TestF51_TheOutboxIsPruned: a mail is gone once its link was used, revoked, forgotten or has
// expired, and after a month in any case. One whose link can be used stays, and so does what is no
// mail of ours.
func TestF51_TheOutboxIsPruned(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	v, err := vault.OpenSQLite(t.Context(), dir, vault.MasterKey{1}, vault.Options{Now: clock, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	a := &App{Stores: &Stores{Places: Places{Data: dir}, Now: clock, Vault: v}}
	send := func(name, link string) {
		t.Helper()
		o := mail.Outbox{Dir: a.Outbox().Dir, From: "no-reply@example.nl", Now: clock}
		err := o.Send(t.Context(), reactors.Mail{
			MessageID: name, To: "jan@example.nl", Template: message.TemplatePortalActivation, Language: "nl", Link: link, LastDay: "2026-04-14",
			Text: mailtemplate.BuiltIn(message.TemplatePortalActivation, "nl"),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"open", "used", "revoked", "expired"} {
		until := now.Add(60 * 24 * time.Hour)
		if name == "expired" {
			until = now.Add(time.Hour)
		}
		token, err := v.MakeLink(t.Context(), vault.NewSecret{ID: name, Account: "a1", ExpiresAt: until})
		if err != nil {
			t.Fatal(err)
		}
		send(name, "https://keys.example"+activation.Path+token)
	}
	send("forgotten", "https://keys.example"+activation.Path+"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")
	send("without", "https://keys.example/requests/1")
	if err := os.WriteFile(filepath.Join(a.Outbox().Dir, "notes.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Use(t.Context(), "used"); err != nil {
		t.Fatal(err)
	}
	if err := v.Revoke(t.Context(), "revoked"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		after time.Duration
		want  string
	}{
		{0, "expired notes.txt open without"},
		{time.Hour, "notes.txt open without"},
		{mail.Kept - time.Hour, "notes.txt open without"},
		{time.Hour, "notes.txt"},
	} {
		now = now.Add(c.after)
		if err := a.pruneOutbox(t.Context()); err != nil {
			t.Fatal(err)
		}
		entries, err := os.ReadDir(a.Outbox().Dir)
		if err != nil {
			t.Fatal(err)
		}
		var left []string
		for _, e := range entries {
			name := e.Name()
			if _, id, ok := strings.Cut(strings.TrimSuffix(name, ".eml"), "Z-"); ok {
				name = id
			}
			left = append(left, name)
		}
		slices.Sort(left)
		if got := strings.Join(left, " "); got != c.want {
			t.Errorf("at %s: %s are left, want %s", now, got, c.want)
		}
	}
}
