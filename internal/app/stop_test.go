package app_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"sleutelbos/internal/app"
)

// TestF53_StopWithClients stops the program while clients follow the feed, take nothing of a
// download, and send half a request. None of them holds it up, and it ends without an error.
func TestF53_StopWithClients(t *testing.T) {
	const key = "0123456789abcdef0123456789abcdef"
	a, err := app.New(t.Context(), app.Options{
		Stores: openStores(t, t.TempDir()), Parts: app.Everything, Version: "test",
		Serving: app.Serving{HTTP: "127.0.0.1:0", Management: "127.0.0.1:0", Node: "off", Language: "nl", MailFrom: "test@localhost", BootstrapAPIKey: key},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	feed := send(t, a.PublicURL.Host, "GET /api/v1/events HTTP/1.1\r\nHost: HOST\r\nAuthorization: Bearer "+key+"\r\n\r\n")
	lines := bufio.NewReader(feed)
	readUntil(t, lines, "caught up")
	send(t, a.PublicURL.Host, "GET /api/v1/audit?format=csv HTTP/1.1\r\nHost: HOST\r\nAuthorization: Bearer "+key+"\r\n\r\n")
	for _, path := range []string{"/api/v1/commands/BlockAccount", "/api/v1/login", "/login", "/nowhere"} {
		send(t, a.PublicURL.Host, fmt.Sprintf("POST %s HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{", path))
	}
	stop()
	began := time.Now()
	if rest, err := io.ReadAll(lines); err != nil || !strings.HasSuffix(string(rest), "0\r\n\r\n") {
		t.Errorf("the feed ends with %q, %v", rest, err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 8*time.Second {
		t.Errorf("the stop took %s", took)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

func send(t *testing.T, address, text string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(30 * time.Second))
	if _, err := io.WriteString(c, strings.ReplaceAll(text, "HOST", address)); err != nil {
		t.Fatal(err)
	}
	return c
}

func readUntil(t *testing.T, lines *bufio.Reader, said string) {
	t.Helper()
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("before %q: %v", said, err)
		}
		if strings.Contains(line, said) {
			return
		}
		if strings.HasPrefix(line, "HTTP/1.1 ") && !strings.Contains(line, http.StatusText(http.StatusOK)) {
			t.Fatal(line)
		}
	}
}
