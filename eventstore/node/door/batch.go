package door

import (
	"context"
	"errors"
	"io"
	"math"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"sleutelbos/eventstore"
)

// Limits of one BatchAppend call.
const (
	maxUnanswered = 1024 // appends handed to the log whose response was not sent yet
	maxUnfinished = 256  // appends whose last message has not come yet
)

// BatchAppend takes many appends on one call. It hands each to the log as soon as it is
// complete, so that those of one moment share a commit, and sends each response when it is
// known:
//
//	receive ─► take ─► submit ─► the log's committer ─► reply ─► answers ─► flush ─► client
//
// One goroutine receives and another sends. The slots bound how many appends are between.
func (s streamsService) BatchAppend(call streams.Streams_BatchAppendServer) error {
	return s.door.run(call.Context(), subscription{}, func(ctx context.Context, live *liveCall) error {
		b := &batch{
			door: s.door, unfinished: map[uuid.UUID]*batchAppend{},
			slots: make(chan struct{}, maxUnanswered), answered: make(chan struct{}, 1),
		}
		received := make(chan error, 1)
		s.door.workers.Go(func() { received <- b.receive(ctx, call) })
		return b.answer(ctx, received, func(r *streams.BatchAppendResp) error {
			return live.send(func() error { return call.Send(r) })
		})
	})
}

// batch is the state of one call. Only the receiver uses unfinished. The log's committer
// appends to answers, and must never wait.
type batch struct {
	door       *Server
	unfinished map[uuid.UUID]*batchAppend
	slots      chan struct{}

	mu       sync.Mutex
	answers  []*streams.BatchAppendResp
	answered chan struct{}
}

// batchAppend is one append of the call.
type batchAppend struct {
	appendRequest
	id       *shared.UUID // as it came, for the response
	options  *streams.BatchAppendReq_Options
	deadline time.Time
	limit    int // of its size, to tell the client
	refusal  error
}

// receive reads requests until the client is done.
func (b *batch) receive(ctx context.Context, call streams.Streams_BatchAppendServer) error {
	for {
		message, err := call.Recv()
		if errors.Is(err, io.EOF) {
			return b.drained(ctx)
		}
		if err != nil {
			return err
		}
		if err := b.take(ctx, message); err != nil {
			return err
		}
	}
}

// drained waits until the response to every append was sent: then all slots are free.
func (b *batch) drained(ctx context.Context) error {
	for range maxUnanswered {
		select {
		case b.slots <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (b *batch) take(ctx context.Context, message *streams.BatchAppendReq) error {
	correlation, err := eventID(message.GetCorrelationId())
	if err != nil {
		return err
	}
	a := b.unfinished[correlation]
	if a == nil {
		if len(b.unfinished) == maxUnfinished {
			return status.Error(codes.ResourceExhausted, "Too many appends were begun and not finished.")
		}
		a = b.begin(ctx, message)
		b.unfinished[correlation] = a
	}
	for _, p := range message.GetProposedMessages() {
		if a.refusal == nil {
			a.refusal = a.propose(p, a.limit)
		}
	}
	if !message.GetIsFinal() {
		return nil
	}
	delete(b.unfinished, correlation)
	select {
	case b.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	b.submit(a)
	return nil
}

// errNoWrites refuses an append in a batch. The call goes on: clients have one for many
// appends, and give all of them up when it ends.
var errNoWrites = errors.New("the caller may not append")

func (b *batch) begin(ctx context.Context, message *streams.BatchAppendReq) *batchAppend {
	o := message.GetOptions()
	a := &batchAppend{id: message.GetCorrelationId(), options: o, limit: b.door.o.MaxAppendSize}
	if a.stream, a.refusal = writableName(o.GetStreamIdentifier()); a.refusal != nil {
		return a
	}
	if !b.door.takesWrites(ctx) {
		a.refusal = errNoWrites
		return a
	}
	switch expected := o.GetExpectedStreamPosition().(type) {
	case *streams.BatchAppendReq_Options_StreamPosition:
		a.expected = eventstore.Expected(expected.StreamPosition)
		if expected.StreamPosition >= math.MaxInt64 {
			a.refusal = invalid("The expected revision is out of range.")
		}
	case *streams.BatchAppendReq_Options_NoStream:
		a.expected = eventstore.NoStream
	case *streams.BatchAppendReq_Options_Any:
		a.expected = eventstore.Any
	case *streams.BatchAppendReq_Options_StreamExists:
		a.expected = eventstore.StreamExists
	default:
		a.refusal = invalid("An expected revision is needed.")
	}
	switch deadline := o.GetDeadlineOption().(type) {
	case *streams.BatchAppendReq_Options_Deadline_21_10_0:
		a.deadline = deadline.Deadline_21_10_0.AsTime()
	case *streams.BatchAppendReq_Options_Deadline:
		a.deadline = b.door.o.Now().Add(deadline.Deadline.AsDuration())
	}
	return a
}

// submit hands a complete append to the log. The response is the log's outcome or, if the
// deadline comes first, Timeout: then the client does not know the outcome.
func (b *batch) submit(a *batchAppend) {
	if a.refusal != nil {
		b.reply(a, eventstore.Receipt{}, a.refusal)
		return
	}
	var once sync.Once
	var timer *time.Timer
	if !a.deadline.IsZero() {
		left := a.deadline.Sub(b.door.o.Now())
		if left <= 0 {
			b.reply(a, eventstore.Receipt{}, context.DeadlineExceeded)
			return
		}
		timer = time.AfterFunc(left, func() {
			once.Do(func() { b.reply(a, eventstore.Receipt{}, context.DeadlineExceeded) })
		})
	}
	request := eventstore.Append{Stream: a.stream, Expected: a.expected, Events: a.events}
	b.door.log.AppendAsync(request, func(r eventstore.Receipt, err error) {
		if timer != nil {
			timer.Stop()
		}
		once.Do(func() { b.reply(a, r, err) })
	})
}

// reply queues a response. The slots bound the queue.
func (b *batch) reply(a *batchAppend, r eventstore.Receipt, err error) {
	answer := a.response(b.door.placed(r), err)
	b.mu.Lock()
	b.answers = append(b.answers, answer)
	b.mu.Unlock()
	select {
	case b.answered <- struct{}{}:
	default: // the sender was told already
	}
}

// answer sends the responses until the receiver is done.
func (b *batch) answer(ctx context.Context, received <-chan error, send func(*streams.BatchAppendResp) error) error {
	for {
		select {
		case <-b.answered:
			if err := b.flush(send); err != nil {
				return err
			}
		case err := <-received:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (b *batch) flush(send func(*streams.BatchAppendResp) error) error {
	b.mu.Lock()
	answers := b.answers
	b.answers = nil
	b.mu.Unlock()
	for _, r := range answers {
		if err := send(r); err != nil {
			return err
		}
		<-b.slots
	}
	return nil
}
