package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sleutelbos/internal/app"
	"strings"
	"testing"
	"time"

	dbclient "github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// certificate makes one that signs itself, for 127.0.0.1, and writes it as PEM.
func certificate(t *testing.T, dir string, serial int64) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "sleutelbos"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	must(t, err)
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	must(t, err)
	cert, key = filepath.Join(dir, "door.crt"), filepath.Join(dir, "door.key")
	must(t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	must(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded}), 0o600))
	return cert, key
}

// The door on every address: users are added and removed beside the running serve, see
// what they may, and nobody else gets in.
func TestDoorBeyondThisMachine(t *testing.T) {
	data := t.TempDir()
	cert, key := certificate(t, t.TempDir(), 1)
	r := start(t, app.Places{Data: data}, func(s *app.Serving) { s.Node, s.NodeTLSCert, s.NodeTLSKey = "0.0.0.0:0", cert, key })
	organization := r.organization(1)
	r.run("CreateAccount", newAccount(organization, 2, 1))
	_, port, err := net.SplitHostPort(r.Door.Addr().String())
	must(t, err)
	reads := func(user, password, stream string) error {
		t.Helper()
		address := url.URL{Scheme: "esdb", Host: net.JoinHostPort("127.0.0.1", port), RawQuery: url.Values{"tlsCAFile": {cert}}.Encode()}
		if user != "" {
			address.User = url.UserPassword(user, password)
		}
		config, err := dbclient.ParseConnectionString(address.String())
		must(t, err)
		config.Logger = dbclient.NoopLogging()
		c, err := dbclient.NewClient(config)
		must(t, err)
		defer c.Close()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		found, err := c.ReadStream(ctx, stream, dbclient.ReadStreamOptions{}, 10)
		if err != nil {
			return err
		}
		defer found.Close()
		_, err = found.Recv()
		return err
	}
	add := func(arguments ...string) (password string) {
		t.Helper()
		code, out := commandLine(t, append([]string{"node", "user", "add", "--data=" + data}, arguments...)...)
		if code != 0 {
			t.Fatal(out)
		}
		lines := strings.Split(strings.TrimSpace(out), "\n")
		return lines[len(lines)-1]
	}
	account := "account-" + id(2, 1)
	subscriber := add("--name=crm", "--role=subscriber", "--streams=account-")
	ops := add("--name=ops", "--role=ops")
	must(t, reads("crm", subscriber, account))
	must(t, reads("ops", ops, "organization-"+organization))
	for what, err := range map[string]error{
		"a stream that is not its own": reads("crm", subscriber, "organization-"+organization),
		"the password of another":      reads("crm", ops, account),
		"an unknown user":              reads("nobody", ops, account),
		"no user":                      reads("", "", account),
	} {
		if err == nil {
			t.Errorf("%s was let in", what)
		}
	}
	_, out := commandLine(t, "node", "user", "list", "--data="+data)
	day := time.Now().UTC().Format(time.DateOnly)
	same(t, strings.Split(out, "\n"), []string{
		"NAME  ROLE        STREAMS   SINCE", "crm   subscriber  account-  " + day, "ops   ops         all       " + day, "",
	})
	certificate(t, filepath.Dir(cert), 2) // a renewed certificate counts without a restart
	must(t, reads("crm", subscriber, account))
	if code, out := commandLine(t, "node", "user", "remove", "--data="+data, "--name=crm"); code != 0 {
		t.Fatal(out)
	}
	if err := reads("crm", subscriber, account); err == nil {
		t.Error("a removed user was let in")
	}
	if code, _ := commandLine(t, "node", "user", "remove", "--data="+data, "--name=crm"); code == 0 {
		t.Error("removed twice")
	}
}

func TestNodeUserAddRefuses(t *testing.T) {
	data := t.TempDir()
	r := start(t, app.Places{Data: data}, func(s *app.Serving) { s.Node = "off" })
	r.stop()
	if code, out := commandLine(t, "node", "user", "add", "--data="+data, "--name=twice", "--role=ops"); code != 0 {
		t.Fatal(out)
	}
	for said, arguments := range map[string][]string{
		"without spaces":        {"--name=a b", "--role=ops"},
		"needs --streams":       {"--name=a", "--role=subscriber"},
		"are for subscribers":   {"--name=a", "--role=ops", "--streams=account-"},
		"an empty prefix":       {"--name=a", "--role=subscriber", "--streams=,account-"},
		"there is a user twice": {"--name=twice", "--role=admin"},
		"there is no vault":     {"--name=a", "--role=ops", "--data=" + t.TempDir()},
	} {
		code, out := commandLine(t, append([]string{"node", "user", "add", "--data=" + data}, arguments...)...)
		if code == 0 || !strings.Contains(out, said) {
			t.Errorf("%v: got %d %s", arguments, code, out)
		}
	}
}

func TestDoorIsNotExposed(t *testing.T) {
	cert, key := certificate(t, t.TempDir(), 1)
	for said, change := range map[string]func(*app.Serving){
		"give --node-tls-cert and --node-tls-key": func(s *app.Serving) { s.Node = "0.0.0.0:0" },
		"go together":          func(s *app.Serving) { s.NodeTLSCert = cert },
		"read the certificate": func(s *app.Serving) { s.NodeTLSCert, s.NodeTLSKey = key, cert },
		"no such file":         func(s *app.Serving) { s.NodeTLSCert, s.NodeTLSKey = cert, key+".gone" },
	} {
		settings := app.Serving{HTTP: "127.0.0.1:0", Management: "127.0.0.1:0", Node: "127.0.0.1:0", MailFrom: "Sleutelbos <sleutelbos@localhost>", Language: "nl"}
		change(&settings)
		p := &program{ctx: t.Context(), places: app.Places{Data: t.TempDir()}, out: io.Discard, log: slog.New(slog.DiscardHandler)}
		err := p.serve(settings, func(*app.App) error { t.Fatal("it serves"); return nil })
		if err == nil || !strings.Contains(err.Error(), said) {
			t.Errorf("got %v, want %q", err, said)
		}
	}
}
