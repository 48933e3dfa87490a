package app_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"sleutelbos/internal/app"
	"sleutelbos/internal/app/apptest"
)

func openStores(t *testing.T, data string) *app.Stores {
	t.Helper()
	s := &app.Stores{Places: app.Places{Data: data}, Log: slog.New(slog.DiscardHandler), Now: time.Now, AdjustVault: apptest.Cheap}
	if err := s.Open(t.Context(), app.Writing); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestNewRefuses also asks that the stores are closed after a refusal: the next start can
// open them.
func TestNewRefuses(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	settings := app.Serving{HTTP: "127.0.0.1:0", Management: "127.0.0.1:0", Node: "off", Language: "nl", MailFrom: "test@localhost"}
	for said, change := range map[string]func(*app.Options){
		"say which parts run":       func(o *app.Options) { o.Parts = 0 },
		"public URL must be given":  func(o *app.Options) { o.Parts = app.Views },
		"--public-url must be":      func(o *app.Options) { o.Serving.PublicURL = "ftp://example.nl" },
		"address already in use":    func(o *app.Options) { o.Serving.Management = taken.Addr().String() },
		"--proxies":                 func(o *app.Options) { o.Serving.Proxies = []string{"everywhere"} },
		"mail server is written as": func(o *app.Options) { o.Serving.SMTP = "http://mail.example.nl" },
		"listen for clients":        func(o *app.Options) { o.Serving.Node = taken.Addr().String() },
		"go together":               func(o *app.Options) { o.Serving.Node, o.Serving.NodeTLSCert = "127.0.0.1:0", "cert.pem" },
	} {
		t.Run(said, func(t *testing.T) {
			data := t.TempDir()
			o := app.Options{Stores: openStores(t, data), Serving: settings, Parts: app.Everything, Version: "test"}
			change(&o)
			if a, err := app.New(t.Context(), o); err == nil || !strings.Contains(err.Error(), said) {
				t.Fatalf("got %v, %v; want an error that says %q", a, err, said)
			}
			if err := openStores(t, data).Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestRunEnds: a program that was told to stop before it began stops, and one that never ran
// can be closed.
func TestRunEnds(t *testing.T) {
	for _, run := range []bool{true, false} {
		a, err := app.New(t.Context(), app.Options{
			Stores: openStores(t, t.TempDir()), Parts: app.Everything, Version: "test",
			Serving: app.Serving{HTTP: "127.0.0.1:0", Management: "127.0.0.1:0", Node: "127.0.0.1:0", Language: "nl", MailFrom: "test@localhost"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if a.SetupLink == "" {
			t.Error("an empty store has no setup link")
		}
		if run {
			ctx, stop := context.WithCancel(t.Context())
			stop()
			err = a.Run(ctx)
		}
		if err := errors.Join(err, a.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

var makesReadModel = regexp.MustCompile(`(?m)^func New\w*\(\) \*machinery\.Table\[`)

// TestEveryReadModelIsThere finds the packages that make a read model, and asks that each is
// in the list.
func TestEveryReadModelIsThere(t *testing.T) {
	const models = "../../projections/models"
	files, err := filepath.Glob(models + "/*/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no files in %s: %v", models, err)
	}
	made := 0
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		made += len(makesReadModel.FindAll(text, -1))
	}
	names := map[string]bool{}
	for _, model := range app.ReadModels() {
		names[model.Name()] = true
	}
	if len(names) != made || len(names) != len(app.ReadModels()) {
		t.Errorf("%d packages make a read model, the list has %d with %d names", made, len(app.ReadModels()), len(names))
	}
}
