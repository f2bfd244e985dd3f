package doppel_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	doppel "github.com/doppel-dev/doppel/clients/go"
	"github.com/doppel-dev/doppel/clients/go/generated/doppelv1"
)

// A CI step: upload, resolve against two environments, write what dbt defers to.
func Example() {
	ctx := context.Background()
	client, err := doppel.New("localhost:7433", doppel.WithInsecure())
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	manifest, err := client.UploadManifestFile(ctx, "target/manifest.json", nil)
	if err != nil {
		log.Fatal(err)
	}
	resolution, err := client.ResolveDeferral(ctx, &doppelv1.ResolveDeferralRequest{
		Manifest: manifest.GetName(),
		Sources: []*doppelv1.DeferSource{
			doppel.FromEnvironment("staging", doppel.Select("tag:finance")),
			doppel.FromEnvironment("prod", nil),
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := client.WriteStateDirectory(ctx, resolution.GetName(), "state"); err != nil {
		log.Fatal(err)
	}
}

// What was reviewed is what runs; the events come once each, whatever becomes of
// the connection.
func ExampleClient_Execute() {
	ctx := context.Background()
	client, err := doppel.New("localhost:7433", doppel.WithInsecure())
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	plan, err := client.PlanClone(ctx, &doppelv1.PlanCloneRequest{
		Source: &doppelv1.PlanCloneRequest_SourceEnvironment{
			SourceEnvironment: doppel.EnvironmentName("staging"),
		},
		Target: &doppelv1.PlanCloneRequest_TargetEnvironment{
			TargetEnvironment: doppel.EnvironmentName("bi"),
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	stream, err := client.Execute(ctx, plan)
	if err != nil {
		log.Fatal(err)
	}
	defer stream.Close()
	for event, err := range stream.Events() {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(event.GetSequence(), event.GetOperationFinished().GetTarget())
	}
	fmt.Println(stream.Result().GetStatus())
}

// Errors carry the reason that error_reason.proto explains.
func ExampleError() {
	client, err := doppel.New("localhost:7433", doppel.WithInsecure())
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	_, err = client.GetEnvironment(context.Background(), "nowhere")
	var rejected *doppel.Error
	if errors.As(err, &rejected) {
		fmt.Println(rejected.Reason, rejected.Resource.Name)
	}
}

func ExampleEnvironmentName() {
	fmt.Println(doppel.EnvironmentName("prod"))
	fmt.Println(doppel.EnvironmentName("environments/prod"))
	// Output:
	// environments/prod
	// environments/prod
}
