package esdb

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

const (
	unixScheme     = "esdb+unix://"
	foreverTries   = 1 << 30 // -1 would mean none
	leastPing      = 10_000  // milliseconds
	beyondAnyLimit = 24 * time.Hour
)

// understood are the settings that the client knows. It prints a line about any other, so
// the others are removed before the client sees them.
var understood = []string{
	"discoveryinterval", "gossiptimeout", "maxdiscoverattempts", "nodepreference", "keepaliveinterval",
	"keepalivetimeout", "tls", "tlscafile", "usercertfile", "userkeyfile", "tlsverifycert", "defaultdeadline",
}

// errConnectionString does not repeat the string, which may hold a password.
var errConnectionString = errors.New("the event store's connection string cannot be read: " +
	"it must look like esdb://user:password@host:2113,host:2113?tls=true, or esdb+unix:///path/of/socket")

// configuration reads a connection string, and sets the client never to give up.
func configuration(connectionString string, h *health) (*client.Configuration, error) {
	address, settings, _ := strings.Cut(connectionString, "?")
	path, local := strings.CutPrefix(address, unixScheme)
	if local {
		if !strings.HasPrefix(path, "/") {
			return nil, errConnectionString
		}
		address, settings = "esdb://localhost", ""
	}
	known, err := knownSettings(settings, h)
	if err != nil {
		return nil, err
	}
	config, err := client.ParseConnectionString(address + "?" + known)
	if _, ok := errors.AsType[*url.Error](err); ok {
		return nil, errConnectionString
	}
	if err != nil {
		return nil, fmt.Errorf("the event store's connection string: %w", err)
	}
	if len(config.GossipSeeds) > 0 {
		config.DnsDiscover = false // with it the client asks a host without a name
	}
	if config.NodePreference != client.NodePreferenceLeader {
		h.log.Warn("the event store's leader is asked, whatever the connection string prefers: who has written must read it")
		config.NodePreference = client.NodePreferenceLeader
	}
	if local {
		config.Address, config.DisableTLS = "unix:"+path, true
	}
	limit := beyondAnyLimit // the contexts decide
	config.MaxDiscoverAttempts, config.DefaultDeadline = foreverTries, &limit
	config.Logger = h.heard
	return config, nil
}

// knownSettings returns the settings that the client knows, and logs the names of the others.
func knownSettings(settings string, h *health) (string, error) {
	values, err := url.ParseQuery(settings)
	if err != nil {
		return "", errConnectionString
	}
	for name := range values {
		setting := strings.ToLower(name)
		if !slices.Contains(understood, setting) {
			h.log.Warn("the event store's connection string has a setting that is not known here", "setting", name)
			delete(values, name)
		}
		if ms, err := strconv.Atoi(values.Get(name)); err == nil && setting == "keepaliveinterval" && ms >= 0 && ms < leastPing {
			values.Set(name, strconv.Itoa(leastPing)) // the client would raise it too, and print
		}
	}
	return values.Encode(), nil
}
