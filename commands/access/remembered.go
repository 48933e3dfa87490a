package access

import (
	"context"
	"time"

	"sleutelbos/eventstore/vault"
	"sleutelbos/internal/bounded"
	"sleutelbos/internal/storedjson"
)

// Vault is what the vault keeps of those who ask; it says what the methods promise.
type Vault interface {
	ExpectAsker(ctx context.Context, stream, beside string) error
	KeepAsker(ctx context.Context, k vault.Asker) error
	AskerRevision(ctx context.Context, stream string) (revision int64, ok bool, err error)
	FindAsker(ctx context.Context, stream string) (vault.SealedAsker, bool, error)
	OpenAsker(s vault.SealedAsker) (data, beside []byte, ok bool)
}

// Known is what is known of those who ask. Every request asks the vault for it, so that what another
// process kept there counts at once; but what was opened before is not opened again.
type Known struct {
	vault  Vault
	opened *bounded.Map[string, opened] // by stream
}

// opened is what an asker is by what the vault had.
type opened struct {
	sealed vault.SealedAsker
	asker  asker
}

// mostOpened is how many askers are remembered: a kilobyte each, or more where an organization
// has many administrators.
const mostOpened = 4096

// NewKnown returns what a vault knows of those who ask.
func NewKnown(v Vault) *Known {
	return &Known{vault: v, opened: bounded.New[string, opened](mostOpened, 0)}
}

// find returns what is known of the account with a stream and an id, and false if the log must be asked.
func (k *Known) find(ctx context.Context, stream, id string) (asker, bool, error) {
	sealed, ok, err := k.vault.FindAsker(ctx, stream)
	if err != nil || !ok {
		return asker{}, false, err
	}
	if before, ok := k.opened.Get(stream, time.Time{}); ok && before.sealed.Equal(sealed) {
		return before.asker, true, nil
	}
	data, beside, ok := k.vault.OpenAsker(sealed)
	if !ok {
		return asker{}, false, nil
	}
	known, ok, err := readAsker(data, id, beside)
	if err != nil || !ok {
		return asker{}, false, err
	}
	k.opened.Put(stream, opened{sealed, known}, time.Time{})
	return known, true, nil
}

// keep writes what follows from a stream up to a revision.
func (k *Known) keep(ctx context.Context, stream string, revision int64, known any) error {
	data, err := storedjson.Marshal(known)
	if err != nil {
		return err
	}
	return k.vault.KeepAsker(ctx, vault.Asker{Stream: stream, Revision: revision, Data: data})
}
