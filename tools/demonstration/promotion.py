"""The demo's last act: a closed gate, a promotion, and the way back."""

from __future__ import annotations

import pathlib
import sys

import doppel
import duckdb
from doppel.v1 import execution_pb2, plan_pb2
from story import Project, Story

_TEST = "tests/assert_no_ride_is_free.sql"
_BILLED = "select sum(billed) from prod_finance.revenue_daily"


def _billed(project: Project) -> str:
    with duckdb.connect(str(project.database), read_only=True) as database:
        row = database.sql(_BILLED).fetchone()
    return str(row[0] if row else None)


def _point_staging(client: doppel.Client, manifest: pathlib.Path) -> None:
    client.set_environment("staging", manifest=client.upload_manifest(manifest))


def _execute(
    client: doppel.Client, plan: plan_pb2.ClonePlan
) -> execution_pb2.Execution:
    with client.execute(plan) as events:
        for _ in events:
            pass
        result = events.result
    if (
        result is None
        or result.status != execution_pb2.EXECUTION_STATUS_SUCCEEDED
    ):
        sys.exit(f"it failed: {result}")
    return result


def _plan(client: doppel.Client, project: Project) -> plan_pb2.ClonePlan:
    return client.plan_promotion(
        from_environment="staging",
        to_environment="prod",
        run_results_json=project.run_results("staging").read_bytes(),
    )


def refuse(story: Story, client: doppel.Client, project: Project) -> None:
    """A test of staging fails: it does not become production."""
    story.step("somebody adds a test, and it fails: the gate stays closed")
    (project.path / _TEST).parent.mkdir(exist_ok=True)
    (project.path / _TEST).write_text(
        "select * from {{ ref('revenue_daily') }} where 1 = 1\n"
    )
    _point_staging(client, project.test("staging"))
    try:
        _plan(client, project)
    except doppel.FailedPreconditionError as error:
        story.say(f"{error.reason}: {error.violations[0].subject}")
        story.say(f"    {error.violations[0].description}")
    else:
        sys.exit("a promotion was planned though a test had failed")
    (project.path / _TEST).unlink()


def promote(
    story: Story, client: doppel.Client, project: Project
) -> execution_pb2.Execution:
    """Staging is built again and takes production's place."""
    story.step("without it, staging is built again and promoted")
    _point_staging(client, project.build("staging"))
    plan = _plan(client, project)
    placements = [p for o in plan.operations for p in o.placements]
    for placement in placements[:3]:
        story.say(
            f"{placement.source.rendered} -> {placement.target.rendered}, "
            f"the old one is {placement.kept_as.rendered or 'none'}"
        )
    story.say(f"... {len(placements)} in one transaction")
    story.say(f"{_BILLED}: {_billed(project)} before")
    result = _execute(client, plan)
    story.say(f"{_BILLED}: {_billed(project)} after")
    story.numbers["relations promoted in one transaction"] = len(placements)
    return result


def roll_back(
    story: Story,
    client: doppel.Client,
    project: Project,
    promotion: execution_pb2.Execution,
) -> None:
    """The old production comes back."""
    story.step("a dashboard disappoints: production goes back to what it was")
    _execute(client, client.plan_rollback(promotion))
    story.say(f"{_BILLED}: {_billed(project)} again")
