package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"

	"sleutelbos/eventstore/node/door"
	"sleutelbos/eventstore/vault"
	"sleutelbos/http/answers"
)

// doorRoles are what the vault calls the door's roles.
var doorRoles = map[string]door.Role{"subscriber": door.Subscriber, "ops": door.Ops, "admin": door.Admin}

// openDoor opens the gRPC door of the embedded log, if there is one and the settings want it.
func (a *App) openDoor(ctx context.Context, _ Adjust) error {
	if a.Node == nil || a.serving.Node == "off" {
		return nil
	}
	listener, err := door.Listen(a.serving.Node)
	if err != nil {
		return fmt.Errorf("listen for clients of the event log: %w", err)
	}
	options, err := a.doorOptions(listener)
	if err == nil {
		a.Door, err = door.New(ctx, a.Node, options)
	}
	if err != nil {
		return errors.Join(exposed(err), listener.Close())
	}
	a.closers = append(a.closers, func() error { a.Door.Stop(); return nil })
	return nil
}

// doorOptions returns who may enter the door. With a certificate, everybody needs a name
// and a password.
func (a *App) doorOptions(listener net.Listener) (door.Options, error) {
	o := door.Options{Listen: listener, Limits: a.Limits, Open: a.serving.NodeOpen, Now: a.Now, Logger: a.Log}
	if a.serving.NodeTLSCert == "" && a.serving.NodeTLSKey == "" {
		return o, nil
	}
	var err error
	o.TLS, err = doorTLS(a.serving.NodeTLSCert, a.serving.NodeTLSKey)
	o.Users = doorUsers(a.Vault)
	return o, err
}

// exposed tells what to do about a door that would stand open.
func exposed(err error) error {
	if errors.Is(err, door.ErrExposed) {
		return fmt.Errorf("%w: give --node-tls-cert and --node-tls-key, and add users with \"sleutelbos node user add\"; or listen on loopback, on unix:/path, or not at all (--node=off)", err)
	}
	return err
}

// doorUsers finds users in the vault.
func doorUsers(v *vault.Vault) door.Users {
	return func(ctx context.Context, name string) (door.User, bool, error) {
		u, found, err := v.FindDoorUser(ctx, name)
		if err != nil || !found {
			return door.User{}, false, err
		}
		return door.User{Name: u.Name, Role: doorRoles[u.Role], PasswordSHA256: u.PasswordSHA256, Streams: u.Streams}, true, nil
	}
}

// doorTLS reads the certificate at every connection, of which there are few, so that a
// renewed one counts without a restart. Errors: there is none that can be used now.
func doorTLS(cert, key string) (*tls.Config, error) {
	if cert == "" || key == "" {
		return nil, errors.New("--node-tls-cert and --node-tls-key go together")
	}
	load := func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		pair, err := tls.LoadX509KeyPair(cert, key)
		if err != nil {
			return nil, fmt.Errorf("read the certificate of the event log's door: %w", err)
		}
		return &pair, nil
	}
	if _, err := load(nil); err != nil {
		return nil, err
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: load}, nil
}

// subscribers returns who follows the log through the door, if there is one.
func (a *App) subscribers(ctx context.Context) []answers.Subscriber {
	if a.Door == nil {
		return nil
	}
	var all []answers.Subscriber
	for _, s := range a.Door.Subscribers(ctx) {
		all = append(all, answers.Subscriber{
			Through: answers.ThroughDoor, Address: s.From, User: s.User, Stream: s.Stream, Group: s.Group, Filter: s.Filter, Since: s.Since, Position: s.Position, Lag: s.Lag,
		})
	}
	return all
}

// eventsInLog returns where the log ends, and whether that is a number of events: of an
// EventStoreDB it is a place in its files.
func (a *App) eventsInLog(context.Context) (end int64, counts bool) {
	if a.Stores.Node == nil {
		return 0, false
	}
	return int64(a.Stores.Node.Head().Commit()), true
}
