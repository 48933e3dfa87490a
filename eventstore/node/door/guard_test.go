package door_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	persistentpb "github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"sleutelbos/eventstore/node"
	"sleutelbos/eventstore/node/door"
	"sleutelbos/internal/limits"
)

// TestFeatures goes through 1.3.
func TestFeatures(t *testing.T) {
	h := build(t)
	answer, err := h.features.GetSupportedMethods(within(t), empty)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "24.10.0", answer.GetEventStoreServerVersion())
	found := map[string][]string{}
	for _, m := range answer.GetMethods() {
		found[m.GetServiceName()+"/"+m.GetMethodName()] = m.GetFeatures()
	}
	const s, p = "event_store.client.streams.streams/", "event_store.client.persistent_subscriptions.persistentsubscriptions/"
	both := []string{"stream", "all"}
	same(t, map[string][]string{
		s + "append": nil, s + "batchappend": {"deadline_duration"}, s + "read": {"position", "events"}, s + "delete": nil, s + "tombstone": nil,
		p + "create": both, p + "update": both, p + "delete": both, p + "read": both, p + "getinfo": both, p + "list": both,
		p + "replayparked": both, p + "restartsubsystem": nil,
		"event_store.client.gossip.gossip/read":                                 nil,
		"event_store.client.server_features.serverfeatures/getsupportedmethods": nil,
	}, found)

	info, err := gossip.NewGossipClient(h.conn).Read(within(t), empty)
	if err != nil {
		t.Fatal(err)
	}
	if len(info.GetMembers()) != 1 || info.GetMembers()[0].GetInstanceId() == nil || info.GetMembers()[0].GetTimeStamp() <= 0 {
		t.Fatalf("gossip of one member, with id and time, was expected: %v", info)
	}
	m := info.GetMembers()[0]
	m.InstanceId, m.TimeStamp, m.HttpEndPoint = nil, 0, nil // for the last, see below
	same(t, &gossip.MemberInfo{State: gossip.MemberInfo_Leader, IsAlive: true}, m)
}

// TestGossipTellsTheWayHere: a client connects to what gossip tells, so it must be what the
// client can reach, not what the door listens on (1.3).
func TestGossipTellsTheWayHere(t *testing.T) {
	h := build(t)
	own := &gossip.EndPoint{Address: "127.0.0.1", Port: uint32(h.door.Addr().(*net.TCPAddr).Port)}
	for name, want := range map[string]*gossip.EndPoint{
		h.address():          own,
		"events.example:443": {Address: "events.example", Port: 443},
		"[::1]:2113":         {Address: "::1", Port: 2113},
		"no-port.example":    own,
	} {
		conn := h.dial(grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithAuthority(name))
		info, err := gossip.NewGossipClient(conn).Read(within(t), empty)
		if err != nil {
			t.Fatal(err)
		}
		same(t, want, info.GetMembers()[0].GetHttpEndPoint())
	}
}

// TestClosed: without Open nobody writes, and everybody may read and subscribe.
func TestClosed(t *testing.T) {
	h := furnished(t, func(o *door.Options) { o.Open = false })
	denied := failing(codes.PermissionDenied, "exception", "access-denied")
	_, f := h.append(options("a", anyState), propose(9))
	same(t, denied, f)
	_, f = h.append(options("$$a", anyState), propose(9))
	same(t, denied, f)
	_, f = h.delete("there", anyState)
	same(t, denied, f)
	_, f = h.tombstone("there", anyState)
	same(t, denied, f)
	batch := h.batch()
	batch.send(1, "a", true, propose(9))
	refused := &streams.BatchAppendResp{
		CorrelationId: structured(id(1)), StreamIdentifier: named("a"),
		ExpectedStreamPosition: &streams.BatchAppendResp_Any{Any: emptyPB},
		Result:                 packed(t, codes.PermissionDenied, "AccessDenied", &shared.AccessDenied{}),
	}
	same(t, refused, batch.recv())
	batch.send(1, "a", true, propose(9))
	same(t, refused, batch.recv()) // the call goes on

	answers, f := h.read(request(ofStream("there")))
	same(t, fine, f)
	same(t, []string{"0@there", "1@there"}, words(answers))
	same(t, fine, h.createGroup("there", "g"))
	c := h.connect("there", "g", 10)
	c.take("0@there", "1@there")
	c.ack(1, 2)
}

