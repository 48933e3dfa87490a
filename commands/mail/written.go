package mail

import (
	"errors"
	"fmt"
	"mime"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Written is a mail in the outbox, as its reader would see it.
type Written struct {
	Name    string // of the file
	Message string // the id of the message
	At      time.Time
	To      string
	Subject string
	Text    string // the part that is plain text
}

// Newest reads the newest mails of the outbox, newest first.
func (o Outbox) Newest(most int) ([]Written, error) {
	entries, err := os.ReadDir(o.Dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil // no mail was written yet
	}
	if err != nil {
		return nil, fmt.Errorf("read the outbox: %w", err)
	}
	slices.Reverse(entries) // names begin with the time
	var mails []Written
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".eml") || len(mails) == most {
			continue
		}
		m, err := read(filepath.Join(o.Dir, entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("read the mail %s: %w", entry.Name(), err)
		}
		mails = append(mails, m)
	}
	return mails, nil
}

func read(path string) (Written, error) {
	msg, err := gomail.EMLToMsgFromFile(path)
	if err != nil {
		return Written{}, err
	}
	m := Written{Name: filepath.Base(path)}
	_, m.Message, _ = strings.Cut(strings.TrimSuffix(m.Name, ".eml"), "-")
	if m.At, err = time.Parse(time.RFC1123Z, first(msg.GetGenHeader(gomail.HeaderDate))); err != nil {
		return Written{}, err
	}
	if to := msg.GetTo(); len(to) > 0 {
		m.To = to[0].Address
	}
	m.Subject = first(msg.GetGenHeader(gomail.HeaderSubject))
	if decoded, err := new(mime.WordDecoder).DecodeHeader(m.Subject); err == nil {
		m.Subject = decoded
	}
	for _, part := range msg.GetParts() {
		if part.GetContentType() != gomail.TypeTextPlain {
			continue
		}
		text, err := part.GetContent()
		if err != nil {
			return Written{}, err
		}
		m.Text = string(text)
		break
	}
	return m, nil
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
