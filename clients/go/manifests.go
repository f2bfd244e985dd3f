package doppel

import (
	"context"
	"iter"

	"github.com/doppel-dev/doppel/clients/go/generated/doppelv1"
)

// GetManifest describes a manifest.
//
// Reasons: MANIFEST_NOT_FOUND.
func (c *Client) GetManifest(
	ctx context.Context, name string,
) (*doppelv1.Manifest, error) {
	response, err := call(ctx, c.timeouts.Call, c.manifests.GetManifest,
		&doppelv1.GetManifestRequest{Name: ManifestName(name)})
	return response.GetManifest(), err
}

// ListManifests lists manifests, the newest first.
func (c *Client) ListManifests(
	ctx context.Context,
) iter.Seq2[*doppelv1.Manifest, error] {
	return pages(ctx, c.timeouts.Call, c.manifests.ListManifests,
		&doppelv1.ListManifestsRequest{},
		func(r *doppelv1.ListManifestsRequest, token string) { r.PageToken = token },
		(*doppelv1.ListManifestsResponse).GetManifests)
}

// DeleteManifest forgets a manifest.
//
// Reasons: MANIFEST_NOT_FOUND, MANIFEST_IN_USE.
func (c *Client) DeleteManifest(ctx context.Context, name string) error {
	_, err := call(ctx, c.timeouts.Call, c.manifests.DeleteManifest,
		&doppelv1.DeleteManifestRequest{
			Name: ManifestName(name), RequestId: newRequestID(),
		})
	return err
}

// ListNodes lists the nodes of a selection by unique id, as `dbt ls` does.
//
// Reasons: those of selections, with a Violation that names the column.
func (c *Client) ListNodes(
	ctx context.Context, request *doppelv1.ListNodesRequest,
) iter.Seq2[*doppelv1.Node, error] {
	return pages(ctx, c.timeouts.Work, c.manifests.ListNodes, request,
		func(r *doppelv1.ListNodesRequest, token string) { r.PageToken = token },
		(*doppelv1.ListNodesResponse).GetNodes)
}

// CompareManifests lists the nodes that differ, each with every cause.
func (c *Client) CompareManifests(
	ctx context.Context, request *doppelv1.CompareManifestsRequest,
) iter.Seq2[*doppelv1.Difference, error] {
	return pages(ctx, c.timeouts.Work, c.manifests.CompareManifests, request,
		func(r *doppelv1.CompareManifestsRequest, token string) {
			r.PageToken = token
		},
		(*doppelv1.CompareManifestsResponse).GetDifferences)
}
