package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sleutelbos/http/server"
	"sleutelbos/http/ui"
)

type serveCommand struct{ Serving }

// Run serves until a signal.
func (c *serveCommand) Run(p *program) error {
	return serve(p, c.Serving, func(v *service, setupLink string) error {
		fmt.Fprintf(p.out, "Sleutelbos listens on %s\n", v.publicURL)
		if setupLink != "" {
			fmt.Fprintf(p.out, "The store is empty. Make the first administrator within 30 minutes:\n  %s\n", setupLink)
		}
		return nil
	})
}

// serve opens the stores and runs everything; started is called when requests are taken.
func serve(p *program, settings Serving, started func(*service, string) error) (err error) {
	ctx := p.ctx
	s, err := openStores(ctx, p.stores, writing, p.log, time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	web, err := listen(ctx, settings.HTTP)
	if err != nil {
		return err
	}
	defer web.Close()
	management, err := listen(ctx, settings.Management)
	if err != nil {
		return err
	}
	defer management.Close()
	v, err := newService(ctx, s, settings, web.Addr())
	if err != nil {
		return err
	}
	if err := v.runner.Prepare(ctx); err != nil { // what happens from here on, reactors act on
		return err
	}
	setupLink, err := v.bootstrap(ctx)
	if err != nil {
		return err
	}
	return v.listen(ctx, web, management, func() error { return started(v, setupLink) })
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return l, nil
}

// listen takes requests and runs the parts until the context ends. At the end no new
// requests are taken, those under way are answered, and then the parts stop.
func (v *service) listen(ctx context.Context, web, management net.Listener, started func() error) error {
	parts, stopParts := context.WithCancel(context.WithoutCancel(ctx))
	defer stopParts()
	requests, stopRequests := context.WithCancel(context.WithoutCancel(ctx)) // streams end when it does
	defer stopRequests()
	front := server.HTTP(web.Addr().String(), v.handler, v.log)
	front.BaseContext = func(net.Listener) context.Context { return requests }
	back := server.HTTP(management.Addr().String(), v.manage, v.log)

	ended := make(chan error, 3)
	go func() { ended <- v.run(parts) }()
	go func() { ended <- closed(front.Serve(web)) }()
	go func() { ended <- closed(back.Serve(management)) }()
	first := started()
	running := 3
	if first == nil {
		select {
		case <-ctx.Done():
			v.log.InfoContext(ctx, "stopping")
		case first = <-ended:
			running--
		}
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	front.RegisterOnShutdown(stopRequestsAfter(grace, stopRequests))
	errs := []error{first, front.Shutdown(grace), back.Shutdown(grace)}
	stopParts()
	for range running {
		errs = append(errs, <-ended)
	}
	return errors.Join(errs...)
}

// stopRequestsAfter ends streams shortly after the stop began: they would never end by
// themselves, and everything else is answered by then.
func stopRequestsAfter(grace context.Context, stop context.CancelFunc) func() {
	return func() {
		timer := time.AfterFunc(time.Second, stop)
		context.AfterFunc(grace, func() { timer.Stop(); stop() })
	}
}

func closed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// shownMails is how many mails of the outbox administrators see.
const shownMails = 200

// readOutbox reads the newest mails that were written instead of sent.
func (v *service) readOutbox() ([]ui.Mail, error) {
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
