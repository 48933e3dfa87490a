package problem

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"

	"sleutelbos/commands/engine"
	"sleutelbos/domain"
	"sleutelbos/eventstore"
	"sleutelbos/http/words"
	"sleutelbos/internal/sqlitex"
	"sleutelbos/projections/machinery"
)

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestStatus(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		status int
		code   string
		after  string
	}{
		"invalid":        {domain.InvalidCode("password", "password-too-short", "At least 12."), 422, "password-too-short", ""},
		"not found":      {domain.NotFound("account-not-found", "No."), 404, "account-not-found", ""},
		"rule":           {domain.Rule("username-taken", "Taken."), 409, "username-taken", ""},
		"denied":         {fmt.Errorf("wrapped: %w", engine.ErrDenied), 403, "no-right", ""},
		"not signed in":  {engine.ErrNotSignedIn, 401, "not-signed-in", ""},
		"sign in failed": {engine.ErrSignInFailed, 401, "sign-in-failed", ""},
		"stale":          {engine.ErrStale, 412, "stale", ""},
		"conflict":       {&eventstore.ConflictError{Stream: "account-1"}, 412, "stale", ""},
		"busy":           {engine.ErrBusy, 429, "too-many-requests", "1"},
		"unavailable":    {fmt.Errorf("read: %w", eventstore.ErrUnavailable), 503, "store-unavailable", "1"},
		"no connection":  {fmt.Errorf("ask the vault: %w", &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}), 503, "store-unavailable", "1"},
		"shutting down":  {fmt.Errorf("ask the vault: %w", &pgconn.PgError{Code: "57P01"}), 503, "store-unavailable", "1"},
		"full disk":      {fmt.Errorf("ask the vault: %w", sqlitex.ErrFull), 503, "store-unavailable", "1"}, // F-59
		"damaged file":   {fmt.Errorf("ask the vault: %w", sqlitex.ErrDamaged), 500, "internal", ""},
		"tombstoned":     {fmt.Errorf("read: %w", eventstore.ErrStreamDeleted), 410, "stream-deleted", ""}, // F-62
		"lost key":       {fmt.Errorf("seal: %w", eventstore.ErrKeyDamaged), 409, "personal-key-lost", ""}, // F-55
		"wrong SQL":      {fmt.Errorf("ask the vault: %w", &pgconn.PgError{Code: "42601"}), 500, "internal", ""},
		"too late":       {context.DeadlineExceeded, 503, "store-unavailable", "1"},
		"unknown":        {fmt.Errorf("append: %w: %w", engine.ErrOutcomeUnknown, eventstore.ErrUnavailable), 503, "outcome-unknown", "1"},
		"not built":      {fmt.Errorf("ask: %w", machinery.ErrNotBuilt), 503, "read-model-building", "2"},
		"too large":      {&http.MaxBytesError{Limit: 1}, 413, "too-large", ""},
		"later":          {Later(503, "read-model-behind", 1500*time.Millisecond), 503, "read-model-behind", "2"},
		"fault":          {errors.New("secret detail"), 500, "internal", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
			Write(w, r.WithContext(WithRequest(r.Context(), "request-1", slog.New(slog.DiscardHandler))), c.err)
			got := []any{w.Code, w.Header().Get("Retry-After"), w.Header().Get("Content-Type"), strings.Contains(w.Body.String(), `"code":"`+c.code+`"`)}
			if diff := cmp.Diff([]any{c.status, c.after, "application/problem+json", true}, got); diff != "" {
				t.Errorf("(-want +got)\n%s%s", diff, w.Body)
			}
			if strings.Contains(w.Body.String(), "secret detail") {
				t.Error("a fault is told")
			}
		})
	}
}

func TestDetails(t *testing.T) {
	ctx := words.With(WithRequest(t.Context(), "request-1", nil), words.Dutch)
	got := Of(ctx, domain.InvalidCode("valid_until", "valid-until-past", "This day has passed."))
	want := Details{
		Type: "/problems/valid-until-past", Title: "Unprocessable Entity", Status: 422, Detail: "Deze dag is voorbij.", Code: "valid-until-past",
		Errors: []Field{{Pointer: "/validUntil", Code: "valid-until-past", Detail: "Deze dag is voorbij."}}, RequestID: "request-1",
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Details{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestFaultsAreLoggedOnceAndRefusalsNot(t *testing.T) {
	var log strings.Builder
	r := httptest.NewRequest(http.MethodGet, "/accounts/secret-path", nil)
	r = r.WithContext(WithRequest(r.Context(), "request-1", slog.New(slog.NewTextHandler(&log, nil))))
	Write(httptest.NewRecorder(), r, domain.Rule("username-taken", "Taken."))
	if log.Len() != 0 {
		t.Errorf("a refusal was logged: %s", log.String())
	}
	Write(httptest.NewRecorder(), r, errors.New("disk on fire"))
	line := log.String()
	if strings.Count(line, "\n") != 1 || !strings.Contains(line, "request-1") || !strings.Contains(line, "disk on fire") || strings.Contains(line, "secret-path") {
		t.Errorf("got %q", line)
	}
}
