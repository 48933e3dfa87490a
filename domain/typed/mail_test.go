package typed_test

import (
	"testing"

	"sleutelbos/domain/typed"
)

func TestF27_InternationalMailDomains(t *testing.T) {
	for in, want := range map[string]string{
		" info@münchen.de ": "info@xn--mnchen-3ya.de", "info@MÜNCHEN.de": "info@xn--mnchen-3ya.de", "Jan@Voorbeeld.NL": "Jan@Voorbeeld.NL",
		"jan": "jan", "": "", "jan@-ü-.de": "jan@-ü-.de", "jan@ü\u202e.de": "jan@ü\u202e.de",
	} {
		if got := typed.Mail(in); got != want {
			t.Errorf("%q is stored as %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"info@xn--mnchen-3ya.de": "info@münchen.de", "jan@voorbeeld.nl": "jan@voorbeeld.nl", "jan@xn--80ak6aa92e.com": "jan@аррӏе.com",
		"jan@xn--pple-43d.com": "jan@xn--pple-43d.com", // a Cyrillic a among Latin letters
	} {
		if got := typed.ShownMail(in); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
}
