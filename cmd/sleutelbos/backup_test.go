package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/vault"
	"sleutelbos/internal/app"
)

// While accounts are created, an archive is made; what it restores is the log up to a
// moment, with every key that it needs.
func TestBackupAndRestore(t *testing.T) {
	dir := t.TempDir()
	data, file, restored := filepath.Join(dir, "data"), filepath.Join(dir, "backup.tar.gz"), filepath.Join(dir, "restored")
	r := start(t, app.Places{Data: data})
	organization := r.organization(1)
	_, err := r.Sealer.Seal(t.Context())
	must(t, err)
	writing, stop := context.WithCancel(t.Context())
	written := make(chan error)
	go func() {
		var err error
		for n := 1; err == nil && writing.Err() == nil; n++ {
			_, err = r.api.command(t.Context(), "CreateAccount", newAccount(organization, 2, n))
		}
		written <- err
	}()
	before := r.head()
	eventually(t, time.Minute, func() error {
		if r.head().Commit() < before.Commit()+20 {
			return errors.New("nobody writes yet")
		}
		return nil
	})
	before = r.head()
	code, out := commandLine(t, "backup", "--data="+data, file)
	stop()
	must(t, <-written)
	if code != 0 || !strings.Contains(out, "It holds the master key") {
		t.Fatalf("backup: %d %s", code, out)
	}
	info, err := os.Stat(file)
	must(t, err)
	same(t, info.Mode(), fs.FileMode(0o600))
	if code, out := commandLine(t, "backup", "--data="+data, file); code == 0 {
		t.Errorf("backup replaced a file: %s", out)
	}
	all := r.records()
	r.stop()

	if code, out := commandLine(t, "restore", "--data="+data, file); code == 0 || !strings.Contains(out, "empty folder only") {
		t.Errorf("restore over data: %d %s", code, out)
	}
	code, out = commandLine(t, "restore", "--data="+restored, file)
	if code != 0 || !strings.Contains(out, "The log is as it was written") || strings.Contains(out, " 0 checkpoints") || !strings.Contains(out, "The vault opens") {
		t.Fatalf("restore: %d %s", code, out)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*", ".*"))
	must(t, err)
	same(t, left, []string(nil))

	copied := readLog(t, restored) // before a start seals it
	r = start(t, app.Places{Data: restored})
	at := slices.IndexFunc(all, func(e eventstore.Recorded) bool { return e.Position.After(before) })
	if len(copied) < at {
		t.Fatalf("%d events were restored, %d were there when the backup began", len(copied), at)
	}
	if diff := cmp.Diff(all[:len(copied)], copied, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("restored otherwise: %s", diff)
	}
	for _, e := range copied { // every key is there
		if _, record, err := r.Journal.Registry.Decode(t.Context(), r.Journal.Keys, e); err != nil {
			t.Fatal(err)
		} else if _, err := record.Open(t.Context(), r.Journal.Keys); err != nil {
			t.Fatal(err)
		}
	}
	r.settle()
	r.verified()
	r.run("CreateAccount", newAccount(organization, 3, 1))
	code, out = commandLine(t, "audit", "verify", "--data="+restored)
	same(t, []any{code, strings.Contains(out, "The log is as it was written.")}, []any{0, true})
}

// smallArchive makes an archive of a store with little in it.
func smallArchive(t *testing.T, arguments ...string) (file string) {
	t.Helper()
	dir := t.TempDir()
	r := start(t, app.Places{Data: filepath.Join(dir, "data")})
	r.organization(1)
	r.stop() // seals once more
	file = filepath.Join(dir, "backup.tar.gz")
	if code, out := commandLine(t, append([]string{"backup", "--data=" + filepath.Join(dir, "data"), file}, arguments...)...); code != 0 {
		t.Fatalf("backup: %s", out)
	}
	return file
}

// A damaged archive restores nothing and says where the damage is.
func TestRestoreOfDamage(t *testing.T) {
	file := smallArchive(t)
	packed, err := os.ReadFile(file)
	must(t, err)
	unzipped, err := gzip.NewReader(bytes.NewReader(packed))
	must(t, err)
	plain, err := io.ReadAll(unzipped)
	must(t, err)
	known, err := vault.SchemaVersion()
	must(t, err)
	zip := func(t *testing.T, plain []byte) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, err := w.Write(plain)
		must(t, errors.Join(err, w.Close()))
		return b.Bytes()
	}
	// behind is a place within the content of a member: its header is a block of its own.
	behind := func(name string) int { return bytes.LastIndex(plain, []byte(name+"\x00")) + 512 + 50 }
	flipped := func(name string) func(*testing.T) []byte {
		return func(t *testing.T) []byte {
			changed := bytes.Clone(plain)
			changed[behind(name)] ^= 1
			return zip(t, changed)
		}
	}
	renamed := func(from, to string) func(*testing.T) []byte {
		return func(t *testing.T) []byte { return zip(t, bytes.ReplaceAll(plain, []byte(from), []byte(to))) }
	}
	// The next version may have a digit more, and the manifest must stay as long as it is.
	unknown := fmt.Sprintf(`"vault":%*d`, len(fmt.Sprint(" ", known)), known+1)
	for what, c := range map[string]struct {
		archive func(*testing.T) []byte
		said    string
	}{
		"a changed log":          {flipped("log.db"), "member log.db"},
		"a changed vault":        {flipped("vault.db"), "member vault.db"},
		"a changed key":          {flipped("keys/seal.key"), "member keys/seal.key"},
		"cut short":              {func(t *testing.T) []byte { return zip(t, plain[:behind("vault.db")]) }, "member vault.db"},
		"cut between":            {func(t *testing.T) []byte { return zip(t, plain[:behind("vault.db")-562]) }, "member vault.db"},
		"a broken stream":        {func(*testing.T) []byte { return packed[:len(packed)*2/3] }, "damaged in the member"},
		"without its end":        {func(*testing.T) []byte { return packed[:len(packed)-4] }, "behind its last member"},
		"a path that leads out":  {renamed("keys/seal.pub", "../../tmp/pub"), "none of ours"},
		"a name of another file": {renamed("reactors.db", "sleutel.exe"), "none of ours"},
		"a newer format":         {renamed(`"format": 1`, `"format": 2`), "format 2"},
		"an unknown vault":       {renamed(fmt.Sprintf(`"vault": %d`, known), unknown), "does not know"},
		"no archive":             {func(*testing.T) []byte { return []byte("no archive") }, "no archive of a backup"},
		"another tar":            {func(t *testing.T) []byte { return zip(t, plain[512:]) }, "no archive of a backup"},
	} {
		t.Run(what, func(t *testing.T) {
			to := filepath.Join(t.TempDir(), "restored")
			broken := filepath.Join(t.TempDir(), "broken.tar.gz")
			must(t, os.WriteFile(broken, c.archive(t), 0o600))
			code, out := commandLine(t, "restore", "--data="+to, broken)
			if code == 0 || !strings.Contains(out, c.said) {
				t.Errorf("got %d %s", code, out)
			}
			left, err := os.ReadDir(to)
			must(t, err)
			same(t, len(left), 0)
		})
	}
}

