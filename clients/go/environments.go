package doppel

import (
	"context"
	"iter"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/doppel-dev/doppel/clients/go/generated/doppelv1"
)

// How often SetEnvironment begins again when somebody else was faster.
const setAttempts = 5

// CreateEnvironment makes an environment; its name may be given as its id.
//
// Reasons: ENVIRONMENT_EXISTS, MANIFEST_NOT_FOUND, CONNECTION_NOT_FOUND.
func (c *Client) CreateEnvironment(
	ctx context.Context, environment *doppelv1.Environment,
) (*doppelv1.Environment, error) {
	response, err := call(ctx, c.timeouts.Call, c.environments.CreateEnvironment,
		&doppelv1.CreateEnvironmentRequest{
			Environment: named(environment), RequestId: newRequestID(),
		})
	return response.GetEnvironment(), err
}

// GetEnvironment reads an environment.
//
// Reasons: ENVIRONMENT_NOT_FOUND.
func (c *Client) GetEnvironment(
	ctx context.Context, name string,
) (*doppelv1.Environment, error) {
	response, err := call(ctx, c.timeouts.Call, c.environments.GetEnvironment,
		&doppelv1.GetEnvironmentRequest{Name: EnvironmentName(name)})
	return response.GetEnvironment(), err
}

// ListEnvironments lists environments by name.
func (c *Client) ListEnvironments(
	ctx context.Context,
) iter.Seq2[*doppelv1.Environment, error] {
	return pages(ctx, c.timeouts.Call, c.environments.ListEnvironments,
		&doppelv1.ListEnvironmentsRequest{},
		func(r *doppelv1.ListEnvironmentsRequest, token string) {
			r.PageToken = token
		},
		(*doppelv1.ListEnvironmentsResponse).GetEnvironments)
}

// UpdateEnvironment changes the fields that are named: manifest, connection,
// protected, expire_time, description. None named: those that are set. Where the
// environment has an etag, it must be the current one.
//
// Reasons: ETAG_MISMATCH, ENVIRONMENT_NOT_FOUND, MANIFEST_NOT_FOUND,
// CONNECTION_NOT_FOUND.
func (c *Client) UpdateEnvironment(
	ctx context.Context, environment *doppelv1.Environment, fields ...string,
) (*doppelv1.Environment, error) {
	request := &doppelv1.UpdateEnvironmentRequest{
		Environment: named(environment), RequestId: newRequestID(),
	}
	if len(fields) > 0 {
		request.UpdateMask = &fieldmaskpb.FieldMask{Paths: fields}
	}
	response, err := call(ctx, c.timeouts.Call, c.environments.UpdateEnvironment,
		request)
	return response.GetEnvironment(), err
}

// SetEnvironment makes the environment, or changes what UpdateEnvironment would
// where it is there. It begins again where somebody else changes it at the same
// time.
func (c *Client) SetEnvironment(
	ctx context.Context, environment *doppelv1.Environment, fields ...string,
) (*doppelv1.Environment, error) {
	for attempt := 1; ; attempt++ {
		set, err := c.trySetEnvironment(ctx, environment, fields)
		overtaken := CodeOf(err) == codes.Aborted ||
			CodeOf(err) == codes.AlreadyExists
		if !overtaken || attempt == setAttempts {
			return set, err
		}
	}
}

func (c *Client) trySetEnvironment(
	ctx context.Context, environment *doppelv1.Environment, fields []string,
) (*doppelv1.Environment, error) {
	there, err := c.GetEnvironment(ctx, environment.GetName())
	if ReasonOf(err) == "ENVIRONMENT_NOT_FOUND" {
		return c.CreateEnvironment(ctx, environment)
	}
	if err != nil {
		return nil, err
	}
	changed := named(environment)
	changed.Etag = there.GetEtag()
	return c.UpdateEnvironment(ctx, changed, fields...)
}

// DeleteEnvironment forgets an environment; its relations stay where they are.
// Where the etag is not empty, it must be the current one.
//
// Reasons: ENVIRONMENT_NOT_FOUND, ENVIRONMENT_PROTECTED, ETAG_MISMATCH.
func (c *Client) DeleteEnvironment(
	ctx context.Context, name, etag string,
) error {
	_, err := call(ctx, c.timeouts.Call, c.environments.DeleteEnvironment,
		&doppelv1.DeleteEnvironmentRequest{
			Name: EnvironmentName(name), Etag: etag, RequestId: newRequestID(),
		})
	return err
}

// ListRelations lists what is in the environment's warehouse now, in the schemas
// of its manifest unless others are named.
func (c *Client) ListRelations(
	ctx context.Context, environment string, schemas ...*doppelv1.SchemaName,
) iter.Seq2[*doppelv1.LiveRelation, error] {
	return pages(ctx, c.timeouts.Work, c.environments.ListRelations,
		&doppelv1.ListRelationsRequest{
			Environment: EnvironmentName(environment), Schemas: schemas,
		},
		func(r *doppelv1.ListRelationsRequest, token string) { r.PageToken = token },
		(*doppelv1.ListRelationsResponse).GetRelations)
}

// DetectDrift lists what is no longer as doppel left it in an environment: what
// changed or went at the source or at the target, and what is new at the source.
func (c *Client) DetectDrift(
	ctx context.Context, environment string,
) iter.Seq2[*doppelv1.Drift, error] {
	return pages(ctx, c.timeouts.Work, c.environments.DetectDrift,
		&doppelv1.DetectDriftRequest{Environment: EnvironmentName(environment)},
		func(r *doppelv1.DetectDriftRequest, token string) { r.PageToken = token },
		(*doppelv1.DetectDriftResponse).GetDrifts)
}

// named is a copy with the full name.
func named(environment *doppelv1.Environment) *doppelv1.Environment {
	result := &doppelv1.Environment{}
	if environment != nil {
		result = proto.Clone(environment).(*doppelv1.Environment)
	}
	result.Name = EnvironmentName(result.GetName())
	return result
}
