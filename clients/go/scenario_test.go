package doppel_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	doppel "github.com/doppel-dev/doppel/clients/go"
	"github.com/doppel-dev/doppel/clients/go/generated/doppelv1"
)

var unknown = strings.Repeat("0", 64)

// pipeline is the scenario under way. The Python client runs the same steps, in
// test_scenario.py.
type pipeline struct {
	*testing.T
	*scenario
	ctx       context.Context
	client    *doppel.Client
	manifests map[string]*doppelv1.Manifest
}

func TestScenario(t *testing.T) {
	s := startScenario(t)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	client, err := doppel.New(s.address, doppel.WithInsecure())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	p := &pipeline{
		T: t, scenario: s, ctx: ctx, client: client,
		manifests: map[string]*doppelv1.Manifest{},
	}

	p.upload()
	p.setEnvironments()
	p.selectAndCompare()
	p.deferTo(filepath.Join(t.TempDir(), "state"))
	plan := p.plan()
	name := p.execute(plan)
	p.watchAgain(name)
	p.lookAfter()
	p.lookIntoTheWarehouse()
	p.askForWhatCannotBe()
}

func (p *pipeline) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

// refused wants an *doppel.Error with that code and reason.
func (p *pipeline) refused(err error, code codes.Code, reason string) *doppel.Error {
	p.Helper()
	var e *doppel.Error
	if !errors.As(err, &e) || e.Code != code || e.Reason != reason {
		p.Fatalf("got %v, want %v (%s)", err, code, reason)
	}
	return e
}

// collect reads a list.
func collect[T any](p *pipeline, list iter.Seq2[T, error]) []T {
	p.Helper()
	var all []T
	for item, err := range list {
		p.must(err)
		all = append(all, item)
	}
	return all
}

func (p *pipeline) upload() {
	var sent, total int64
	for _, name := range []string{"prod", "staging", "bi", "branch"} {
		path := filepath.Join(p.folder, name+".json")
		manifest, err := p.client.UploadManifestFile(p.ctx, path,
			func(s, n int64) { sent, total = s, n })
		p.must(err)
		p.manifests[name] = manifest

		content, err := os.ReadFile(path)
		p.must(err)
		if size := int64(len(content)); sent != size || total != size {
			p.Errorf("%s: progress ended at %d of %d", name, sent, total)
		}
		digest := sha256.Sum256(content)
		want := doppel.ManifestName(hex.EncodeToString(digest[:]))
		if manifest.GetName() != want || manifest.GetSchemaVersion() != 12 {
			p.Errorf("%s: got %v, want %s", name, manifest, want)
		}
	}
	again, err := p.client.UploadManifestFile(p.ctx,
		filepath.Join(p.folder, "prod.json"), nil)
	p.must(err)
	if !proto.Equal(again, p.manifests["prod"]) {
		p.Errorf("the second upload gave %v", again)
	}
}

func (p *pipeline) setEnvironments() {
	for _, name := range []string{"prod", "staging", "bi"} {
		_, err := p.client.SetEnvironment(p.ctx, &doppelv1.Environment{
			Name:       name,
			Manifest:   p.manifests[name].GetName(),
			Connection: p.Connection,
		})
		p.must(err)
	}
	var names []string
	for _, e := range collect(p, p.client.ListEnvironments(p.ctx)) {
		names = append(names, e.GetName())
	}
	want := []string{"environments/bi", "environments/prod", "environments/staging"}
	if !slices.Equal(names, want) {
		p.Errorf("got the environments %v", names)
	}

	before, err := p.client.GetEnvironment(p.ctx, "bi")
	p.must(err)
	after, err := p.client.SetEnvironment(p.ctx,
		&doppelv1.Environment{Name: "bi", Description: "for the analysts"},
		"description")
	p.must(err)
	if after.GetDescription() != "for the analysts" ||
		after.GetManifest() != before.GetManifest() {
		p.Errorf("set to %v", after)
	}
	_, err = p.client.UpdateEnvironment(p.ctx, before, "description")
	p.refused(err, codes.Aborted, "ETAG_MISMATCH")
}

