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

// secrets is all that the master key is used for; the key itself is not kept.
type secrets struct {
	derive      func(purpose string) []byte
	wrap        tink.AEAD // of subject keys
	rows        []byte    // root of the keys under which rows are sealed
	reservation []byte
	lookup      []byte // of tokens, codes and API keys
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
	}, nil
}

// DerivedKey answers 32 bytes that depend on the master key and the purpose alone, e.g.
// for the MAC of page cursors. Another purpose gives an unrelated key.
func (v *Vault) DerivedKey(purpose string) []byte { return v.secrets.derive("derived/" + purpose) }

// ReservationID answers the part of a reservation stream's name that stands for a value
// that must be unique, in its canonical form: 52 characters of lower-case base32 that
// nobody without the master key can compute or turn back. The same value of another kind
// has another id.
func (v *Vault) ReservationID(kind, canonical string) string {
	return strings.ToLower(base32NoPad.EncodeToString(mac(v.secrets.reservation, kind, canonical)))
}

var base32NoPad = base32.StdEncoding.WithPadding(base32.NoPadding)

// row answers the key under which one row's secret is sealed. Every row has its own, so
// that the number of rows ever written does not wear out a key's random nonces.
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
		return nil, fmt.Errorf("open a row of %s: %w", table, err)
	}
	return plain, nil
}

// keyed answers the hash by which a secret is found or compared without being stored.
func (s secrets) keyed(kind, secret string) []byte { return mac(s.lookup, kind, secret) }

func associated(table, id string) []byte { return []byte(table + "\x00" + id) }

// mac is HMAC-SHA256 over two parts; no name of a kind or table holds the byte between.
func mac(key []byte, kind, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(associated(kind, text))
	return h.Sum(nil)
}

func equal(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }

// random answers n random bytes; the operating system's source never fails (crypto/rand).
func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // it never returns an error
	return b
}
