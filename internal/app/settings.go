package app

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"sleutelbos/commands/mail"
)

// Places say where the data is. Every command takes them.
type Places struct {
	Data       string `help:"Folder of the embedded stores, keys and outbox." default:"data" type:"path"`
	EventStore string `name:"eventstore" help:"EventStoreDB instead of the embedded event log: esdb://… or esdb+discover://…" placeholder:"URL"`
	Database   string `help:"PostgreSQL instead of SQLite: postgres://…" placeholder:"URL"`
	MasterKey  string `name:"master-key" help:"The key that wraps every secret, as 64 hex digits; without it <data>/keys/master.key is used." placeholder:"HEX"`
}

// Serving are the settings of a running service.
type Serving struct {
	HTTP        string   `name:"http" help:"Address of the web UI and the API." default:"127.0.0.1:8080"`
	Management  string   `help:"Address of /livez, /readyz and /metrics." default:"127.0.0.1:8081"`
	Node        string   `help:"Address of the embedded event store's gRPC door; unix:/path too, \"off\" for none." default:"127.0.0.1:2113"`
	NodeOpen    bool     `name:"node-open" help:"Let clients of the door append, too (development and tests)."`
	NodeTLSCert string   `name:"node-tls-cert" help:"Certificate of the door, PEM; read again at every connection. With it every client needs a user (sleutelbos node user)." type:"path" placeholder:"FILE"`
	NodeTLSKey  string   `name:"node-tls-key" help:"Private key of the certificate, PEM." type:"path" placeholder:"FILE"`
	PublicURL   string   `name:"public-url" help:"What people type to get here; every link starts with it. Default: http:// and the address." placeholder:"URL"`
	Proxies     []string `help:"Networks whose X-Forwarded-For is believed, e.g. 10.0.0.0/8." placeholder:"CIDR"`
	SMTP        string   `name:"smtp" help:"Mail server: smtp://user:password@host:587 or smtps://…; without it mails go to <data>/outbox." placeholder:"URL"`
	MailFrom    string   `name:"mail-from" help:"Sender of mails." default:"Sleutelbos <sleutelbos@localhost>"`
	Support     string   `help:"Mail address that hears of problems no administrator can be told of." placeholder:"ADDRESS"`
	Language    string   `help:"Language of mails and letters: nl or en." enum:"nl,en" default:"nl"`

	BootstrapUsername string `name:"bootstrap-username" help:"On an empty store: the first platform admin." placeholder:"NAME"`
	BootstrapPassword string `name:"bootstrap-password" help:"On an empty store: the first platform admin's password." placeholder:"SECRET"`
	BootstrapAPIKey   string `name:"bootstrap-api-key" help:"On an empty store: the key of a platform service account, at least 32 characters." placeholder:"SECRET"`
}

// publicURL returns the configured public URL, or that of the address listened on, which
// may be nil if the public URL is configured.
func (s Serving) publicURL(listening net.Addr) (*url.URL, error) {
	if s.PublicURL == "" {
		host, port, err := net.SplitHostPort(listening.String())
		if err != nil {
			return nil, fmt.Errorf("no public URL follows from the address: %w", err)
		}
		if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
			host = "localhost"
		}
		return &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}, nil
	}
	u, err := url.Parse(s.PublicURL)
	if err != nil || u.Host == "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("--public-url must be http:// or https:// and a host, nothing behind it")
	}
	u.Path = ""
	return u, nil
}

// check refuses settings that can be seen to be wrong before any store is there.
func (s Serving) check() error {
	if s.SMTP != "" {
		if _, err := mail.NewSMTP(s.SMTP, s.MailFrom); err != nil {
			return err
		}
	}
	if s.NodeTLSCert == "" && s.NodeTLSKey == "" {
		return nil
	}
	_, err := doorTLS(s.NodeTLSCert, s.NodeTLSKey)
	return err
}

// trusted returns the networks whose word on addresses is taken.
func (s Serving) trusted() ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, network := range s.Proxies {
		prefix, err := netip.ParsePrefix(network)
		if err != nil {
			return nil, fmt.Errorf("--proxies: %w", err)
		}
		all = append(all, prefix)
	}
	return all, nil
}
