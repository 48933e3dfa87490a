package app_test

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sleutelbos/internal/app"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/accountlist"
)

// held is a rows engine that does not put the list of accounts in its place before it is let go.
type held struct {
	machinery.DB
	letGo chan struct{}
}

func (d held) Switch(ctx context.Context, def machinery.Definition, physical string, to machinery.Checkpoint) error {
	if def.Name == accountlist.Table {
		select {
		case <-d.letGo:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return d.DB.Switch(ctx, def, physical, to)
}

// TestF73_NotReadyBeforeThereIsSomethingToRead removes the read models under a program that knows
// accounts: while they are built, it is not ready, and who asks is told how far they are.
func TestF73_NotReadyBeforeThereIsSomethingToRead(t *testing.T) {
	const key = "0123456789abcdef0123456789abcdef"
	data := t.TempDir()
	letGo := make(chan struct{})
	start := func(adjust app.Adjust) (a *app.App, end func()) {
		a, err := app.New(t.Context(), app.Options{
			Stores: openStores(t, data), Parts: app.Everything, Version: "test", Adjust: adjust,
			Serving: app.Serving{HTTP: "127.0.0.1:0", Management: "127.0.0.1:0", Node: "off", Language: "nl", MailFrom: "test@localhost", BootstrapAPIKey: key},
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- a.Run(ctx) }()
		return a, func() {
			stop()
			if err := errors.Join(<-ended, a.Close()); err != nil {
				t.Error(err)
			}
		}
	}
	_, end := start(app.Adjust{})
	end()
	removeReadModels(t, data)
	a, end := start(app.Adjust{Runner: func(o *machinery.Options) { o.DB = held{o.DB, letGo} }})
	defer end()
	ask := func(path, language string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, a.PublicURL.JoinPath(path).String(), nil)
		r.Header.Set("Authorization", "Bearer "+key)
		r.Header.Set("Accept-Language", language)
		w := httptest.NewRecorder()
		a.Handler.ServeHTTP(w, r)
		return w
	}
	ready := func() *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		a.Management.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost/readyz", nil))
		return w
	}
	within(t, "the list is held", func() bool { percent, building := a.Runner.Building(); return building && percent == 99 })
	if w := ready(); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), `"name":"`+accountlist.Table+`","state":"catching-up","built":false`) {
		t.Errorf("/readyz: %d %s", w.Code, w.Body)
	}
	for language, says := range map[string]string{"nl": "99 % is klaar.", "en": "99 % is done."} {
		w := ask("/api/v1/accounts", language)
		body := w.Body.String()
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" ||
			!strings.Contains(body, `"code":"read-model-building"`) || !strings.Contains(body, `"percentDone":99`) || !strings.Contains(body, says) {
			t.Errorf("the list: %d %v %s", w.Code, w.Header(), body)
		}
	}
	close(letGo)
	within(t, "it is ready", func() bool { return ready().Code == http.StatusOK })
	if w := ask("/api/v1/accounts", "nl"); w.Code != http.StatusOK {
		t.Errorf("the list afterwards: %d %s", w.Code, w.Body)
	}
}

func removeReadModels(t *testing.T, data string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(data, "readmodels.db*"))
	if err != nil || len(files) == 0 {
		t.Fatal("no read models: ", err)
	}
	for _, f := range files {
		if err := os.Remove(f); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
}

func within(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for late := time.After(time.Minute); !holds(); {
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("never: " + what)
		}
	}
}
