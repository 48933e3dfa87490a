package door

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
)

// Role is what a user of the door may do.
type Role int

// The roles, each with what the one before may do.
const (
	// Subscriber reads and subscribes to the streams of its prefixes; in $all it sees
	// only these. It manages nothing.
	Subscriber Role = iota + 1
	// Ops reads everything and manages persistent subscriptions.
	Ops
	// Admin may also write, where the door is open for that.
	Admin
)

// User is who calls.
type User struct {
	Name string
	Role Role
	// PasswordSHA256 is the SHA-256 of the password. Clients send it with every call, so
	// a slow hash is no option: passwords of the door are generated, 128 random bits or more.
	PasswordSHA256 [sha256.Size]byte
	// Streams are the prefixes of the streams that a Subscriber sees.
	Streams []string
}

// Users finds a user by name; false if there is none. It is asked at every call, and again
// every few seconds while one is open, and must be quick. An error answers the call with UNAVAILABLE.
type Users func(ctx context.Context, name string) (User, bool, error)

// nobody is the caller where no users are asked for: only this machine can connect.
var nobody = User{Name: "anonymous", Role: Admin}

// maySee says whether the user may see events of the stream.
func (u User) maySee(stream string) bool {
	if u.Role >= Ops {
		return true
	}
	if u.Role < Subscriber {
		return false
	}
	stream = strings.TrimPrefix(stream, "$$") // who sees a stream sees its metadata
	for _, prefix := range u.Streams {
		if strings.HasPrefix(stream, prefix) {
			return true
		}
	}
	return false
}

// mayWrite says whether the user may write to streams, the door being open.
func (u User) mayWrite() bool { return u.Role >= Admin }

// mayManage says whether the user may create, change and remove persistent subscriptions.
func (u User) mayManage() bool { return u.Role >= Ops }

type userKey struct{}

func caller(ctx context.Context) User {
	u, _ := ctx.Value(userKey{}).(User) // without the guard: nobody at all, with no right
	return u
}

// from is the caller's address, for the list of subscribers.
func from(ctx context.Context) string {
	p, ok := peer.FromContext(ctx)
	if !ok || p.Addr == nil {
		return ""
	}
	return p.Addr.String()
}

// identify answers the context of a call with its user in it.
func (s *Server) identify(ctx context.Context) (context.Context, error) {
	if s.o.Users == nil {
		return context.WithValue(ctx, userKey{}, nobody), nil
	}
	md, _ := metadata.FromIncomingContext(ctx)
	var header string
	if values := md.Get("authorization"); len(values) > 0 {
		header = values[0]
	}
	kind, value, _ := strings.Cut(header, " ")
	switch strings.ToLower(kind) {
	case "basic":
	case "bearer":
		return nil, accessDenied(ctx) // no tokens are given out, so all are unknown
	default:
		return nil, errWhoAreYou
	}
	plain, err := base64.StdEncoding.DecodeString(strings.TrimSpace(value))
	if err != nil {
		return nil, errWhoAreYou
	}
	name, password, ok := strings.Cut(string(plain), ":")
	if !ok {
		return nil, errWhoAreYou
	}
	user, known, err := s.o.Users(ctx, name)
	if err != nil {
		s.o.Logger.ErrorContext(ctx, "look up a user of the event log's door", "error", err)
		return nil, errStopping
	}
	// The work is the same for a name that is unknown, so that time tells nothing.
	given := sha256.Sum256([]byte(password))
	if same := subtle.ConstantTimeCompare(given[:], user.PasswordSHA256[:]) == 1; !same || !known {
		return nil, errWhoAreYou
	}
	return context.WithValue(ctx, userKey{}, user), nil
}

var errWhoAreYou = status.Error(codes.Unauthenticated, "Not authenticated.")

// guard lets a call in. A write that is not allowed is let in as far as its handler,
// which answers when the request was read (see refuseWrite).
func (s *Server) guard(ctx context.Context, method string) (context.Context, error) {
	select {
	case <-s.stopping:
		return nil, errStopping
	default:
	}
	if method == serverfeatures.ServerFeatures_GetSupportedMethods_FullMethodName || method == gossip.Gossip_Read_FullMethodName {
		return ctx, nil // clients ask before they say who they are
	}
	if p, ok := peer.FromContext(ctx); ok {
		if _, tooMany := p.Addr.(crowdedAddr); tooMany {
			return nil, errCrowded
		}
	}
	return s.identify(ctx)
}

// takesWrites says whether the caller may write to streams.
func (s *Server) takesWrites(ctx context.Context) bool { return s.o.Open && caller(ctx).mayWrite() }

// refuseWrite answers the refusal of a write, nil if it may be done.
func (s *Server) refuseWrite(ctx context.Context) error {
	if !s.takesWrites(ctx) {
		return accessDenied(ctx)
	}
	return nil
}

func (s *Server) guardUnary(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	ctx, err := s.guard(ctx, info.FullMethod)
	if err != nil {
		return nil, err
	}
	return next(ctx, req)
}

func (s *Server) guardStream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	ctx, err := s.guard(stream.Context(), info.FullMethod)
	if err != nil {
		hearOut(stream, info.FullMethod)
		return err
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	if s.o.Users != nil {
		go s.recheck(ctx, end)
	}
	err = next(srv, guarded{ServerStream: stream, ctx: ctx})
	if errors.Is(context.Cause(ctx), errWhoAreYou) {
		return errWhoAreYou
	}
	return err
}

// recheck ends a call whose user was removed, or has other rights or another password than
// when it began: a subscription may last for months. A client that is still somebody comes
// again. While the users can't be asked the call goes on.
func (s *Server) recheck(ctx context.Context, end context.CancelCauseFunc) {
	tick := time.NewTicker(s.o.Recheck)
	defer tick.Stop()
	before := caller(ctx)
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		again, err := s.identify(ctx)
		if err == nil {
			if now := caller(again); now.Role == before.Role && slices.Equal(now.Streams, before.Streams) {
				continue
			}
			err = errWhoAreYou
		}
		if errors.Is(err, errWhoAreYou) {
			end(errWhoAreYou)
			return
		}
	}
}

// guarded is a stream whose context knows the caller.
type guarded struct {
	grpc.ServerStream
	ctx context.Context
}

func (g guarded) Context() context.Context { return g.ctx }
