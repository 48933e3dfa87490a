package app

import (
	"errors"
	"fmt"
	"os"
)

// probeSize is how much must fit on the disk: a commit of the log or the vault is smaller.
const probeSize = 256 << 10

// writable tries to write in the data folder. A disk that is full or read-only still answers
// whoever only reads.
func writable(data string) (err error) {
	f, err := os.CreateTemp(data, ".probe-*")
	if err != nil {
		return fmt.Errorf("write to the data folder: %w", err)
	}
	_, err = f.Write(make([]byte, probeSize))
	if err = errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name())); err != nil {
		return fmt.Errorf("write to the data folder: %w", err)
	}
	return nil
}
