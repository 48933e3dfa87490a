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
	// destroyed key it returns ErrKeyDestroyed, also with create: what was erased stays so.
	Key(ctx context.Context, subject string, create bool) (tink.AEAD, error)
}

// The errors of Keys.
var (
	ErrKeyDestroyed = errors.New("the subject's key was destroyed")
	ErrKeyUnknown   = errors.New("the subject's key is not in this vault")
)

// Erased is shown in place of a personal value whose key is destroyed.
const Erased = "[erased]"

// sealedMark begins every sealed value, so that it can be recognized in the raw log.
const sealedMark = "enc:1:"

// AccountSubject returns the subject of an account's personal data.
func AccountSubject(accountID string) string { return "account-" + accountID }

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
	keys        Keys // nil leaves all sealed
	stream, typ string
	subject     string

	key    tink.AEAD // of the subject, once it was asked for
	erased bool

	sealed, place []byte // memory to use again
}

// forget makes an opener ready for another event. It keeps no key, for the key may be
// destroyed before the next event.
func (o *opener) forget() { *o = opener{sealed: o.sealed[:0], place: o.place[:0]} }

// open returns the value of a member, or Erased if the subject's key is destroyed.
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

// appendAssociated appends the names that a sealed value is tied to, joined with a byte that
// no name holds.
func appendAssociated(to []byte, stream, typ, field string) []byte {
	to = append(append(to, stream...), 0)
	to = append(append(to, typ...), 0)
	return append(to, field...)
}