func TestListen(t *testing.T) {
	t.Run("elsewhere only with TLS and users", func(t *testing.T) {
		log, err := node.Open(within(t), node.Options{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		defer log.Close()
		for _, o := range []door.Options{{}, {TLS: &tls.Config{}}, {Users: people}} {
			listener, err := door.Listen("0.0.0.0:0")
			if err != nil {
				t.Fatal(err)
			}
			o.Listen = listener
			if _, err := door.New(within(t), log, o); !errors.Is(err, door.ErrExposed) {
				t.Errorf("it was not refused: %v", err)
			}
			listener.Close()
		}
	})
	t.Run("a Unix socket is private, and a stale one is replaced", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "door.sock")
		first, err := door.Listen("unix:" + path)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		same(t, os.FileMode(0o600), info.Mode().Perm())
		if second, err := door.Listen("unix:" + path); err == nil {
			second.Close()
			t.Error("a socket in use was taken over")
		}
		first.(*net.UnixListener).SetUnlinkOnClose(false) // as after a crash
		first.Close()
		second, err := door.Listen("unix:" + path)
		if err != nil {
			t.Fatal(err)
		}
		second.Close()
	})
	t.Run("a file is not replaced", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		if l, err := door.Listen("unix:" + path); err == nil {
			l.Close()
			t.Error("it was replaced")
		}
	})
}

func TestUnixSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	h := build(t, func(o *door.Options) {
		o.Listen.Close()
		var err error
		if o.Listen, err = door.Listen("unix:" + path); err != nil {
			t.Fatal(err)
		}
	})
	h.write("a", 1, 1)
	answers, f := h.read(request(ofStream("a")))
	same(t, fine, f)
	same(t, []string{"0@a"}, words(answers))
}

// people knows admin, ops and a reader of the streams of orders.
func people(_ context.Context, name string) (door.User, bool, error) {
	roles := map[string]door.Role{"admin": door.Admin, "ops": door.Ops, "reader": door.Subscriber}
	role, known := roles[name]
	if name == "broken" {
		return door.User{}, false, errors.New("the vault is away")
	}
	u := door.User{Name: name, Role: role, PasswordSHA256: sha256.Sum256([]byte("changeit"))}
	if role == door.Subscriber {
		u.Streams = []string{"order-"}
	}
	return u, known, nil
}

// guardedHouse has TLS and people.
func guardedHouse(t *testing.T, changes ...func(*door.Options)) (*house, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "door"}, DNSNames: []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	h := build(t, append([]func(*door.Options){func(o *door.Options) {
		o.Users = people
		o.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
	}}, changes...)...)
	h.conn = h.dial(grpc.WithTransportCredentials(credentials.NewTLS(&tls.Config{RootCAs: pool})))
	h.streams = streams.NewStreamsClient(h.conn)
	h.persistent = persistentpb.NewPersistentSubscriptionsClient(h.conn)
	h.features = serverfeatures.NewServerFeaturesClient(h.conn)
	return h, pool
}

func as(ctx context.Context, name, password string) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(name+":"+password)))
}

// TestRemovedUser: a subscription ends with its user, or with a part of its rights.
func TestRemovedUser(t *testing.T) {
	for name, change := range map[string]func(door.User) (door.User, bool){
		"removed":            func(door.User) (door.User, bool) { return door.User{}, false },
		"with other streams": func(u door.User) (door.User, bool) { u.Streams = []string{"invoice-"}; return u, true },
		"with another password": func(u door.User) (door.User, bool) {
			u.PasswordSHA256 = sha256.Sum256([]byte("another"))
			return u, true
		},
	} {
		t.Run(name, func(t *testing.T) {
			var changed atomic.Bool
			h, _ := guardedHouse(t, func(o *door.Options) {
				o.Recheck = 10 * time.Millisecond
				o.Users = func(ctx context.Context, name string) (door.User, bool, error) {
					u, known, err := people(ctx, name)
					if changed.Load() {
						u, known = change(u)
					}
					return u, known, err
				}
			})
			h.write("order-1", 1, 1)
			call, err := h.streams.Read(as(within(t), "reader", "changeit"), request(ofStream("order-1"), following))
			if err != nil {
				t.Fatal(err)
			}
			for received := ""; received != "0@order-1"; {
				m, err := call.Recv()
				if err != nil {
					t.Fatal(err)
				}
				received = inWords(m)
			}
			changed.Store(true)
			for err == nil {
				_, err = call.Recv()
			}
			same(t, failing(codes.Unauthenticated), faultOf(err, call.Trailer()))
		})
	}
}

