"""Drift and reconciling on DuckDB and PostgreSQL; and advice."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterator

import doppel
import pytest
from conftest import Server
from doppel.v1 import (
    environment_service_pb2,
    execution_pb2,
    plan_pb2,
    planning_service_pb2,
)
from workshop import Workshop, open_workshop

COPY = planning_service_pb2.NO_ZERO_COPY_COPY
RECONCILE = planning_service_pb2.EXISTING_TARGET_RECONCILE
MODELS = ("orders", "customers", "report")


@pytest.fixture(params=("duckdb", "postgres"))
def workshop(
    request: pytest.FixtureRequest, tmp_path: pathlib.Path
) -> Iterator[Workshop]:
    """A warehouse of either engine, with relations in prod."""
    yield from open_workshop(request.param, tmp_path)


@pytest.fixture
def server(workshop: Workshop) -> Iterator[Server]:
    """A doppeld whose connection is the workshop's."""
    running = Server(workshop)
    yield running
    running.stop()


@pytest.fixture
def client(workshop: Workshop, server: Server) -> doppel.Client:
    """A client of it; ci was cloned from prod."""
    client = server.client()
    for name in ("prod", "ci"):
        client.set_environment(
            name,
            manifest=client.upload_manifest(workshop.manifest(name, *MODELS)),
            connection="shop/dev",
        )
    _reconcile(client)
    return client


def _reconcile(
    client: doppel.Client, *, overwrite: bool = False
) -> plan_pb2.ClonePlan:
    plan = client.plan_clone(
        source_environment="prod",
        target_environment="ci",
        on_no_zero_copy=COPY,
        existing_target=RECONCILE,
        overwrite_changed_targets=overwrite,
    )
    with client.execute(plan) as events:
        for _ in events:
            pass
        assert events.result is not None
    assert events.result.status == execution_pb2.EXECUTION_STATUS_SUCCEEDED
    return plan


def _drifts(client: doppel.Client) -> list[tuple[str, str]]:
    return [
        (
            drift.unique_id.removeprefix("model.shop."),
            environment_service_pb2.DriftKind.Name(drift.kind).removeprefix(
                "DRIFT_KIND_"
            ),
        )
        for drift in client.detect_drift("ci")
    ]


def _reasons(plan: plan_pb2.ClonePlan) -> dict[str, str]:
    return {
        operation.target.identifier: plan_pb2.OperationReason.Name(
            operation.reason
        ).removeprefix("OPERATION_REASON_")
        for operation in plan.operations
    }


def test_nothing_drifts_by_itself(
    workshop: Workshop, server: Server, client: doppel.Client
) -> None:
    """Not even where the server, and DuckDB's file, are opened anew."""
    assert _drifts(client) == []
    server.stop()
    workshop.run("select 1")
    server.start()
    assert _drifts(server.client()) == []


def test_drift_is_told_for_both_sides(
    workshop: Workshop, client: doppel.Client
) -> None:
    """What changed and what went, there and here."""
    workshop.run(
        "insert into prod.orders values (2, 20)",
        "insert into ci.orders values (3, 30)",
        "drop table prod.customers",
        "drop view ci.report",
    )

    assert _drifts(client) == [
        ("customers", "SOURCE_DROPPED"),
        ("orders", "SOURCE_CHANGED"),
        ("orders", "TARGET_CHANGED"),
        ("report", "TARGET_DROPPED"),
    ]
    [drift] = [
        drift
        for drift in client.detect_drift("ci")
        if drift.unique_id == "model.shop.report"
    ]
    assert drift.target.rendered.endswith('"ci"."report"')
    assert drift.source.rendered.endswith('"prod"."report"')
    assert drift.made_time.seconds > 0


def test_drift_knows_new_nodes_and_orphans(
    workshop: Workshop, client: doppel.Client
) -> None:
    """From the manifest that the source's environment points to now."""
    workshop.run("create table prod.fresh as select 1 as id")
    client.set_environment(
        "prod",
        manifest=client.upload_manifest(
            workshop.manifest("prod", "customers", "report", "fresh", "unbuilt")
        ),
    )

    assert _drifts(client) == [
        ("fresh", "NEW_IN_SOURCE"),
        ("orders", "SOURCE_DROPPED"),
    ]


