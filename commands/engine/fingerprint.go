package engine

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"sleutelbos/internal/schema"
)

// fingerprintOf tells a retry of a command from another request under the same idempotency key. It
// is keyed, and so are the secrets of the body before: whoever steals the vault can't find out by
// it what the body was.
func (e *Engine) fingerprintOf(c Command, key string, body any) ([]byte, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encode the body of %s: %w", c.Name, err)
	}
	var members map[string]jsontext.Value
	if err := json.Unmarshal(raw, &members); err != nil {
		return nil, fmt.Errorf("encode the body of %s: %w", c.Name, err)
	}
	for _, member := range schema.MembersOf(c.body) {
		name := member.Name
		if value, given := members[name]; given && member.Secret {
			members[name] = jsontext.Value(fmt.Sprintf("%q", fmt.Sprintf("%x", e.mac("idempotency-secrets", key, name, string(value)))))
		}
	}
	if raw, err = json.Marshal(members, json.Deterministic(true)); err != nil {
		return nil, fmt.Errorf("encode the body of %s: %w", c.Name, err)
	}
	return e.mac("idempotency", c.Name, string(raw)), nil
}

// mac returns a keyed hash of texts, none of which holds a zero byte.
func (e *Engine) mac(purpose string, texts ...string) []byte {
	h := hmac.New(sha256.New, e.options.Vault.DerivedKey(purpose))
	h.Write([]byte(strings.Join(texts, "\x00")))
	return h.Sum(nil)
}

// onceOf returns the members of a result that are told once, by their tags.
func onceOf(result reflect.Type) []string {
	var all []string
	for i := range result.NumField() {
		if f := result.Field(i); f.Tag.Get("once") != "" {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			all = append(all, name)
		}
	}
	return all
}
