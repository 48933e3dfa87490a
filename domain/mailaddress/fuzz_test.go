package mailaddress

import (
	"net/mail"
	"strings"
	"testing"
)

// FuzzParse: whatever is accepted is one address to everyone else too.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"jan@company.com", "a@evil.com@company.com", `"a@b"@c.nl`, "x@company.com\r\nBcc: y@z.nl", " x@Company.COM "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, input string) {
		a, err := Parse(input)
		if err != nil {
			return
		}
		s := a.String()
		parsed, err := mail.ParseAddress(s)
		if err != nil || parsed.Address != s || !strings.EqualFold(s, strings.TrimSpace(input)) || strings.Count(s, "@") != 1 || !Valid(s) {
			t.Errorf("%q was accepted as %q; others read %v, %v", input, s, parsed, err)
		}
		if again, err := Parse(s); err != nil || again != a {
			t.Errorf("%q was accepted as %q, and that as %q", input, s, again)
		}
	})
}
