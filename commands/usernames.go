package commands

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// CanonicalUsername returns the form under which two spellings are one username: trimmed,
// composed, without case. Letters that only look alike stay different.
func CanonicalUsername(username string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(strings.TrimSpace(username))))
}
