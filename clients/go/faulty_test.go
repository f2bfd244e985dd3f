package doppel

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"sync"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"

	"github.com/doppel-dev/doppel/clients/go/generated/doppelv1"
)

// A server that does what a healthy doppeld never does: streams that break,
// uploads that are lost half-way. Everything else is tested with the real one.

// serveFaulty serves what register adds, and gives a client of it.
func serveFaulty(t *testing.T, register func(*grpc.Server)) *Client {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	register(server)
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	client, err := New(listener.Addr().String(), WithInsecure())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.Close(); err != nil {
			t.Error(err)
		}
		server.Stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return client
}

func info(reason string) protoadapt.MessageV1 {
	return protoadapt.MessageV1Of(
		&errdetails.ErrorInfo{Reason: reason, Domain: errorDomain})
}

func refusal(
	t *testing.T, code codes.Code, details ...protoadapt.MessageV1,
) error {
	t.Helper()
	s, err := status.New(code, "not so").WithDetails(details...)
	if err != nil {
		t.Fatal(err)
	}
	return s.Err()
}

// refusingEnvironments refuses every GetEnvironment in the same way.
type refusingEnvironments struct {
	doppelv1.UnimplementedEnvironmentServiceServer
	err error

	mu     sync.Mutex
	called int
}

func (r *refusingEnvironments) GetEnvironment(
	context.Context, *doppelv1.GetEnvironmentRequest,
) (*doppelv1.GetEnvironmentResponse, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.called++
	return nil, r.err
}

func (r *refusingEnvironments) calls() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.called
}

const (
	lastEvent     = 6
	executionName = "executions/1"
)

// breakingExecutions loses the stream in every way that there is.
type breakingExecutions struct {
	doppelv1.UnimplementedExecutionServiceServer

	mu          sync.Mutex
	requestIDs  []string
	watchedFrom []int64
}

func event(sequence int64) *doppelv1.ExecutionEvent {
	result := &doppelv1.ExecutionEvent{
		Execution: executionName,
		Sequence:  sequence,
		Event: &doppelv1.ExecutionEvent_Started{
			Started: &doppelv1.ExecutionStarted{Operations: 1},
		},
	}
	if sequence == lastEvent {
		result.Event = &doppelv1.ExecutionEvent_Finished{
			Finished: &doppelv1.Execution{
				Status: doppelv1.ExecutionStatus_EXECUTION_STATUS_SUCCEEDED,
			},
		}
	}
	return result
}

func (b *breakingExecutions) ExecutePlan(
	request *doppelv1.ExecutePlanRequest,
	stream grpc.ServerStreamingServer[doppelv1.ExecutePlanResponse],
) error {
	b.mu.Lock()
	b.requestIDs = append(b.requestIDs, request.GetRequestId())
	attempt := len(b.requestIDs)
	b.mu.Unlock()
	if attempt == 1 {
		// Lost before the execution has a name.
		return status.Error(codes.Unavailable, "lost")
	}
	for _, sequence := range []int64{1, 2} {
		err := stream.Send(&doppelv1.ExecutePlanResponse{Event: event(sequence)})
		if err != nil {
			return err
		}
	}
	return status.Error(codes.Unavailable, "draining")
}

func (b *breakingExecutions) WatchExecution(
	request *doppelv1.WatchExecutionRequest,
	stream grpc.ServerStreamingServer[doppelv1.WatchExecutionResponse],
) error {
	// One that was seen; a gap; an end that is none; all that is left.
	answers := [][]int64{{1, 2, 3}, {5}, {4}, {5, lastEvent}}
	b.mu.Lock()
	b.watchedFrom = append(b.watchedFrom, request.GetAfterSequence())
	answer := answers[len(b.watchedFrom)-1]
	b.mu.Unlock()
	for _, sequence := range answer {
		err := stream.Send(
			&doppelv1.WatchExecutionResponse{Event: event(sequence)})
		if err != nil {
			return err
		}
	}
	return nil
}

// losingManifests loses the first upload after a chunk, and keeps what arrived.
type losingManifests struct {
	doppelv1.UnimplementedManifestServiceServer

	mu       sync.Mutex
	received []byte
	offsets  []int64
}

func (l *losingManifests) FindMissingManifests(
	_ context.Context, request *doppelv1.FindMissingManifestsRequest,
) (*doppelv1.FindMissingManifestsResponse, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return &doppelv1.FindMissingManifestsResponse{
		Missing: []*doppelv1.MissingManifest{{
			Name: request.GetNames()[0], CommittedBytes: int64(len(l.received)),
		}},
	}, nil
}

func (l *losingManifests) UploadManifest(stream grpc.ClientStreamingServer[
	doppelv1.UploadManifestRequest, doppelv1.UploadManifestResponse],
) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	name := ""
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return l.finish(stream, name)
		}
		if err != nil {
			return err
		}
		if header := message.GetHeader(); header != nil {
			name = header.GetName()
			l.offsets = append(l.offsets, header.GetOffset())
			continue
		}
		l.received = append(l.received, message.GetChunk()...)
		if len(l.offsets) == 1 {
			return status.Error(codes.Unavailable, "lost")
		}
	}
}

func (l *losingManifests) finish(stream grpc.ClientStreamingServer[
	doppelv1.UploadManifestRequest, doppelv1.UploadManifestResponse],
	name string,
) error {
	digest := sha256.Sum256(l.received)
	if name != ManifestName(hex.EncodeToString(digest[:])) {
		return status.Error(codes.InvalidArgument, "wrong digest")
	}
	return stream.SendAndClose(&doppelv1.UploadManifestResponse{
		Manifest: &doppelv1.Manifest{Name: name},
	})
}

const stateContent = `{"nodes": {}}`

// tornStates breaks off so many times, then sends rest after the first bytes.
type tornStates struct {
	doppelv1.UnimplementedPlanningServiceServer
	rest string

	mu     sync.Mutex
	breaks int
}

func (s *tornStates) DownloadDeferralState(
	_ *doppelv1.DownloadDeferralStateRequest,
	stream grpc.ServerStreamingServer[doppelv1.DownloadDeferralStateResponse],
) error {
	digest := sha256.Sum256([]byte(stateContent))
	messages := []*doppelv1.DownloadDeferralStateResponse{
		{Content: &doppelv1.DownloadDeferralStateResponse_Header{
			Header: &doppelv1.DownloadHeader{
				Sha256:    hex.EncodeToString(digest[:]),
				SizeBytes: int64(len(stateContent)),
			},
		}},
		{Content: &doppelv1.DownloadDeferralStateResponse_Chunk{
			Chunk: []byte(stateContent[:5]),
		}},
		{Content: &doppelv1.DownloadDeferralStateResponse_Chunk{
			Chunk: []byte(s.rest),
		}},
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.breaks > 0 {
		s.breaks--
		messages = messages[:2]
	}
	for _, message := range messages {
		if err := stream.Send(message); err != nil {
			return err
		}
	}
	if len(messages) == 2 {
		return status.Error(codes.Unavailable, "lost")
	}
	return nil
}
