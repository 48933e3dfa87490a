package schema_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/internal/schema"
)

type color string

func (color) Values() []string { return []string{"red", "blue"} }

type inner struct {
	Note string `json:"note,omitzero" maxLength:"5"`
}

type body struct {
	inner
	AccountID string   `json:"accountId" format:"uuid"`
	Name      *string  `json:"name,omitzero" minLength:"2"`
	Day       string   `json:"day,omitzero" format:"date"`
	Color     color    `json:"color,omitzero" enum:"values"`
	Size      string   `json:"size,omitzero" enum:"small,large"`
	Members   []string `json:"members,omitzero" format:"uuid"`
	Kept      bool     `json:"kept,omitzero"`
	Unseen    string
}

const id = "5e0c6a2e-7d5b-4b7f-9a53-0f8d3a0f2f01"

// lined has a text of several lines beside one of one.
type lined struct {
	Reason string `json:"reason" maxLength:"9" lines:"many"`
	Name   string `json:"name,omitzero"`
}

func TestF28_LinesAreTakenWhereTheBodySaysSo(t *testing.T) {
	for _, written := range []string{"one\ntwo", "one\r\ntwo", "one\rtwo", "one\u2028two"} {
		in := lined{Reason: written}
		if err := schema.Validate(&in); err != nil || in.Reason != "one\ntwo" {
			t.Errorf("%q became %q: %v", written, in.Reason, err)
		}
		if err := schema.Validate(&lined{Reason: "x", Name: "one\ntwo"}); err == nil {
			t.Error("a name of two lines was taken")
		}
	}
	if err := schema.Validate(&lined{Reason: "one\r\nthree"}); err != nil {
		t.Errorf("an end of a line counts twice: %v", err)
	}
	if err := schema.Validate(&lined{Reason: "one\x00two"}); err == nil {
		t.Error("a control character was taken")
	}
}

// named has a whole that its parts may take the place of.
type named struct {
	ID    string `json:"id"`
	Whole string `json:"whole,omitzero" unless:"front,back"`
	Front string `json:"front,omitzero"`
	Back  string `json:"back,omitzero"`
}

func TestF25_AWholeOrItsPartsIsRequiredBesideTheOtherRules(t *testing.T) {
	for _, given := range []named{{ID: "1", Whole: "a"}, {ID: "1", Front: "a"}, {ID: "1", Back: "a"}, {ID: "1", Whole: "a", Back: "a"}} {
		if err := schema.Validate(&given); err != nil {
			t.Errorf("%+v is refused: %v", given, err)
		}
	}
	refusal := (*schema.Error)(nil)
	if err := schema.Validate(&named{Front: " "}); !errors.As(err, &refusal) || len(refusal.Fields) != 2 || refusal.Fields[1].Code != "whole-required" {
		t.Errorf("got %v, want both refusals at once", err)
	}
	told := schema.Of(reflect.TypeFor[named]())
	if diff := cmp.Diff([]*schema.Schema{{Required: []string{"whole"}}, {Required: []string{"front"}}, {Required: []string{"back"}}}, told.AnyOf); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestValidate(t *testing.T) {
	short := "a"
	for name, c := range map[string]struct {
		change func(*body)
		want   map[string]string // code by pointer
	}{
		"all is well":       {func(*body) {}, nil},
		"required":          {func(b *body) { b.AccountID = "" }, map[string]string{"/accountId": "account-id-required"}},
		"not a UUID":        {func(b *body) { b.AccountID = "{" + id + "}" }, map[string]string{"/accountId": "account-id-invalid"}},
		"too short":         {func(b *body) { b.Name = &short }, map[string]string{"/name": "name-too-short"}},
		"too long":          {func(b *body) { b.Note = "éééééé" }, map[string]string{"/note": "note-too-long"}},
		"control character": {func(b *body) { b.Note = "a\x00b" }, map[string]string{"/note": "note-invalid"}},
		"no such day":       {func(b *body) { b.Day = "2026-02-30" }, map[string]string{"/day": "day-invalid"}},
		"values of a type":  {func(b *body) { b.Color = "green" }, map[string]string{"/color": "color-invalid"}},
		"values of a tag":   {func(b *body) { b.Size = "medium" }, map[string]string{"/size": "size-invalid"}},
		"one of a list":     {func(b *body) { b.Members = []string{id, "x", id} }, map[string]string{"/members/1": "members-invalid"}},
		"several": {
			func(b *body) { b.AccountID, b.Day = "x", "x" },
			map[string]string{"/accountId": "account-id-invalid", "/day": "day-invalid"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			given := body{AccountID: id}
			c.change(&given)
			var got map[string]string
			if refusal := (*schema.Error)(nil); errors.As(schema.Validate(&given), &refusal) {
				got = map[string]string{}
				for _, field := range refusal.Fields {
					got[field.Pointer] = field.Code
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("refused (-want +got):\n%s", diff)
			}
		})
	}
}

// TestValidateWritesLowerCase: a UUID in capitals names the same thing.
func TestValidateWritesLowerCase(t *testing.T) {
	given := body{AccountID: strings.ToUpper(id), Members: []string{strings.ToUpper(id)}}
	if err := schema.Validate(&given); err != nil {
		t.Fatal(err)
	}
	if given.AccountID != id || given.Members[0] != id {
		t.Errorf("kept %q and %q, want %q", given.AccountID, given.Members[0], id)
	}
}
