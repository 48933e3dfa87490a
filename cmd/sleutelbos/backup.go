package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"sleutelbos/eventstore/node"
	"sleutelbos/eventstore/vault"
	"sleutelbos/internal/app"
	"sleutelbos/projections/machinery/rows/sqlite"
)

type backupCommand struct {
	File        string   `arg:"" help:"The archive to write; there must be none of that name." type:"path"`
	NoMasterKey bool     `name:"no-master-key" help:"Leave the master key out. Without it, wherever you keep it, the vault in the archive opens for nobody."`
	Recipient   []string `help:"Encrypt the archive to this public key of age (age1…); may be given more than once. restore needs the private key." placeholder:"KEY"`
	Anyway      bool     `help:"Write the archive also if it can't be restored as it is."`
}

// Run writes one archive of the log, the vault and the keys, also beside a running serve.
func (c *backupCommand) Run(p *program) (err error) {
	if _, err := os.Stat(p.places.Data); err != nil {
		return fmt.Errorf("there is no data in %s: %w", p.places.Data, err)
	}
	if _, err := os.Lstat(c.File); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(fmt.Errorf("back up to %s: %w", c.File, fs.ErrExist), err)
	}
	b := backup{places: p.places, master: !c.NoMasterKey, manifest: manifest{
		Format: archiveFormat, Program: version, MadeAt: time.Now().UTC().Truncate(time.Second),
	}}
	if err := b.seal(c.Recipient); err != nil {
		return err
	}
	beside := filepath.Dir(c.File) // on the same disk
	if b.sealed() {
		beside = p.places.Data // the disk of the archive gets nothing that is not encrypted
	}
	if b.to, err = os.MkdirTemp(beside, ".backup-*"); err != nil { // for this user only
		return fmt.Errorf("make room for the copies: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.to)) }()
	if err := b.copies(p.ctx); err != nil {
		return err
	}
	if err := b.write(); err != nil {
		return err
	}
	if err := b.try(p, c.Anyway); err != nil {
		return err
	}
	if err := b.name(c.File); err != nil {
		return err
	}
	var size int64
	for _, f := range b.manifest.Members {
		size += f.Size
	}
	fmt.Fprintf(p.out, "%s: %d members, %d bytes before compression\n", c.File, len(b.manifest.Members), size)
	b.explain(p)
	return nil
}

// backup gathers copies in a folder.
type backup struct {
	places   app.Places
	to       string
	master   bool
	manifest manifest
	// For whom the archive is encrypted; none for an archive in the clear. The program itself has
	// a key of it until it has tried the archive.
	recipients []age.Recipient
	own        []age.Identity
}

func (b *backup) sealed() bool { return len(b.recipients) > 0 }

// seal has the archive encrypted to the public keys, if there are any.
func (b *backup) seal(keys []string) (err error) {
	if len(keys) == 0 {
		return nil
	}
	if b.recipients, err = recipients(keys); err != nil {
		return err
	}
	own, err := age.GenerateX25519Identity()
	if err != nil {
		return fmt.Errorf("make a key to try the archive: %w", err)
	}
	b.recipients, b.own = append(b.recipients, own.Recipient()), []age.Identity{own}
	return nil
}

// copies makes the copies, in an order in which they fit together although the program goes
// on writing: what refers to something is copied before that something.
//
//   - The notes of seals come before the log. A seal is in the log before its note is
//     written, so every note in the backup has its seal in the log's copy.
//   - The reactors' checkpoints come before the log. A restored reactor may then handle some
//     events a second time, which is harmless. If its checkpoint were beyond the end of the
//     log's copy, it would miss the events that follow.
//   - The log comes before the vault. A key is in the vault before an event is encrypted with
//     it, so the vault's copy has every key that the log's copy needs.
func (b *backup) copies(ctx context.Context) error {
	if err := b.seals(); err != nil {
		return err
	}
	if b.places.Database == "" {
		err := sqlite.BackupReactors(ctx, b.places.Data, filepath.Join(b.to, memberReactors))
		if err := b.add(memberReactors, err); err != nil {
			return err
		}
	}
	if b.places.EventStore == "" {
		if err := b.log(ctx); err != nil {
			return err
		}
	}
	if b.places.Database == "" {
		var err error
		b.manifest.Vault, err = vault.BackupSQLite(ctx, b.places.Data, filepath.Join(b.to, memberVault))
		if err != nil {
			return err
		}
		if err := b.add(memberVault, nil); err != nil {
			return err
		}
	}
	keys := []string{memberSealKey, memberSealPub}
	if b.master {
		keys = append(keys, memberMaster)
	}
	for _, name := range keys {
		if err := b.add(name, b.file(name)); err != nil {
			return err
		}
	}
	return nil
}

func (b *backup) log(ctx context.Context) (err error) {
	log, err := node.OpenReadOnly(ctx, node.Options{Dir: b.places.Data})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	position, err := log.Backup(ctx, filepath.Join(b.to, memberLog))
	if err != nil {
		return err
	}
	b.manifest.Position = position.String()
	return b.add(memberLog, nil)
}

func (b *backup) seals() error {
	notes, err := os.ReadDir(filepath.Join(b.places.Data, "seals"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the seals: %w", err)
	}
	for _, f := range notes {
		name := "seals/" + f.Name()
		if !sealNote.MatchString(name) {
			continue
		}
		if err := b.add(name, b.file(name)); err != nil {
			return err
		}
	}
	return nil
}

// file copies a small file.
func (b *backup) file(name string) error {
	content, err := os.ReadFile(filepath.Join(b.places.Data, name))
	if err != nil {
		return err
	}
	to := filepath.Join(b.to, name)
	return errors.Join(os.MkdirAll(filepath.Dir(to), 0o700), os.WriteFile(to, content, 0o600))
}

// add notes a copy that was made; one that could not be made because there is nothing yet
// is no error.
func (b *backup) add(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("back %s up: %w", name, err)
	}
	m, err := describeMember(b.to, name)
	b.manifest.Members = append(b.manifest.Members, m)
	return err
}

// partial is where the archive stands until it has its name.
func (b *backup) partial() string { return filepath.Join(b.to, "archive") }

// write makes the archive whole and durable.
func (b *backup) write() error {
	f, err := os.OpenFile(b.partial(), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write the archive: %w", err)
	}
	err = b.writeTo(f)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write the archive: %w", err)
	}
	return nil
}

