package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"filippo.io/age"
)

// ageHeader begins an archive that is encrypted.
const ageHeader = "age-encryption.org/v1\n"

// recipients reads the public keys that an archive is encrypted to.
func recipients(keys []string) ([]age.Recipient, error) {
	all := make([]age.Recipient, 0, len(keys))
	for _, key := range keys {
		r, err := age.ParseX25519Recipient(key)
		if err != nil {
			return nil, fmt.Errorf("%q is no public key of age (age1…)", key)
		}
		all = append(all, r)
	}
	return all, nil
}

// identities reads the private keys of a file, as age-keygen writes it. Its error shows none of it.
func identities(file string) ([]age.Identity, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read the identity: %w", err)
	}
	defer f.Close()
	all, err := age.ParseIdentities(f)
	if err != nil {
		return nil, fmt.Errorf("%s holds no private key of age (AGE-SECRET-KEY-1…)", file)
	}
	return all, nil
}

// opened returns the content of an archive, decrypted if it is encrypted.
func opened(archive io.Reader, with []age.Identity) (io.Reader, error) {
	r := bufio.NewReader(archive)
	head, err := r.Peek(len(ageHeader))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the archive: %w", err)
	}
	switch encrypted := string(head) == ageHeader; {
	case !encrypted && len(with) > 0:
		return nil, errors.New("the archive is not encrypted, so an identity says nothing of who made it: restore it without --identity if you know where it is from")
	case !encrypted:
		return r, nil
	case len(with) == 0:
		return nil, errors.New("the archive is encrypted: give the file of your private key as --identity")
	}
	plain, err := age.Decrypt(r, with...)
	if err != nil {
		if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
			return nil, errors.New("the archive is encrypted to other keys than the one of --identity")
		}
		return nil, fmt.Errorf("the archive is damaged: %w", err)
	}
	return plain, nil
}
