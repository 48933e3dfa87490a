package door

import (
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// The bounds of what hearOut reads of a client whose user is not known.
const (
	patience    = 5 * time.Second
	maxHeardOut = 1 << 20
)

// hearOut reads an append that is refused before its handler is called: a client that gets a
// response while it still sends reports a broken stream instead of the response.
func hearOut(stream grpc.ServerStream, method string) {
	if method != streams.Streams_Append_FullMethodName {
		return
	}
	heard := make(chan struct{})
	go func() { // it ends with the call at the latest
		defer close(heard)
		for n := 0; n < maxHeardOut; {
			var m streams.AppendReq
			if stream.RecvMsg(&m) != nil {
				return
			}
			n += proto.Size(&m)
		}
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-heard:
	case <-timer.C:
	}
}
