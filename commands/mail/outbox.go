package mail

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"sleutelbos/commands/reactors"

	gomail "github.com/wneessen/go-mail"
)

// Outbox writes mails as .eml files into a folder, for operators without a mail server. The
// files hold links that open accounts, and so only the operator can read the folder (0700)
// and its files (0600).
type Outbox struct {
	Dir  string
	From string
	Now  func() time.Time // default time.Now
}

var fileSafe = regexp.MustCompile(`^[A-Za-z0-9-]+$`)

// Send writes one mail as "<time>-<message id>.eml". The file is either complete or absent.
func (o Outbox) Send(_ context.Context, m reactors.Mail) error {
	now := time.Now
	if o.Now != nil {
		now = o.Now
	}
	at := now()
	// The text is not encoded, so that a person can read the file and a program can find the link.
	msg, err := message(m, o.From, at, gomail.NoEncoding)
	if err != nil {
		return err
	}
	if !fileSafe.MatchString(m.MessageID) {
		return fmt.Errorf("write a mail: its id can't be a file's name")
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return fmt.Errorf("write a mail: %w", err)
	}
	f, err := os.CreateTemp(o.Dir, ".mail-*") // made with mode 0600
	if err != nil {
		return fmt.Errorf("write a mail: %w", err)
	}
	defer os.Remove(f.Name()) //nolint:errcheck // it was renamed, or is of no use
	if _, err := msg.WriteTo(f); err != nil {
		_ = f.Close() // the first error is the one to tell
		return fmt.Errorf("write a mail: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write a mail: %w", err)
	}
	name := at.UTC().Format(nameTime) + "-" + m.MessageID + ".eml"
	if err := os.Rename(f.Name(), filepath.Join(o.Dir, name)); err != nil {
		return fmt.Errorf("write a mail: %w", err)
	}
	return nil
}
