package doppel

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"google.golang.org/grpc"

	"github.com/doppel-dev/doppel/clients/go/generated/doppelv1"
)

const chunkBytes = 1 << 20

// Progress is told the bytes that were sent and those of the whole; last with
// both the same.
type Progress func(sent, total int64)

// UploadManifestFile uploads a manifest.json; see UploadManifest.
func (c *Client) UploadManifestFile(
	ctx context.Context, path string, progress Progress,
) (*doppelv1.Manifest, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return c.UploadManifest(ctx, file, progress)
}

// UploadManifest uploads the bytes of a manifest.json, unless the server has them
// already. An upload that breaks off goes on where the server lost it. The
// progress may be nil.
//
// Reasons: those of a manifest that doppel cannot read, such as
// MANIFEST_TRUNCATED, and MANIFEST_TOO_LARGE.
func (c *Client) UploadManifest(
	ctx context.Context, source io.ReadSeeker, progress Progress,
) (*doppelv1.Manifest, error) {
	u, err := newUpload(source, progress)
	if err != nil {
		return nil, err
	}
	for {
		offset, missing, err := c.committedBytes(ctx, u.name)
		if err != nil {
			return nil, err
		}
		if !missing {
			u.report(u.size)
			return c.GetManifest(ctx, u.name)
		}
		manifest, err := c.sendManifest(ctx, u, offset)
		if err == nil {
			u.report(u.size)
			return manifest, nil
		}
		if err := u.waitAfter(ctx, err, offset); err != nil {
			return nil, err
		}
	}
}

// committedBytes says where to begin, and whether there is anything to send.
func (c *Client) committedBytes(
	ctx context.Context, name string,
) (offset int64, missing bool, err error) {
	found, err := call(ctx, c.timeouts.Call, c.manifests.FindMissingManifests,
		&doppelv1.FindMissingManifestsRequest{Names: []string{name}})
	if err != nil {
		return 0, false, err
	}
	for _, m := range found.GetMissing() {
		if m.GetName() == name {
			return m.GetCommittedBytes(), true, nil
		}
	}
	return 0, false, nil
}

// sendManifest makes one attempt, from the offset on.
func (c *Client) sendManifest(
	ctx context.Context, u *upload, offset int64,
) (*doppelv1.Manifest, error) {
	ctx, cancel := limited(ctx, c.timeouts.Transfer)
	defer cancel()
	stream, err := c.manifests.UploadManifest(ctx)
	if err != nil {
		return nil, err
	}
	if err := u.send(stream, offset); err != nil {
		return nil, err
	}
	response, err := stream.CloseAndRecv()
	return response.GetManifest(), err
}

// upload is one manifest on its way.
type upload struct {
	source   io.ReadSeeker
	progress Progress
	name     string
	size     int64
	furthest int64
	backoff  backoff
}

// newUpload reads the source once, for its digest.
func newUpload(source io.ReadSeeker, progress Progress) (*upload, error) {
	if _, err := source.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("doppel: manifest: %w", err)
	}
	digest := sha256.New()
	size, err := io.Copy(digest, source)
	if err != nil {
		return nil, fmt.Errorf("doppel: manifest: %w", err)
	}
	name := ManifestName(hex.EncodeToString(digest.Sum(nil)))
	return &upload{source: source, progress: progress, name: name, size: size}, nil
}

func (u *upload) report(sent int64) {
	if u.progress != nil {
		u.progress(sent, u.size)
	}
}

type uploadStream = grpc.ClientStreamingClient[
	doppelv1.UploadManifestRequest, doppelv1.UploadManifestResponse]

// send sends the header and what is left. It stops without an error when the
// server answers early: the answer tells why.
func (u *upload) send(stream uploadStream, offset int64) error {
	if _, err := u.source.Seek(offset, io.SeekStart); err != nil {
		return fmt.Errorf("doppel: manifest: %w", err)
	}
	err := stream.Send(&doppelv1.UploadManifestRequest{
		Content: &doppelv1.UploadManifestRequest_Header{
			Header: &doppelv1.UploadHeader{
				Name: u.name, SizeBytes: u.size, Offset: offset,
			},
		},
	})
	for err == nil {
		offset, err = u.sendChunk(stream, offset)
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// sendChunk gives io.EOF when there is nothing more to send, or nobody who
// listens.
func (u *upload) sendChunk(stream uploadStream, offset int64) (int64, error) {
	// Not used again: gRPC may still read from it after Send.
	chunk := make([]byte, chunkBytes)
	n, err := io.ReadFull(u.source, chunk)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		if errors.Is(err, io.EOF) {
			return offset, io.EOF
		}
		return offset, fmt.Errorf("doppel: manifest: %w", err)
	}
	err = stream.Send(&doppelv1.UploadManifestRequest{
		Content: &doppelv1.UploadManifestRequest_Chunk{Chunk: chunk[:n]},
	})
	if err != nil {
		return offset, err
	}
	offset += int64(n)
	u.report(offset)
	return offset, nil
}

// waitAfter waits before the next attempt, or gives the error back.
func (u *upload) waitAfter(ctx context.Context, err error, offset int64) error {
	if offset > u.furthest {
		u.furthest = offset
		u.backoff.reset()
	}
	// Another upload of the same bytes went on meanwhile.
	overtaken := ReasonOf(err) == "UPLOAD_OFFSET_MISMATCH"
	return u.backoff.wait(ctx, err, overtaken)
}
