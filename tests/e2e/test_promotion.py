"""Promotion and rollback on DuckDB and on a real PostgreSQL."""

from __future__ import annotations

import datetime
import json
import pathlib
import shutil
import signal
from collections.abc import Iterator

import doppel
import pytest
from conftest import Server, apply
from doppel.v1 import execution_pb2, manifest_pb2, plan_pb2
from promoting import DuckDb, Postgres, Reader, World

SUCCEEDED = execution_pb2.EXECUTION_STATUS_SUCCEEDED


@pytest.fixture(params=[DuckDb, Postgres], ids=["duckdb", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> World:
    """Both environments, built."""
    made: World = request.param(tmp_path / "world")
    return made


@pytest.fixture
def server(world: World) -> Iterator[Server]:
    """A doppeld whose connections are the project's."""
    running = Server(world)
    yield running
    running.stop()


def _uploaded(
    client: doppel.Client, world: World, name: str
) -> manifest_pb2.Manifest:
    return client.upload_manifest(world.artifact(name, "manifest.json"))


@pytest.fixture
def client(world: World, server: Server) -> doppel.Client:
    """A client of a server that knows both environments."""
    return _introduced(server, world)


def _introduced(server: Server, world: World) -> doppel.Client:
    client = server.client()
    for name in ("prod", "blue"):
        client.set_environment(
            name,
            manifest=client.upload_manifest(
                world.artifact(name, "manifest.json")
            ),
            connection=f"shop/{name}",
            protected=name == "prod",
        )
    return client


def _plan(
    client: doppel.Client, world: World, **options: object
) -> plan_pb2.ClonePlan:
    arguments: dict[str, object] = {
        "from_environment": "blue",
        "to_environment": "prod",
        "run_results_json": world.run_results(),
        **options,
    }
    return client.plan_promotion(**arguments)  # type: ignore[arg-type]


def _names(client: doppel.Client, environment: str) -> set[str]:
    """The relations of the environment's manifest, as its nodes have them."""
    manifest = client.get_environment(environment).manifest
    from doppel.v1 import manifest_service_pb2

    return {
        node.relation.rendered.replace('"', "").split(".", 1)[1]
        for node in client.list_nodes(
            manifest,
            resource_types=["model"],
            view=manifest_service_pb2.NODE_VIEW_FULL,
        )
    }


# What production's relations have that blue's lack, or have otherwise.
_RIGHTS = (
    "create role bi",
    "create role ops",
    "grant select on blue.orders to bi",
    "grant select (id), update (id) on blue.orders to ops",
    "grant select on prod.orders to bi with grant option",
    "grant select, update on prod.orders to ops",
    "grant select on prod.report to public",
    "grant update (n) on prod.totals to bi",
)
_COMMENTS = (
    "comment on table prod.orders is 'what was sold'",
    "comment on column prod.orders.id is 'the number of it'",
    "comment on column blue.orders.id is 'one of blue''s'",
    "comment on column prod.totals.revision is 'which build'",
    "comment on view prod.report is 'how much'",
)


def test_what_hangs_on_the_old_side_alone_is_told_before(
    tmp_path: pathlib.Path,
) -> None:
    """PostgreSQL: a trigger stays behind, and comes back with its table."""
    world = Postgres(tmp_path / "world")
    world.query("create role bi")
    world.query("alter table prod.totals add column old integer")
    world.query("grant select (old) on prod.totals to bi")
    world.query(
        "create function prod.nothing() returns trigger language plpgsql "
        "as 'begin return new; end'"
    )
    world.query(
        "create trigger audit before insert on prod.totals "
        "for each row execute function prod.nothing()"
    )
    before = world.snapshot()
    server = Server(world)
    client = _introduced(server, world)

    plan = _plan(client, world)
    told = [w.message for w in plan.warnings if w.name == "RightsStayBehind"]
    promoted = apply(client, plan)
    apply(client, client.plan_rollback(promoted))

    assert len(told) == 2
    assert all("prod" in message and "totals" in message for message in told)
    assert any("the trigger audit" in message for message in told)
    assert any("SELECT on its column old" in message for message in told)
    assert world.snapshot() == before
    server.stop()


def test_a_reader_sees_the_old_or_the_new_and_the_way_back_is_exact(
    world: World, client: doppel.Client
) -> None:
    """Never a mix, never nothing; then all is as it was before."""
    if world.type == "postgres":
        for statement in _RIGHTS:
            world.query(statement)
    for statement in _COMMENTS:
        world.query(statement)
    world.query("create schema other")
    world.query("create view other.board as select * from prod.orders")
    before = world.snapshot()
    manifest = client.get_environment("prod").manifest
    plan = _plan(client, world)

    with Reader(world) as reader:
        promoted = apply(client, plan)
    assert promoted.status == SUCCEEDED, promoted.error
    assert not reader.errors, reader.errors
    assert reader.seen == [{1}, {2}]
    assert world.query("select distinct revision from prod.fresh") == [(2,)]
    assert world.query("select distinct revision from other.board") == [(2,)]
    assert client.get_environment("prod").manifest == plan.manifest_after
    assert _names(client, "prod") == {
        "prod.fresh",
        "prod.orders",
        "prod.report",
        "prod.totals",
    }
    now = {row[:2]: row for row in world.everything()}
    assert "what was sold" in now["prod", "orders"]
    assert "one of blue's" in str(now["prod", "orders"])
    assert "the number of it" not in str(now["prod", "orders"])
    assert "which build" in str(now["prod", "totals"])
    if world.type == "postgres":
        [rights] = world.query(
            "select has_table_privilege('bi', 'prod.orders', 'select'), "
            "has_table_privilege('bi', 'prod.orders', "
            "'select with grant option'), "
            "has_table_privilege('bi', 'prod.totals', 'select'), "
            "has_column_privilege('bi', 'prod.totals', 'n', 'update')"
        )
        assert rights == (True, True, False, True)

    back = client.plan_rollback(promoted)
    with Reader(world) as reader:
        rolled_back = apply(client, back)
    assert rolled_back.status == SUCCEEDED, rolled_back.error
    assert not reader.errors, reader.errors
    assert reader.seen == [{2}, {1}]
    assert world.snapshot() == before
    assert client.get_environment("prod").manifest == manifest


def test_a_failed_test_closes_the_gate(
    world: World, client: doppel.Client
) -> None:
    """The test is named, and what was not built for it."""
    world.build("blue", 2, fails=True)
    client.set_environment(
        "blue",
        manifest=client.upload_manifest(
            world.artifact("blue", "manifest.json")
        ),
    )

    with pytest.raises(doppel.FailedPreconditionError) as closed:
        _plan(client, world)

    assert closed.value.reason == "GATE_CLOSED"
    closing = [violation.subject for violation in closed.value.violations]
    assert closing[0] == "test.shop.good"
    # What reads the model that it is a test of was not built.
    assert all(subject.startswith("model.shop.") for subject in closing[1:])
    assert "model.shop.totals" in closing
    assert "model.shop.orders" not in closing


def test_results_of_an_older_build_close_the_gate(
    world: World, client: doppel.Client
) -> None:
    """Also those that are too old."""
    results = world.run_results()
    world.build("blue", 3)
    client.set_environment(
        "blue",
        manifest=client.upload_manifest(
            world.artifact("blue", "manifest.json")
        ),
    )

    with pytest.raises(doppel.FailedPreconditionError) as older:
        _plan(client, world, run_results_json=results)
    with pytest.raises(doppel.FailedPreconditionError) as old:
        _plan(client, world, max_age=datetime.timedelta(0))
    with pytest.raises(doppel.FailedPreconditionError) as missing:
        _plan(client, world, run_results_json=b"")

    assert older.value.reason == "GATE_CLOSED"
    assert old.value.reason == "GATE_CLOSED"
    assert missing.value.reason == "RUN_RESULTS_REQUIRED"


def test_a_rollback_that_would_lose_changes_is_refused(
    world: World, client: doppel.Client
) -> None:
    """An update counts, though DuckDB itself does not count it."""
    promoted = apply(client, _plan(client, world))
    world.query("update prod.totals set n = n + 1")

    with pytest.raises(doppel.FailedPreconditionError) as refused:
        client.plan_rollback(promoted)

    assert refused.value.reason == "WORLD_CHANGED"
    assert any("totals" in v.subject for v in refused.value.violations)


def test_a_rollback_works_though_blue_was_built_again(
    world: World, client: doppel.Client
) -> None:
    """What was promoted is kept aside then; the new build is left alone."""
    promoted = apply(client, _plan(client, world))
    world.build("blue", 3)

    rolled_back = apply(client, client.plan_rollback(promoted))

    assert rolled_back.status == SUCCEEDED, rolled_back.error
    assert world.read() == {1}
    assert world.query("select distinct revision from blue.orders") == [(3,)]
    assert world.query("select distinct revision from blue.fresh") == [(3,)]


def test_a_plan_is_refused_when_its_world_changed(
    world: World, client: doppel.Client
) -> None:
    """Somebody writes to what is to be promoted after it was planned."""
    plan = _plan(client, world)
    world.query("insert into blue.totals select 9, 9")

    with pytest.raises(doppel.FailedPreconditionError) as refused:
        client.execute(plan)

    assert refused.value.reason == "WORLD_CHANGED"
    assert world.read() == {1}


def test_a_server_that_is_killed_goes_on_where_it_was(
    world: World, server: Server, client: doppel.Client
) -> None:
    """At whatever event it dies: all old, then all new, then all old again."""
    for moment in (0, 1, 2):
        before = world.snapshot()
        plan = _plan(client, world)
        with client.execute(plan) as events:
            name = events.name
            for _ in range(moment):
                next(events)
            server.stop(signal.SIGKILL)
        assert world.read() in ({1}, {2})
        server.start()
        client = server.client()
        execution = client.get_execution(name)
        if execution.status == execution_pb2.EXECUTION_STATUS_INTERRUPTED:
            client.resume(name)
            with client.watch(name) as events:
                for _ in events:
                    pass
        assert client.get_execution(name).status == SUCCEEDED
        assert world.read() == {2}
        assert client.get_environment("prod").manifest == plan.manifest_after

        back = apply(client, client.plan_rollback(name))
        assert back.status == SUCCEEDED, back.error
        assert world.snapshot() == before


def test_nothing_is_left_of_a_promotion_that_died_in_its_transaction(
    tmp_path: pathlib.Path,
) -> None:
    """PostgreSQL: it waits for a lock when the server is killed."""
    world = Postgres(tmp_path / "world")
    server = Server(world)
    client = server.client()
    for name in ("prod", "blue"):
        client.set_environment(
            name,
            manifest=client.upload_manifest(
                world.artifact(name, "manifest.json")
            ),
            connection=f"shop/{name}",
        )
    before = world.snapshot()
    plan = _plan(client, world)
    reader = world.connect()
    reader.autocommit = False
    reader.cursor().execute("select * from prod.totals")

    with client.execute(plan) as events:
        name = events.name
        next(events)
        server.stop(signal.SIGKILL)
    reader.close()
    server.start()
    client = server.client()

    assert world.snapshot() == before
    with pytest.raises(doppel.FailedPreconditionError) as nothing:
        client.plan_rollback(name)
    assert nothing.value.reason == "PLAN_EMPTY"
    client.resume(name)
    with client.watch(name) as events:
        for _ in events:
            pass
    assert client.get_execution(name).status == SUCCEEDED
    assert world.read() == {2}
    server.stop()


def test_two_promotions_keep_both_old_sides(
    world: World, client: doppel.Client
) -> None:
    """The second one's way back leads to the first."""
    apply(client, _plan(client, world))
    world.build("blue", 3)
    client.set_environment(
        "blue",
        manifest=client.upload_manifest(
            world.artifact("blue", "manifest.json")
        ),
    )

    second = apply(client, _plan(client, world))
    assert second.status == SUCCEEDED, second.error
    assert world.read() == {3}

    apply(client, client.plan_rollback(second))
    assert world.read() == {2}


def test_the_command_line_promotes_and_rolls_back(world: World) -> None:
    """The same without a server; a closed gate ends with its own exit code."""
    import subprocess

    from conftest import program

    def doppel_cli(*arguments: str, status: int = 0) -> str:
        done = subprocess.run(
            [str(program("doppel", "DOPPEL")), *arguments],
            cwd=world.folder,
            env=world.environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    for name in ("prod", "blue"):
        doppel_cli(
            *("env", "set", name, "--connection", f"shop/{name}"),
            *("--manifest", str(world.artifact(name, "manifest.json"))),
        )
    results = world.folder / "results.json"
    shutil.copy(world.artifact("blue", "run_results.json"), results)
    words = ("promote", "--from", "blue", "--to", "prod", "--run-results")

    shown = doppel_cli(*words, str(results))
    doppel_cli(*words, str(results), "--yes")
    assert "prod.orders" in shown.replace('"', "")
    assert world.read() == {2}

    [execution] = [
        json.loads(line)
        for line in doppel_cli("executions", "--output", "json").splitlines()
    ]
    doppel_cli("rollback", execution["name"], "--yes")
    assert world.read() == {1}
    assert "Example" in doppel_cli("promote", "--help")
    assert "Example" in doppel_cli("rollback", "--help")


def test_a_repeated_request_makes_one_plan(
    world: World, client: doppel.Client
) -> None:
    """What a client that lost the answer would do."""
    from doppel import _requests

    request = _requests.plan_promotion(
        {
            "from_environment": "blue",
            "to_environment": "prod",
            "run_results_json": world.run_results(),
        }
    )
    stub = client._planning  # noqa: SLF001: the same request twice
    answers = [stub.PlanPromotion(request, timeout=60) for _ in range(2)]
    assert answers[0] == answers[1]
