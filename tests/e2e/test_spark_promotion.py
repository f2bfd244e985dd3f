"""Promotion and rollback on Spark with Delta Lake, on a real server."""

from __future__ import annotations

import datetime
import json
import os
import pathlib
import signal
import threading
from collections.abc import Iterator
from typing import Any

import doppel
import grpc
import pytest
from conftest import Server, apply
from doppel.v1 import execution_pb2, plan_pb2
from spark_client import JARS, TARGET, Spark
from written_manifest import manifest, node, run_results

pytestmark = pytest.mark.skipif(
    not JARS.is_dir(), reason="no Spark here: run tools/setup --only spark"
)

SUCCEEDED = execution_pb2.EXECUTION_STATUS_SUCCEEDED
_KINDS = {
    "orders": "table",
    "customers": "table",
    "fresh": "table",
    "report": "view",
}
# Of each revision: 30 rows, or 40; the new orders have other columns, too.
_MADE = {
    1: (
        "create table {schema}.orders (id bigint comment 'of the till', "
        "revision int) comment 'what was sold' tblproperties ('team' = 'shop')",
        "insert into {schema}.orders select id, 1 from range(30)",
        "create table {schema}.customers as "
        "select id, 1 as revision from range(30)",
        "create view {schema}.report (revision comment 'which', n) as "
        "select revision, count(*) as number from {schema}.orders "
        "group by revision",
    ),
    2: (
        "create table {schema}.orders (id bigint comment 'of the shop', "
        "revision int, day int default 7) partitioned by (day) "
        "comment 'what was ordered' tblproperties ('team' = 'web', "
        "'delta.feature.allowColumnDefaults' = 'supported')",
        "alter table {schema}.orders add constraint sold check (id >= 0)",
        "insert into {schema}.orders select id, 2, 9 from range(40)",
        "create table {schema}.customers (id bigint not null, revision int)",
        "insert into {schema}.customers select id, 2 from range(40)",
        "create table {schema}.fresh as select 2 as revision",
        "create view {schema}.report as select revision, count(*) as n, "
        "'it\\'s {schema}.orders' as what from {schema}.orders "
        "group by revision",
    ),
}


class World:
    """Two schemas, what doppel knows of them, and a place for a server.

    Attributes:
        folder: for the server.
        failpoint: where the next server dies; "" for nowhere.
        prod: the schema that people read; its revision is 1.
        blue: the schema that was built; its revision is 2.
    """

    def __init__(
        self, folder: pathlib.Path, spark: Spark, address: str
    ) -> None:
        """Makes both schemas."""
        self.folder = folder
        self.failpoint = ""
        self.spark = spark
        tag = os.urandom(4).hex()
        self.prod, self.blue = f"prod_{tag}", f"blue_{tag}"
        outputs = ""
        for revision, schema in ((1, self.prod), (2, self.blue)):
            spark.run(f"create schema {schema}")
            for statement in _MADE[revision]:
                spark.run(statement.format(schema=schema))
            outputs += f"    {schema}:\n" + TARGET.format(
                schema=schema, address=address
            )
        (folder / "profiles.yml").write_text(
            f"lake:\n  target: {self.prod}\n  outputs:\n{outputs}"
        )

    @property
    def environment(self) -> dict[str, str]:
        """For doppeld."""
        variables = {**os.environ, "DBT_PROFILES_DIR": str(self.folder)}
        if self.failpoint:
            variables["DOPPEL_FAILPOINT"] = self.failpoint
        return variables

    def manifest(self, schema: str) -> bytes:
        """That of the schema; only blue's knows fresh."""
        nodes = [
            {
                **node(
                    *("model", name, kind, f"{schema}.{name}"),
                    database=None,
                    file_format="delta",
                ),
                "schema": schema,
            }
            for name, kind in _KINDS.items()
            if schema == self.blue or name != "fresh"
        ]
        written = manifest("spark", nodes)
        return json.dumps(written).encode()

    def run_results(self, status: str = "success") -> bytes:
        """Of blue's build; its report ended with the status."""
        return run_results(
            {**dict.fromkeys(_KINDS, "success"), "report": status}
        )

    def snapshot(self, schema: str) -> dict[str, list[bytes]]:
        """Rows and definitions of the schema's relations, as Arrow has them."""
        taken = {"names": self.spark.run(f"show tables in {schema}")}
        for name, kind in _KINDS.items():
            if name == "fresh" and schema == self.prod:
                continue
            for statement in (
                "select * from {} order by all",
                "describe table {}",
                # Not all: what a table's protocol was raised to, stays.
                "show tblproperties {} ('team')",
                "show tblproperties {} ('delta.constraints.sold')",
                *(("show create table {}",) * (kind == "view")),
            ):
                taken[f"{statement} {name}"] = self.spark.run(
                    statement.format(f"{schema}.{name}")
                )
        return taken

    def has_comment(self, table: str, comment: str) -> bool:
        """Whether that is the table's comment."""
        described = self.spark.run(f"describe table extended {table}")
        return comment in repr(described)

    def versions(self, table: str) -> int:
        """How many versions the table has."""
        history = self.spark.run(f"describe history {self.prod}.{table}")
        return repr(history).count("Apache-Spark/")


