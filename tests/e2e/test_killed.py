"""A server that is killed in a promotion, a rollback or a cleanup.

At any of the places where something becomes durable, before or after: then
another server goes on, and all is as if nothing had happened. How many places
are tried for each engine says DOPPEL_FAULTS (default 2), from which seed
DOPPEL_FAULTS_SEED; 0 stands for all of them, one after the other.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import random
from collections.abc import Iterator

import doppel
import pytest
from conftest import Server
from doppel.v1 import execution_pb2, plan_pb2, planning_service_pb2
from promoting import DuckDb, Postgres, World
from workshop import open_workshop

SUCCEEDED = execution_pb2.EXECUTION_STATUS_SUCCEEDED
INTERRUPTED = execution_pb2.EXECUTION_STATUS_INTERRUPTED
# More than any of these executions has.
MOST_PLACES = 80
KILLED = -9


class Faults:
    """Executes plans on servers that are killed on the way.

    Attributes:
        client: of the server that runs now.
        tried: how many servers were killed.
    """

    def __init__(self, server: Server) -> None:
        """Takes over a server that runs."""
        self._server = server
        self.client = server.client()
        self.tried = 0

    def apply(self, plan: plan_pb2.ClonePlan, place: int) -> bool:
        """Executes it to its end, killed at its place-th durable step.

        Gives false where it has no so many steps.
        """
        self._server.stop()
        self._server.start(DOPPEL_FAILPOINT=f"*=kill@{place}")
        # An answer may not have come, the execution be under way all the same.
        with contextlib.suppress(doppel.UnavailableError):
            client = self._server.client()
            with client.execute(plan) as events:
                for _ in events:
                    pass
        was_killed = self._server.process.poll() is not None
        if not was_killed:
            # It has come to its end, but perhaps not to that of the process.
            was_killed = self._server.stop() == KILLED
        self.tried += was_killed
        self._server.start()
        self.client = self._server.client()
        self._finish(plan)
        return was_killed

    def _finish(self, plan: plan_pb2.ClonePlan) -> None:
        begun = list(self.client.list_executions(plan=plan.name))
        assert len(begun) <= 1
        if not begun:
            with self.client.execute(plan) as events:
                name = events.name
                for _ in events:
                    pass
        else:
            name = begun[0].name
            if begun[0].status == INTERRUPTED:
                self.client.resume(name)
            with self.client.watch(name) as events:
                for _ in events:
                    pass
        done = self.client.get_execution(name)
        assert done.status == SUCCEEDED, done.error

    def last(self, plan: plan_pb2.ClonePlan) -> execution_pb2.Execution:
        """The plan's execution."""
        [execution] = self.client.list_executions(plan=plan.name)
        return execution


def _places() -> Iterator[int]:
    """At which steps to kill."""
    wanted = int(os.environ.get("DOPPEL_FAULTS", "2"))
    chosen = random.Random(int(os.environ.get("DOPPEL_FAULTS_SEED", "1")))
    if wanted == 0:
        yield from range(1, MOST_PLACES)
    for _ in range(wanted):
        yield chosen.randrange(1, 40)


@pytest.mark.parametrize("kind", [DuckDb, Postgres], ids=["duckdb", "postgres"])
def test_a_promotion_and_its_way_back(
    kind: type[World], tmp_path: pathlib.Path
) -> None:
    """All new after the one, exactly as before after the other."""
    world = kind(tmp_path / "world")
    server = Server(world)
    faults = Faults(server)
    for name in ("prod", "blue"):
        faults.client.set_environment(
            name,
            manifest=faults.client.upload_manifest(
                world.artifact(name, "manifest.json")
            ),
            connection=f"shop/{name}",
        )
    before = world.snapshot()
    for place in _places():
        plan = faults.client.plan_promotion(
            from_environment="blue",
            to_environment="prod",
            run_results_json=world.run_results(),
        )
        on_the_way = faults.apply(plan, place)
        assert world.read() == {2}, place
        prod = faults.client.get_environment("prod")
        assert prod.manifest == plan.manifest_after

        back = faults.client.plan_rollback(faults.last(plan))
        on_the_way |= faults.apply(back, place)
        assert world.snapshot() == before, place
        if not on_the_way:
            break
    print(f"{faults.tried} faults tried, nothing lost")
    assert faults.tried > 0
    server.stop()


@pytest.mark.parametrize("adapter", ["duckdb", "postgres"])
def test_a_cleanup(adapter: str, tmp_path: pathlib.Path) -> None:
    """What doppel made is gone; somebody's own table is there."""
    for workshop in open_workshop(adapter, tmp_path):
        server = Server(workshop)
        faults = Faults(server)
        models = ("orders", "customers", "report")
        for name in ("prod", "ci"):
            faults.client.set_environment(
                name,
                manifest=faults.client.upload_manifest(
                    workshop.manifest(name, *models)
                ),
                connection="shop/dev",
            )
        workshop.run("create schema ci")
        workshop.run("create table ci.theirs as select 42 as answer")
        for place in _places():
            clone = faults.client.plan_clone(
                source_environment="prod",
                target_environment="ci",
                on_no_zero_copy=planning_service_pb2.NO_ZERO_COPY_COPY,
            )
            on_the_way = faults.apply(clone, place)
            assert workshop.relations("ci") == {"theirs", *models}, place
            plan = faults.client.plan_cleanup("ci")
            assert plan.summary.drops == len(models), place

            on_the_way |= faults.apply(plan, place)
            assert workshop.relations("ci") == {"theirs"}, place
            assert workshop.run("select answer from ci.theirs") == [(42,)]
            assert workshop.relations("prod") == set(models)
            assert workshop.ledger() == []
            if not on_the_way:
                break
        print(f"{faults.tried} faults tried, nothing lost")
        assert faults.tried > 0
        server.stop()
