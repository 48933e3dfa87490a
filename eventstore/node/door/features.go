package door

import (
	"context"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
)

// serverVersion must be three plain numbers: clients parse it and choose by it.
const serverVersion = "24.10.0"

type featuresService struct {
	serverfeatures.UnimplementedServerFeaturesServer
}

// GetSupportedMethods tells what this node can do; names are all lower case.
func (featuresService) GetSupportedMethods(context.Context, *shared.Empty) (*serverfeatures.SupportedMethods, error) {
	const (
		streamsName    = "event_store.client.streams.streams"
		persistentName = "event_store.client.persistent_subscriptions.persistentsubscriptions"
	)
	both := []string{"stream", "all"}
	answer := &serverfeatures.SupportedMethods{EventStoreServerVersion: serverVersion}
	add := func(service, method string, features ...string) {
		answer.Methods = append(answer.Methods, &serverfeatures.SupportedMethod{
			ServiceName: service, MethodName: method, Features: features,
		})
	}
	add(streamsName, "append")
	add(streamsName, "batchappend", "deadline_duration")
	add(streamsName, "read", "position", "events")
	add(streamsName, "delete")
	add(streamsName, "tombstone")
	for _, method := range []string{"create", "update", "delete", "read", "getinfo", "list", "replayparked"} {
		add(persistentName, method, both...)
	}
	add(persistentName, "restartsubsystem")
	add("event_store.client.gossip.gossip", "read")
	add("event_store.client.server_features.serverfeatures", "getsupportedmethods")
	return answer, nil
}

type gossipService struct {
	gossip.UnimplementedGossipServer
	door *Server
}

// Read tells of one member, the leader: this node.
func (g gossipService) Read(ctx context.Context, _ *shared.Empty) (*gossip.ClusterInfo, error) {
	host, port := g.door.advertised(ctx)
	return &gossip.ClusterInfo{Members: []*gossip.MemberInfo{{
		InstanceId:   wireID(g.door.instance, false),
		TimeStamp:    ticks(g.door.o.Now()),
		State:        gossip.MemberInfo_Leader,
		IsAlive:      true,
		HttpEndPoint: &gossip.EndPoint{Address: host, Port: port},
	}}}, nil
}