@pytest.fixture
def world(tmp_path: pathlib.Path, spark: Spark, spark_address: str) -> World:
    """Both schemas, made anew."""
    return World(tmp_path, spark, spark_address)


def _connect(server: Server, world: World) -> doppel.Client:
    """A client of a server that knows both environments."""
    client = server.client()
    for name, schema in (("prod", world.prod), ("blue", world.blue)):
        client.set_environment(
            name,
            manifest=client.upload_manifest(world.manifest(schema)),
            connection=f"lake/{schema}",
            protected=name == "prod",
        )
    return client


@pytest.fixture
def client(world: World) -> Iterator[doppel.Client]:
    """A client of a server that knows both environments."""
    server = Server(world)
    yield _connect(server, world)
    server.stop()


def _plan(
    client: doppel.Client,
    world: World,
    **options: Any,  # noqa: ANN401
) -> plan_pb2.ClonePlan:
    arguments: dict[str, Any] = {
        "from_environment": "blue",
        "to_environment": "prod",
        "run_results_json": world.run_results(),
        **options,
    }
    return client.plan_promotion(**arguments)


class Reader:
    """Reads production's orders over and over, in a session of its own.

    Attributes:
        seen: "first revision, last one, number of rows", in the order of their
            coming.
        errors: what went wrong.
    """

    def __init__(self, world: World) -> None:
        """Begins with the first reading."""
        self.seen: list[str] = []
        self.errors: list[str | None] = []
        self._spark = world.spark.another_session()
        self._table = f"{world.prod}.orders"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._read()

    def _read(self) -> None:
        try:
            found = self._spark.text(
                "min(revision), ' ', max(revision), ' ', count(*)", self._table
            )
        except grpc.RpcError as error:
            self.errors.append(error.details())
            return
        if not self.seen or self.seen[-1] != found:
            self.seen.append(found)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._read()

    def __enter__(self) -> Reader:
        """Goes on reading."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Ends with the last reading."""
        self._stop.set()
        self._thread.join()
        self._read()


