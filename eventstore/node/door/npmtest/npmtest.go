// Package npmtest runs scripts of Node with packages of npm, for tests. It is no part of the
// program.
package npmtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// limit ends an installation or a script that hangs.
const limit = 3 * time.Minute

// Prepare returns a folder in which the .mjs files of dir run, with the packages that its
// package-lock.json names. These are installed once a lock file and machine. The test is
// skipped where there is no Node, unless CI is set: then it fails.
func Prepare(t testing.TB, dir string) string {
	t.Helper()
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err == nil {
			continue
		}
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is missing", program)
		}
		t.Skipf("%s is not installed", program)
	}
	modules, err := installed(t, dir)
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("the packages can't be installed here: ", err)
	}
	if err != nil {
		t.Fatal("install the packages: ", err)
	}
	work := t.TempDir()
	scripts, err := filepath.Glob(filepath.Join(dir, "*.mjs"))
	if err != nil {
		t.Fatal(err)
	}
	for _, script := range scripts {
		if err := copyFile(filepath.Join(work, filepath.Base(script)), script); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(modules, filepath.Join(work, "node_modules")); err != nil {
		t.Fatal(err)
	}
	return work
}

// installed returns the node_modules of a lock file.
func installed(t testing.TB, dir string) (string, error) {
	lock, err := os.ReadFile(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(lock)
	home := filepath.Join(os.TempDir(), fmt.Sprintf("sleutelbos-npm-%d-%s", os.Getuid(), hex.EncodeToString(sum[:8])))
	modules := filepath.Join(home, "node_modules")
	if _, err := os.Stat(modules); err == nil {
		return modules, nil
	}
	// Another test may be at it: who is first gives the folder its name.
	making, err := os.MkdirTemp("", "sleutelbos-npm-*")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(making) //nolint:errcheck // gone, if all went well
	for _, name := range []string{"package.json", "package-lock.json"} {
		if err := copyFile(filepath.Join(making, name), filepath.Join(dir, name)); err != nil {
			return "", err
		}
	}
	if out, err := run(t, making, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	if err := os.Rename(making, home); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	return modules, nil
}

// Run runs a script in a folder that Prepare made, and returns what it printed. It fails
// the test if the script fails.
func Run(t testing.TB, folder, script string, args ...string) string {
	t.Helper()
	out, err := run(t, folder, "node", append([]string{script}, args...)...)
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, out)
	}
	return out
}

func run(t testing.TB, dir, program string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func copyFile(to, from string) error {
	content, err := os.ReadFile(filepath.Clean(from))
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o600)
}