def test_reconciling_asks_before_it_overwrites(
    workshop: Workshop, client: doppel.Client
) -> None:
    """What somebody changed in the clone is kept, until they say otherwise."""
    workshop.run(
        "insert into prod.customers values (2, 'Bob')",
        "insert into prod.orders values (2, 20)",
        "insert into ci.customers values (3, 'Eve')",
    )

    kept = _reconcile(client)
    assert _reasons(kept)["customers"] == "TARGET_CHANGED"
    assert _reasons(kept)["orders"] == "DRIFTED"
    assert _reasons(kept)["report"] == "UP_TO_DATE"
    [explanation] = [
        operation.explanation
        for operation in kept.operations
        if operation.target.identifier == "customers"
    ]
    assert "overwrite_changed_targets" in explanation
    names = "select name from ci.customers order by id"
    assert workshop.run(names) == [("Ada",), ("Eve",)]
    assert len(workshop.run("select * from ci.orders")) == 2

    overwritten = _reconcile(client, overwrite=True)
    assert _reasons(overwritten)["customers"] == "DRIFTED"
    assert workshop.run(names) == [("Ada",), ("Bob",)]
    assert _drifts(client) == []


def test_reconciling_keeps_what_took_a_clones_place(
    workshop: Workshop, client: doppel.Client
) -> None:
    """A table where doppel made a view."""
    workshop.run(
        "drop view ci.report", "create table ci.report as select 42 as x"
    )

    plan = _reconcile(client)

    assert _reasons(plan)["report"] == "TARGET_CHANGED"
    assert workshop.run("select x from ci.report") == [(42,)]


def test_the_command_line_tells_of_drift(
    workshop: Workshop, server: Server, client: doppel.Client
) -> None:
    """A line for each, or that there is none."""
    server.stop()
    assert "nothing drifted" in workshop.doppel("drift", "ci").stdout
    workshop.run("drop table ci.orders")

    told = workshop.doppel("drift", "ci").stdout

    assert "target dropped" in told
    assert "1 drift" in told
    assert "doppel drift ci" in workshop.doppel("drift", "--help").stdout


def test_advice_counts_the_case_at_hand(
    workshop: Workshop, server: Server, client: doppel.Client
) -> None:
    """Objects, statements, and the time that a build took."""
    timings = json.dumps(
        {
            "metadata": {
                "dbt_schema_version": "https://schemas.getdbt.com/dbt/"
                "run-results/v6.json"
            },
            "results": [
                {
                    "unique_id": f"model.shop.{name}",
                    "status": "success",
                    "execution_time": 30,
                }
                for name in MODELS
            ],
        }
    ).encode()

    advice = client.advise(
        usable_by_other_tools=True,
        manifest=client.get_environment("ci").manifest,
        sources=["prod"],
        select="orders customers",
        timings=timings,
    )

    assert advice.advice == planning_service_pb2.ADVICE_CLONE
    assert advice.clone_objects == 2
    assert advice.clone_statements == 3  # with the schema
    assert advice.defer_relations == 0
    assert advice.rebuilding_avoided.seconds == 0
    assert advice.clone_rebuilding_avoided.seconds == 60
    assert len(advice.reasons) == 6
    both = client.advise(safe_to_modify=True, several_sources=True)
    assert both.advice == planning_service_pb2.ADVICE_BOTH
    assert both.clone_objects == 0
    with pytest.raises(doppel.InvalidArgumentError) as wrong:
        client.advise(
            manifest=client.get_environment("ci").manifest,
            sources=["prod"],
            timings=b"[]",
        )
    assert wrong.value.reason == "ARTIFACT_INVALID"
    server.stop()
    told = workshop.doppel("advise", "--no-drift", "--safe-to-modify")
    assert told.stdout.startswith("neither\n")
