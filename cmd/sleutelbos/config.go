package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/go-json-experiment/json"
)

// envPrefix begins the environment variable of every setting.
const envPrefix = "SLEUTELBOS_"

// secrets are the settings that may also be read from the file that X_FILE names.
var secrets = []string{"eventstore", "database", "master-key", "smtp", "bootstrap-password", "bootstrap-api-key", "to"}

// resolver looks for a setting in this order: flag (kong's own), environment, file. Kong
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
	return nil, nil // it is set nowhere: the default holds
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
// before the flags are parsed, because their values may come from it.
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
