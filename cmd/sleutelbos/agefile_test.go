package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"sleutelbos/internal/app"
)

// TestF51_ABackupIsEncrypted: an archive for a recipient shows nothing of what it holds and leaves
// nothing beside it, and only the recipient's key opens it.
func TestF51_ABackupIsEncrypted(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	data, file := filepath.Join(dir, "data"), filepath.Join(elsewhere, "backup.age")
	key := func(name string) (public, path string) {
		identity, err := age.GenerateX25519Identity()
		must(t, err)
		path = filepath.Join(dir, name)
		must(t, os.WriteFile(path, []byte("# made by a test\n"+identity.String()+"\n"), 0o600))
		return identity.Recipient().String(), path
	}
	public, mine := key("mine")
	_, others := key("others")
	r := start(t, app.Places{Data: data})
	r.run("CreateAccount", newAccount(r.organization(1), 2, 0))
	want := len(r.records())
	r.stop()

	if code, out := commandLine(t, "backup", "--data="+data, "--recipient=age1wrong", file); code == 0 || !strings.Contains(out, "no public key") {
		t.Errorf("a wrong recipient: %d %s", code, out)
	}
	code, out := commandLine(t, "backup", "--data="+data, "--recipient="+public, file)
	if code != 0 || !strings.Contains(out, "It is encrypted") {
		t.Fatalf("backup: %d %s", code, out)
	}
	text, err := os.ReadFile(file)
	must(t, err)
	if !bytes.HasPrefix(text, []byte(ageHeader)) || bytes.Contains(text, []byte("manifest")) {
		t.Errorf("the archive begins with %q", text[:40])
	}
	beside, err := os.ReadDir(elsewhere)
	must(t, err)
	left, err := filepath.Glob(filepath.Join(data, ".*"))
	must(t, err)
	if len(beside) != 1 || len(left) > 0 {
		t.Errorf("%v and %v are left", beside, left)
	}

	restored := filepath.Join(dir, "restored")
	for says, arguments := range map[string][]string{
		"give the file of your private key": nil, "encrypted to other keys": {"--identity=" + others}, "holds no private key": {"--identity=" + file},
	} {
		code, out := commandLine(t, append([]string{"restore", "--data=" + restored, file}, arguments...)...)
		if code == 0 || !strings.Contains(out, says) {
			t.Errorf("want %q: %d %s", says, code, out)
		}
	}
	must(t, os.WriteFile(file+".cut", text[:len(text)-5], 0o600))
	if code, out := commandLine(t, "restore", "--data="+restored, "--identity="+mine, file+".cut"); code == 0 {
		t.Errorf("a cut archive: %s", out)
	}
	if code, out := commandLine(t, "restore", "--data="+restored, "--identity="+mine, file); code != 0 {
		t.Fatalf("restore: %s", out)
	}
	r = start(t, app.Places{Data: restored})
	if got := len(r.records()); got < want {
		t.Errorf("%d events of %d were restored", got, want)
	}

	plain := filepath.Join(elsewhere, "plain")
	if code, out := commandLine(t, "backup", "--data="+data, plain); code != 0 {
		t.Fatal(out)
	}
	if code, out := commandLine(t, "restore", "--data="+filepath.Join(dir, "again"), "--identity="+mine, plain); code == 0 || !strings.Contains(out, "not encrypted") {
		t.Errorf("a plain archive in place of an encrypted one: %d %s", code, out)
	}
}
