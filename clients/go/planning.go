package doppel

import (
	"context"
	"iter"

	"github.com/doppel-dev/doppel/clients/go/generated/doppelv1"
)

// ResolveDeferral says of each ref of the selected nodes which relation it reads.
//
// Reasons: those of selections and of a live catalog, MANIFEST_NOT_FOUND,
// ENVIRONMENT_NOT_FOUND, ENVIRONMENT_HAS_NO_MANIFEST.
func (c *Client) ResolveDeferral(
	ctx context.Context, request *doppelv1.ResolveDeferralRequest,
) (*doppelv1.DeferResolution, error) {
	response, err := call(ctx, c.timeouts.Work, c.planning.ResolveDeferral, request)
	return response.GetResolution(), err
}

// ListNodeResolutions lists the nodes of a resolution by unique id.
//
// Reasons: RESOLUTION_NOT_FOUND.
func (c *Client) ListNodeResolutions(
	ctx context.Context, resolution string,
) iter.Seq2[*doppelv1.NodeResolution, error] {
	return pages(ctx, c.timeouts.Call, c.planning.ListNodeResolutions,
		&doppelv1.ListNodeResolutionsRequest{
			Resolution: fullName("resolutions", resolution),
		},
		func(r *doppelv1.ListNodeResolutionsRequest, token string) {
			r.PageToken = token
		},
		(*doppelv1.ListNodeResolutionsResponse).GetNodes)
}

// Advise answers "defer or clone?" from what is needed and from the case at
// hand.
//
// Reasons: those of ResolveDeferral, ARTIFACT_INVALID.
func (c *Client) Advise(
	ctx context.Context, request *doppelv1.AdviseRequest,
) (*doppelv1.AdviseResponse, error) {
	return call(ctx, c.timeouts.Work, c.planning.Advise, request)
}

// PlanClone plans a clone; it changes nothing in the warehouse. A request_id is
// made where there is none.
//
// Reasons: those of selections and of a live catalog, PLAN_EMPTY,
// PLAN_HAS_ERRORS, SELF_CLONE, NAMING_RULE_INVALID, WAREHOUSE_UNSUPPORTED.
func (c *Client) PlanClone(
	ctx context.Context, request *doppelv1.PlanCloneRequest,
) (*doppelv1.ClonePlan, error) {
	request = clone(request)
	if request.RequestId == "" {
		request.RequestId = newRequestID()
	}
	response, err := call(ctx, c.timeouts.Work, c.planning.PlanClone, request)
	return response.GetPlan(), err
}

// PlanCleanup plans to drop what doppel made in an environment, or in all that
// have expired; it changes nothing in the warehouse. A request_id is made where
// there is none.
//
// Reasons: those of a live catalog, ENVIRONMENT_NOT_FOUND,
// ENVIRONMENT_PROTECTED, PLAN_EMPTY.
func (c *Client) PlanCleanup(
	ctx context.Context, request *doppelv1.PlanCleanupRequest,
) (*doppelv1.ClonePlan, error) {
	request = clone(request)
	if request.RequestId == "" {
		request.RequestId = newRequestID()
	}
	response, err := call(ctx, c.timeouts.Work, c.planning.PlanCleanup, request)
	return response.GetPlan(), err
}

// PlanPromotion plans to put the relations of one environment in the places of
// another's, if the tests passed; it changes nothing in the warehouse. A
// request_id is made where there is none.
//
// Reasons: those of selections and of a live catalog, RUN_RESULTS_REQUIRED,
// GATE_CLOSED, PLAN_EMPTY, PLAN_HAS_ERRORS, SELF_CLONE.
func (c *Client) PlanPromotion(
	ctx context.Context, request *doppelv1.PlanPromotionRequest,
) (*doppelv1.ClonePlan, error) {
	request = clone(request)
	if request.RequestId == "" {
		request.RequestId = newRequestID()
	}
	response, err := call(ctx, c.timeouts.Work, c.planning.PlanPromotion, request)
	return response.GetPlan(), err
}

// PlanRollback plans the way back from a promotion, by its execution.
//
// Reasons: EXECUTION_NOT_FOUND, ENVIRONMENT_LEASED, WORLD_CHANGED, PLAN_EMPTY.
func (c *Client) PlanRollback(
	ctx context.Context, execution string,
) (*doppelv1.ClonePlan, error) {
	response, err := call(ctx, c.timeouts.Work, c.planning.PlanRollback,
		&doppelv1.PlanRollbackRequest{
			Execution: fullName("executions", execution),
			RequestId: newRequestID(),
		})
	return response.GetPlan(), err
}

// GetPlan reads a plan.
//
// Reasons: PLAN_NOT_FOUND.
func (c *Client) GetPlan(
	ctx context.Context, name string, view doppelv1.PlanView,
) (*doppelv1.ClonePlan, error) {
	response, err := call(ctx, c.timeouts.Call, c.planning.GetPlan,
		&doppelv1.GetPlanRequest{Name: fullName("plans", name), View: view})
	return response.GetPlan(), err
}

// ListPlans lists plans without their operations, the newest first.
func (c *Client) ListPlans(
	ctx context.Context,
) iter.Seq2[*doppelv1.ClonePlan, error] {
	return pages(ctx, c.timeouts.Call, c.planning.ListPlans,
		&doppelv1.ListPlansRequest{},
		func(r *doppelv1.ListPlansRequest, token string) { r.PageToken = token },
		(*doppelv1.ListPlansResponse).GetPlans)
}

// ListOperations lists the operations of a plan by id.
//
// Reasons: PLAN_NOT_FOUND.
func (c *Client) ListOperations(
	ctx context.Context, plan string,
) iter.Seq2[*doppelv1.Operation, error] {
	return pages(ctx, c.timeouts.Call, c.planning.ListOperations,
		&doppelv1.ListOperationsRequest{Plan: fullName("plans", plan)},
		func(r *doppelv1.ListOperationsRequest, token string) {
			r.PageToken = token
		},
		(*doppelv1.ListOperationsResponse).GetOperations)
}
