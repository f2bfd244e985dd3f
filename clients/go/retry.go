package doppel

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	firstDelay = 100 * time.Millisecond
	maxDelay   = 2 * time.Second
	// Attempts in a row that get nowhere: 11 seconds in all.
	maxAttempts = 10
)

// isBroken says whether the way to the server broke, or the server is going
// away. What doppel itself rejects has a reason, and only Unavailable is worth
// another attempt then.
func isBroken(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case codes.Unavailable:
		return true
	case codes.Internal, codes.Unknown:
		return e.Reason == ""
	default:
		return false
	}
}

// backoff waits longer and longer, until an attempt gets somewhere or there were
// enough.
type backoff struct{ failed int }

func (b *backoff) reset() { b.failed = 0 }

// wait waits after an error, or gives the error back if trying again is of no
// use. With anyway, another attempt is of use whatever the code.
func (b *backoff) wait(ctx context.Context, err error, anyway bool) error {
	b.failed++
	if b.failed >= maxAttempts || !(anyway || isBroken(err)) {
		return err
	}
	timer := time.NewTimer(b.delay(err))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return newError(status.FromContextError(ctx.Err()))
	}
}

func (b *backoff) delay(err error) time.Duration {
	var e *Error
	if errors.As(err, &e) && e.RetryAfter > 0 {
		return e.RetryAfter
	}
	return min(firstDelay<<(b.failed-1), maxDelay)
}
