package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"filippo.io/age"

	"sleutelbos/eventstore/audit"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/eventstore/node"
	"sleutelbos/eventstore/vault"
	"sleutelbos/internal/app"
	"sleutelbos/internal/doctor"
)

type restoreCommand struct {
	File string   `arg:"" help:"An archive that backup wrote." type:"existingfile"`
	Keys []string `help:"Public keys of the seals; default: the one in the archive." placeholder:"KEY"`

	Identity string `help:"A file with the private key of age that the archive is encrypted to." type:"existingfile" placeholder:"FILE"`

	Anyway bool `help:"Restore also what is not whole: a log that does not verify, a vault that does not open all of it."`

	with []age.Identity // that open an encrypted archive
}

// Run unpacks an archive into an empty data folder, verifies all of it, and only then
// puts it in place.
func (c *restoreCommand) Run(p *program) (err error) {
	if c.Identity != "" {
		if c.with, err = identities(c.Identity); err != nil {
			return err
		}
	}
	data := p.places.Data
	if err := os.MkdirAll(data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	if err := onlyHolds(data, ""); err != nil {
		return err
	}
	// Inside the data folder: that may be the root of a volume of its own.
	staging, err := os.MkdirTemp(data, ".restore-*")
	if err != nil {
		return fmt.Errorf("make room to unpack: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(staging)) }()
	if err := c.tryIn(p, staging); err != nil {
		return err
	}
	if err := onlyHolds(data, filepath.Base(staging)); err != nil { // somebody may have started serve
		return err
	}
	if err := moveInto(data, staging); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "Restored to %s. The read models are made again by the next serve.\n", data)
	return nil
}

// tryIn unpacks the archive into a folder and verifies all of it. A backup tries itself with it
// before it gets its name.
func (c *restoreCommand) tryIn(p *program, dir string) error {
	m, err := c.unpack(dir)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "The archive of %s is whole: %d members as they were written.\n", m.MadeAt.Format(time.RFC3339), len(m.Members))
	if err := c.verify(p, dir, m); err != nil {
		if c.Anyway {
			fmt.Fprintf(p.out, "NOT WHOLE: %s. Going on anyway, as asked.\n", err)
			return nil
		}
		return fmt.Errorf("%w (--anyway goes on nevertheless)", err)
	}
	return nil
}

func (c *restoreCommand) unpack(staging string) (manifest, error) {
	f, err := os.Open(c.File)
	if err != nil {
		return manifest{}, fmt.Errorf("open the archive: %w", err)
	}
	defer f.Close()
	plain, err := opened(f, c.with)
	if err != nil {
		return manifest{}, err
	}
	m, archive, err := readManifest(plain)
	if err != nil {
		return manifest{}, err
	}
	known, err := vault.SchemaVersion()
	if err != nil {
		return manifest{}, err
	}
	if m.Vault > known {
		return manifest{}, fmt.Errorf("the archive was made by version %s, whose vault this version does not know: use that version or a newer one", m.Program)
	}
	if err := fits(staging, m); err != nil {
		return manifest{}, err
	}
	return m, archive.unpack(staging, m)
}

// fits refuses what the disk has no room for, before it is full.
func fits(dir string, m manifest) error {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		return fmt.Errorf("measure the disk: %w", err)
	}
	free := disk.Bavail * uint64(disk.Bsize)
	for _, f := range m.Members {
		if uint64(f.Size) > free {
			return fmt.Errorf("the disk has no room for the archive: the member %s has %d bytes, %d are left", f.Name, f.Size, free)
		}
		free -= uint64(f.Size)
	}
	return nil
}

// verify opens everything as serve would, and reads all of the log.
func (c *restoreCommand) verify(p *program, dir string, m manifest) error {
	opens, err := c.verifyVault(p, dir)
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, memberLog)); errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintln(p.out, "There is no event log in the archive. When EventStoreDB is restored, run: sleutelbos audit verify")
		return nil
	}
	if err := c.verifyLog(p, dir, m); err != nil || !opens {
		return err
	}
	return p.vaultOpensLog(app.Places{Data: dir, MasterKey: p.places.MasterKey})
}