func (p *pipeline) selectAndCompare() {
	selection := doppel.Select("state:modified")
	selection.ResourceTypes = []string{"model"}
	nodes := collect(p, p.client.ListNodes(p.ctx, &doppelv1.ListNodesRequest{
		Manifest:  p.manifests["branch"].GetName(),
		Selection: selection,
		Context: &doppelv1.SelectionContext{
			StateManifest: p.manifests["prod"].GetName(),
		},
		PageSize: 1,
	}))
	var ids []string
	for _, node := range nodes {
		ids = append(ids, node.GetUniqueId())
	}
	if !slices.Equal(ids, p.Modified) {
		p.Errorf("modified are %v, want %v", ids, p.Modified)
	}

	causes := map[string]int{}
	for _, d := range collect(p, p.client.CompareManifests(p.ctx,
		&doppelv1.CompareManifestsRequest{
			Current: p.manifests["branch"].GetName(),
			Older:   p.manifests["prod"].GetName(),
		})) {
		causes[d.GetUniqueId()] = len(d.GetCauses())
	}
	for _, id := range p.Modified {
		if causes[id] == 0 {
			p.Errorf("%s has no cause", id)
		}
	}
}

// deferTo borrows what changed from staging and all else from prod.
func (p *pipeline) deferTo(directory string) {
	var changed []string
	for _, id := range p.Modified {
		changed = append(changed, id[strings.LastIndex(id, ".")+1:])
	}
	resolution, err := p.client.ResolveDeferral(p.ctx,
		&doppelv1.ResolveDeferralRequest{
			Manifest: p.manifests["branch"].GetName(),
			Sources: []*doppelv1.DeferSource{
				doppel.FromEnvironment("staging", doppel.Select(changed...)),
				doppel.FromEnvironment("prod", nil),
			},
			Selection: &doppelv1.Selection{
				Exclude: changed, ResourceTypes: []string{"model"},
			},
			Command: doppelv1.DbtCommand_DBT_COMMAND_COMPILE,
		})
	p.must(err)
	borrowed, fromStaging := 0, 0
	for _, node := range resolution.GetNodes() {
		for _, ref := range node.GetRefs() {
			if ref.GetOrigin() != doppelv1.RefOrigin_REF_ORIGIN_SOURCE {
				continue
			}
			borrowed++
			want := "environments/prod"
			if slices.Contains(p.Modified, ref.GetUniqueId()) {
				want = "environments/staging"
				fromStaging++
			}
			if ref.GetFrom() != want || ref.GetExplanation() == "" {
				p.Errorf("%s comes from %s: %s", ref.GetUniqueId(), ref.GetFrom(),
					ref.GetExplanation())
			}
		}
	}
	if fromStaging == 0 || fromStaging == borrowed {
		p.Errorf("%d of %d are borrowed from staging", fromStaging, borrowed)
	}
	listed := collect(p,
		p.client.ListNodeResolutions(p.ctx, resolution.GetName()))
	if len(listed) != len(resolution.GetNodes()) {
		p.Errorf("%d nodes are listed", len(listed))
	}

	p.must(p.client.WriteStateDirectory(p.ctx, resolution.GetName(), directory))
	spliced, err := p.client.UploadManifestFile(p.ctx,
		filepath.Join(directory, "manifest.json"), nil)
	p.must(err)
	if spliced.GetSchemaVersion() != 12 {
		p.Errorf("the state manifest is %v", spliced)
	}
}

func (p *pipeline) plan() *doppelv1.ClonePlan {
	plan, err := p.client.PlanClone(p.ctx, &doppelv1.PlanCloneRequest{
		Source: &doppelv1.PlanCloneRequest_SourceEnvironment{
			SourceEnvironment: doppel.EnvironmentName("staging"),
		},
		Target: &doppelv1.PlanCloneRequest_TargetEnvironment{
			TargetEnvironment: doppel.EnvironmentName("bi"),
		},
	})
	p.must(err)
	if got := int(plan.GetSummary().GetPointerViews()); got != len(p.Relations) {
		p.Errorf("%d views are planned, want %d", got, len(p.Relations))
	}
	operations := collect(p, p.client.ListOperations(p.ctx, plan.GetName()))
	if len(operations) != len(plan.GetOperations()) {
		p.Errorf("%d operations are listed", len(operations))
	}
	stored, err := p.client.GetPlan(p.ctx, plan.GetName(),
		doppelv1.PlanView_PLAN_VIEW_FULL)
	p.must(err)
	if !proto.Equal(stored, plan) {
		p.Error("the stored plan is another one")
	}
	return plan
}

