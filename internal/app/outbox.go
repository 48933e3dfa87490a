package app

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sleutelbos/http/ui"
)

// shownMails is how many mails of the outbox administrators see.
const shownMails = 200

// ReadOutbox reads the newest mails that were written instead of sent.
func (v *App) ReadOutbox() ([]ui.Mail, error) {
	entries, err := os.ReadDir(v.outbox())
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil // none was written yet
	}
	if err != nil {
		return nil, fmt.Errorf("read the outbox: %w", err)
	}
	slices.Reverse(entries) // names begin with the time
	var mails []ui.Mail
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".eml") || len(mails) == shownMails {
			continue
		}
		m, err := readMail(filepath.Join(v.outbox(), entry.Name()))
		if err != nil {
			return nil, err
		}
		mails = append(mails, m)
	}
	return mails, nil
}

func readMail(path string) (ui.Mail, error) {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return ui.Mail{}, fmt.Errorf("read a mail: %w", err)
	}
	defer f.Close()
	m, err := mail.ReadMessage(f)
	if err != nil {
		return ui.Mail{}, fmt.Errorf("read %s: %w", filepath.Base(path), err)
	}
	body, err := plainText(m)
	if err != nil {
		return ui.Mail{}, fmt.Errorf("read %s: %w", filepath.Base(path), err)
	}
	at, err := m.Header.Date()
	if err != nil {
		return ui.Mail{}, fmt.Errorf("read %s: %w", filepath.Base(path), err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		subject = m.Header.Get("Subject")
	}
	return ui.Mail{Name: filepath.Base(path), At: at, To: strings.Trim(m.Header.Get("To"), "<>"), Subject: subject, Text: body}, nil
}

// plainText answers the part of a mail that is plain text.
func plainText(m *mail.Message) (string, error) {
	part := m.Body
	kind, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	encoding := m.Header.Get("Content-Transfer-Encoding")
	for parts := multipart.NewReader(m.Body, parameters["boundary"]); err == nil && strings.HasPrefix(kind, "multipart/"); {
		p, partErr := parts.NextRawPart()
		if partErr != nil {
			return "", partErr
		}
		if part, encoding = p, p.Header.Get("Content-Transfer-Encoding"); strings.HasPrefix(p.Header.Get("Content-Type"), "text/plain") {
			break
		}
	}
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		part = quotedprintable.NewReader(part)
	case "base64":
		part = base64.NewDecoder(base64.StdEncoding, part)
	}
	body, err := io.ReadAll(io.LimitReader(part, 1<<20))
	return string(body), err
}
