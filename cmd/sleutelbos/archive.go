package main

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// An archive is a gzipped tar: manifest.json, and then the members that it lists.
const (
	manifestName  = "manifest.json"
	archiveFormat = 1
	largestSmall  = 16 << 20 // bytes of a manifest, a key or a seal
)

// manifest says what an archive holds.
type manifest struct {
	Format   int       `json:"format"`
	Program  string    `json:"program"`            // the version that made it
	MadeAt   time.Time `json:"madeAt"`             // when the making began
	Position string    `json:"position,omitempty"` // of the newest event in log.db
	Vault    int64     `json:"vault,omitempty"`    // the version of the schema of vault.db
	Members  []member  `json:"members"`
}

type member struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"` // bytes
	SHA256 string `json:"sha256"`
}

// The members that may be large, and those that hold keys.
const (
	memberLog      = "log.db"
	memberVault    = "vault.db"
	memberReactors = "reactors.db"
	memberMaster   = "keys/master.key"
	memberSealKey  = "keys/seal.key"
	memberSealPub  = "keys/seal.pub"
)

var sealNote = regexp.MustCompile(`^seals/[0-9]{12,19}\.note$`)

// check refuses a manifest that no backup of ours could have written. No name but these
// gets into a path.
func (m manifest) check() error {
	if m.Format != archiveFormat {
		return fmt.Errorf("the archive has format %d, this program knows format %d", m.Format, archiveFormat)
	}
	seen := map[string]bool{}
	for _, f := range m.Members {
		large := f.Name == memberLog || f.Name == memberVault || f.Name == memberReactors
		small := f.Name == memberMaster || f.Name == memberSealKey || f.Name == memberSealPub || sealNote.MatchString(f.Name)
		switch {
		case !large && !small:
			return fmt.Errorf("the archive has a member that is none of ours: %q", f.Name)
		case seen[f.Name]:
			return fmt.Errorf("the archive has the member %s twice", f.Name)
		case f.Size < 0 || small && f.Size > largestSmall:
			return fmt.Errorf("the archive's member %s cannot have %d bytes", f.Name, f.Size)
		}
		seen[f.Name] = true
	}
	return nil
}

// describeMember measures a file for the manifest.
func describeMember(dir, name string) (member, error) {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return member{}, fmt.Errorf("read %s: %w", name, err)
	}
	defer f.Close()
	sum := sha256.New()
	size, err := io.Copy(sum, f)
	if err != nil {
		return member{}, fmt.Errorf("read %s: %w", name, err)
	}
	return member{Name: name, Size: size, SHA256: hex.EncodeToString(sum.Sum(nil))}, nil
}

// writeArchive packs the members, files in a folder that nobody changes.
func writeArchive(w io.Writer, dir string, m manifest) error {
	text, err := json.Marshal(m, jsontext.WithIndent("  "))
	if err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	zipped, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return fmt.Errorf("write the archive: %w", err)
	}
	archive := tar.NewWriter(zipped)
	header := func(name string, size int64) *tar.Header {
		return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: m.MadeAt, Format: tar.FormatPAX}
	}
	err = archive.WriteHeader(header(manifestName, int64(len(text))))
	if err == nil {
		_, err = archive.Write(text)
	}
	for _, f := range m.Members {
		if err == nil {
			err = archive.WriteHeader(header(f.Name, f.Size))
		}
		if err == nil {
			err = pack(archive, filepath.Join(dir, f.Name))
		}
		if err != nil {
			return fmt.Errorf("write %s to the archive: %w", f.Name, err)
		}
	}
	if err := errors.Join(err, archive.Close(), zipped.Close()); err != nil {
		return fmt.Errorf("write the archive: %w", err)
	}
	return nil
}

func pack(w io.Writer, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// readManifest opens an archive; its members follow.
func readManifest(r io.Reader) (manifest, *archiveReader, error) {
	zipped, err := gzip.NewReader(r)
	if err != nil {
		return manifest{}, nil, fmt.Errorf("this is no archive of a backup: %w", err)
	}
	a := &archiveReader{zipped, tar.NewReader(zipped)}
	head, err := a.tar.Next()
	if err != nil || head.Name != manifestName || head.Size > largestSmall {
		return manifest{}, nil, errors.Join(errors.New("this is no archive of a backup: it does not begin with a manifest"), err)
	}
	var m manifest
	if err := json.UnmarshalRead(a.tar, &m); err != nil {
		return manifest{}, nil, fmt.Errorf("the archive is damaged: read the manifest: %w", err)
	}
	return m, a, m.check()
}

type archiveReader struct {
	zipped io.Reader
	tar    *tar.Reader
}

// unpack writes the members into a folder and compares each with the manifest.
func (a *archiveReader) unpack(dir string, m manifest) error {
	for _, want := range m.Members {
		head, err := a.tar.Next()
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("the archive is damaged: the member %s is missing", want.Name)
		}
		if err != nil {
			return fmt.Errorf("the archive is damaged before the member %s: %w", want.Name, err)
		}
		if head.Name != want.Name || head.Typeflag != tar.TypeReg || head.Size != want.Size {
			return fmt.Errorf("the archive is damaged: the member %s is not the one in the manifest", want.Name)
		}
		if err := unpackMember(a.tar, dir, want); err != nil {
			return err
		}
	}
	if head, err := a.tar.Next(); err == nil {
		return fmt.Errorf("the archive has a member that is not in its manifest: %q", head.Name)
	} else if !errors.Is(err, io.EOF) {
		return fmt.Errorf("the archive is damaged behind its last member: %w", err)
	}
	if _, err := io.Copy(io.Discard, io.LimitReader(a.zipped, largestSmall)); err != nil { // what gzip sums up at the end
		return fmt.Errorf("the archive is damaged behind its last member: %w", err)
	}
	return nil
}

func unpackMember(r io.Reader, dir string, want member) error {
	path := filepath.Join(dir, want.Name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("restore %s: %w", want.Name, err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("restore %s: %w", want.Name, err)
	}
	source := &summed{r: r, sum: sha256.New()}
	_, err = io.Copy(f, io.LimitReader(source, want.Size))
	if source.err != nil {
		err = errors.Join(fmt.Errorf("the archive is damaged in the member %s: %w", want.Name, source.err), f.Close())
		return err
	}
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("restore %s: %w", want.Name, err)
	}
	if hex.EncodeToString(source.sum.Sum(nil)) != want.SHA256 {
		return fmt.Errorf("the archive is damaged in the member %s: its bytes are not those of the backup", want.Name)
	}
	return nil
}

// summed hashes what is read, and tells errors of the archive from those of the disk.
type summed struct {
	r   io.Reader
	sum hash.Hash
	err error
}

func (s *summed) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.sum.Write(p[:n]) // a hash never fails
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}
