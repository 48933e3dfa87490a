package mailaddress

import (
	"errors"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	local64 := strings.Repeat("l", 64)
	for input, want := range map[string]string{
		"jan@company.com":            "jan@company.com",
		"  jan@company.com\r\n":      "jan@company.com",
		"Jan.de-Vries+x@Company.COM": "Jan.de-Vries+x@company.com",
		"o'hara@xn--mnchen-3ya.de":   "o'hara@xn--mnchen-3ya.de",
		local64 + "@company.com":     local64 + "@company.com",
		"a@" + label(63) + ".nl":     "a@" + label(63) + ".nl",
		"x@sub.company.com":          "x@sub.company.com",
		"1@2.3d":                     "1@2.3d",
		"kelvin@company.com":         "kelvin@company.com",
		"a~b@b.c":                    "a~b@b.c",
		local64 + "@" + label(63) + "." + label(63) + "." + label(61): local64 + "@" + label(63) + "." + label(63) + "." + label(61), // 254 bytes
	} {
		got, err := Parse(input)
		if err != nil || got.String() != want {
			t.Errorf("%q: %q, %v", input, got, err)
		}
	}
}

func TestParseRefusesWhatCouldBeReadInTwoWays(t *testing.T) {
	for _, input := range []string{
		"", "@", "jan", "jan@", "@company.com", "jan@company", "a@evil.com@company.com", `"a@evil.com"@company.com`, `"jan"@company.com`,
		"x@company.com.", "x@.company.com", "x@company..com", "x@-company.com", "x@company-.com", "x@com_pany.com", "x@[127.0.0.1]", "x@127.0.0.1",
		"x@cоmpany.com",      // a Cyrillic o
		"x@\u212aompany.com", // the sign of the kelvin, whose lower case is a k
		"\u212aelvin@k.com",  // also before the @
		"jan@münchen.de",     // it is written in punycode
		"x@company.com\r\nBcc: y@evil.com", "x\r\n@company.com", "x@company.com\x00", "x\x00@company.com", "x@comp\x7fany.com",
		"x(comment)@company.com", "x@(comment)company.com", "x@company.com (comment)", "a@evil.com, x@company.com", "a@evil.com;x@company.com",
		"Jan <jan@company.com>", "<jan@company.com>", "group: x@company.com;", "mailto:x@company.com",
		"x y@company.com", "x @company.com", "x@ company.com", "x\t@company.com", ".x@company.com", "x.@company.com", "x..y@company.com", `x\@company.com`,
		strings.Repeat("l", 65) + "@company.com",
		"a@" + label(64) + ".nl",
		strings.Repeat("l", 64) + "@" + label(63) + "." + label(63) + "." + label(62), // 255 bytes
	} {
		if got, err := Parse(input); !errors.Is(err, ErrInvalid) {
			t.Errorf("%q: %q, %v", input, got, err)
		}
	}
}

func TestOnlyTheDomainIsLowered(t *testing.T) {
	a, err := Parse("Jan@Company.COM")
	if err != nil || a.String() != "Jan@company.com" {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestValid(t *testing.T) {
	for input, want := range map[string]bool{"jan@company.com": true, " jan@company.com": false, "jan": false, "": false} {
		if Valid(input) != want {
			t.Errorf("%q", input)
		}
	}
}

func TestDomain(t *testing.T) {
	for input, want := range map[string]string{
		"company.com": "company.com", " Company.COM ": "company.com", "a.b.co.uk": "a.b.co.uk", "3com.com": "3com.com", "München.de": "xn--mnchen-3ya.de", "xn--mnchen-3ya.de": "xn--mnchen-3ya.de", "mail.bücher.example": "mail.xn--bcher-kva.example",
		strings.Repeat(label(61)+".", 4) + "nlabc": strings.Repeat(label(61)+".", 4) + "nlabc", // 253 bytes
	} {
		if got, err := Domain(input); err != nil || got != want {
			t.Errorf("%q: %q, %v", input, got, err)
		}
	}
	for _, input := range []string{
		"", ".", "com", "localhost", "company.com.", ".company.com", "company..com", "-a.com", "a-.com", "a_b.com", "a b.com", "a.com/x", "a.com:25",
		"10.0.0.1", "*.company.com", "@company.com", "\u212a.com", "ｃｏｍｐａｎｙ.com", "company.com\x00", label(64) + ".com",
		strings.Repeat(label(61)+".", 4) + "nlabcd", // 254 bytes
	} {
		if got, err := Domain(input); !errors.Is(err, ErrDomainInvalid) {
			t.Errorf("%q: %q, %v", input, got, err)
		}
	}
}

func label(n int) string { return strings.Repeat("d", n) }
