package audit

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"sleutelbos/eventstore"
	"sleutelbos/internal/storedjson"
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

// ErrKeyLost says that the key which signed the seals is not there. Another one can't go on from them.
var ErrKeyLost = errors.New("keys/seal.key is missing while there are seals")

// ErrOtherKey says that the key in the folder signed none of the seals outside the log.
var ErrOtherKey = errors.New("keys/seal.key did not sign the seals")

// Lost says whether the private key is missing.
func (k Key) Lost() bool { return k.signer == nil }

// LoadOrMakeKey reads <dir>/keys/seal.key, or makes it (mode 0600) if nothing was sealed yet, and
// writes its public half beside it as seal.pub. If it is missing while there are seals, the key is Lost:
// its public half is that of the file, which may be missing, too.
func LoadOrMakeKey(ctx context.Context, dir string, store eventstore.Store) (Key, error) {
	path := keyPath(dir)
	private, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		sealed, asked := everSealed(ctx, dir, store)
		if asked != nil {
			return Key{}, asked
		}
		if sealed {
			public, err := PublicKeys(dir)
			return Key{Public: strings.Join(public, "")}, err
		}
		private, err = makeKey(path)
	}
	if err != nil {
		return Key{}, fmt.Errorf("get the signing key: %w", err)
	}
	key, err := ParseKey(string(private))
	if err != nil {
		return Key{}, fmt.Errorf("read %s: %w", path, err)
	}
	if err := writePublic(publicPath(dir), []byte(key.Public+"\n")); err != nil {
		return Key{}, fmt.Errorf("write the public key: %w", err)
	}
	return key, nil
}

func keyPath(dir string) string    { return filepath.Join(dir, "keys", "seal.key") }
func publicPath(dir string) string { return filepath.Join(dir, "keys", "seal.pub") }

// CheckKey says whether the private key in a data folder is the one that signed the seals. Errors:
// ErrKeyLost, ErrOtherKey.
func CheckKey(ctx context.Context, dir string, store eventstore.Store) error {
	private, err := os.ReadFile(keyPath(dir))
	if errors.Is(err, fs.ErrNotExist) {
		sealed, err := everSealed(ctx, dir, store)
		if err == nil && sealed {
			err = ErrKeyLost
		}
		return err
	}
	if err != nil {
		return fmt.Errorf("get the signing key: %w", err)
	}
	key, err := ParseKey(string(private))
	if err != nil {
		return fmt.Errorf("read %s: %w", keyPath(dir), err)
	}
	notes, err := noteFiles(notesOf(dir))
	if err != nil || len(notes) == 0 {
		return err
	}
	if _, found, err := Newest(dir, []string{key.Public}); err != nil || found {
		return err
	}
	return signedFirst(ctx, store, key) // the notes may be damaged
}

// signedFirst asks whether a key signed the first seal of the log, as it did all others then. Errors:
// ErrOtherKey.
func signedFirst(ctx context.Context, store eventstore.Store, key Key) error {
	known, err := verifiers([]string{key.Public})
	if err != nil {
		return err
	}
	for r, err := range store.ReadAll(ctx, eventstore.Position{}, eventstore.Forwards, eventstore.Filter{Streams: []string{StreamPrefix}}) {
		var sealed Sealed
		switch {
		case err != nil:
			return fmt.Errorf("read the first seal: %w", err)
		case r.Type != SealedName || storedjson.Unmarshal(r.Data, &sealed) != nil:
			continue // the verification tells of it
		}
		if _, err := note.Open([]byte(sealed.Note), known); err != nil {
			return ErrOtherKey
		}
		return nil
	}
	return ErrOtherKey
}

// everSealed says whether there is a seal outside the log or in it.
func everSealed(ctx context.Context, dir string, store eventstore.Store) (bool, error) {
	notes, err := noteFiles(notesOf(dir))
	if err != nil || len(notes) > 0 {
		return len(notes) > 0, err
	}
	for _, err := range store.ReadAll(ctx, eventstore.Position{}, eventstore.Forwards, eventstore.Filter{Streams: []string{StreamPrefix}}) {
		if err != nil {
			return false, fmt.Errorf("look for a seal in the log: %w", err)
		}
		return true, nil
	}
	return false, nil
}

// PublicKeys returns the public key of the seals in a data folder; none if there is none.
func PublicKeys(dir string) ([]string, error) {
	key, err := os.ReadFile(publicPath(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the public key of the seals: %w", err)
	}
	return []string{strings.TrimSpace(string(key))}, nil
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
