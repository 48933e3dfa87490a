package door

import (
	"context"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"sleutelbos/eventstore/node/persistent"
)

// TestF62_FaultsAreSaidAsThere: the sentences are EventStoreDB's, since clients show them.
func TestF62_FaultsAreSaidAsThere(t *testing.T) {
	s := &Server{gate: &gate{stopping: make(chan struct{})}}
	key := persistent.Key{Stream: "orders-1", Group: "mails"}
	for err, want := range map[error]*status.Status{
		persistent.ErrMissing: status.New(codes.NotFound, "Subscription group mails on stream orders-1 does not exist."),
		persistent.ErrExists:  status.New(codes.AlreadyExists, "Subscription group mails on stream orders-1 exists."),
		persistent.ErrFull:    status.New(codes.FailedPrecondition, "Maximum subscriptions reached for subscription group mails on stream orders-1."),
		persistent.ErrDropped: status.New(codes.Canceled, "Subscription group mails on stream orders-1 was dropped."),
	} {
		if got := status.Convert(s.groupFault(t.Context(), key, err)); got.Code() != want.Code() || got.Message() != want.Message() {
			t.Errorf("%v is %v, want %v", err, got, want)
		}
	}
	code := func() codes.Code { return status.Code(s.failure(t.Context(), "orders-1", context.Canceled)) }
	if got := code(); got != codes.Canceled {
		t.Errorf("canceled by its client: %s", got)
	}
	close(s.stopping)
	if got := code(); got != codes.Unavailable {
		t.Errorf("ended by a stop: %s", got)
	}
}