// TestAuthentication goes through 1.8.
func TestAuthentication(t *testing.T) {
	h, _ := guardedHouse(t)
	h.write("order-1", 1, 1)
	h.write("secret-1", 2, 1)
	h.writeEvents("order-links", link(3, "0@secret-1"))
	read := func(ctx context.Context, change ...func(*streams.ReadReq_Options)) ([]string, fault) {
		call, err := h.streams.Read(ctx, request(change...))
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for {
			m, err := call.Recv()
			if err != nil {
				return all, orEOF(err, call.Trailer())
			}
			all = append(all, inWords(m))
		}
	}
	denied, unknown := failing(codes.PermissionDenied, "exception", "access-denied"), failing(codes.Unauthenticated)
	bearer := metadata.AppendToOutgoingContext(within(t), "authorization", "Bearer abc")
	nonsense := metadata.AppendToOutgoingContext(within(t), "authorization", "Basic %%%")
	for _, c := range []struct {
		name   string
		ctx    context.Context
		change []func(*streams.ReadReq_Options)
		want   []string
		fault  fault
	}{
		{"1.8 without credentials", within(t), []func(*streams.ReadReq_Options){ofStream("order-1")}, nil, unknown},
		{"1.8 a wrong password", as(within(t), "admin", "wrong"), []func(*streams.ReadReq_Options){ofStream("order-1")}, nil, unknown},
		{"1.8 an unknown user", as(within(t), "nobody", "changeit"), []func(*streams.ReadReq_Options){ofStream("order-1")}, nil, unknown},
		{"1.8 no base64", nonsense, []func(*streams.ReadReq_Options){ofStream("order-1")}, nil, unknown},
		{"1.8 an unknown bearer token", bearer, []func(*streams.ReadReq_Options){ofStream("order-1")}, nil, denied},
		{"the users cannot be asked", as(within(t), "broken", "changeit"), []func(*streams.ReadReq_Options){ofStream("order-1")}, nil, failing(codes.Unavailable)},
		{"admin sees all", as(within(t), "admin", "changeit"), []func(*streams.ReadReq_Options){ofAll}, []string{"0@order-1", "0@secret-1", "0@order-links"}, fine},
		{"ops sees all", as(within(t), "ops", "changeit"), []func(*streams.ReadReq_Options){ofStream("secret-1")}, []string{"0@secret-1"}, fine},
		{"a reader sees its streams", as(within(t), "reader", "changeit"), []func(*streams.ReadReq_Options){ofStream("order-1")}, []string{"0@order-1"}, fine},
		{"a reader sees no others", as(within(t), "reader", "changeit"), []func(*streams.ReadReq_Options){ofStream("secret-1")}, nil, denied},
		{"a reader sees its part of all", as(within(t), "reader", "changeit"), []func(*streams.ReadReq_Options){ofAll}, []string{"0@order-1", "0@order-links"}, fine},
		{"a reader sees nothing behind links", as(within(t), "reader", "changeit"), []func(*streams.ReadReq_Options){ofAll, resolved}, []string{"0@order-1", "gone by 0@order-links"}, fine},
		{"a reader's filter stays in its part", as(within(t), "reader", "changeit"), []func(*streams.ReadReq_Options){ofAll, byPrefix(0, 1, "secret", "order-1")}, []string{"0@order-1"}, fine},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, f := read(c.ctx, c.change...)
			same(t, c.fault, f)
			same(t, c.want, got)
		})
	}
	for name, want := range map[string]fault{"admin": fine, "ops": denied, "reader": denied} {
		t.Run(name+" writes", func(t *testing.T) {
			call, err := h.streams.Append(as(within(t), name, "changeit"))
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range []*streams.AppendReq{options("order-2", anyState), propose(7)} {
				if err := call.Send(m); err != nil {
					t.Fatal(err)
				}
			}
			_, err = call.CloseAndRecv()
			same(t, want, faultOf(err, call.Trailer()))
		})
	}
	t.Run("a stranger is answered when the append was sent, not before", func(t *testing.T) {
		call, err := h.streams.Append(as(within(t), "admin", "wrong"))
		if err != nil {
			t.Fatal(err)
		}
		answered := make(chan struct{})
		go func() {
			defer close(answered)
			_, _ = call.Header() // the refusal has one, or none
		}()
		if err := call.Send(options("order-2", anyState)); err != nil {
			t.Fatal(err)
		}
		select {
		case <-answered:
			t.Error("answered while it sends")
		case <-time.After(50 * time.Millisecond):
		}
		if err := call.Send(propose(8)); err != nil {
			t.Error(err)
		}
		_, err = call.CloseAndRecv()
		same(t, unknown, faultOf(err, call.Trailer()))
	})
	for name, want := range map[string]fault{"admin": fine, "ops": fine, "reader": denied} {
		t.Run(name+" manages groups", func(t *testing.T) {
			var trailer metadata.MD
			_, err := h.persistent.Create(as(within(t), name, "changeit"), newGroup("order-1", "of "+name), grpc.Trailer(&trailer))
			same(t, want, faultOf(err, trailer))
		})
	}
	for source, want := range map[string]fault{"order-1": fine, "secret-1": denied, "$all": denied} {
		t.Run("a reader in a group of "+source, func(t *testing.T) {
			if _, err := h.persistent.Create(as(within(t), "ops", "changeit"), newGroup(source, "g")); err != nil {
				t.Fatal(err)
			}
			c := h.openIn(as(within(t), "reader", "changeit"), source, "g", 10)
			if err := c.call.CloseSend(); err != nil {
				t.Fatal(err)
			}
			same(t, want, c.ended())
		})
	}
	t.Run("1.3 features and gossip are told to strangers", func(t *testing.T) {
		if _, err := h.features.GetSupportedMethods(within(t), empty); err != nil {
			t.Error(err)
		}
		if _, err := gossip.NewGossipClient(h.conn).Read(within(t), empty); err != nil {
			t.Error(err)
		}
	})
}

