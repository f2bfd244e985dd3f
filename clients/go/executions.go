package doppel

import (
	"context"
	"iter"

	"github.com/doppel-dev/doppel/clients/go/generated/doppelv1"
)

// ExecuteOption changes how a plan is executed.
type ExecuteOption func(*doppelv1.ExecutePlanRequest)

// WithConnections says how many connections work at once; the default is the
// server's.
func WithConnections(n int32) ExecuteOption {
	return func(r *doppelv1.ExecutePlanRequest) { r.Connections = n }
}

// ValidateOnly checks the plan against the world and does nothing; the stream is
// then empty.
func ValidateOnly() ExecuteOption {
	return func(r *doppelv1.ExecutePlanRequest) { r.ValidateOnly = true }
}

// Execute begins to execute the plan that was reviewed (its name and fingerprint
// are all that is used), and tells of it. It gives the stream once the execution
// has a name, or the reason why it was refused. The execution goes on whatever
// becomes of the stream or of ctx; CancelExecution stops it.
//
// Reasons: FINGERPRINT_MISMATCH, WORLD_CHANGED (see Violations; plan again),
// ENVIRONMENT_LEASED, ENVIRONMENT_PROTECTED, PLAN_NOT_FOUND.
func (c *Client) Execute(
	ctx context.Context, plan *doppelv1.ClonePlan, opts ...ExecuteOption,
) (*Stream, error) {
	request := &doppelv1.ExecutePlanRequest{
		Plan:        plan.GetName(),
		Fingerprint: plan.GetFingerprint(),
		RequestId:   newRequestID(),
	}
	for _, opt := range opts {
		opt(request)
	}
	s := c.newStream(ctx)
	s.begin = request
	if err := s.readAhead(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Watch tells of an execution from any event on: first what was, then what comes.
// With 0 it tells of all events. What is wrong with the call is told by the first
// Next.
//
// Reasons: EXECUTION_NOT_FOUND, SEQUENCE_OUT_OF_RANGE.
func (c *Client) Watch(
	ctx context.Context, execution string, afterSequence int64,
) *Stream {
	s := c.newStream(ctx)
	s.name = fullName("executions", execution)
	s.last = afterSequence
	return s
}

// GetExecution reads an execution, with the state of each operation.
//
// Reasons: EXECUTION_NOT_FOUND.
func (c *Client) GetExecution(
	ctx context.Context, name string,
) (*doppelv1.Execution, error) {
	response, err := call(ctx, c.timeouts.Call, c.executions.GetExecution,
		&doppelv1.GetExecutionRequest{Name: fullName("executions", name)})
	return response.GetExecution(), err
}

// ListExecutions lists executions, the newest first; where plan is not empty,
// only those of that plan.
func (c *Client) ListExecutions(
	ctx context.Context, plan string,
) iter.Seq2[*doppelv1.Execution, error] {
	request := &doppelv1.ListExecutionsRequest{}
	if plan != "" {
		request.Plan = fullName("plans", plan)
	}
	return pages(ctx, c.timeouts.Call, c.executions.ListExecutions, request,
		func(r *doppelv1.ListExecutionsRequest, token string) {
			r.PageToken = token
		},
		(*doppelv1.ListExecutionsResponse).GetExecutions)
}

// CancelExecution stops an execution; it answers before the execution has ended.
// The cause says why, for those who look at it later; it may be empty.
//
// Reasons: EXECUTION_NOT_FOUND, EXECUTION_FINISHED.
func (c *Client) CancelExecution(
	ctx context.Context, name, cause string,
) (*doppelv1.Execution, error) {
	response, err := call(ctx, c.timeouts.Call, c.executions.CancelExecution,
		&doppelv1.CancelExecutionRequest{
			Name:      fullName("executions", name),
			RequestId: newRequestID(),
			Cause:     cause,
		})
	return response.GetExecution(), err
}

// ResumeExecution goes on with an interrupted execution; Watch tells of it.
//
// Reasons: EXECUTION_NOT_FOUND, EXECUTION_NOT_RESUMABLE, ENVIRONMENT_LEASED.
func (c *Client) ResumeExecution(
	ctx context.Context, name string,
) (*doppelv1.Execution, error) {
	response, err := call(ctx, c.timeouts.Work, c.executions.ResumeExecution,
		&doppelv1.ResumeExecutionRequest{
			Name: fullName("executions", name), RequestId: newRequestID(),
		})
	return response.GetExecution(), err
}
