package node

import (
	"context"
	"testing"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) eventstore.Store {
		l := openWith(t, Options{Dir: t.TempDir()})
		return withSystem{l.Store(), l}
	})
}

type withSystem struct {
	eventstore.Store
	log *Log
}

func (s withSystem) AppendSystem(ctx context.Context, stream string, e eventstore.Event) error {
	_, err := s.log.Append(ctx, stream, eventstore.Any, e)
	return err
}
