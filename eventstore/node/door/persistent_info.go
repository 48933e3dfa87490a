package door

import (
	"context"

	persistentpb "github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"

	"sleutelbos/eventstore/node/persistent"
)

// GetInfo returns how a group stands.
func (p persistentService) GetInfo(ctx context.Context, r *persistentpb.GetInfoReq) (*persistentpb.GetInfoResp, error) {
	k, err := keyOf(r.GetOptions())
	if err != nil {
		return nil, err
	}
	if err := p.inspect(ctx, k.Stream); err != nil {
		return nil, err
	}
	info, err := p.door.groups.Info(ctx, k)
	if err != nil {
		return nil, p.door.groupFault(ctx, k, err)
	}
	return &persistentpb.GetInfoResp{SubscriptionInfo: wireInfo(info)}, nil
}

// inspect refuses a caller who may not see the source of a group.
func (p persistentService) inspect(ctx context.Context, stream string) error {
	if u := caller(ctx); u.mayManage() || stream != "" && stream != persistent.All && u.maySee(stream) {
		return nil
	}
	return accessDenied(ctx)
}

// List returns how all groups stand, or those of one source, which must have a group.
func (p persistentService) List(ctx context.Context, r *persistentpb.ListReq) (*persistentpb.ListResp, error) {
	var stream string
	switch which := r.GetOptions().GetListOption().(type) {
	case *persistentpb.ListReq_Options_ListAllSubscriptions:
	case *persistentpb.ListReq_Options_ListForStream:
		switch source := which.ListForStream.GetStreamOption().(type) {
		case *persistentpb.ListReq_StreamOption_All:
			stream = persistent.All
		case *persistentpb.ListReq_StreamOption_Stream:
			name, err := streamName(source.Stream)
			if err != nil {
				return nil, err
			}
			stream = name
		default:
			return nil, invalid("A list needs a stream, or all of them.")
		}
	default:
		return nil, invalid("A list needs a stream, or all of them.")
	}
	if err := p.inspect(ctx, stream); err != nil {
		return nil, err
	}
	infos, err := p.door.groups.List(ctx, stream)
	if err != nil {
		return nil, p.door.groupFault(ctx, persistent.Key{Stream: stream}, err)
	}
	if stream != "" && len(infos) == 0 {
		return nil, p.door.groupFault(ctx, persistent.Key{Stream: stream}, persistent.ErrMissing)
	}
	answer := &persistentpb.ListResp{}
	for _, info := range infos {
		answer.Subscriptions = append(answer.Subscriptions, wireInfo(info))
	}
	return answer, nil
}

func wireInfo(i persistent.Info) *persistentpb.SubscriptionInfo {
	s := i.Settings
	answer := &persistentpb.SubscriptionInfo{
		EventSource:                   i.Stream,
		GroupName:                     i.Group,
		Status:                        "Live",
		AveragePerSecond:              int32(i.Count.PerSecond),
		TotalItems:                    i.Count.Total,
		CountSinceLastMeasurement:     i.Count.SinceAsked,
		LastCheckpointedEventPosition: i.LastCheckpoint,
		LastKnownEventPosition:        i.LastKnown,
		ResolveLinkTos:                s.ResolveLinks,
		StartFrom:                     i.StartFrom,
		MessageTimeoutMilliseconds:    int32(s.MessageTimeout.Milliseconds()),
		ExtraStatistics:               s.ExtraStatistics,
		MaxRetryCount:                 int32(s.MaxRetries),
		LiveBufferSize:                int32(s.LiveBuffer),
		BufferSize:                    int32(s.HistoryBuffer),
		ReadBatchSize:                 int32(s.ReadBatch),
		CheckPointAfterMilliseconds:   int32(s.CheckpointAfter.Milliseconds()),
		MinCheckPointCount:            int32(s.MinCheckpoint),
		MaxCheckPointCount:            int32(s.MaxCheckpoint),
		ReadBufferCount:               int32(i.ReadBuffer),
		LiveBufferCount:               int64(i.LiveBuffer),
		RetryBufferCount:              int32(i.RetryBuffer),
		TotalInFlightMessages:         int32(i.InFlight),
		OutstandingMessagesCount:      int32(i.Outstanding),
		NamedConsumerStrategy:         string(s.ConsumerStrategy),
		MaxSubscriberCount:            int32(s.MaxSubscribers),
		ParkedMessageCount:            i.Parked,
	}
	for _, c := range i.Connections {
		connection := &persistentpb.SubscriptionInfo_ConnectionInfo{
			From:                      c.From,
			Username:                  c.User,
			AverageItemsPerSecond:     int32(c.Count.PerSecond),
			TotalItems:                c.Count.Total,
			CountSinceLastMeasurement: c.Count.SinceAsked,
			AvailableSlots:            int32(max(0, c.Buffer-c.InFlight)),
			InFlightMessages:          int32(c.InFlight),
			ConnectionName:            c.Name,
		}
		for _, m := range c.Measurements {
			connection.ObservedMeasurements = append(connection.ObservedMeasurements,
				&persistentpb.SubscriptionInfo_Measurement{Key: m.Key, Value: m.Value})
		}
		answer.Connections = append(answer.Connections, connection)
	}
	return answer
}
