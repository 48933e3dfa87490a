package audit

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// publicOf returns the public half of a private key. The package sumdb/note documents the
// form of a private key: "PRIVATE+KEY+<name>+<hash>+<base64 of 1 and the ed25519 seed>".
func publicOf(private string) (string, error) {
	parts := strings.SplitN(private, "+", 5)
	bad := errors.New("this is not an ed25519 signing key of sumdb/note")
	if len(parts) != 5 {
		return "", bad
	}
	seed, err := base64.StdEncoding.DecodeString(parts[4])
	if err != nil || len(seed) != 1+ed25519.SeedSize {
		return "", bad
	}
	public, ok := ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey)
	if !ok {
		return "", bad
	}
	return note.NewEd25519VerifierKey(parts[2], public)
}

// verifiers returns what checks the signatures of the public keys.
func verifiers(public []string) (note.Verifiers, error) {
	var all []note.Verifier
	for _, key := range public {
		if key == "" { // that of a Key which is Lost, public half and all
			continue
		}
		v, err := note.NewVerifier(strings.TrimSpace(key))
		if err != nil {
			return nil, errors.New("a public key of the seals is not in the form of sumdb/note")
		}
		all = append(all, v)
	}
	return note.VerifierList(all...), nil
}
