package eventstore

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/tink-crypto/tink-go/v2/tink"
)

// Keys gives the key of a subject: of the person whose data it protects. Destroying the
// key erases the person from every copy of the log. The vault implements it.
type Keys interface {
	// Key answers the subject's key. Where there is none yet, it makes one if create is
	// set and else answers ErrKeyUnknown. A key made is durable when it is answered.
	// A destroyed key is ErrKeyDestroyed, also with create: what was erased stays erased.
	Key(ctx context.Context, subject string, create bool) (tink.AEAD, error)
}

// The errors of Keys.
var (
	ErrKeyDestroyed = errors.New("the subject's key was destroyed")
	ErrKeyUnknown   = errors.New("the subject's key is not in this vault")
)

// Erased stands where a personal value was whose key is destroyed.
const Erased = "[erased]"

// sealedMark begins every sealed value, so that a reader of the raw log sees what it is.
const sealedMark = "enc:1:"

// AccountSubject is the subject of an account's personal data.
func AccountSubject(accountID string) string { return "account-" + accountID }

// seal encrypts a value under its subject's key. The associated data ties it to its
// stream, event type and field, so that it can't be moved to another place.
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

// opener opens the sealed members of one event with one look at the keys.
type opener struct {
	ctx         context.Context
	keys        Keys // nil leaves all sealed
	stream, typ string
	subject     string

	key    tink.AEAD // of the subject, once it was asked for
	erased bool

	sealed, place []byte // memory to use again
}

// forget makes an opener ready for another event. No key stays in it: a destroyed one must
// be gone.
func (o *opener) forget() { *o = opener{sealed: o.sealed[:0], place: o.place[:0]} }

// open answers a member's value, or Erased where the subject's key is destroyed.
func (o *opener) open(sealed, field string) (string, error) {
	encoded, ok := strings.CutPrefix(sealed, sealedMark)
	if !ok {
		return "", fmt.Errorf("open %s of %s: it is not sealed", field, o.typ)
	}
	if o.key == nil && !o.erased {
		key, err := o.keys.Key(o.ctx, o.subject, false)
		if o.erased = errors.Is(err, ErrKeyDestroyed); err != nil && !o.erased {
			return "", fmt.Errorf("open %s of %s: %w", field, o.typ, err)
		}
		o.key = key
	}
	if o.erased {
		return Erased, nil
	}
	var err error
	if o.sealed, err = base64.RawURLEncoding.AppendDecode(o.sealed[:0], []byte(encoded)); err != nil {
		return "", fmt.Errorf("open %s of %s: %w", field, o.typ, err)
	}
	o.place = appendAssociated(o.place[:0], o.stream, o.typ, field)
	plain, err := o.key.Decrypt(o.sealed, o.place)
	if err != nil {
		return "", fmt.Errorf("open %s of %s: %w", field, o.typ, err)
	}
	return string(plain), nil
}

// appendAssociated joins with a byte that no name holds.
func appendAssociated(to []byte, stream, typ, field string) []byte {
	to = append(append(to, stream...), 0)
	to = append(append(to, typ...), 0)
	return append(to, field...)
}
