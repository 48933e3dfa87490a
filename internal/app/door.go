package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"

	"sleutelbos/eventstore/node/door"
	"sleutelbos/eventstore/vault"
)

// doorRoles are what the vault calls the door's roles.
var doorRoles = map[string]door.Role{"subscriber": door.Subscriber, "ops": door.Ops, "admin": door.Admin}

// doorOptions answers who may enter the door. With a certificate, everybody needs a name
// and a password.
func (v *App) doorOptions(listener net.Listener) (door.Options, error) {
	o := door.Options{Listen: listener, Open: v.serving.NodeOpen, Now: v.Now, Logger: v.Log}
	if v.serving.NodeTLSCert == "" && v.serving.NodeTLSKey == "" {
		return o, nil
	}
	var err error
	o.TLS, err = doorTLS(v.serving.NodeTLSCert, v.serving.NodeTLSKey)
	o.Users = doorUsers(v.Vault)
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