func TestRestoreNeedsRoom(t *testing.T) {
	err := fits(t.TempDir(), manifest{Members: []member{{Name: "log.db", Size: 1 << 62}}})
	if err == nil || !strings.Contains(err.Error(), "no room") {
		t.Errorf("got %v", err)
	}
}

// TestF58_BackupRefusesWhatRestoreWould: of a log that was tampered with no archive is made, unless
// asked for, and that one is not restored.
func TestF58_BackupRefusesWhatRestoreWould(t *testing.T) {
	dir := t.TempDir()
	data, file := filepath.Join(dir, "data"), filepath.Join(dir, "backup.tar.gz")
	r := start(t, app.Places{Data: data})
	r.organization(1)
	r.stop()
	statements(t, filepath.Join(data, "log.db"), "UPDATE events SET data=CAST(replace(CAST(data AS TEXT), 'klic', 'nen!') AS BLOB) WHERE CAST(data AS TEXT) LIKE '%klic%'")
	if code, out := commandLine(t, "backup", "--data="+data, file); code != 1 || !strings.Contains(out, "BROKEN: organization-"+id(1, 1)) {
		t.Fatalf("backup: %d %s", code, out)
	}
	left, err := os.ReadDir(dir)
	must(t, err)
	same(t, len(left), 1) // the data
	if code, out := commandLine(t, "backup", "--anyway", "--data="+data, file); code != 0 {
		t.Fatal(out)
	}
	code, out := commandLine(t, "restore", "--data="+filepath.Join(dir, "restored"), file)
	if code == 0 || !strings.Contains(out, "BROKEN: organization-"+id(1, 1)) {
		t.Errorf("got %d %s", code, out)
	}
}

// The master key may be left out of the archive; then it is asked for.
func TestBackupWithoutMasterKey(t *testing.T) {
	file := smallArchive(t, "--no-master-key")
	key, err := os.ReadFile(filepath.Join(filepath.Dir(file), "data", "keys", "master.key"))
	must(t, err)
	to := filepath.Join(t.TempDir(), "restored")
	code, out := commandLine(t, "restore", "--data="+to, file)
	same(t, []any{code, strings.Contains(out, "The master key is not in the archive")}, []any{0, true})
	if code, out := commandLine(t, "projections", "list", "--data="+to); code == 0 || !strings.Contains(out, "master.key is missing") {
		t.Errorf("without the key: %d %s", code, out)
	}
	to = filepath.Join(t.TempDir(), "restored")
	code, out = commandLine(t, "restore", "--data="+to, "--master-key="+strings.Repeat("00", 32), file)
	same(t, []any{code, strings.Contains(out, "does not open this vault")}, []any{1, true})
	code, out = commandLine(t, "restore", "--data="+to, "--master-key="+string(bytes.TrimSpace(key)), file)
	same(t, []any{code, strings.Contains(out, "The vault opens")}, []any{0, true})
}

// With other stores the archive holds what is left, and says what is not in it.
func TestBackupOfTheRest(t *testing.T) {
	data := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(data, "keys"), 0o700))
	must(t, os.WriteFile(filepath.Join(data, "keys", "master.key"), []byte(fmt.Sprintln(strings.Repeat("07", 32))), 0o600))
	file := filepath.Join(t.TempDir(), "backup.tar.gz")
	code, out := commandLine(t, "backup", "--data="+data, "--eventstore=esdb://127.0.0.1:1", "--database=postgres://127.0.0.1:1/x", file)
	if code != 0 || !strings.Contains(out, "The event log is NOT in it") || !strings.Contains(out, "The vault is NOT in it") {
		t.Fatalf("got %d %s", code, out)
	}
	to := filepath.Join(t.TempDir(), "restored")
	code, out = commandLine(t, "restore", "--data="+to, file)
	same(t, []any{code, strings.Contains(out, "There is no event log in the archive")}, []any{0, true})
	key, err := os.ReadFile(filepath.Join(to, "keys", "master.key"))
	must(t, err)
	same(t, string(key), strings.Repeat("07", 32)+"\n")
}
