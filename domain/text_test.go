package domain_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"sleutelbos/domain"
)

func TestText(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		want string // code; empty for accepted
	}{
		"empty":                        {domain.Text("old_name", "", 3), ""},
		"at the limit, in characters":  {domain.Text("old_name", "éëï", 3), ""},
		"one over":                     {domain.Text("old_name", "éëïo", 3), "old-name-too-long"},
		"left to right mark":           {domain.Text("old_name", "a\u200eb", 9), ""},
		"NUL":                          {domain.Text("old_name", "a\x00b", 9), "old-name-invalid"},
		"line feed":                    {domain.Text("old_name", "a\nb", 9), "old-name-invalid"},
		"delete":                       {domain.Text("old_name", "a\x7fb", 9), "old-name-invalid"},
		"next line":                    {domain.Text("old_name", "a\u0085b", 9), "old-name-invalid"},
		"paragraph separator":          {domain.Text("old_name", "a\u2029b", 9), "old-name-invalid"},
		"right to left override":       {domain.Text("old_name", "a\u202eb", 9), "old-name-invalid"},
		"right to left isolate":        {domain.Text("old_name", "a\u2067b", 9), "old-name-invalid"},
		"half a character":             {domain.Text("old_name", "a\xc3", 9), "old-name-invalid"},
		"required and there":           {domain.RequiredText("name", "x", 1), ""},
		"required and blank":           {domain.RequiredText("name", " \t", 9), "name-required"},
		"required and too long":        {domain.RequiredText("name", "xy", 1), "name-too-long"},
		"a reason at the limit":        {domain.Reason(strings.Repeat("x", 500)), ""},
		"a reason over it":             {domain.Reason(strings.Repeat("x", 501)), "reason-too-long"},
		"an id":                        {domain.Identifier("id", "0199a3f0-0000-7000-8000-0000000000a1"), ""},
		"an id at the limit":           {domain.Identifier("id", strings.Repeat("x", 200)), ""},
		"an id over it":                {domain.Identifier("id", strings.Repeat("x", 201)), "id-invalid"},
		"no id":                        {domain.Identifier("id", ""), "id-required"},
		"an id with a slash":           {domain.Identifier("id", "a/b"), "id-invalid"},
		"an id with a letter of Greek": {domain.Identifier("id", "α"), "id-invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			var refusal *domain.Error
			if errors.As(test.err, &refusal) != (test.want != "") {
				t.Fatalf("want %q, got %v", test.want, test.err)
			}
			if test.want != "" && (refusal.Code != test.want || refusal.Kind != domain.KindInvalid || refusal.Field == "") {
				t.Errorf("want %q, got %+v", test.want, refusal)
			}
		})
	}
}

func TestARefusalNeverHoldsTheValue(t *testing.T) {
	const value = "hunter2\x00"
	for _, err := range []error{domain.Text("name", value, 3), domain.Text("name", value, 99), domain.Identifier("id", value)} {
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%v", err)
		}
	}
}

func TestFirst(t *testing.T) {
	one, two := domain.Rule("one", ""), domain.Rule("two", "")
	if err := domain.First(nil, one, two); !errors.Is(err, one) {
		t.Error(err)
	}
	if err := domain.First(nil, nil); err != nil {
		t.Error(err)
	}
}

func TestInstant(t *testing.T) {
	local := time.Date(2026, 3, 2, 13, 0, 0, 5, time.FixedZone("", 3600))
	if got := domain.Instant(local); got != time.Date(2026, 3, 2, 12, 0, 0, 5, time.UTC) {
		t.Error(got)
	}
	if !domain.Instant(time.Time{}).IsZero() {
		t.Error("the zero time must stay so: it means none")
	}
}
