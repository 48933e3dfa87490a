package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/go-json-experiment/json"
)

// envPrefix begins the environment variable of every setting.
const envPrefix = "SLEUTELBOS_"

// Stores are the settings that every command takes: where the data is.
type Stores struct {
	Config     string `help:"JSON file of settings, by the names of the flags." type:"path" placeholder:"FILE"`
	Data       string `help:"Folder of the embedded stores, keys and outbox." default:"data" type:"path"`
	EventStore string `name:"eventstore" help:"EventStoreDB instead of the embedded event log: esdb://… or esdb+discover://…" placeholder:"URL"`
	Database   string `help:"PostgreSQL instead of SQLite: postgres://…" placeholder:"URL"`
	MasterKey  string `name:"master-key" help:"The key that wraps every secret, as 64 hex digits; without it <data>/keys/master.key is used." placeholder:"HEX"`
	LogFormat  string `name:"log-format" help:"text or json." enum:"text,json" default:"text"`
	LogLevel   string `name:"log-level" help:"debug, info, warn or error." enum:"debug,info,warn,error" default:"info"`
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

// secrets are the settings that may also be read from the file that X_FILE names.
var secrets = []string{"eventstore", "database", "master-key", "smtp", "bootstrap-password", "bootstrap-api-key", "to"}

// resolver answers settings in this order: flag (kong's own), environment, file. Kong
// would let a file override the environment, which is why the environment is read here.
type resolver struct {
	file map[string]any
	env  func(string) (string, bool)
}

func (r resolver) Validate(app *kong.Application) error {
	known := map[string]bool{}
	for _, flag := range allFlags(app.Node) {
		known[flag.Name] = true
	}
	for key := range r.file {
		if !known[key] {
			return fmt.Errorf("the settings file has an unknown key %q", key)
		}
	}
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		rest, ours := strings.CutPrefix(name, envPrefix)
		if !ours || strings.HasPrefix(rest, "TEST_") {
			continue
		}
		flag := strings.ToLower(strings.ReplaceAll(rest, "_", "-"))
		secret, isFile := strings.CutSuffix(flag, "-file")
		if !known[flag] && (!isFile || !isSecret(secret)) {
			return fmt.Errorf("the environment has an unknown setting %s", name)
		}
	}
	return nil
}

func (r resolver) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	name := envPrefix + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
	value, set := r.env(name)
	file, fileSet := r.env(name + "_FILE")
	switch {
	case set && fileSet && isSecret(flag.Name):
		return nil, fmt.Errorf("%s and %s_FILE are both set", name, name)
	case set:
		return value, nil
	case fileSet && isSecret(flag.Name):
		content, err := os.ReadFile(filepath.Clean(file))
		if err != nil {
			return nil, fmt.Errorf("%s_FILE: %w", name, err)
		}
		return strings.TrimRight(string(content), "\r\n"), nil
	}
	if value, ok := r.file[flag.Name]; ok {
		return value, nil
	}
	return nil, nil // nothing to say; the default holds
}

func isSecret(flag string) bool {
	for _, s := range secrets {
		if s == flag {
			return true
		}
	}
	return false
}

func allFlags(n *kong.Node) []*kong.Flag {
	flags := n.Flags
	for _, child := range n.Children {
		flags = append(flags, allFlags(child)...)
	}
	return flags
}

// settingsFile reads the file that --config or SLEUTELBOS_CONFIG names. It is looked up
// before the flags are parsed, since it answers for them.
func settingsFile(args []string) (map[string]any, error) {
	name := os.Getenv(envPrefix + "CONFIG")
	for i, arg := range args {
		if value, ok := strings.CutPrefix(arg, "--config="); ok {
			name = value
		} else if arg == "--config" && i+1 < len(args) {
			name = args[i+1]
		}
	}
	if name == "" {
		return nil, nil // no file, no settings from it
	}
	f, err := os.Open(filepath.Clean(name))
	if err != nil {
		return nil, fmt.Errorf("read the settings: %w", err)
	}
	defer f.Close()
	var settings map[string]any
	if err := json.UnmarshalRead(io.LimitReader(f, 1<<20), &settings); err != nil {
		return nil, fmt.Errorf("read the settings: %w", err)
	}
	return settings, nil
}

// publicURL answers the configured public URL, or that of the address listened on.
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
