package node

import (
	"testing"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) eventstore.Store {
		return openWith(t, Options{Dir: t.TempDir()}).Store()
	})
}
