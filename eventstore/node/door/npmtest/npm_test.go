package npmtest_test

import (
	"context"
	"os"
	"regexp"
	"testing"

	"sleutelbos/eventstore/node"
	"sleutelbos/eventstore/node/door"
	"sleutelbos/eventstore/node/door/npmtest"
)

// TestClients has each npm client do what it can at a door of its own.
func TestClients(t *testing.T) {
	folder := npmtest.Prepare(t, ".")
	for name, scheme := range map[string]string{"@eventstore/db-client": "esdb", "@kurrent/kurrentdb-client": "kurrentdb"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := openDoor(t)
			t.Log(npmtest.Run(t, folder, "door.mjs", name, scheme+"://"+address+"?tls=false"))
		})
	}
}

// TestLockFileNamesNoHost: where packages come from is the business of who installs them.
func TestLockFileNamesNoHost(t *testing.T) {
	lock, err := os.ReadFile("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	if found := regexp.MustCompile(`"resolved".*`).Find(lock); found != nil {
		t.Errorf("the lock file says %s", found)
	}
}

func openDoor(t *testing.T) string {
	t.Helper()
	log, err := node.Open(t.Context(), node.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := door.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d, err := door.New(context.Background(), log, door.Options{Listen: listener, Open: true})
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- d.Serve(context.Background()) }()
	t.Cleanup(func() {
		d.Stop()
		for _, err := range []error{<-served, log.Close()} {
			if err != nil {
				t.Error(err)
			}
		}
	})
	return d.Addr().String()
}
