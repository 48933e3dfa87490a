package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"sleutelbos/eventstore/vault"
)

type nodeCommand struct {
	User nodeUserCommand `cmd:"" help:"Who may connect to the event log's door beyond this machine."`
}

type nodeUserCommand struct {
	Add    nodeUserAdd    `cmd:"" help:"Add a user; the password is shown this once."`
	Remove nodeUserRemove `cmd:"" help:"Remove a user. Its next call is refused; what it follows ends within five seconds."`
	List   nodeUserList   `cmd:"" help:"List the users."`
}

type nodeUserAdd struct {
	Name    string   `required:"" help:"By which clients call it." placeholder:"NAME"`
	Role    string   `required:"" help:"subscriber: reads the streams of its prefixes; ops: reads all and manages persistent subscriptions; admin: may also append where --node-open is given." enum:"subscriber,ops,admin" placeholder:"ROLE"`
	Streams []string `help:"What the names of a subscriber's streams begin with: account-,license-" placeholder:"PREFIX"`
}

// Run adds a user. It works beside a running serve, which knows the user at once.
func (c *nodeUserAdd) Run(p *program) error {
	switch {
	case c.Name == "" || strings.ContainsFunc(c.Name, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(":@/", r) }):
		return errors.New("--name is of letters, digits and signs, without spaces, colon, at and slash: it stands in connection strings")
	case c.Role == "subscriber" && len(c.Streams) == 0:
		return errors.New("a subscriber needs --streams: without any it would see nothing")
	case c.Role != "subscriber" && len(c.Streams) > 0:
		return fmt.Errorf("--streams are for subscribers; the role %s sees all", c.Role)
	case slices.Contains(c.Streams, ""):
		return errors.New("--streams has an empty prefix, which would be all streams; the role ops sees all")
	}
	return p.withVault(func(v *vault.Vault) error {
		password, err := v.AddDoorUser(p.ctx, vault.DoorUser{Name: c.Name, Role: c.Role, Streams: c.Streams})
		if errors.Is(err, vault.ErrExists) {
			return fmt.Errorf("there is a user %s already; remove it to give it another password", c.Name)
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(p.out, "The password of %s, which nobody can show again:\n%s\n", c.Name, password)
		return nil
	})
}

type nodeUserRemove struct {
	Name string `required:"" help:"Of the user." placeholder:"NAME"`
}

// Run removes a user.
func (c *nodeUserRemove) Run(p *program) error {
	return p.withVault(func(v *vault.Vault) error {
		err := v.RemoveDoorUser(p.ctx, c.Name)
		if errors.Is(err, vault.ErrNotFound) {
			return fmt.Errorf("there is no user %s", c.Name)
		}
		return err
	})
}

type nodeUserList struct{}

// Run prints a line a user.
func (nodeUserList) Run(p *program) error {
	return p.withVault(func(v *vault.Vault) error {
		users, err := v.DoorUsers(p.ctx)
		if err != nil {
			return err
		}
		out := tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(out, "NAME\tROLE\tSTREAMS\tSINCE")
		for _, u := range users {
			streams := "all"
			if len(u.Streams) > 0 {
				streams = strings.Join(u.Streams, ", ")
			}
			fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", u.Name, u.Role, streams, u.CreatedAt.Format(time.DateOnly))
		}
		return out.Flush()
	})
}

// withVault opens the vault alone.
func (p *program) withVault(work func(*vault.Vault) error) (err error) {
	if p.places.Database == "" {
		if _, err := os.Stat(filepath.Join(p.places.Data, memberVault)); err != nil {
			return fmt.Errorf("there is no vault in %s yet; serve makes it: %w", p.places.Data, err)
		}
	}
	s := p.storesAt(p.places)
	if err := s.OpenVault(p.ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return work(s.Vault)
}
