"""The demo's orchestrator: a change of velohire, from commit to dashboard.

Real dbt builds, doppel answers through its Python client, and the CI step is a
Go program of its own (ci_runner/) on the Go client.
"""

from __future__ import annotations

import argparse
import pathlib
import subprocess
import sys
import time

import doppel
import duckdb
import promotion
from doppel.v1 import (
    execution_pb2,
    manifest_pb2,
    plan_pb2,
    planning_service_pb2,
)
from story import Project, Server, Story

_CLONED = "path:models/marts"


def _name(kind: int, enum: type, prefix: str) -> str:
    """An enum's value as words."""
    name: str = enum.Name(kind)  # type: ignore[attr-defined]
    return name.removeprefix(prefix).lower().replace("_", " ")


def build_environments(
    story: Story, project: Project
) -> dict[str, pathlib.Path]:
    """Production from main, staging from the branch; gives their manifests."""
    story.step("dbt builds production from main")
    manifests = {"prod": project.build("prod")}
    story.step("dbt builds staging from the branch summer-tariff")
    project.overlay("velohire_branch")
    manifests["staging"] = project.build("staging")
    return manifests


def register(
    story: Story, client: doppel.Client, manifests: dict[str, pathlib.Path]
) -> None:
    """Uploads the manifests and points the environments to them."""
    story.step("doppel learns of both environments")
    for name, path in manifests.items():
        manifest = client.upload_manifest(path)
        client.set_environment(
            name, manifest=manifest, connection=f"velohire/{name}"
        )
        nodes = sum(row.count for row in manifest.node_counts)
        story.say(
            f"environments/{name}: {nodes} nodes, "
            f"{manifest.size_bytes / 1e6:.1f} MB, {manifest.name[:22]}..."
        )


def explain_change(
    story: Story, client: doppel.Client, project: Project
) -> tuple[manifest_pb2.Manifest, list[str]]:
    """What the commit changes against staging, and why; gives the models."""
    story.step("a commit changes one model; what is it, and why?")
    project.overlay("velohire_hotfix")
    current = client.upload_manifest(project.parse("ci"))
    staging = client.get_environment("staging").manifest
    started = time.monotonic()
    differences = list(client.compare(current, staging))
    elapsed = time.monotonic() - started
    for difference in differences:
        causes = ", ".join(
            _name(
                cause.kind,
                manifest_pb2.DifferenceCauseKind,
                "DIFFERENCE_CAUSE_KIND_",
            )
            + (f" ({cause.detail})" if cause.detail else "")
            for cause in difference.causes
        )
        story.say(f"~ {difference.unique_id}: {causes}")
    changed = [
        difference.unique_id.rsplit(".", 1)[1]
        for difference in differences
        if difference.resource_type == "model"
    ]
    prod = client.get_environment("prod").manifest
    against_prod = client.compare(current, prod)
    story.say(
        f"({len(differences)} against staging, "
        f"{len(list(against_prod))} against production; "
        f"the first answer took {elapsed * 1000:.0f} ms)"
    )
    story.numbers["models changed"] = len(changed)
    return current, changed


def run_ci(
    story: Story,
    server: Server,
    project: Project,
    current: manifest_pb2.Manifest,
    changed: list[str],
) -> None:
    """The Go CI runner resolves, downloads the state, and real dbt builds."""
    story.step("the CI runner (Go) borrows from staging and from production")
    select = " ".join(f"{model}+" for model in changed)
    state = project.folder / "defer-state"
    subprocess.run(
        [
            str(project.folder / "ci_runner"),
            f"--server={server.address}",
            f"--manifest={current.name}",
            f"--select={select}",
            f"--state-dir={state}",
        ],
        check=True,
    )
    story.step("dbt builds only the change, with the downloaded state")
    built = project.build("ci", "--select", select, "--defer", "--state", state)
    compiled = project.compiled("ci", "revenue_daily")
    for line in compiled.splitlines():
        if '"velohire"' in line:
            story.say(f"    {line.strip()}")
    for schema in ('"staging"', '"prod_prep"'):
        if schema not in compiled:
            sys.exit(f"revenue_daily does not read {schema}:\n{compiled}")
    whole = sum(
        1
        for node in project.manifest_nodes(built)
        if node["resource_type"] in ("model", "seed", "snapshot")
    )
    story.numbers["nodes dbt ran for the change"] = project.results("ci")
    story.numbers["models, seeds and snapshots of the project"] = whole


def clone_for_bi(
    story: Story, client: doppel.Client, project: Project
) -> plan_pb2.ClonePlan:
    """Plans a clone of staging's marts, shows it and applies it."""
    story.step("doppel plans a clone of staging's marts for BI")
    plan = client.plan_clone(
        source_environment="staging",
        naming=[planning_service_pb2.NamingRule(schema="bi_{schema}")],
        select=_CLONED,
    )
    for operation in plan.operations:
        kind = _name(operation.kind, plan_pb2.OperationKind, "OPERATION_KIND_")
        story.say(f"{operation.id:3} {kind:14} {operation.target.rendered}")
    explained = [o for o in plan.operations if o.source.identifier]
    story.say(f"because: {explained[0].explanation}")
    story.say(f"fingerprint {plan.fingerprint}")

    story.step("the plan is applied exactly as it was shown")
    done = 0
    with client.execute(plan) as events:
        for event in events:
            if event.HasField("operation_finished"):
                done += 1
                story.progress(done, len(plan.operations))
        result = events.result
    story.end_progress()
    if (
        result is None
        or result.status != execution_pb2.EXECUTION_STATUS_SUCCEEDED
    ):
        sys.exit(f"the clone failed: {result}")
    story.say(f"{result.name}: {result.counts.succeeded} operations done")
    story.numbers["relations cloned for BI"] = (
        plan.summary.pointer_views + plan.summary.copies + plan.summary.clones
    )
    story.numbers["statements sent for it"] = plan.summary.statements

    story.step("the same plan again is refused: the world has changed since")
    try:
        client.execute(plan)
    except doppel.FailedPreconditionError as error:
        story.say(f"{error.reason}: {error.violations[0].description}")
    else:
        sys.exit("a stale plan was executed")
    return plan


def query_clone(story: Story, project: Project) -> None:
    """What a dashboard sees in the clone."""
    story.step("a dashboard reads the clone")
    query = (
        "select ride_day, rides, billed from bi_staging_finance.revenue_daily "
        "order by ride_day limit 3"
    )
    story.say(query)
    with duckdb.connect(str(project.database), read_only=True) as database:
        for row in database.sql(query).fetchall():
            story.say("    " + "  ".join(str(value) for value in row))


def main() -> None:
    """Plays the story."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repository", type=pathlib.Path, required=True)
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    story = Story()
    project = Project(arguments.repository, arguments.folder)
    manifests = build_environments(story, project)
    story.step("doppeld starts")
    with Server(arguments.repository, project) as server:
        story.say(f"serving on {server.address}")
        with doppel.Client(server.address, insecure=True) as client:
            register(story, client, manifests)
            current, changed = explain_change(story, client, project)
            run_ci(story, server, project, current, changed)
            clone_for_bi(story, client, project)
            query_clone(story, project)
            promotion.refuse(story, client, project)
            promoted = promotion.promote(story, client, project)
            promotion.roll_back(story, client, project, promoted)
    story.summary()


if __name__ == "__main__":
    main()
