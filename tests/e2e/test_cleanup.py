"""Cleanup on DuckDB and PostgreSQL: what doppel made goes, and nothing else."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Iterator

import doppel
import pytest
from conftest import Server, apply
from doppel.v1 import execution_pb2, plan_pb2, planning_service_pb2
from workshop import Workshop, open_workshop

PAST = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
COPY = planning_service_pb2.NO_ZERO_COPY_COPY
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
    """A client of it; the server knows prod, and ci as to be."""
    client = server.client()
    for name in ("prod", "ci"):
        client.set_environment(
            name,
            manifest=client.upload_manifest(workshop.manifest(name, *MODELS)),
            connection="shop/dev",
        )
    return client


def _apply(
    client: doppel.Client, plan: plan_pb2.ClonePlan
) -> execution_pb2.Execution:
    done = apply(client, plan)
    assert done.status == execution_pb2.EXECUTION_STATUS_SUCCEEDED, done
    return done


def _clone(client: doppel.Client, target: str = "ci") -> None:
    """Tables as copies, views as pointer views."""
    _apply(
        client,
        client.plan_clone(
            source_environment="prod",
            target_environment=target,
            on_no_zero_copy=COPY,
        ),
    )


def _reasons(plan: plan_pb2.ClonePlan) -> dict[str, str]:
    """Of each relation of the plan, and of each schema by "", why."""
    return {
        operation.target.identifier: plan_pb2.OperationReason.Name(
            operation.reason
        ).removeprefix("OPERATION_REASON_")
        for operation in plan.operations
    }


def _assert_allowed(workshop: Workshop, plan: plan_pb2.ClonePlan) -> None:
    """Every statement drops one line of the ledger, and each only once."""
    owned = {line.name for line in workshop.ledger()}
    for operation in plan.operations:
        target = operation.target
        name = f"{target.schema}.{target.identifier}"
        assert name in owned, name
        if operation.kind == plan_pb2.OPERATION_KIND_SKIP:
            assert not operation.statements
            continue
        assert operation.kind == plan_pb2.OPERATION_KIND_DROP
        owned.remove(name)
        [statement] = operation.statements
        kind = "schema"
        if target.identifier:
            kind = "view" if target.identifier == "report" else "table"
        assert statement == f"drop {kind} {target.rendered}"


def test_everything_that_doppel_made_goes(
    workshop: Workshop, client: doppel.Client
) -> None:
    """With the schema, which it made, too; the sources stay."""
    _clone(client)
    assert workshop.relations("ci") == set(MODELS)

    plan = client.plan_cleanup("ci")
    _assert_allowed(workshop, plan)
    assert plan.kind == plan_pb2.PLAN_KIND_CLEANUP
    assert plan.target_environment == "environments/ci"
    assert plan.summary.drops == 4
    _apply(client, plan)

    assert not workshop.has_schema("ci")
    assert workshop.relations("prod") == set(MODELS)
    assert workshop.run("select * from prod.orders") == [(1, 10)]
    assert workshop.ledger() == []
    with pytest.raises(doppel.FailedPreconditionError) as nothing:
        client.plan_cleanup("ci")
    assert nothing.value.reason == "PLAN_EMPTY"


def test_a_restart_between_clone_and_cleanup_changes_nothing(
    workshop: Workshop, server: Server, client: doppel.Client
) -> None:
    """What was seen of a relation is the same when its file is opened anew."""
    _clone(client)
    server.stop()
    workshop.run("select 1")
    server.start()

    assert server.client().plan_cleanup("ci").summary.drops == 4


def test_somebodys_own_table_stays(
    workshop: Workshop, client: doppel.Client
) -> None:
    """And the schema with it, whoever made the schema."""
    _clone(client)
    workshop.run("create table ci.theirs as select 42 as answer")

    plan = client.plan_cleanup("ci")
    _assert_allowed(workshop, plan)
    assert _reasons(plan)[""] == "SCHEMA_KEPT"
    _apply(client, plan)

    assert workshop.relations("ci") == {"theirs"}
    assert workshop.run("select answer from ci.theirs") == [(42,)]
    workshop.run("drop table ci.theirs")
    _apply(client, client.plan_cleanup("ci"))
    assert not workshop.has_schema("ci")


def test_a_schema_that_was_there_stays(
    workshop: Workshop, client: doppel.Client
) -> None:
    """Doppel did not make it, so it is not doppel's to drop."""
    workshop.run("create schema ci")
    _clone(client)

    _apply(client, client.plan_cleanup("ci"))

    assert workshop.relations("ci") == set()
    assert workshop.has_schema("ci")


