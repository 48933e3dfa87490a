package frame

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/internal/schema"
)

type filledIn struct {
	Name     string   `json:"name"`
	Password string   `json:"password" secret:"yes"`
	Count    int      `json:"count"`
	Kept     bool     `json:"kept"`
	Phone    *string  `json:"phone,omitzero"`
	Country  *string  `json:"country,omitzero"`
	Domains  []string `json:"domains,omitzero"`
}

func form(values url.Values) *http.Request {
	r, _ := http.NewRequest(http.MethodPost, "/", strings.NewReader(values.Encode())) // the address is a constant
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func TestDecode(t *testing.T) {
	t.Run("takes texts without the spaces around them, and secrets as they are", func(t *testing.T) {
		got, err := Decode[filledIn](form(url.Values{"name": {" Ann "}, "password": {" a b "}, "count": {" 3"}, "kept": {"yes"}, "phone": {""}, "domains": {"x"}}))
		if err != nil {
			t.Fatal(err)
		}
		want := filledIn{Name: "Ann", Password: " a b ", Count: 3, Kept: true, Phone: new(string)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("leaves out the texts that are held already, which may be kept from the reader", func(t *testing.T) {
		r := form(url.Values{"name": {"Ann"}, "count": {"3"}, "phone": {" 12345 "}, "country": {""}})
		got, err := DecodeChanged[filledIn](r, map[string]string{"name": "Ann", "phone": "12345", "country": ""})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(filledIn{Name: "Ann", Count: 3}, got); diff != "" {
			t.Error(diff)
		}
		got, err = DecodeChanged[filledIn](r, map[string]string{"phone": "54321", "country": "NL"})
		if err != nil || *got.Phone != "12345" || *got.Country != "" {
			t.Errorf("%+v (%v)", got, err)
		}
	})
	t.Run("names a number that is none", func(t *testing.T) {
		_, err := Decode[filledIn](form(url.Values{"count": {"many"}}))
		wrong, ok := errors.AsType[*schema.Error](err)
		if !ok || !wrong.Malformed || wrong.Fields[0].Pointer != "/count" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("does not leave out a member of a kind that no form has", func(t *testing.T) {
		defer func() {
			if recover() == nil {
				t.Error("a number with a fraction was left out without a word")
			}
		}()
		_, _ = Decode[struct {
			Share float64 `json:"share"`
		}](form(nil)) // it panics
	})
}
