// Package door is EventStoreDB's own gRPC protocol in front of the embedded log, so that
// downstream systems read and subscribe with the official client of their language.
//
// It refuses to write for clients unless it was opened for that (Options.Open): history
// is written through the domain. It refuses to listen beyond this machine without TLS
// and users, to buffer for readers that do not read, and to say more than the log does.
//
// A call passes the gate (who is it, what may it do), and then its service: streamsService
// (append, delete, read, follow), persistentService (groups of consumers, see package
// persistent), gossip or features. A call that sends for long is in the registry, which cuts
// it off when its client stops reading.
package door

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	persistentpb "github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"

	"sleutelbos/eventstore/node/persistent"
	"sleutelbos/internal/limits"
)

// Options say where the door stands and who may enter.
type Options struct {
	// Listen is where clients connect; see Listen. The door closes it.
	Listen net.Listener
	// Open lets clients append, delete and tombstone. Without it these are refused.
	Open bool
	// TLS and Users are needed to listen elsewhere than on loopback or a Unix socket.
	// With Users set, every call needs a name and a password.
	TLS   *tls.Config
	Users Users

	MaxAppendSize int                // bytes of data, metadata and types of one append; default 1 MiB, not above the log's
	Connections   limits.Connections // above which a client is refused; default limits.DoorConnections
	Handshake     time.Duration      // a client that has not said hello by then is cut off; default 5 s
	MaxStreams    uint32             // concurrent calls of one connection; default 2,000
	SlowReader    time.Duration      // a reader that takes nothing for so long is cut off; default 1 minute
	Recheck       time.Duration      // how often it is asked whether the user of an open call still is one; default 5 s
	Limits        *limits.Limits     // what one client may use; default limits.Standard
	Now           func() time.Time
	Logger        *slog.Logger
}

// ErrExposed says that the door would stand open to the network.
var ErrExposed = errors.New("the event log's door listens beyond this machine only with TLS and users")

// Wire limits. Clients accept 17 MiB and send batches of up to 3 MiB a message.
const (
	maxMessage       = 17 << 20
	pingMinimum      = 5 * time.Second // clients ping every 10 s; a stricter policy drops them
	graceOnStop      = 2 * time.Second // for appends under way
	defaultSlow      = time.Minute
	defaultRecheck   = 5 * time.Second
	defaultHandshake = 5 * time.Second
	idleAtMost       = 10 * time.Minute // without a call; clients connect again by themselves
	defaultCalls     = 2000
)

// Server is a door. Make one with New.
type Server struct {
	*gate
	log        Log
	instance   uuid.UUID
	grpc       *grpc.Server
	groups     *persistent.Manager
	live       *registry
	stopOnce   sync.Once
	stopped    chan struct{} // closed when Stop is done
	workers    sync.WaitGroup
	stopWorker context.CancelFunc
}

// New returns a door, and starts the persistent subscriptions that the log knows.
// Errors: ErrExposed, and those of reading the log.
func New(ctx context.Context, l Log, o Options) (*Server, error) {
	if o.Listen == nil {
		return nil, errors.New("the event log's door needs a listener")
	}
	if !private(o.Listen.Addr()) && (o.TLS == nil || o.Users == nil) {
		return nil, ErrExposed
	}
	if o.Users != nil && o.TLS == nil && o.Listen.Addr().Network() != "unix" {
		return nil, errors.New("users of the event log's door send their passwords: TLS is needed")
	}
	withDefaults(&o)
	o.Listen = newLimited(o.Listen, o.Connections)

	background, cancel := context.WithCancel(context.WithoutCancel(ctx))
	groups, err := persistent.Start(background, l, persistent.Options{Now: o.Now, Logger: o.Logger})
	if err != nil {
		cancel()
		return nil, fmt.Errorf("start persistent subscriptions: %w", err)
	}
	s := &Server{
		gate: &gate{o: o, stopping: make(chan struct{})}, log: l, instance: uuid.New(), groups: groups,
		live: newRegistry(o.SlowReader), stopped: make(chan struct{}), stopWorker: cancel,
	}
	s.grpc = grpc.NewServer(s.serverOptions()...)
	serverfeatures.RegisterServerFeaturesServer(s.grpc, featuresService{})
	gossip.RegisterGossipServer(s.grpc, gossipService{door: s})
	streams.RegisterStreamsServer(s.grpc, streamsService{door: s})
	persistentpb.RegisterPersistentSubscriptionsServer(s.grpc, persistentService{door: s})
	s.workers.Go(func() { s.live.watch(background) })
	return s, nil
}

func withDefaults(o *Options) {
	if o.MaxAppendSize <= 0 {
		o.MaxAppendSize = 1 << 20
	}
	if o.Connections.All <= 0 {
		o.Connections = limits.DoorConnections
	}
	if o.Limits == nil {
		o.Limits = limits.New(limits.Standard(), time.Now)
	}
	if o.Handshake <= 0 {
		o.Handshake = defaultHandshake
	}
	if o.MaxStreams == 0 {
		o.MaxStreams = defaultCalls
	}
	if o.Recheck <= 0 {
		o.Recheck = defaultRecheck
	}
	if o.SlowReader <= 0 {
		o.SlowReader = defaultSlow
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
}

func (s *Server) serverOptions() []grpc.ServerOption {
	options := []grpc.ServerOption{
		grpc.MaxRecvMsgSize(maxMessage),
		grpc.MaxSendMsgSize(maxMessage),
		grpc.MaxConcurrentStreams(s.o.MaxStreams),
		grpc.ConnectionTimeout(s.o.Handshake),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: pingMinimum, PermitWithoutStream: true}),
		grpc.KeepaliveParams(keepalive.ServerParameters{MaxConnectionIdle: idleAtMost, Time: 30 * time.Second, Timeout: 20 * time.Second}),
		grpc.ChainUnaryInterceptor(s.guardUnary),
		grpc.ChainStreamInterceptor(s.guardStream),
	}
	if s.o.TLS != nil {
		options = append(options, grpc.Creds(credentials.NewTLS(s.o.TLS)))
	}
	return options
}

// Serve serves clients until the context ends or Stop is called, and stops the door before it
// returns. After a stop it returns nil; otherwise the reason why it can't listen any more.
func (s *Server) Serve(ctx context.Context) error {
	defer s.Stop()
	release := context.AfterFunc(ctx, s.Stop)
	defer release()
	err := s.grpc.Serve(s.o.Listen)
	select {
	case <-s.stopping:
		return nil
	default:
	}
	if err != nil {
		return fmt.Errorf("serve the event log's door: %w", err)
	}
	return nil
}

// Stop ends every subscription with UNAVAILABLE, lets appends under way finish for a
// moment, saves the checkpoints of persistent subscriptions and returns. Before the log
// is closed, Stop must have returned. A second call waits for the first.
func (s *Server) Stop() {
	s.stopOnce.Do(func() {
		defer close(s.stopped)
		close(s.stopping)
		graceful := make(chan struct{})
		go func() {
			defer close(graceful)
			s.grpc.GracefulStop()
		}()
		select {
		case <-graceful:
		case <-time.After(graceOnStop):
			s.grpc.Stop()
			<-graceful
		}
		s.groups.Stop()
		s.stopWorker()
		s.workers.Wait()
		_ = s.o.Listen.Close() // closed by gRPC unless Serve was never called
	})
	<-s.stopped
}

// Addr returns the address on which the door listens.
func (s *Server) Addr() net.Addr { return s.o.Listen.Addr() }
