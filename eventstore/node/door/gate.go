package door

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net"
	"sleutelbos/internal/limits"
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

// gate decides who comes in: every call passes it before its handler, and a long one is
// asked again now and then.
type gate struct {
	o        Options
	stopping chan struct{} // closed once
}

// identify returns the context of a call with its user in it.
func (g *gate) identify(ctx context.Context) (context.Context, error) {
	if g.o.Users == nil {
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
	user, known, err := g.o.Users(ctx, name)
	if err != nil {
		g.o.Logger.ErrorContext(ctx, "look up a user of the event log's door", "error", err)
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

// guard lets a call in. A write that is not allowed is let in as far as its handler, which
// refuses it when the request has been read (see refuseWrite).
func (g *gate) guard(ctx context.Context, method string) (context.Context, error) {
	select {
	case <-g.stopping:
		return nil, errStopping
	default:
	}
	if err := g.bound(ctx, method, ""); err != nil {
		return nil, err
	}
	if method == serverfeatures.ServerFeatures_GetSupportedMethods_FullMethodName || method == gossip.Gossip_Read_FullMethodName {
		return ctx, nil // clients ask before they say who they are
	}
	if p, ok := peer.FromContext(ctx); ok {
		if _, tooMany := p.Addr.(crowdedAddr); tooMany {
			return nil, errCrowded
		}
	}
	ctx, err := g.identify(ctx)
	if err == nil && g.o.Users != nil {
		err = g.bound(ctx, method, caller(ctx).Name)
	}
	return ctx, err
}

// bound holds a call to the limits of its kind of work: those of its address, or those of its user.
func (g *gate) bound(ctx context.Context, method, user string) error {
	work, ok := limits.OfCall(method)
	if !ok {
		work = limits.DoorGroup // a test finds it
	}
	by := limits.Asker{Account: user}
	if p, ok := peer.FromContext(ctx); ok && user == "" {
		by.Address, _, _ = net.SplitHostPort(p.Addr.String()) // a Unix socket has none
	}
	if err := g.o.Limits.Take(work, by); err != nil {
		return status.Error(codes.ResourceExhausted, "Too many calls from here. Try again later.")
	}
	return nil
}

// takesWrites says whether the caller may write to streams.
func (g *gate) takesWrites(ctx context.Context) bool { return g.o.Open && caller(ctx).mayWrite() }

// refuseWrite returns the refusal of a write, nil if it may be done.
func (g *gate) refuseWrite(ctx context.Context) error {
	if !g.takesWrites(ctx) {
		return accessDenied(ctx)
	}
	return nil
}

func (g *gate) guardUnary(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	ctx, err := g.guard(ctx, info.FullMethod)
	if err != nil {
		return nil, err
	}
	return next(ctx, req)
}

func (g *gate) guardStream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	ctx, err := g.guard(stream.Context(), info.FullMethod)
	if err != nil {
		hearOut(stream, info.FullMethod)
		return err
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	if g.o.Users != nil {
		go g.recheck(ctx, end)
	}
	err = next(srv, guarded{ServerStream: stream, ctx: ctx})
	if errors.Is(context.Cause(ctx), errWhoAreYou) {
		return errWhoAreYou
	}
	return err
}

// recheck ends a call whose user was removed, or has other rights or another password than
// when it began: a subscription may last for months. A client whose user still exists calls
// again. While the users can't be asked the call goes on.
func (g *gate) recheck(ctx context.Context, end context.CancelCauseFunc) {
	tick := time.NewTicker(g.o.Recheck)
	defer tick.Stop()
	before := caller(ctx)
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		again, err := g.identify(ctx)
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
