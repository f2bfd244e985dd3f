package doppel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/doppel-dev/doppel/clients/go/generated/doppelv1"
)

// Stream tells of an execution until it ends. Where the connection breaks it goes
// on with the next event, so that each comes once and none is left out. It is not
// to be used by several goroutines at once.
type Stream struct {
	client  *Client
	ctx     context.Context
	cancel  context.CancelFunc
	begin   *doppelv1.ExecutePlanRequest // nil: a Watch
	name    string
	last    int64
	ahead   *doppelv1.ExecutionEvent
	result  *doppelv1.Execution
	receive func() (*doppelv1.ExecutionEvent, error) // nil: not attached
	detach  context.CancelFunc
	backoff backoff
	err     error // why it ended; io.EOF: as it should
}

func (c *Client) newStream(ctx context.Context) *Stream {
	ctx, cancel := context.WithCancel(ctx)
	return &Stream{client: c, ctx: ctx, cancel: cancel}
}

// Name is the execution, "executions/{uuid}"; empty before the first event of
// one that is only validated.
func (s *Stream) Name() string { return s.name }

// LastSequence is the sequence of the last event that Next gave, for Watch.
func (s *Stream) LastSequence() int64 {
	if s.ahead != nil {
		return s.ahead.GetSequence() - 1
	}
	return s.last
}

// Result is the execution as it ended; nil before that.
func (s *Stream) Result() *doppelv1.Execution { return s.result }

// Close stops the telling, not the execution.
func (s *Stream) Close() {
	s.cancel()
	if s.err == nil {
		s.err = newError(status.New(codes.Canceled, "the stream was closed"))
	}
}

// Next waits for the next event. It gives io.EOF when the execution has ended,
// however it ended: see Result.
func (s *Stream) Next() (*doppelv1.ExecutionEvent, error) {
	if event := s.ahead; event != nil {
		s.ahead = nil
		return event, nil
	}
	if s.err != nil {
		return nil, s.err
	}
	event, err := s.next()
	if err != nil {
		s.err = err
		s.cancel()
	}
	return event, err
}

// Events iterates over what Next gives, up to and without io.EOF.
func (s *Stream) Events() iter.Seq2[*doppelv1.ExecutionEvent, error] {
	return func(yield func(*doppelv1.ExecutionEvent, error) bool) {
		for {
			event, err := s.Next()
			if errors.Is(err, io.EOF) || !yield(event, err) || err != nil {
				return
			}
		}
	}
}

// Wait reads all events and gives the execution as it ended; nil if it was only
// validated. An execution that failed is no error: its Status and Error tell.
func (s *Stream) Wait() (*doppelv1.Execution, error) {
	for _, err := range s.Events() {
		if err != nil {
			return nil, err
		}
	}
	return s.result, nil
}

// readAhead waits for the first event, which names the execution.
func (s *Stream) readAhead() error {
	event, err := s.Next()
	if errors.Is(err, io.EOF) {
		return nil
	}
	s.ahead = event
	return err
}

// next attaches as often as it takes to get a new event.
func (s *Stream) next() (*doppelv1.ExecutionEvent, error) {
	for {
		event, err := s.attempt()
		switch {
		case event != nil:
			return event, nil
		case s.hasEnded(err):
			return nil, io.EOF
		case errors.Is(err, io.EOF):
			err = unavailable("the stream of %s ended too early", s.what())
		}
		s.drop()
		if err := s.backoff.wait(s.ctx, err, false); err != nil {
			return nil, err
		}
	}
}

// attempt gives a new event, or how the attachment ended.
func (s *Stream) attempt() (*doppelv1.ExecutionEvent, error) {
	if s.receive == nil {
		if err := s.attach(); err != nil {
			return nil, err
		}
	}
	for {
		event, err := s.receive()
		if err != nil {
			return nil, err
		}
		isNew, err := s.accept(event)
		if err != nil {
			return nil, err
		}
		if isNew {
			return event, nil
		}
	}
}

// attach makes the call. Until the execution has a name the same ExecutePlan is
// sent again, which its request_id makes safe.
func (s *Stream) attach() error {
	ctx, cancel := context.WithCancel(s.ctx)
	s.detach = cancel
	if s.name == "" {
		stream, err := s.client.executions.ExecutePlan(ctx, s.begin)
		s.receive = receiver(stream)
		return err
	}
	stream, err := s.client.executions.WatchExecution(ctx,
		&doppelv1.WatchExecutionRequest{Name: s.name, AfterSequence: s.last})
	s.receive = receiver(stream)
	return err
}

func (s *Stream) drop() {
	if s.detach != nil {
		s.detach()
	}
	s.receive = nil
}

// accept says whether the event is new; an error: events are missing before it.
func (s *Stream) accept(event *doppelv1.ExecutionEvent) (bool, error) {
	if event.GetExecution() != "" {
		s.name = event.GetExecution()
	}
	switch sequence := event.GetSequence(); {
	case sequence <= s.last:
		return false, nil
	case sequence > s.last+1:
		return false, unavailable("event %d of %s followed event %d", sequence,
			s.what(), s.last)
	}
	s.last = event.GetSequence()
	s.result = event.GetFinished()
	s.backoff.reset()
	return true, nil
}

// hasEnded says whether nothing can follow what ended the attachment.
func (s *Stream) hasEnded(err error) bool {
	validated := s.begin.GetValidateOnly() && errors.Is(err, io.EOF)
	return s.result != nil || validated
}

func (s *Stream) what() string {
	if s.name == "" {
		return "a plan"
	}
	return s.name
}

type eventResponse interface {
	GetEvent() *doppelv1.ExecutionEvent
}

func receiver[Response any, P interface {
	*Response
	eventResponse
}](stream grpc.ServerStreamingClient[Response]) func() (
	*doppelv1.ExecutionEvent, error,
) {
	return func() (*doppelv1.ExecutionEvent, error) {
		response, err := stream.Recv()
		return P(response).GetEvent(), err
	}
}

func unavailable(format string, args ...any) error {
	return newError(status.New(codes.Unavailable, fmt.Sprintf(format, args...)))
}
