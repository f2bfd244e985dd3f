package doppel

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"

	"github.com/doppel-dev/doppel/clients/go/generated/doppelv1"
)

func mustTLS(t *testing.T) credentials.TransportCredentials {
	t.Helper()
	return credentials.NewTLS(&tls.Config{MinVersion: tls.VersionTLS12})
}

func TestEveryEventComesOnceHoweverTheStreamBreaks(t *testing.T) {
	server := &breakingExecutions{}
	client := serveFaulty(t, func(s *grpc.Server) {
		doppelv1.RegisterExecutionServiceServer(s, server)
	})

	stream, err := client.Execute(context.Background(),
		&doppelv1.ClonePlan{Name: "plans/1", Fingerprint: "f"})
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	if stream.Name() != executionName || stream.LastSequence() != 0 {
		t.Errorf("begins as %q after %d", stream.Name(), stream.LastSequence())
	}
	var sequences []int64
	for event, err := range stream.Events() {
		if err != nil {
			t.Fatal(err)
		}
		sequences = append(sequences, event.GetSequence())
	}

	if !slices.Equal(sequences, []int64{1, 2, 3, 4, 5, lastEvent}) {
		t.Errorf("got the events %v", sequences)
	}
	if !slices.Equal(server.watchedFrom, []int64{2, 3, 3, 4}) {
		t.Errorf("watched after %v", server.watchedFrom)
	}
	ids := server.requestIDs
	if len(ids) != 2 || ids[0] != ids[1] || ids[0] == "" {
		t.Errorf("asked with the request ids %v", ids)
	}
	got := stream.Result().GetStatus()
	if got != doppelv1.ExecutionStatus_EXECUTION_STATUS_SUCCEEDED {
		t.Errorf("ended as %v", got)
	}
	if _, err := stream.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("goes on with %v", err)
	}
}

func TestClosedStreamTellsNothingMore(t *testing.T) {
	client := serveFaulty(t, func(s *grpc.Server) {
		doppelv1.RegisterExecutionServiceServer(s, &breakingExecutions{})
	})
	stream := client.Watch(context.Background(), "1", 0)

	stream.Close()

	if _, err := stream.Next(); CodeOf(err) != codes.Canceled {
		t.Errorf("got %v", err)
	}
}

func TestUnknownExecutionIsToldByTheFirstNext(t *testing.T) {
	client := serveFaulty(t, func(*grpc.Server) {})
	stream := client.Watch(context.Background(), "1", 0)
	defer stream.Close()

	if _, err := stream.Next(); CodeOf(err) != codes.Unimplemented {
		t.Errorf("got %v", err)
	}
}

func TestUploadGoesOnWhereItWasLost(t *testing.T) {
	server := &losingManifests{}
	client := serveFaulty(t, func(s *grpc.Server) {
		doppelv1.RegisterManifestServiceServer(s, server)
	})
	content := bytes.Repeat([]byte("doppel"), chunkBytes/2)
	var sent, total int64

	_, err := client.UploadManifest(context.Background(),
		bytes.NewReader(content), func(s, n int64) { sent, total = s, n })
	if err != nil {
		t.Fatal(err)
	}

	if !bytes.Equal(server.received, content) {
		t.Errorf("%d bytes arrived, not those that were sent", len(server.received))
	}
	if !slices.Equal(server.offsets, []int64{0, chunkBytes}) {
		t.Errorf("began at %v", server.offsets)
	}
	if size := int64(len(content)); sent != size || total != size {
		t.Errorf("progress ended at %d of %d", sent, total)
	}
}

// brokenReader can be read once.
type brokenReader struct {
	*bytes.Reader
	seeks int
}

var errBroken = errors.New("the disk is gone")

func (b *brokenReader) Seek(offset int64, whence int) (int64, error) {
	if b.seeks++; b.seeks > 1 {
		return 0, errBroken
	}
	return b.Reader.Seek(offset, whence)
}

func TestFileThatCannotBeReadEndsTheUpload(t *testing.T) {
	client := serveFaulty(t, func(s *grpc.Server) {
		doppelv1.RegisterManifestServiceServer(s, &losingManifests{})
	})

	_, err := client.UploadManifest(context.Background(),
		&brokenReader{Reader: bytes.NewReader([]byte("{}"))}, nil)

	if !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
}

func writeState(t *testing.T, server *tornStates, directory string) error {
	t.Helper()
	client := serveFaulty(t, func(s *grpc.Server) {
		doppelv1.RegisterPlanningServiceServer(s, server)
	})
	return client.WriteStateDirectory(context.Background(), "r", directory)
}

func wantFile(t *testing.T, directory, content string) {
	t.Helper()
	got, err := os.ReadFile(filepath.Join(directory, stateFileName))
	if err != nil || string(got) != content {
		t.Errorf("manifest.json holds %q (%v), want %q", got, err, content)
	}
	entries, err := os.ReadDir(directory)
	if err != nil || len(entries) != 1 {
		t.Errorf("the directory holds %v (%v)", entries, err)
	}
}

func TestDownloadThatBreaksBeginsAgain(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "state")

	err := writeState(t, &tornStates{breaks: 2, rest: stateContent[5:]}, directory)
	if err != nil {
		t.Fatal(err)
	}

	wantFile(t, directory, stateContent)
}

func TestDamagedDownloadLeavesWhatWasThere(t *testing.T) {
	directory := t.TempDir()
	path := filepath.Join(directory, stateFileName)
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}

	err := writeState(t, &tornStates{rest: "!!!!!!!!"}, directory)

	if CodeOf(err) != codes.DataLoss {
		t.Errorf("got %v", err)
	}
	wantFile(t, directory, "old")
}

func TestEveryWishHasARequestIDOfItsOwn(t *testing.T) {
	if a, b := newRequestID(), newRequestID(); a == b || len(a) != 36 {
		t.Errorf("got %q and %q", a, b)
	}
}