func (p *pipeline) lookAfter() {
	if drifts := collect(p, p.client.DetectDrift(p.ctx, "bi")); len(drifts) != 0 {
		p.Errorf("it drifted: %v", drifts)
	}
	plan, err := p.client.PlanCleanup(p.ctx, &doppelv1.PlanCleanupRequest{
		Environment: doppel.EnvironmentName("bi"), ValidateOnly: true,
	})
	p.must(err)
	if got := int(plan.GetSummary().GetDrops()); got < len(p.Relations) {
		p.Errorf("%d drops are planned, want %d", got, len(p.Relations))
	}
	advice, err := p.client.Advise(p.ctx, &doppelv1.AdviseRequest{
		Needs: &doppelv1.Needs{UsableByOtherTools: true},
	})
	p.must(err)
	if advice.GetAdvice() != doppelv1.Advice_ADVICE_CLONE {
		p.Errorf("advised %v", advice)
	}
}

func (p *pipeline) execute(plan *doppelv1.ClonePlan) string {
	_, err := p.client.Execute(p.ctx, &doppelv1.ClonePlan{
		Name: plan.GetName(), Fingerprint: unknown,
	})
	p.refused(err, codes.FailedPrecondition, "FINGERPRINT_MISMATCH")
	checked, err := p.client.Execute(p.ctx, plan, doppel.ValidateOnly())
	p.must(err)
	if result, err := checked.Wait(); err != nil || result != nil {
		p.Errorf("validating gave %v, %v", result, err)
	}

	stream, err := p.client.Execute(p.ctx, plan, doppel.WithConnections(2))
	p.must(err)
	defer stream.Close()
	events := collect(p, stream.Events())
	for i, event := range events {
		if event.GetSequence() != int64(i+1) {
			p.Errorf("event %d has the sequence %d", i+1, event.GetSequence())
		}
	}
	if len(events) == 0 || events[0].GetStarted() == nil ||
		events[len(events)-1].GetFinished() == nil {
		p.Fatalf("got the events %v", events)
	}
	result := stream.Result()
	counts := result.GetCounts()
	if result.GetStatus() != doppelv1.ExecutionStatus_EXECUTION_STATUS_SUCCEEDED ||
		int(counts.GetSucceeded()+counts.GetSkipped()) != len(plan.GetOperations()) {
		p.Errorf("ended as %v", result)
	}

	_, err = p.client.Execute(p.ctx, plan)
	stale := p.refused(err, codes.FailedPrecondition, "WORLD_CHANGED")
	if len(stale.Violations) == 0 {
		p.Errorf("nothing says what changed: %v", stale)
	}
	return stream.Name()
}

func (p *pipeline) watchAgain(name string) {
	all := collect(p, p.client.Watch(p.ctx, name, 0).Events())
	rest := collect(p, p.client.Watch(p.ctx, name, 2).Events())
	same := func(a, b *doppelv1.ExecutionEvent) bool { return proto.Equal(a, b) }
	if !slices.EqualFunc(rest, all[2:], same) {
		p.Errorf("after event 2 came %v", rest)
	}
	execution, err := p.client.GetExecution(p.ctx, name)
	p.must(err)
	if execution.GetLastSequence() != int64(len(all)) {
		p.Errorf("its last event is %d", execution.GetLastSequence())
	}
	listed := collect(p, p.client.ListExecutions(p.ctx, execution.GetPlan()))
	if len(listed) != 1 || listed[0].GetName() != name {
		p.Errorf("the plan's executions are %v", listed)
	}
	_, err = p.client.CancelExecution(p.ctx, name, "too late")
	p.refused(err, codes.FailedPrecondition, "EXECUTION_FINISHED")
}

func (p *pipeline) lookIntoTheWarehouse() {
	found := map[string]bool{}
	for _, live := range collect(p, p.client.ListRelations(p.ctx, "bi")) {
		r := live.GetRelation()
		found[r.GetSchema()+"."+r.GetIdentifier()] = true
	}
	if got := slices.Sorted(maps.Keys(found)); !slices.Equal(got, p.Relations) {
		p.Errorf("bi holds %v, want %v", got, p.Relations)
	}
}

func (p *pipeline) askForWhatCannotBe() {
	_, err := p.client.GetManifest(p.ctx, unknown)
	p.refused(err, codes.NotFound, "MANIFEST_NOT_FOUND")
	_, err = p.client.UploadManifest(p.ctx,
		strings.NewReader(`{"metadata": {`), nil)
	p.refused(err, codes.InvalidArgument, "MANIFEST_TRUNCATED")
	for _, err := range p.client.ListNodes(p.ctx, &doppelv1.ListNodesRequest{
		Manifest:  p.manifests["prod"].GetName(),
		Selection: doppel.Select("nonsense:x"),
	}) {
		e := p.refused(err, codes.InvalidArgument, "SELECTION_UNKNOWN_METHOD")
		if len(e.Violations) == 0 {
			p.Errorf("nothing says where: %v", e)
		}
	}
}