func (b *backup) writeTo(f io.Writer) error {
	if !b.sealed() {
		return writeArchive(f, b.to, b.manifest)
	}
	encrypted, err := age.Encrypt(f, b.recipients...)
	if err != nil {
		return err
	}
	return errors.Join(writeArchive(encrypted, b.to, b.manifest), encrypted.Close())
}

// try restores the archive into a folder that is thrown away, so that one that can't serve is
// refused while there is still something to make another of. The copies give their room to it.
func (b *backup) try(p *program, anyway bool) (err error) {
	for _, f := range b.manifest.Members {
		if err := os.Remove(filepath.Join(b.to, f.Name)); err != nil {
			return fmt.Errorf("make room to try the archive: %w", err)
		}
	}
	dir, err := os.MkdirTemp(b.to, "try-*")
	if err != nil {
		return fmt.Errorf("make room to try the archive: %w", err)
	}
	var said bytes.Buffer
	quiet := *p
	quiet.out = &said
	if quiet.places.MasterKey, err = b.masterKey(); err != nil {
		return err
	}
	if err := (&restoreCommand{File: b.partial(), with: b.own}).tryIn(&quiet, dir); err != nil {
		fmt.Fprint(p.out, said.String())
		if anyway {
			fmt.Fprintf(p.out, "NOT WHOLE: %s\nIt is written anyway, as asked; restore takes it with --anyway only.\n", err)
			return nil
		}
		return fmt.Errorf("the archive can't be restored as it is, so it was not written: %w", err)
	}
	fmt.Fprintln(p.out, "It was restored to try it: all is there, and fits together.")
	return nil
}

// masterKey returns the master key, also if it is left out of the archive; empty if it is not here.
func (b *backup) masterKey() (string, error) {
	if b.places.MasterKey != "" || b.places.Database != "" {
		return b.places.MasterKey, nil
	}
	text, err := os.ReadFile(filepath.Join(b.places.Data, memberMaster))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the master key: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// name gives the archive its name.
func (b *backup) name(file string) (err error) {
	made := b.partial()
	if b.sealed() { // it may be on another disk
		if made, err = copyBeside(made, file); err != nil {
			return fmt.Errorf("write the archive: %w", err)
		}
		defer func() { err = errors.Join(err, os.Remove(made)) }()
	}
	if err := os.Link(made, file); err != nil { // unlike a rename it never replaces a file
		return fmt.Errorf("write the archive: %w", err)
	}
	return syncFolder(filepath.Dir(file))
}

// copyBeside copies a file into the folder of another, and returns the copy's path.
func copyBeside(from, file string) (string, error) {
	source, err := os.Open(from)
	if err != nil {
		return "", err
	}
	defer source.Close()
	to, err := os.CreateTemp(filepath.Dir(file), ".backup-*") // made with mode 0600
	if err != nil {
		return "", err
	}
	_, err = io.Copy(to, source)
	if err := errors.Join(err, to.Sync(), to.Close()); err != nil {
		return "", errors.Join(err, os.Remove(to.Name()))
	}
	return to.Name(), nil
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	return errors.Join(d.Sync(), d.Close())
}

func (b *backup) has(name string) bool {
	return slices.ContainsFunc(b.manifest.Members, func(m member) bool { return m.Name == name })
}

// explain says what is in the archive, and what is not and has to be kept in another way.
func (b *backup) explain(p *program) {
	if b.places.EventStore == "" {
		fmt.Fprintf(p.out, "It holds the log up to position %s.\n", b.manifest.Position)
	} else {
		fmt.Fprintln(p.out, "The event log is NOT in it: it is in EventStoreDB. Back that up with its own tools (file copy or snapshot of every node), BEFORE the vault.")
	}
	if b.places.Database != "" {
		fmt.Fprintln(p.out, "The vault is NOT in it: it is in PostgreSQL (schema vault), with the reactors' checkpoints. Back that up with pg_dump or pgBackRest, AFTER the event log.")
	}
	switch {
	case b.has(memberMaster) && b.sealed():
		fmt.Fprintln(p.out, "It is encrypted, with the master key in it: whoever has a private key of its recipients can read every personal value in it.")
	case b.has(memberMaster):
		fmt.Fprintln(p.out, "It holds the master key: whoever has this file can read every personal value in it. Keep it as you keep a key.")
	case !b.master:
		fmt.Fprintln(p.out, "The master key was left out, as asked: without it, nobody opens this vault.")
	default:
		fmt.Fprintln(p.out, "The master key is NOT in it, since it is not in the data folder: keep it where you have it, and keep it twice.")
	}
}
