// Package keptforms keeps a form that arrived after the session of its sender had ended, until
// the sender has signed in again and has the form back, filled as it was. It keeps nothing on the
// server for a stranger: the sealed form travels through the page that asks to sign in. It never
// keeps what was typed into a field for a secret.
package keptforms

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"net/url"

	"github.com/go-json-experiment/json"
	"golang.org/x/crypto/chacha20poly1305"
)

// Form is what somebody sent.
type Form struct {
	Holder string     `json:"holder"` // mark of the account that had the session
	Page   string     `json:"page"`   // address of the page that holds the form
	Action string     `json:"action"` // path that the form was sent to
	Values url.Values `json:"values"` // without secrets
}

// Forms seals and opens forms.
type Forms struct {
	Key     []byte          // 32 bytes
	Secrets map[string]bool // names of the fields that are never kept
}

// most is how large a form may be, encoded. It must fit into the form that asks to sign in.
const most = 40 << 10

// Mark returns a text by which a browser can show which account used it, without naming it.
func (f Forms) Mark(accountID string) string {
	mac := hmac.New(sha256.New, f.Key)
	mac.Write([]byte("holder/" + accountID))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Seal encrypts a form without its secrets. It returns false for a form that is too large.
func (f Forms) Seal(form Form) (sealed string, ok bool, err error) {
	form.Values = maps.Clone(form.Values)
	maps.DeleteFunc(form.Values, func(name string, _ []string) bool { return f.Secrets[name] })
	plain, err := json.Marshal(form)
	if err != nil {
		return "", false, fmt.Errorf("keep a form: %w", err)
	}
	if len(plain) > most {
		return "", false, nil
	}
	aead, err := chacha20poly1305.NewX(f.Key)
	if err != nil {
		return "", false, fmt.Errorf("keep a form: %w", err)
	}
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plain)+aead.Overhead())
	if _, err := rand.Read(nonce); err != nil {
		return "", false, fmt.Errorf("keep a form: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(aead.Seal(nonce, nonce, plain, nil)), true, nil
}

// Open returns a form that Seal encrypted, and false for any other text.
func (f Forms) Open(sealed string) (Form, bool) {
	aead, err := chacha20poly1305.NewX(f.Key)
	if err != nil {
		return Form{}, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	if err != nil || len(raw) < aead.NonceSize() {
		return Form{}, false
	}
	plain, err := aead.Open(nil, raw[:aead.NonceSize()], raw[aead.NonceSize():], nil)
	if err != nil {
		return Form{}, false
	}
	var form Form
	if json.Unmarshal(plain, &form) != nil {
		return Form{}, false
	}
	return form, true
}
