package door

import (
	"context"
	"errors"
	"fmt"

	persistentpb "github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"sleutelbos/eventstore/node/persistent"
)

// The exceptions of persistent subscriptions.
const (
	exceptionGroupMissing = "persistent-subscription-does-not-exist"
	exceptionGroupExists  = "persistent-subscription-exists"
	exceptionGroupFull    = "maximum-subscribers-reached"
	exceptionGroupDropped = "persistent-subscription-dropped"
	exceptionGroupFailed  = "persistent-subscription-failed"
)

// persistentService implements the service PersistentSubscriptions.
type persistentService struct {
	persistentpb.UnimplementedPersistentSubscriptionsServer
	door *Server
}

// sourced is an option that names a stream or all of them.
type sourced interface {
	GetStreamIdentifier() *shared.StreamIdentifier
	GetAll() *shared.Empty
	GetGroupName() string
}

// keyOf returns the key of the group that an option names.
func keyOf(o sourced) (persistent.Key, error) {
	if o.GetAll() != nil {
		return groupKey(persistent.All, o.GetGroupName())
	}
	stream, err := streamName(o.GetStreamIdentifier())
	if err != nil {
		return persistent.Key{}, err
	}
	return groupKey(stream, o.GetGroupName())
}

func groupKey(stream, group string) (persistent.Key, error) {
	if group == "" || len(group) > maxName {
		return persistent.Key{}, invalid("A group name is needed, and not too long.")
	}
	return persistent.Key{Stream: stream, Group: group}, nil
}

// groupFault returns the status for an error of the groups.
func (s *Server) groupFault(ctx context.Context, k persistent.Key, err error) error {
	// Clients show the sentence, so it is EventStoreDB's, with the names in it.
	named := func(code codes.Code, exception, sentence string) error {
		return fail(ctx, code, exception, fmt.Sprintf(sentence, k.Group, k.Stream), "stream-name", k.Stream, "group-name", k.Group)
	}
	if fault, ok := errors.AsType[*persistent.InvalidError](err); ok {
		return invalid(fault.Problem)
	}
	switch {
	case errors.Is(err, persistent.ErrMissing):
		return named(codes.NotFound, exceptionGroupMissing, "Subscription group %s on stream %s does not exist.")
	case errors.Is(err, persistent.ErrExists):
		return named(codes.AlreadyExists, exceptionGroupExists, "Subscription group %s on stream %s exists.")
	case errors.Is(err, persistent.ErrFull):
		return named(codes.FailedPrecondition, exceptionGroupFull, "Maximum subscriptions reached for subscription group %s on stream %s.")
	case errors.Is(err, persistent.ErrTooMany):
		return status.Error(codes.ResourceExhausted, "There are as many persistent subscriptions as there may be.")
	case errors.Is(err, persistent.ErrDropped):
		return named(codes.Canceled, exceptionGroupDropped, "Subscription group %s on stream %s was dropped.")
	}
	mapped := s.failure(ctx, k.Stream, err)
	if status.Code(mapped) != codes.Internal {
		return mapped
	}
	return fail(ctx, codes.Internal, exceptionGroupFailed, "The persistent subscription failed.",
		"stream-name", k.Stream, "group-name", k.Group, "reason", "The event log could not answer.")
}

// manage refuses a caller who may not manage groups.
func (p persistentService) manage(ctx context.Context) error {
	if !caller(ctx).mayManage() {
		return accessDenied(ctx)
	}
	return nil
}

// Create makes a group.
func (p persistentService) Create(ctx context.Context, r *persistentpb.CreateReq) (*persistentpb.CreateResp, error) {
	if err := p.manage(ctx); err != nil {
		return nil, err
	}
	c, err := created(r.GetOptions())
	if err != nil {
		return nil, err
	}
	c.CreatedBy = caller(ctx).Name
	if err := p.door.groups.Create(ctx, c); err != nil {
		return nil, p.door.groupFault(ctx, c.Key(), err)
	}
	return &persistentpb.CreateResp{}, nil
}

// Update changes a group and drops its consumers.
func (p persistentService) Update(ctx context.Context, r *persistentpb.UpdateReq) (*persistentpb.UpdateResp, error) {
	if err := p.manage(ctx); err != nil {
		return nil, err
	}
	c, err := updated(r.GetOptions())
	if err != nil {
		return nil, err
	}
	if err := p.door.groups.Update(ctx, c); err != nil {
		return nil, p.door.groupFault(ctx, c.Key(), err)
	}
	return &persistentpb.UpdateResp{}, nil
}

// Delete removes a group and drops its consumers.
func (p persistentService) Delete(ctx context.Context, r *persistentpb.DeleteReq) (*persistentpb.DeleteResp, error) {
	if err := p.manage(ctx); err != nil {
		return nil, err
	}
	k, err := keyOf(r.GetOptions())
	if err != nil {
		return nil, err
	}
	if err := p.door.groups.Delete(ctx, k); err != nil {
		return nil, p.door.groupFault(ctx, k, err)
	}
	return &persistentpb.DeleteResp{}, nil
}

// ReplayParked hands parked messages out again.
func (p persistentService) ReplayParked(ctx context.Context, r *persistentpb.ReplayParkedReq) (*persistentpb.ReplayParkedResp, error) {
	if err := p.manage(ctx); err != nil {
		return nil, err
	}
	o := r.GetOptions()
	k, err := keyOf(o)
	if err != nil {
		return nil, err
	}
	stopAt := int64(-1)
	switch limit := o.GetStopAtOption().(type) {
	case *persistentpb.ReplayParkedReq_Options_StopAt:
		if stopAt = limit.StopAt; stopAt < 0 {
			return nil, invalid("The place to stop at is negative.")
		}
	case *persistentpb.ReplayParkedReq_Options_NoLimit:
	default:
		return nil, invalid("A replay needs a place to stop at, or no limit.")
	}
	if err := p.door.groups.ReplayParked(ctx, k, stopAt); err != nil {
		return nil, p.door.groupFault(ctx, k, err)
	}
	return &persistentpb.ReplayParkedResp{}, nil
}

// RestartSubsystem starts every group anew.
func (p persistentService) RestartSubsystem(ctx context.Context, _ *shared.Empty) (*shared.Empty, error) {
	if err := p.manage(ctx); err != nil {
		return nil, err
	}
	if err := p.door.groups.Restart(ctx); err != nil {
		return nil, p.door.groupFault(ctx, persistent.Key{}, err)
	}
	return &shared.Empty{}, nil
}
