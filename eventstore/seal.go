package eventstore

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/tink-crypto/tink-go/v2/tink"
)

// Keys gives the key of a subject, the person whose data the key protects. Once the key is
// destroyed, the person is erased from every copy of the log. The vault implements Keys.
type Keys interface {
	// Key returns the subject's key. If there is none yet, it makes one if create is set, and
	// otherwise returns ErrKeyUnknown. A new key is durable when Key returns it. For a
	// destroyed key it returns ErrKeyDestroyed, and for one that can't be opened ErrKeyDamaged,
	// also with create: what was erased stays so, and no second key hides the first.
	Key(ctx context.Context, subject string, create bool) (tink.AEAD, error)
}

// The errors of Keys. Another attempt returns the same until somebody mends the vault. Any other
// error of Keys passes by itself.
var (
	ErrKeyDestroyed = errors.New("the subject's key was destroyed")
	ErrKeyUnknown   = errors.New("the subject's key is not in this vault")
	ErrKeyDamaged   = errors.New("the subject's key can't be opened with the master key")
)

// What is shown in place of a personal value that nobody can read.
const (
	Erased     = "[erased]"     // its key was destroyed
	Unreadable = "[unreadable]" // its key is damaged, not in the vault, or another one
)

// Shown returns what is shown in place of a personal value after an error of Keys, and false if
// the error passes, so that the value may be read later.
func Shown(err error) (string, bool) {
	switch {
	case errors.Is(err, ErrKeyDestroyed):
		return Erased, true
	case errors.Is(err, ErrKeyDamaged), errors.Is(err, ErrKeyUnknown):
		return Unreadable, true
	}
	return "", false
}

// Lost says whether a text stands in place of a personal value that nobody can read.
func Lost(text string) bool { return text == Erased || text == Unreadable }

// sealedMark begins every sealed value, so that it can be recognized in the raw log.
const sealedMark = "enc:1:"

// The streams whose names are the subjects of the personal data in them.
const (
	accountStreams = "account-"
	personStreams  = "person-"
)

// AccountSubject returns the subject of an account's personal data.
func AccountSubject(accountID string) string { return accountStreams + accountID }

// PersonSubject returns the subject of the personal data of a person, who may have no account.
func PersonSubject(personID string) string { return personStreams + personID }

// seal encrypts a value under its subject's key. The associated data names the stream, event
// type and field, so that the value cannot be opened in another place.
func seal(ctx context.Context, keys Keys, subject, plain, stream, typ, field string) (string, error) {
	key, err := keys.Key(ctx, subject, true)
	if err != nil {
		return "", fmt.Errorf("seal %s of %s: %w", field, typ, err)
	}
	sealed, err := key.Encrypt([]byte(plain), appendAssociated(nil, stream, typ, field))
	if err != nil {
		return "", fmt.Errorf("seal %s of %s: %w", field, typ, err)
	}
	return sealedMark + base64.RawURLEncoding.EncodeToString(sealed), nil
}

// opener opens the sealed members of one event. It asks for the subject's key once.
type opener struct {
	ctx         context.Context
	keys        Keys                      // nil leaves all sealed
	may         func(subject string) bool // whether they are opened, once the subject is known; nil for always
	stream, typ string
	subject     string

	key        tink.AEAD // of the subject, once it was asked for
	lost       string    // what stands in place of the values if there is no key
	unreadable bool      // a value was Unreadable

	sealed, place, hashed []byte // memory to use again
}

// forget makes an opener ready for another event. It keeps no key, for the key may be
// destroyed before the next event.
func (o *opener) forget() {
	const keep = 64 << 10
	if cap(o.hashed) > keep {
		o.hashed = nil
	}
	*o = opener{sealed: o.sealed[:0], place: o.place[:0], hashed: o.hashed[:0]}
}

// asked says whether the subject's key was needed, and it is known how it went.
func (o *opener) asked() bool { return o.key != nil || o.lost != "" }

// open returns the value of a member, or what Shown puts in its place: a person's key that is
// lost is that person's trouble, and stops nobody who reads the log.
func (o *opener) open(sealed, field string) (string, error) {
	encoded, ok := strings.CutPrefix(sealed, sealedMark)
	if !ok {
		return "", fmt.Errorf("open %s of %s: it is not sealed", field, o.typ)
	}
	if o.key == nil && o.lost == "" {
		key, err := o.keys.Key(o.ctx, o.subject, false)
		if err != nil {
			if o.lost, ok = Shown(err); !ok {
				return "", fmt.Errorf("open %s of %s: %w", field, o.typ, err)
			}
		}
		o.key = key
	}
	if o.lost != "" {
		o.unreadable = o.lost == Unreadable
		return o.lost, nil
	}
	var err error
	if o.sealed, err = base64.RawURLEncoding.AppendDecode(o.sealed[:0], []byte(encoded)); err == nil {
		var plain []byte
		o.place = appendAssociated(o.place[:0], o.stream, o.typ, field)
		if plain, err = o.key.Decrypt(o.sealed, o.place); err == nil {
			return string(plain), nil
		}
	}
	o.unreadable = true // it was sealed under another key, or for another place
	return Unreadable, nil
}

// appendAssociated appends the names that a sealed value is tied to, joined with a byte that
// no name holds.
func appendAssociated(to []byte, stream, typ, field string) []byte {
	to = append(append(to, stream...), 0)
	to = append(append(to, typ...), 0)
	return append(to, field...)
}
