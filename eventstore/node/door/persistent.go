package door

import (
	"context"
	"errors"
	"math"
	"time"

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

// persistentService answers persistent_subscriptions.PersistentSubscriptions.
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

// keyOf reads which group is meant.
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

// groupFault is the status for an error of the groups.
func (s *Server) groupFault(ctx context.Context, k persistent.Key, err error) error {
	named := func(code codes.Code, exception, message string) error {
		return fail(ctx, code, exception, message, "stream-name", k.Stream, "group-name", k.Group)
	}
	if fault, ok := errors.AsType[*persistent.InvalidError](err); ok {
		return invalid(fault.Problem)
	}
	switch {
	case errors.Is(err, persistent.ErrMissing):
		return named(codes.NotFound, exceptionGroupMissing, "The persistent subscription does not exist.")
	case errors.Is(err, persistent.ErrExists):
		return named(codes.AlreadyExists, exceptionGroupExists, "The persistent subscription exists already.")
	case errors.Is(err, persistent.ErrFull):
		return named(codes.FailedPrecondition, exceptionGroupFull, "The persistent subscription has its maximum of subscribers.")
	case errors.Is(err, persistent.ErrDropped):
		return named(codes.Canceled, exceptionGroupDropped, "The persistent subscription was dropped.")
	}
	mapped := s.failure(ctx, k.Stream, err)
	if status.Code(mapped) != codes.Internal {
		return mapped
	}
	return fail(ctx, codes.Internal, exceptionGroupFailed, "The persistent subscription failed.",
		"stream-name", k.Stream, "group-name", k.Group, "reason", "The event log could not answer.")
}

// manage refuses who may not manage groups.
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

// created reads the options of a new group. Node clients fill only the deprecated
// members: the identifier beside the options, and the revision among the settings.
func created(o *persistentpb.CreateReq_Options) (persistent.Config, error) {
	if o.GetSettings() == nil {
		return persistent.Config{}, invalid("A persistent subscription needs settings.")
	}
	c := persistent.Config{Group: o.GetGroupName(), Settings: settings(o.GetSettings())}
	c.Settings.ConsumerStrategy = persistent.Strategy(o.GetSettings().GetConsumerStrategy())
	if c.Settings.ConsumerStrategy == "" {
		c.Settings.ConsumerStrategy = persistent.Strategy(o.GetSettings().GetNamedConsumerStrategy().String())
	}
	name := o.GetStreamIdentifier()
	switch source := o.GetStreamOption().(type) {
	case *persistentpb.CreateReq_Options_All:
		return allGroup(c, source.All)
	case *persistentpb.CreateReq_Options_Stream:
		name = source.Stream.GetStreamIdentifier()
		switch at := source.Stream.GetRevisionOption().(type) {
		case *persistentpb.CreateReq_StreamOptions_Revision:
			c.Start = startAt(at.Revision)
		case *persistentpb.CreateReq_StreamOptions_End:
			c.Start = persistent.FromEnd
		}
	default:
		c.Start = startAt(o.GetSettings().GetRevision())
	}
	return named(c, name)
}

// allGroup reads what only a group of $all has.
func allGroup(c persistent.Config, o *persistentpb.CreateReq_AllOptions) (persistent.Config, error) {
	switch at := o.GetAllOption().(type) {
	case *persistentpb.CreateReq_AllOptions_Position:
		c.Start = startAt(at.Position.GetCommitPosition())
	case *persistentpb.CreateReq_AllOptions_End:
		c.Start = persistent.FromEnd
	}
	if f := o.GetFilter(); f != nil {
		_, hasStream := f.GetFilter().(*persistentpb.CreateReq_AllOptions_FilterOptions_StreamIdentifier)
		_, hasType := f.GetFilter().(*persistentpb.CreateReq_AllOptions_FilterOptions_EventType)
		expression, err := wanted(hasStream, hasType, f.GetStreamIdentifier(), f.GetEventType())
		if err != nil {
			return c, err
		}
		c.Filter = &expression
	}
	return withKey(c, persistent.All)
}

// updated reads the options of a change.
func updated(o *persistentpb.UpdateReq_Options) (persistent.Config, error) {
	if o.GetSettings() == nil {
		return persistent.Config{}, invalid("A persistent subscription needs settings.")
	}
	c := persistent.Config{Group: o.GetGroupName(), Settings: settings(o.GetSettings())}
	c.Settings.ConsumerStrategy = persistent.Strategy(o.GetSettings().GetNamedConsumerStrategy().String())
	name := o.GetStreamIdentifier()
	switch source := o.GetStreamOption().(type) {
	case *persistentpb.UpdateReq_Options_All:
		switch at := source.All.GetAllOption().(type) {
		case *persistentpb.UpdateReq_AllOptions_Position:
			c.Start = startAt(at.Position.GetCommitPosition())
		case *persistentpb.UpdateReq_AllOptions_End:
			c.Start = persistent.FromEnd
		}
		return withKey(c, persistent.All)
	case *persistentpb.UpdateReq_Options_Stream:
		name = source.Stream.GetStreamIdentifier()
		switch at := source.Stream.GetRevisionOption().(type) {
		case *persistentpb.UpdateReq_StreamOptions_Revision:
			c.Start = startAt(at.Revision)
		case *persistentpb.UpdateReq_StreamOptions_End:
			c.Start = persistent.FromEnd
		}
	default:
		c.Start = startAt(o.GetSettings().GetRevision())
	}
	return named(c, name)
}

func named(c persistent.Config, id *shared.StreamIdentifier) (persistent.Config, error) {
	stream, err := streamName(id)
	if err != nil {
		return c, err
	}
	if stream == persistent.All {
		return c, invalid("$all is followed by its own option.")
	}
	return withKey(c, stream)
}

func withKey(c persistent.Config, stream string) (persistent.Config, error) {
	k, err := groupKey(stream, c.Group)
	c.Stream = k.Stream
	return c, err
}

// startAt is a revision or position to start at; the greatest number stands for the end.
func startAt(at uint64) int64 {
	if at > math.MaxInt64 {
		return persistent.FromEnd
	}
	return int64(at)
}

// wireSettings are the settings of a new group and of a change: generated twice.
type wireSettings interface {
	GetResolveLinks() bool
	GetExtraStatistics() bool
	GetMaxRetryCount() int32
	GetMinCheckpointCount() int32
	GetMaxCheckpointCount() int32
	GetMaxSubscriberCount() int32
	GetLiveBufferSize() int32
	GetReadBatchSize() int32
	GetHistoryBufferSize() int32
	GetMessageTimeoutTicks() int64
	GetMessageTimeoutMs() int32
	GetCheckpointAfterTicks() int64
	GetCheckpointAfterMs() int32
}

func settings(s wireSettings) persistent.Settings {
	return persistent.Settings{
		ResolveLinks:    s.GetResolveLinks(),
		ExtraStatistics: s.GetExtraStatistics(),
		MessageTimeout:  timeSpan(s.GetMessageTimeoutTicks(), s.GetMessageTimeoutMs()),
		MaxRetries:      int(s.GetMaxRetryCount()),
		CheckpointAfter: timeSpan(s.GetCheckpointAfterTicks(), s.GetCheckpointAfterMs()),
		MinCheckpoint:   int(s.GetMinCheckpointCount()),
		MaxCheckpoint:   int(s.GetMaxCheckpointCount()),
		MaxSubscribers:  int(s.GetMaxSubscriberCount()),
		LiveBuffer:      int(s.GetLiveBufferSize()),
		ReadBatch:       int(s.GetReadBatchSize()),
		HistoryBuffer:   int(s.GetHistoryBufferSize()),
	}
}

// timeSpan is one that came as ticks of 100 ns or as milliseconds, the other being 0.
func timeSpan(ticks int64, ms int32) time.Duration {
	const most = math.MaxInt64 / 100
	return time.Duration(max(-most, min(most, ticks)))*100 + time.Duration(ms)*time.Millisecond
}