// TestTooManyConnections: a connection too many is told so, and there is room again when
// another leaves.
func TestTooManyConnections(t *testing.T) {
	h := build(t, func(o *door.Options) { o.Connections = limits.Connections{All: 2, Address: 2} })
	plain := grpc.WithTransportCredentials(insecure.NewCredentials())
	read := func(conn *grpc.ClientConn) fault {
		call, err := streams.NewStreamsClient(conn).Read(within(t), request(ofAll))
		if err == nil {
			_, err = call.Recv()
		}
		return orEOF(err, nil)
	}
	first, second := h.dial(plain), h.dial(plain)
	same(t, fine, read(first))
	same(t, fine, read(second))
	full := failing(codes.ResourceExhausted)
	same(t, full, read(h.dial(plain)))
	append, err := streams.NewStreamsClient(h.dial(plain)).Append(within(t))
	if err != nil {
		t.Fatal(err)
	}
	_, err = append.CloseAndRecv()
	same(t, full, faultOf(err, nil))
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	until(t, "room for a client", func() bool {
		conn := h.dial(plain)
		defer conn.Close()
		return read(conn).Code == codes.OK
	})
}

// TestF47_SilentClientsHaveToLeave: connections that say nothing make room for others within the
// time of a handshake, with TLS and without.
func TestF47_SilentClientsHaveToLeave(t *testing.T) {
	h := build(t, func(o *door.Options) {
		o.Connections, o.Handshake = limits.Connections{All: 4, Address: 4}, 100*time.Millisecond
	})
	silent := make([]net.Conn, 4)
	for i := range silent {
		c, err := net.Dial("tcp", h.address())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		silent[i] = c
	}
	for _, c := range silent {
		_ = c.SetReadDeadline(time.Now().Add(limit))
		if _, err := io.Copy(io.Discard, c); err != nil { // what the server says, until it hangs up
			t.Errorf("a silent client stays: %v", err)
		}
	}
	if _, err := h.features.GetSupportedMethods(within(t), &shared.Empty{}, grpc.WaitForReady(true)); err != nil {
		t.Error(err)
	}
}

// TestF47_EveryCallHasALimit: the matrix has a row for each call, and a call beyond it is refused.
func TestF47_EveryCallHasALimit(t *testing.T) {
	h := build(t, func(o *door.Options) {
		m := limits.Standard()
		m[limits.DoorGroup] = limits.Bounds{ByAddress: limits.Rate{PerMinute: 1, Burst: 2}}
		o.Limits = limits.New(m, time.Now)
	})
	for _, method := range door.Methods(h.door) {
		if _, ok := limits.OfCall(method); !ok {
			t.Errorf("%s has no row in limits.Calls", method)
		}
	}
	for n := range 3 {
		_, err := h.persistent.Delete(within(t), &persistentpb.DeleteReq{Options: &persistentpb.DeleteReq_Options{
			GroupName: "none", StreamOption: &persistentpb.DeleteReq_Options_All{All: &shared.Empty{}},
		}})
		if limited := status.Code(err) == codes.ResourceExhausted; limited != (n == 2) {
			t.Errorf("change %d of groups: %v", n, err)
		}
	}
	if _, err := h.features.GetSupportedMethods(within(t), &shared.Empty{}); err != nil {
		t.Error(err)
	}
}