def test_tables_get_a_new_version_and_go_back_to_the_one_before(
    world: World, client: doppel.Client
) -> None:
    """A reader sees the old table or the new one; the way back is exact."""
    before = world.snapshot(world.prod)
    orders = f"{world.prod}.orders"
    assert world.has_comment(orders, "what was sold")
    known = client.get_environment("prod").manifest
    plan = _plan(client, world, keep_old=datetime.timedelta(days=30))
    kept = {
        placement.unique_id: placement.kept_version
        for operation in plan.operations
        for placement in operation.placements
        if placement.HasField("kept_version")
    }
    assert kept == {"model.shop.orders": 1, "model.shop.customers": 0}
    warnings = {warning.name: warning.message for warning in plan.warnings}
    assert "protocol is raised" in warnings["PropertiesChange"]
    assert "column id is not null" in warnings["DefinitionIsLost"]
    assert "for 7 days" in warnings["WayBackIsShort"]
    assert "NotAtomic" in warnings

    with Reader(world) as reader:
        promoted = apply(client, plan)
    assert promoted.status == SUCCEEDED, promoted.error
    assert not reader.errors, reader.errors
    assert reader.seen == ["1 1 30", "2 2 40"]
    for name, kind in _KINDS.items():
        for statement in (
            f"select * from {{schema}}.{name} order by all",
            f"describe table {{schema}}.{name}",
            *(
                f"show tblproperties {{schema}}.orders ('{key}')"
                for key in ("team", "delta.constraints.sold")
            ),
        ):
            blue, prod = (
                world.spark.run(statement.format(schema=schema))
                for schema in (world.blue, world.prod)
            )
            if name == "customers":  # "not null" is lost, as the plan says
                assert len(blue) == len(prod)
            elif kind == "table" or "select" not in statement:
                assert blue == prod, statement
    assert world.has_comment(orders, "what was ordered")
    assert (
        world.spark.text("max(what)", f"{world.prod}.report")
        == f"it's {world.blue}.orders"
    )
    world.spark.holds("every(n = 40)", f"{world.prod}.report")
    assert client.get_environment("prod").manifest == plan.manifest_after

    back = client.plan_rollback(promoted)
    with Reader(world) as reader:
        rolled_back = apply(client, back)
    assert rolled_back.status == SUCCEEDED, rolled_back.error
    assert not reader.errors, reader.errors
    assert reader.seen == ["2 2 40", "1 1 30"]
    assert world.snapshot(world.prod) == before
    assert world.has_comment(orders, "what was sold")
    assert client.get_environment("prod").manifest == known


def test_what_cannot_be_undone_or_must_not_be_done_is_refused(
    world: World, client: doppel.Client
) -> None:
    """A closed gate, one step for all, later versions, and lost ones."""
    with pytest.raises(doppel.FailedPreconditionError) as closed:
        _plan(client, world, run_results_json=world.run_results("error"))
    assert closed.value.reason == "GATE_CLOSED"
    with pytest.raises(doppel.FailedPreconditionError) as atomic:
        _plan(client, world, require_atomic=True)
    assert atomic.value.reason == "WAREHOUSE_UNSUPPORTED"
    promoted = apply(client, _plan(client, world, select=["customers"]))
    assert promoted.status == SUCCEEDED, promoted.error

    customers = f"{world.prod}.customers"
    world.spark.run(f"insert into {customers} values (1, 3)")
    with pytest.raises(doppel.FailedPreconditionError) as later:
        client.plan_rollback(promoted)
    assert later.value.reason == "WORLD_CHANGED"
    assert "changes would be lost" in str(later.value)

    world.spark.run(
        "set spark.databricks.delta.retentionDurationCheck.enabled = false"
    )
    world.spark.run(f"vacuum {customers} retain 0 hours")
    with pytest.raises(doppel.FailedPreconditionError) as lost:
        client.plan_rollback(promoted)
    assert lost.value.reason == "WORLD_CHANGED"
    assert any(
        "cannot go back to version 0" in violation.description
        for violation in lost.value.violations
    )


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_server_that_is_killed_writes_one_version(
    world: World, moment: str
) -> None:
    """It dies before or after the statement; the table's history tells."""
    before = world.snapshot(world.prod)
    # The first statement names the version, the second one makes it.
    world.failpoint = f"operation.statement.{moment}=kill@2"
    server = Server(world)
    client = _connect(server, world)
    plan = _plan(client, world, select=["orders", "report"])
    with pytest.raises(doppel.DoppelError), client.execute(plan) as events:
        name = events.name
        for _ in events:
            pass
    assert server.process.wait(timeout=60) == -signal.SIGKILL
    world.failpoint = ""

    server.start()
    client = server.client()
    client.resume(name)
    with client.watch(name) as events:
        for _ in events:
            pass
    assert client.get_execution(name).status == SUCCEEDED
    assert world.versions("orders") == 3
    world.spark.holds("every(n = 40)", f"{world.prod}.report")

    rolled_back = apply(client, client.plan_rollback(name))
    assert rolled_back.status == SUCCEEDED, rolled_back.error
    assert world.snapshot(world.prod) == before
    server.stop()