func (c *restoreCommand) verifyLog(p *program, dir string, m manifest) (err error) {
	log, err := node.OpenReadOnly(p.ctx, node.Options{Dir: dir})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	if err := log.Verify(p.ctx, nil); err != nil {
		return fmt.Errorf("verify the restored log: %w", err)
	}
	if head := fmt.Sprint(log.Head()); head != m.Position {
		return fmt.Errorf("the restored log ends at position %s, the manifest says %s", head, m.Position)
	}
	keys := c.Keys
	if len(keys) == 0 {
		if keys, err = audit.PublicKeys(dir); err != nil {
			return err
		}
	}
	report, err := audit.Verify(p.ctx, log.Store(), audit.Options{Keys: keys, Dir: dir, Registry: catalog.New()})
	if err != nil {
		return err
	}
	if !report.OK() {
		for _, problem := range report.Problems {
			fmt.Fprintln(p.out, "BROKEN:", problem)
		}
		return errors.New("the log in the archive is not as it was written; nothing was restored")
	}
	fmt.Fprintf(p.out, "The log is as it was written: %d events in %d streams up to position %s, %d checkpoints, %d events newer than the last.\n",
		report.Events, report.Streams, m.Position, report.Seals, report.Unsealed)
	for _, key := range keys {
		fmt.Fprintf(p.out, "The checkpoints were signed by %s: compare it with the key that you know.\n", key)
	}
	return nil
}

// verifyVault opens the vault with the master key, which may come with the archive or not. It
// returns whether there is one to open.
func (c *restoreCommand) verifyVault(p *program, dir string) (opens bool, err error) {
	if _, err := os.Stat(filepath.Join(dir, memberVault)); errors.Is(err, fs.ErrNotExist) {
		return false, nil // it is in PostgreSQL
	}
	_, err = os.Stat(filepath.Join(dir, memberMaster))
	if errors.Is(err, fs.ErrNotExist) && p.places.MasterKey == "" {
		fmt.Fprintf(p.out, "The master key is not in the archive: give it as --master-key, or put it into %s (mode 0600) before serve.\n",
			filepath.Join(p.places.Data, memberMaster))
		return false, nil
	}
	s := p.storesAt(app.Places{Data: dir, MasterKey: p.places.MasterKey})
	if err := s.OpenVault(p.ctx); err != nil {
		return false, fmt.Errorf("open the restored vault: %w", err)
	}
	fmt.Fprintln(p.out, "The vault opens with the master key.")
	return true, s.Close()
}

// vaultOpensLog reads the whole log and asks that the vault opens every personal value in it.
func (p *program) vaultOpensLog(where app.Places) (err error) {
	s := p.storesAt(where)
	if err := s.OpenJournal(p.ctx, app.Reading); err != nil {
		return errors.Join(err, s.Close())
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	// An event that can't be read keeps nobody from restoring: serve tells of it, as it did before.
	found, _, err := doctor.Opens(p.ctx, s.Journal, func(events int64) { fmt.Fprintf(p.out, "\ropened %d events", events) })
	if err != nil {
		return fmt.Errorf("open what the log holds: %w", err)
	}
	if len(found) == 0 {
		keys, keysErr := audit.PublicKeys(where.Data)
		if found, err = s.House(keys).Look(p.ctx); err != nil || keysErr != nil {
			return errors.Join(err, keysErr)
		}
	}
	for _, f := range found {
		return errors.New(f.String())
	}
	fmt.Fprintln(p.out, "\rThe vault opens every personal value of the log.")
	return nil
}

// onlyHolds refuses a folder that holds anything but the one thing named.
func onlyHolds(dir, thing string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("look into the data folder: %w", err)
	}
	for _, e := range entries {
		if e.Name() != thing && e.Name() != "lost+found" { // a fresh disk has that
			return fmt.Errorf("restore into an empty folder only: %s holds %s", dir, e.Name())
		}
	}
	return nil
}

// moveInto puts everything in its place, the log last. If the program started with the log
// and without the keys, it would make new keys, which open nothing in that log.
func moveInto(data, staging string) error {
	entries, err := os.ReadDir(staging)
	if err != nil {
		return fmt.Errorf("put the restored files in place: %w", err)
	}
	slices.SortStableFunc(entries, func(a, b os.DirEntry) int {
		return cmp.Compare(strings.Index(a.Name(), memberLog), strings.Index(b.Name(), memberLog)) // -1 for everything but the log
	})
	for _, e := range entries {
		if err := os.Rename(filepath.Join(staging, e.Name()), filepath.Join(data, e.Name())); err != nil {
			return fmt.Errorf("put the restored files in place: %w", err)
		}
	}
	return syncFolder(data)
}
