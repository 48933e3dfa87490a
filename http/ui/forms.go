package ui

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"sleutelbos/commands"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/projections/machinery/listing"
)

// A list in a cookie: names without dots.
func joinList(items []string) string   { return strings.Join(items, ".") }
func splitList(joined string) []string { return strings.Split(joined, ".") }

// badForm is a form that cannot be read.
func badForm(err error) error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return err
	}
	return problem.New(http.StatusBadRequest, "parameter-invalid")
}

// runSeen runs a command on the revision that the form was filled in on, so that nobody
// overwrites what they did not see. Errors: those of run, commands.ErrStale.
func (u *UI) runSeen(r *http.Request, name string, body map[string]any) (commands.Outcome, error) {
	req := session.Request(r, "ui")
	revision, err := strconv.ParseInt(r.PostFormValue("revision"), 10, 64)
	if err != nil {
		return commands.Outcome{}, problem.New(http.StatusBadRequest, "parameter-invalid")
	}
	req.IfMatch = &revision
	return u.runAs(r, name, body, req)
}

// newKey answers a key for a form that must not do its work twice.
func newKey() string { return uuid.NewString() }

// onceKey is the idempotency key of one part of a form's work; empty for a form without a
// good key of its own.
func onceKey(formKey, part string) string {
	key, err := uuid.Parse(formKey)
	if err != nil {
		return ""
	}
	return uuid.NewSHA1(key, []byte(part)).String()
}

// badSort turns an order that a list does not know into a refusal.
func badSort(err error) error {
	if errors.Is(err, listing.ErrSort) {
		return problem.New(http.StatusBadRequest, "parameter-invalid")
	}
	return err
}
