package vault

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"

	"sleutelbos/eventstore"
)

func rawOf(n int) []byte {
	return binary.BigEndian.AppendUint64(bytes.Repeat([]byte{7}, 24), uint64(n))
}

// More subjects than there are places for ready keys: two that share a place push each
// other out, and never get each other's key.
func TestReadyKeysShareTheirPlaces(t *testing.T) {
	const subjects = 3 * readyKeys
	k, err := newKeyring(subjects)
	if err != nil {
		t.Fatal(err)
	}
	for n := range subjects {
		k.put(fmt.Sprint(n), rawOf(n), 0)
	}
	for round := range 2 {
		for n := range subjects {
			key, found, _, err := k.get(fmt.Sprint(n))
			if err != nil || !found {
				t.Fatalf("round %d, subject %d: %v, %v", round, n, found, err)
			}
			sealed, err := key.Encrypt([]byte("x"), nil)
			if err != nil {
				t.Fatal(err)
			}
			its, err := newSubjectKey(rawOf(n))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := its.Decrypt(sealed, nil); err != nil {
				t.Fatalf("round %d, subject %d got another's key", round, n)
			}
		}
	}
}

// Who makes a key ready while it is destroyed stores it too late to count.
func TestReadyKeyOfTheDestroyed(t *testing.T) {
	k, err := newKeyring(10)
	if err != nil {
		t.Fatal(err)
	}
	k.put("a", rawOf(1), 0)
	k.put("b", rawOf(2), 0)
	for _, subject := range []string{"a", "b"} {
		if _, found, _, err := k.get(subject); !found || err != nil {
			t.Fatal(found, err)
		}
	}
	late := k.place("a").Load()
	k.destroyed("a")
	if k.place("a").Load() != nil {
		t.Error("the destroyed key stays in memory")
	}
	k.place("a").Store(late)
	if _, found, _, err := k.get("a"); !found || !errors.Is(err, eventstore.ErrKeyDestroyed) {
		t.Errorf("got %v, %v", found, err)
	}
	if key, found, _, err := k.get("b"); key == nil || !found || err != nil {
		t.Errorf("another's key: got %v, %v", found, err)
	}
}
