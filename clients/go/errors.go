package doppel

import (
	"errors"
	"fmt"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/doppel-dev/doppel/clients/go/generated/doppelv1"
)

const errorDomain = "doppel"

// Violation is one thing that is wrong with a request, or with the world.
type Violation struct {
	// Subject is the field of the request, or whom the fact is about.
	Subject string
	// Description says what is wrong, for people.
	Description string
	// Type is the kind of a fact that does not hold; empty for a field.
	Type string
}

// Resource is what an error is about.
type Resource struct {
	Type string
	Name string
}

// Error is the server's answer to a call that it rejects, or what became of a
// call that did not get through. Find it with errors.As.
type Error struct {
	Code    codes.Code
	Message string
	// Reason is a name of error_reason.proto without its prefix, such as
	// "MANIFEST_NOT_FOUND". It is empty where the error did not come from
	// doppel: nothing listens there, a proxy refused, the deadline passed.
	Reason string
	// Metadata holds every value that the message names.
	Metadata map[string]string
	// Violations are of fields and of preconditions.
	Violations []Violation
	// Resource is what the error is about; its zero value: none.
	Resource Resource
	// RetryAfter is how long the server asks to wait; 0: it does not.
	RetryAfter time.Duration

	status *status.Status
}

// Error reads as "doppel: NotFound (MANIFEST_NOT_FOUND): no manifest ...".
func (e *Error) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("doppel: %s: %s", e.Code, e.Message)
	}
	return fmt.Sprintf("doppel: %s (%s): %s", e.Code, e.Reason, e.Message)
}

// ReasonCode is the reason as the enum; ERROR_REASON_UNSPECIFIED if this client
// does not know it.
func (e *Error) ReasonCode() doppelv1.ErrorReason {
	value := doppelv1.ErrorReason_value["ERROR_REASON_"+e.Reason]
	return doppelv1.ErrorReason(value)
}

// GRPCStatus is the status as it came, for package status.
func (e *Error) GRPCStatus() *status.Status { return e.status }

// ReasonOf is the reason of the *Error in err's chain, or "".
func ReasonOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return ""
}

// CodeOf is the code of the *Error in err's chain; OK for nil, else Unknown.
func CodeOf(err error) codes.Code {
	var e *Error
	switch {
	case err == nil:
		return codes.OK
	case errors.As(err, &e):
		return e.Code
	default:
		return codes.Unknown
	}
}

// FromStatus makes the error of a google.rpc.Status, such as an execution's;
// nil for none and for OK.
func FromStatus(s *statuspb.Status) error {
	if s == nil || s.GetCode() == int32(codes.OK) {
		return nil
	}
	return newError(status.FromProto(s))
}

// fromRPC makes an *Error of what a call gave; nil stays nil.
func fromRPC(err error) error {
	var known *Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	return newError(status.Convert(err))
}

func newError(s *status.Status) *Error {
	e := &Error{Code: s.Code(), Message: s.Message(), status: s}
	for _, detail := range s.Details() {
		e.take(detail)
	}
	return e
}

func (e *Error) take(detail any) {
	switch d := detail.(type) {
	case *errdetails.ErrorInfo:
		if d.GetDomain() == errorDomain {
			e.Reason, e.Metadata = d.GetReason(), d.GetMetadata()
		}
	case *errdetails.BadRequest:
		for _, v := range d.GetFieldViolations() {
			e.Violations = append(e.Violations, Violation{
				Subject: v.GetField(), Description: v.GetDescription(),
			})
		}
	case *errdetails.PreconditionFailure:
		for _, v := range d.GetViolations() {
			e.Violations = append(e.Violations, Violation{
				Subject: v.GetSubject(), Description: v.GetDescription(), Type: v.GetType(),
			})
		}
	case *errdetails.ResourceInfo:
		e.Resource = Resource{Type: d.GetResourceType(), Name: d.GetResourceName()}
	case *errdetails.RetryInfo:
		e.RetryAfter = d.GetRetryDelay().AsDuration()
	}
}
