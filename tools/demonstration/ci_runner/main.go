// Command ci_runner is the demo's CI step: it asks doppel what a change may
// borrow, and writes the state directory that dbt defers to.
//
// Staging serves what differs from production, production all the rest.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	doppel "github.com/doppel-dev/doppel/clients/go"
	"github.com/doppel-dev/doppel/clients/go/generated/doppelv1"
)

func main() {
	server := flag.String("server", "", "address of doppeld")
	manifest := flag.String("manifest", "", "the change's manifest")
	selection := flag.String("select", "", "what dbt is going to build")
	stateDir := flag.String("state-dir", "", "where to write the state")
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := run(ctx, *server, *manifest, *selection, *stateDir); err != nil {
		fmt.Fprintln(os.Stderr, "ci_runner:", err)
		var rejected *doppel.Error
		if errors.As(err, &rejected) {
			fmt.Fprintln(os.Stderr, "reason:", rejected.Reason)
		}
		os.Exit(1)
	}
}

func run(
	ctx context.Context, server, manifest, selection, stateDir string,
) error {
	client, err := doppel.New(server, doppel.WithInsecure())
	if err != nil {
		return err
	}
	defer client.Close()

	prod, err := client.GetEnvironment(ctx, "prod")
	if err != nil {
		return err
	}
	resolution, err := client.ResolveDeferral(ctx, &doppelv1.ResolveDeferralRequest{
		Manifest: manifest,
		Sources: []*doppelv1.DeferSource{
			doppel.FromEnvironment("staging", doppel.Select("state:modified+")),
			doppel.FromEnvironment("prod", nil),
		},
		Selection: doppel.Select(selection),
		Context:   &doppelv1.SelectionContext{StateManifest: prod.GetManifest()},
		Target: &doppelv1.TargetCatalog{
			Catalog: &doppelv1.TargetCatalog_Connection{Connection: "velohire/ci"},
		},
	})
	if err != nil {
		return err
	}
	report(resolution)
	return client.WriteStateDirectory(ctx, resolution.GetName(), stateDir)
}

// report prints every ref that is borrowed, and why.
func report(resolution *doppelv1.DeferResolution) {
	for _, node := range resolution.GetNodes() {
		for _, ref := range node.GetRefs() {
			if ref.GetOrigin() != doppelv1.RefOrigin_REF_ORIGIN_SOURCE {
				continue
			}
			fmt.Printf("   %s reads %s\n      %s\n", node.GetUniqueId(),
				ref.GetRelation().GetRendered(), ref.GetExplanation())
		}
	}
	summary := resolution.GetSummary()
	fmt.Printf("   %d refs: %d deferred (%d relations borrowed), %d to the target\n",
		summary.GetRefs(), summary.GetDeferredRefs(),
		summary.GetBorrowedRelations(), summary.GetTargetRefs())
}
