package typed

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// Mail returns a mail address as it is stored and sent to: without the space around it, and with
// an international domain in punycode. What is no address is left for the rule that refuses it.
func Mail(address string) string {
	address = strings.TrimSpace(address)
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return address
	}
	return address[:at+1] + Domain(address[at+1:])
}

// Domain returns a domain as it is looked up: an international one in punycode. What is no domain is left
// for the rule that refuses it.
func Domain(name string) string {
	if !utf8.ValidString(name) || strings.IndexFunc(name, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return name
	}
	ascii, err := idna.Lookup.ToASCII(name)
	if err != nil {
		return name
	}
	return ascii
}

// ShownMail returns a mail address as people read it, with the letters of an international domain,
// unless a part of it mixes letters that look alike.
func ShownMail(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 || !strings.Contains(strings.ToLower(address[at:]), "xn--") {
		return address
	}
	host, err := idna.Lookup.ToUnicode(address[at+1:])
	if err != nil {
		return address
	}
	for label := range strings.SplitSeq(host, ".") {
		if disguised(label) {
			return address
		}
	}
	return address[:at+1] + host
}
