package doppel

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/doppel-dev/doppel/clients/go/generated/doppelv1"
)

// ask gives the *Error of a client whose server refuses in that way.
func ask(t *testing.T, refused error) (*Error, int) {
	t.Helper()
	server := &refusingEnvironments{err: refused}
	client := serveFaulty(t, func(s *grpc.Server) {
		doppelv1.RegisterEnvironmentServiceServer(s, server)
	})
	_, err := client.GetEnvironment(context.Background(), "prod")
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an *Error", err)
	}
	return e, server.calls()
}

func TestErrorHasAllThatTheStatusCarries(t *testing.T) {
	details := []protoadapt.MessageV1{
		protoadapt.MessageV1Of(&errdetails.ErrorInfo{
			Reason:   "WORLD_CHANGED",
			Domain:   "doppel",
			Metadata: map[string]string{"plan": "plans/1"},
		}),
		protoadapt.MessageV1Of(&errdetails.BadRequest{
			FieldViolations: []*errdetails.BadRequest_FieldViolation{
				{Field: "name", Description: "too long"},
			},
		}),
		protoadapt.MessageV1Of(&errdetails.PreconditionFailure{
			Violations: []*errdetails.PreconditionFailure_Violation{
				{Type: "SCHEMA", Subject: "bi", Description: "gone"},
			},
		}),
		protoadapt.MessageV1Of(&errdetails.ResourceInfo{
			ResourceType: "plan", ResourceName: "plans/1",
		}),
		protoadapt.MessageV1Of(&errdetails.RetryInfo{
			RetryDelay: durationpb.New(1500 * time.Millisecond),
		}),
	}

	e, _ := ask(t, refusal(t, codes.FailedPrecondition, details...))

	e.status = nil
	want := &Error{
		Code:     codes.FailedPrecondition,
		Message:  "not so",
		Reason:   "WORLD_CHANGED",
		Metadata: map[string]string{"plan": "plans/1"},
		Violations: []Violation{
			{Subject: "name", Description: "too long"},
			{Subject: "bi", Description: "gone", Type: "SCHEMA"},
		},
		Resource:   Resource{Type: "plan", Name: "plans/1"},
		RetryAfter: 1500 * time.Millisecond,
	}
	if !reflect.DeepEqual(e, want) {
		t.Errorf("got %+v, want %+v", e, want)
	}
	if e.ReasonCode() != doppelv1.ErrorReason_ERROR_REASON_WORLD_CHANGED {
		t.Errorf("got %v as the reason's code", e.ReasonCode())
	}
	if got := e.Error(); got != "doppel: FailedPrecondition (WORLD_CHANGED): not so" {
		t.Errorf("reads as %q", got)
	}
}

func TestReasonOfAnotherDomainIsNotTakenForOneOfDoppel(t *testing.T) {
	e, _ := ask(t, refusal(t, codes.PermissionDenied, protoadapt.MessageV1Of(
		&errdetails.ErrorInfo{Reason: "QUOTA", Domain: "mesh.example"})))

	if e.Reason != "" || e.Code != codes.PermissionDenied {
		t.Errorf("got %v", e)
	}
}

func TestUnavailableIsTriedFourTimesAndNoOtherCodeTwice(t *testing.T) {
	for code, want := range map[codes.Code]int{
		codes.Unavailable: 4, codes.Internal: 1, codes.Aborted: 1,
	} {
		if _, calls := ask(t, refusal(t, code, info("INTERNAL"))); calls != want {
			t.Errorf("%v: %d calls, want %d", code, calls, want)
		}
	}
}

func TestErrorIsStillAStatus(t *testing.T) {
	e, _ := ask(t, refusal(t, codes.NotFound, info("ENVIRONMENT_NOT_FOUND")))

	wrapped := fmt.Errorf("while looking: %w", e)
	if status.Code(wrapped) != codes.NotFound {
		t.Errorf("status.Code gives %v", status.Code(wrapped))
	}
	if ReasonOf(wrapped) != "ENVIRONMENT_NOT_FOUND" {
		t.Errorf("ReasonOf gives %q", ReasonOf(wrapped))
	}
	if CodeOf(wrapped) != codes.NotFound {
		t.Errorf("CodeOf gives %v", CodeOf(wrapped))
	}
}

func TestDeadlineOfTheContextWins(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 0)
	defer cancel()
	client := serveFaulty(t, func(*grpc.Server) {})

	_, err := client.GetEnvironment(ctx, "prod")

	if CodeOf(err) != codes.DeadlineExceeded {
		t.Errorf("got %v", err)
	}
}

func TestFromStatus(t *testing.T) {
	if err := FromStatus(nil); err != nil {
		t.Errorf("got %v for no status", err)
	}
	err := FromStatus(&statuspb.Status{Code: 9, Message: "failed"})
	if CodeOf(err) != codes.FailedPrecondition {
		t.Errorf("got %v", err)
	}
}

func TestOptionsThatContradictEachOtherAreRefused(t *testing.T) {
	for name, opts := range map[string][]Option{
		"odd metadata": {WithInsecure(), WithMetadata("key")},
		"credentials without TLS": {
			WithInsecure(), WithTransportCredentials(mustTLS(t)),
		},
	} {
		if _, err := New("localhost:1", opts...); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