def test_what_somebody_took_over_stays(
    workshop: Workshop, client: doppel.Client
) -> None:
    """Replaced by a table of theirs, or with rows of theirs."""
    _clone(client)
    workshop.run(
        "drop table ci.orders",
        "create table ci.orders as select 'mine' as whose",
        "insert into ci.customers values (2, 'Eve')",
    )

    plan = client.plan_cleanup("ci")
    _assert_allowed(workshop, plan)
    assert _reasons(plan) == {
        "report": "EXPIRED",
        "customers": "TAKEN_OVER",
        "orders": "TAKEN_OVER",
        "": "SCHEMA_KEPT",
    }
    _apply(client, plan)

    assert workshop.relations("ci") == {"orders", "customers"}
    assert workshop.run("select * from ci.orders") == [("mine",)]
    assert len(workshop.run("select * from ci.customers")) == 2
    # They are theirs now, and no more business of doppel's.
    assert [line.name for line in workshop.ledger()] == ["ci."]


def test_what_somebodys_view_reads_stays(
    workshop: Workshop, client: doppel.Client
) -> None:
    """PostgreSQL knows who reads; who reads by a pointer view is known."""
    _clone(client)
    client.set_environment(
        "bi",
        manifest=client.upload_manifest(workshop.manifest("bi", *MODELS)),
        connection="shop/dev",
    )
    _apply(
        client,
        client.plan_clone(
            source_environment="ci",
            target_environment="bi",
            select="orders",
        ),
    )
    workshop.run(
        "create schema theirs",
        "create view theirs.names as select name from ci.customers",
    )

    plan = client.plan_cleanup("ci")
    _assert_allowed(workshop, plan)
    reasons = _reasons(plan)
    assert reasons["orders"] == "STILL_READ"
    assert reasons["report"] == "EXPIRED"
    if workshop.adapter == "postgres":
        assert reasons["customers"] == "STILL_READ"
    _apply(client, plan)

    assert workshop.run("select * from bi.orders") == [(1, 10)]
    if workshop.adapter == "postgres":
        assert workshop.run("select * from theirs.names") == [("Ada",)]


def test_only_what_has_expired_goes(
    workshop: Workshop, client: doppel.Client
) -> None:
    """All such environments, but for the protected ones."""
    for name in ("ci", "ci2", "kept", "guarded"):
        client.set_environment(
            name,
            manifest=client.upload_manifest(workshop.manifest(name, *MODELS)),
            connection="shop/dev",
        )
        _clone(client, name)
    with pytest.raises(doppel.FailedPreconditionError) as nothing:
        client.plan_cleanup()
    assert nothing.value.reason == "PLAN_EMPTY"
    for name in ("ci", "ci2", "guarded"):
        client.set_environment(name, expire_time=PAST)
    client.set_environment("guarded", protected=True)

    plan = client.plan_cleanup()
    _assert_allowed(workshop, plan)
    assert [warning.name for warning in plan.warnings][-1:] == [
        "ExpiredIsProtected"
    ]
    _apply(client, plan)

    for name in ("ci", "ci2"):
        assert not workshop.has_schema(name)
    for name in ("kept", "guarded"):
        assert workshop.relations(name) == set(MODELS)
    with pytest.raises(doppel.FailedPreconditionError) as refused:
        client.plan_cleanup("guarded")
    assert refused.value.reason == "ENVIRONMENT_PROTECTED"


def test_a_plan_is_refused_once_somebody_took_over(
    workshop: Workshop, client: doppel.Client
) -> None:
    """Between the plan and its execution, too."""
    _clone(client)
    plan = client.plan_cleanup("ci")
    workshop.run("insert into ci.orders values (2, 20)")

    with pytest.raises(doppel.FailedPreconditionError) as refused:
        client.execute(plan)

    assert refused.value.reason == "WORLD_CHANGED"
    assert workshop.relations("ci") == set(MODELS)


def test_the_command_line_cleans_up(
    workshop: Workshop, server: Server, client: doppel.Client
) -> None:
    """It shows the plan, applies it where asked to, and minds no empty one."""
    _clone(client)
    server.stop()

    shown = workshop.doppel("cleanup", "ci", "--sql")
    assert 'drop table "' in shown.stdout
    assert workshop.relations("ci") == set(MODELS)
    workshop.doppel("cleanup", "ci", "--yes")
    assert not workshop.has_schema("ci")

    assert "nothing to clean up" in workshop.doppel("cleanup", "--yes").stderr
    assert "doppel cleanup --yes" in workshop.doppel("cleanup", "--help").stdout
