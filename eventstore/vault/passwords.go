package vault

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"sleutelbos/internal/limits"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// MaxPassword is how many characters a password may have. A longer one is refused, not cut.
const MaxPassword = 256

const (
	kindPassword = "password"
	saltSize     = 16
	hashSize     = 32
	keyMark      = ",keyid=1" // of a hash that is keyed with the key derived for passwords
)

// Password is a password that is about to be kept.
type Password struct {
	ID      string // of the credential
	Account string
	Plain   string
	// KeepSealed says to keep a sealed copy too, for a letter or mail that has to tell the
	// password. SealedSecret returns it until ForgetSecret.
	KeepSealed bool
}

// passwords are the passwords of accounts.
type passwords struct {
	*core
	hashing *hashing
}

// SetPassword keeps the keyed argon2id hash of a password as a credential. It becomes the account's
// password once an event names the credential. A call with the same id replaces it.
// Errors: ErrTooLong, ErrBusy.
func (h passwords) SetPassword(ctx context.Context, p Password) error {
	if utf8.RuneCountInString(p.Plain) > MaxPassword {
		return ErrTooLong
	}
	salt := random(saltSize)
	hash, err := h.hashing.run(ctx, p.Plain, h.opts.Argon2, salt)
	if err != nil {
		return fmt.Errorf("keep a password: %w", err)
	}
	var sealed []byte
	if p.KeepSealed {
		if sealed, err = h.secrets.seal(credentialTable, p.ID, []byte(p.Plain)); err != nil {
			return err
		}
	}
	_, err = h.exec(ctx, `INSERT INTO credentials (id, account, kind, phc, sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (id) DO UPDATE SET phc = excluded.phc, sealed = excluded.sealed, created_at = excluded.created_at`,
		p.ID, p.Account, kindPassword, phc(h.opts.Argon2, salt, h.secrets.keyedPassword(hash)), sealed, micros(h.opts.Now()))
	if err != nil {
		return fmt.Errorf("keep a password: %w", err)
	}
	return nil
}

// VerifyPassword reports whether the password is that of the credential, whose id is the one
// that the account's last event names. It always hashes once, also if the id is empty, unknown
// or revoked or the password is too long. So neither the time nor the number of hashes tells
// who has an account. Errors: ErrBusy.
func (h passwords) VerifyPassword(ctx context.Context, id, password string) (bool, error) {
	cost, salt, want := h.opts.Argon2, make([]byte, saltSize), []byte(nil)
	if id != "" {
		var stored sql.NullString
		err := h.read.QueryRowContext(ctx, `SELECT phc FROM credentials WHERE id = $1 AND kind = $2 AND revoked_at IS NULL`,
			id, kindPassword).Scan(&stored)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return false, fmt.Errorf("check a password: %w", err)
		}
		if err == nil {
			if cost, salt, want, err = parsePHC(stored.String); err != nil {
				return false, fmt.Errorf("check a password: %w", err)
			}
		}
	}
	if utf8.RuneCountInString(password) > MaxPassword {
		password, want = "", nil
	}
	got, err := h.hashing.run(ctx, password, cost, salt)
	if err != nil {
		return false, fmt.Errorf("check a password: %w", err)
	}
	return equal(h.secrets.keyedPassword(got), want), nil
}

// hashing limits how many passwords are hashed at once, and so the memory that this takes. The
// context says for whom (see limits.For), so that nobody shuts out the others.
type hashing struct {
	queue  *limits.Queue
	onHash func()
}

func newHashing(o Options) *hashing {
	return &hashing{queue: limits.NewQueue(o.HashSlots, o.HashesOfOne, o.HashQueue), onHash: o.OnHash}
}

func (h *hashing) run(ctx context.Context, password string, cost Argon2, salt []byte) ([]byte, error) {
	leave, err := h.queue.Enter(ctx)
	if errors.Is(err, limits.ErrFull) {
		return nil, ErrBusy
	}
	if err != nil {
		return nil, err
	}
	defer leave()
	h.onHash()
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, cost.Passes, cost.MemoryKiB, cost.Lanes, hashSize), nil
}

// phc returns a keyed hash in the PHC string format. It includes the cost, so that a later version
// can raise it, and says that there is a key.
func phc(cost Argon2, salt, hash []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d"+keyMark+"$%s$%s", argon2.Version, cost.MemoryKiB, cost.Passes, cost.Lanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(hash))
}

var errHash = errors.New("a stored password hash is not a keyed argon2id in PHC form")

func parsePHC(text string) (cost Argon2, salt, hash []byte, err error) {
	var version int
	var rest string
	if _, err := fmt.Sscanf(text, "$argon2id$v=%d$m=%d,t=%d,p=%d"+keyMark+"$%s", &version, &cost.MemoryKiB, &cost.Passes, &cost.Lanes, &rest); err != nil || version != argon2.Version {
		return Argon2{}, nil, nil, errHash
	}
	split := base64.RawStdEncoding.EncodedLen(saltSize)
	if len(rest) > split && rest[split] == '$' {
		salt, err = base64.RawStdEncoding.DecodeString(rest[:split])
		if err == nil {
			hash, err = base64.RawStdEncoding.DecodeString(rest[split+1:])
		}
	}
	if err != nil || len(hash) != hashSize || cost.Passes == 0 || cost.Lanes == 0 {
		return Argon2{}, nil, nil, errors.New("a stored password hash is damaged")
	}
	return cost, salt, hash, nil
}

// The characters of what people read from paper: nobody takes one of them for another.
const (
	plainUpper  = "ABCDEFGHJKMNPQRSTUVWXYZ"
	plainLower  = "abcdefghjkmnpqrstuvwxyz"
	plainDigits = "23456789"
)

// GeneratePassword returns a random password of n characters, or of 16 if n is less. It has at
// least two capitals, two small letters and two digits, and none that looks like another.
func GeneratePassword(n int) string {
	b := []byte(pick(plainUpper, 2) + pick(plainLower, 2) + pick(plainDigits, 2))
	b = append(b, pick(plainUpper+plainLower+plainDigits, max(n, 16)-len(b))...)
	for i := len(b) - 1; i > 0; i-- {
		j := below(i + 1)
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

func pick(from string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = from[below(len(from))]
	}
	return string(b)
}

// below returns a random number that is at least 0 and less than n.
func below(n int) int {
	i, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err) // crypto/rand does not fail
	}
	return int(i.Int64())
}
