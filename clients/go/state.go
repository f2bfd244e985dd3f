package doppel

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/doppel-dev/doppel/clients/go/generated/doppelv1"
)

const stateFileName = "manifest.json"

// WriteStateDirectory writes what `dbt build --defer --state DIRECTORY` wants.
// The manifest.json there is replaced in one step, after its digest was checked.
// A download that breaks begins again.
//
// Reasons: RESOLUTION_NOT_FOUND (resolve again). With code DataLoss, what arrived
// is not what was announced.
func (c *Client) WriteStateDirectory(
	ctx context.Context, resolution, directory string,
) error {
	if err := os.MkdirAll(directory, 0o777); err != nil {
		return err
	}
	var b backoff
	for {
		err := c.tryWriteState(ctx, fullName("resolutions", resolution), directory)
		if err == nil {
			return nil
		}
		if err := b.wait(ctx, err, false); err != nil {
			return err
		}
	}
}

func (c *Client) tryWriteState(
	ctx context.Context, resolution, directory string,
) error {
	ctx, cancel := limited(ctx, c.timeouts.Transfer)
	defer cancel()
	stream, err := c.planning.DownloadDeferralState(ctx,
		&doppelv1.DownloadDeferralStateRequest{Resolution: resolution})
	if err != nil {
		return err
	}
	file, err := newStateFile(directory)
	if err != nil {
		return err
	}
	defer file.discard()
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return file.commit()
		}
		if err != nil {
			return err
		}
		if err := file.add(message); err != nil {
			return err
		}
	}
}

// stateFile is the manifest.json of a state directory while it arrives.
type stateFile struct {
	file   *os.File
	path   string
	digest hash.Hash
	size   int64
	header *doppelv1.DownloadHeader
}

func newStateFile(directory string) (*stateFile, error) {
	// Not os.CreateTemp: that makes a file that only its owner can read.
	name := filepath.Join(directory, "."+stateFileName+"."+newRequestID())
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	return &stateFile{
		file:   file,
		path:   filepath.Join(directory, stateFileName),
		digest: sha256.New(),
	}, nil
}

func (f *stateFile) add(message *doppelv1.DownloadDeferralStateResponse) error {
	if header := message.GetHeader(); header != nil {
		f.header = header
		return nil
	}
	f.size += int64(len(message.GetChunk()))
	_, err := io.MultiWriter(f.file, f.digest).Write(message.GetChunk())
	return err
}

// commit checks what arrived and puts it in its place.
func (f *stateFile) commit() error {
	if f.header == nil {
		return dataLoss("the download had no header; try again")
	}
	got := hex.EncodeToString(f.digest.Sum(nil))
	if f.size != f.header.GetSizeBytes() || got != f.header.GetSha256() {
		return dataLoss(fmt.Sprintf(
			"the state manifest arrived as %d bytes with SHA-256 %s, and %d bytes "+
				"with %s were announced; try again",
			f.size, got, f.header.GetSizeBytes(), f.header.GetSha256()))
	}
	if err := f.file.Sync(); err != nil {
		return err
	}
	if err := f.file.Close(); err != nil {
		return err
	}
	return os.Rename(f.file.Name(), f.path)
}

// discard removes what was not committed.
func (f *stateFile) discard() {
	// After a commit both fail, as they should.
	_ = f.file.Close()
	_ = os.Remove(f.file.Name())
}

func dataLoss(message string) error {
	return newError(status.New(codes.DataLoss, message))
}
