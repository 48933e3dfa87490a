package vault

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"strings"

	aead "github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// secrets are the keys that are derived from the master key, which is not kept itself.
type secrets struct {
	derive      func(purpose string) []byte
	wrap        tink.AEAD // of subject keys
	rows        []byte    // root of the keys under which rows are sealed
	reservation []byte
	lookup      []byte // of tokens, codes and API keys
	passwords   []byte
}

func newSecrets(master MasterKey) (secrets, error) {
	derive := func(purpose string) []byte {
		key, err := hkdf.Key(sha256.New, master[:], nil, "sleutelbos/v1/"+purpose, 32)
		if err != nil {
			panic(err) // only for a length that SHA-256 can't give
		}
		return key
	}
	wrap, err := aead.NewAESGCM(derive("subject-keys"))
	if err != nil {
		return secrets{}, fmt.Errorf("derive the vault's keys: %w", err)
	}
	return secrets{
		derive: derive, wrap: wrap, rows: derive("rows"), reservation: derive("reservations"), lookup: derive("lookups"),
		passwords: derive("passwords"),
	}, nil
}

// DerivedKey returns 32 bytes that depend only on the master key and the purpose, for example
// for the MAC of page cursors. The key of another purpose is unrelated.
func (c *core) DerivedKey(purpose string) []byte { return c.secrets.derive("derived/" + purpose) }

// ReservationID returns the part of a reservation stream's name that stands for a unique
// value, given in its canonical form. It is 52 characters of lower-case base32. Nobody without
// the master key can compute it or find the value from it. The same value of another kind has
// another id.
func (c *core) ReservationID(kind, canonical string) string {
	return strings.ToLower(base32NoPad.EncodeToString(mac(c.secrets.reservation, kind, canonical)))
}

var base32NoPad = base32.StdEncoding.WithPadding(base32.NoPadding)

// row returns the key that seals the secret of one row, and what it is tied to. Every row has
// a key of its own, because a key with random nonces may not seal any number of rows.
func (s secrets) row(table, id string) (tink.AEAD, []byte, error) {
	a, err := aead.NewAESGCM(mac(s.rows, table, id))
	if err != nil {
		return nil, nil, fmt.Errorf("derive a key of %s: %w", table, err)
	}
	return a, associated(table, id), nil
}

func (s secrets) seal(table, id string, plain []byte) ([]byte, error) {
	a, where, err := s.row(table, id)
	if err != nil {
		return nil, err
	}
	sealed, err := a.Encrypt(plain, where)
	if err != nil {
		return nil, fmt.Errorf("seal a row of %s: %w", table, err)
	}
	return sealed, nil
}

func (s secrets) open(table, id string, sealed []byte) ([]byte, error) {
	a, where, err := s.row(table, id)
	if err != nil {
		return nil, err
	}
	plain, err := a.Decrypt(sealed, where)
	if err != nil {
		return nil, fmt.Errorf("open a row of %s: %w", table, ErrDamaged)
	}
	return plain, nil
}

// keyed returns the hash by which a secret can be found or compared though it is not stored.
func (s secrets) keyed(kind, secret string) []byte { return mac(s.lookup, kind, secret) }

// keyedPassword returns the argon2id hash of a password as it is stored. Without the master key
// nobody can try passwords on it, however weak they are.
func (s secrets) keyedPassword(hash []byte) []byte {
	return mac(s.passwords, kindPassword, string(hash))
}

func associated(table, id string) []byte { return []byte(table + "\x00" + id) }

// mac returns the HMAC-SHA256 of two parts. They are joined with a byte that no name of a kind
// or table holds.
func mac(key []byte, kind, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(associated(kind, text))
	return h.Sum(nil)
}

func equal(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }

// random returns n random bytes.
func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // it never returns an error
	return b
}
