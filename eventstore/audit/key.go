package audit

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// keyName names the signer in every note.
const keyName = "sleutelbos"

// Key signs seals.
type Key struct {
	// Public is the key with which anyone can check the seals, in the form of sumdb/note.
	Public string
	signer note.Signer
}

// String returns the public part only.
func (k Key) String() string { return k.Public }

// ParseKey reads a private key in the form of sumdb/note ("PRIVATE+KEY+…"), for processes
// that share one. Its error does not show the key.
func ParseKey(private string) (Key, error) {
	private = strings.TrimSpace(private)
	signer, err := note.NewSigner(private)
	if err != nil {
		return Key{}, errors.New("this is not a signing key of sumdb/note")
	}
	public, err := publicOf(private)
	if err != nil {
		return Key{}, err
	}
	return Key{Public: public, signer: signer}, nil
}

// LoadOrMakeKey reads <dir>/keys/seal.key, or makes it (mode 0600), and writes its public
// half beside it as seal.pub.
func LoadOrMakeKey(dir string) (Key, error) {
	path := filepath.Join(dir, "keys", "seal.key")
	private, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		private, err = makeKey(path)
	}
	if err != nil {
		return Key{}, fmt.Errorf("get the signing key: %w", err)
	}
	key, err := ParseKey(string(private))
	if err != nil {
		return Key{}, fmt.Errorf("read %s: %w", path, err)
	}
	if err := writePublic(filepath.Join(dir, "keys", "seal.pub"), []byte(key.Public+"\n")); err != nil {
		return Key{}, fmt.Errorf("write the public key: %w", err)
	}
	return key, nil
}

// writePublic writes the public key if it is not there yet. A start that has nothing to write
// then needs no room on the disk.
func writePublic(path string, public []byte) error {
	if there, err := os.ReadFile(path); err == nil && bytes.Equal(there, public) {
		return nil
	}
	return writeFile(path, public, 0o644)
}

func makeKey(path string) ([]byte, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	private, _, err := note.GenerateKey(rand.Reader, keyName)
	if err != nil {
		return nil, err
	}
	return []byte(private), writeFile(path, []byte(private+"\n"), 0o600)
}

// writeFile replaces a file with a whole and durable one, or leaves what was there.
func writeFile(path string, content []byte, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // it is gone unless something failed before
	_, err = f.Write(content)
	if err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
