package door

import (
	"math"
	"time"

	persistentpb "github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"

	"sleutelbos/eventstore/node/persistent"
)

// created reads the options of a new group. The client for Node.js fills only the deprecated
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

// startAt returns the revision or position at which to start. The greatest number stands for
// the end.
func startAt(at uint64) int64 {
	if at > math.MaxInt64 {
		return persistent.FromEnd
	}
	return int64(at)
}

// wireSettings are the settings of a new group and of a change, which are generated twice.
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

// timeSpan returns a span that came as ticks of 100 ns or as milliseconds; the other is 0.
func timeSpan(ticks int64, ms int32) time.Duration {
	const most = math.MaxInt64 / 100
	return time.Duration(max(-most, min(most, ticks)))*100 + time.Duration(ms)*time.Millisecond
}
