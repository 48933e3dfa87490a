package vault

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"sleutelbos/internal/sqlitex"
)

// MasterKey is the one secret from which the vault derives all its keys. Whoever loses it loses
// every secret and every personal value of the log, so back it up apart from the data.
type MasterKey [32]byte

// String returns a text without the key.
func (MasterKey) String() string { return "[master key]" }

// GoString returns a text without the key.
func (MasterKey) GoString() string { return "[master key]" }

// ParseMasterKey reads a key of 32 bytes from hexadecimal or base64 text. Its error does not
// show the text.
func ParseMasterKey(text string) (MasterKey, error) {
	text = strings.TrimSpace(text)
	for _, decode := range []func(string) ([]byte, error){
		hex.DecodeString, base64.StdEncoding.DecodeString, base64.RawStdEncoding.DecodeString,
		base64.URLEncoding.DecodeString, base64.RawURLEncoding.DecodeString,
	} {
		if b, err := decode(text); err == nil && len(b) == len(MasterKey{}) {
			return MasterKey(b), nil
		}
	}
	return MasterKey{}, errors.New("a master key is 32 bytes, written as 64 hexadecimal digits or in base64")
}

// LoadOrMakeMasterKey reads <dir>/keys/master.key. If neither the key nor a vault is there yet,
// it makes the key (mode 0600). A vault without its key is an error, for a new key would not
// open it.
func LoadOrMakeMasterKey(dir string) (MasterKey, error) {
	path := filepath.Join(dir, "keys", "master.key")
	key, err := loadMasterKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if _, err := os.Stat(filepath.Join(dir, fileName)); err == nil {
		return MasterKey{}, fmt.Errorf("%s is missing while %s is there: restore the key from its backup", path, fileName)
	}
	if err := makeMasterKey(path); err != nil {
		return MasterKey{}, fmt.Errorf("make the master key: %w", err)
	}
	return loadMasterKey(path)
}

func loadMasterKey(path string) (MasterKey, error) {
	info, err := os.Stat(path)
	if err != nil {
		return MasterKey{}, fmt.Errorf("read the master key: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return MasterKey{}, fmt.Errorf("%s can be read by others: set its mode to 0600", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return MasterKey{}, fmt.Errorf("read the master key: %w", err)
	}
	key, err := ParseMasterKey(string(text))
	if err != nil {
		return MasterKey{}, fmt.Errorf("read %s: %w", path, err)
	}
	return key, nil
}

// makeMasterKey makes a file that is whole and durable before it gets its name, and does not
// replace one. So two processes that start at once read the same key.
func makeMasterKey(path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	var key MasterKey
	if _, err := rand.Read(key[:]); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".master-*") // made with mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // a leftover of a failed start holds no key in use
	_, err = f.WriteString(hex.EncodeToString(key[:]) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return sqlitex.SyncFolder(dir)
}
