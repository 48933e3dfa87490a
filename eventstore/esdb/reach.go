package esdb

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math"
	"net"
	"strings"
	"time"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/internal/reach"
)

const (
	reachWithin = 2 * time.Second // for the server to tell where its log ends
	lookWithin  = time.Second     // for a look at why it does not
)

// Reach asks the server where its log ends. If it is not told, the error says why, see Explain.
func (s *Store) Reach(ctx context.Context) error {
	asked, cancel := context.WithTimeout(ctx, reachWithin)
	defer cancel()
	_, err := s.Head(asked)
	if err == nil || ctx.Err() != nil {
		return err
	}
	return s.Explain(ctx, err)
}

// Explain gives an error of this store its sentence. One that wraps eventstore.ErrUnavailable may pass
// by itself, and Explain looks why nobody answers: the client itself would say no more than that it
// found nobody. Any other is a refusal, and somebody has to do something.
func (s *Store) Explain(ctx context.Context, err error) error {
	if errors.Is(err, eventstore.ErrUnavailable) {
		return &reach.Error{Why: "The event store is out of reach: " + s.why(ctx) + ".", Err: err}
	}
	return s.refused(err)
}

// MayAppend asks the server whether it takes events of this user, with an append at a revision that
// no stream has: nothing is stored. Its errors are those of Reach.
func (s *Store) MayAppend(asking context.Context) error {
	ctx, cancel := context.WithTimeout(asking, reachWithin)
	defer cancel()
	_, err := s.Append(ctx, "log-rights", math.MaxInt32, eventstore.Event{ID: uuid.New(), Type: "log.rights", Data: []byte("{}"), Metadata: []byte("{}")})
	if _, refusedForRevision := errors.AsType[*eventstore.ConflictError](err); refusedForRevision || err == nil {
		return nil
	}
	if e, ok := errors.AsType[*client.Error](err); ok && e.Code() == client.ErrorCodeAccessDenied {
		return &reach.Error{Why: "The event store does not let this user append: grant it, as " + reach.Rights + " shows.", Err: err}
	}
	return s.Explain(asking, err)
}

// refused says what to do about a refusal.
func (s *Store) refused(err error) error {
	e, ok := errors.AsType[*client.Error](err)
	switch {
	case ok && e.Code() == client.ErrorCodeUnauthenticated:
		return &reach.Error{Why: "The event store does not take the user or the password: mend esdb://user:password@… of --eventstore.", Err: err}
	case ok && e.Code() == client.ErrorCodeAccessDenied:
		return &reach.Error{Why: "The event store does not let this user read its log ($all): grant it, as " + reach.Rights + " shows.", Err: err}
	}
	return fmt.Errorf("open the event store: %w", err)
}

// why finds out why nobody answers at the addresses of the connection string.
func (s *Store) why(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, lookWithin)
	defer cancel()
	var found []string
	for _, address := range s.addresses() {
		why := s.lookAt(ctx, address)
		if why == "" {
			why = address + " takes the connection, and does not answer"
		}
		found = append(found, why)
	}
	return strings.Join(found, "; ")
}

func (s *Store) addresses() []string {
	if len(s.config.GossipSeeds) == 0 {
		return []string{s.config.Address}
	}
	var all []string
	for _, seed := range s.config.GossipSeeds {
		all = append(all, seed.String())
	}
	return all
}

// lookAt returns what is wrong with the connection to an address; empty if nothing is.
func (s *Store) lookAt(ctx context.Context, address string) string {
	network, place := "tcp", address
	if path, local := strings.CutPrefix(address, "unix:"); local {
		network, place = "unix", path
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, network, place)
	if err != nil {
		return says(address, err)
	}
	defer func() { _ = conn.Close() }() // nothing was written
	host, _, _ := net.SplitHostPort(place)
	if s.config.DisableTLS {
		// A server that wants TLS says nothing to whoever comes without.
		if tls.Client(conn, &tls.Config{InsecureSkipVerify: true}).HandshakeContext(ctx) == nil { //nolint:gosec // nothing is told to it
			return address + " wants TLS: take tls=false out of --eventstore"
		}
		return ""
	}
	config := &tls.Config{ServerName: host, RootCAs: s.config.RootCAs, InsecureSkipVerify: s.config.SkipCertificateVerification, NextProtos: []string{"h2"}} //nolint:gosec // as the client does
	if err := tls.Client(conn, config).HandshakeContext(ctx); err != nil {
		return says(address, err)
	}
	return ""
}

func says(address string, err error) string {
	if why, ok := reach.Network(address, err); ok {
		return why
	}
	return address + " can't be connected to"
}
