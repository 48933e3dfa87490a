package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/tink"
)

// subjectKeySize is the size of a key in bytes.
const subjectKeySize = 32

// subjectKey is AES-256-GCM in the form of Tink: a random nonce of 12 bytes, the ciphertext and
// a tag of 16 bytes. A test compares the two. A replay over many persons makes keys ready all
// the time, and Tink takes five times as long for that.
type subjectKey struct{ gcm cipher.AEAD }

func newSubjectKey(raw []byte) (tink.AEAD, error) {
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, fmt.Errorf("use a subject's key: %w", err)
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("use a subject's key: %w", err)
	}
	return subjectKey{gcm}, nil
}

// Encrypt implements tink.AEAD.
func (k subjectKey) Encrypt(plain, associated []byte) ([]byte, error) {
	return k.gcm.Seal(nil, nil, plain, associated), nil //nolint:gosec // this GCM makes a random nonce itself
}

// Decrypt implements tink.AEAD.
func (k subjectKey) Decrypt(sealed, associated []byte) ([]byte, error) {
	plain, err := k.gcm.Open(nil, nil, sealed, associated)
	if err != nil {
		return nil, fmt.Errorf("decrypt: %w", err)
	}
	return plain, nil
}
