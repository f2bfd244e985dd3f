"""Clones on ClickHouse inside the server: real, reconciled, atomic."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import doppel
import pytest
from conftest import REPOSITORY, Server, Shop, apply
from doppel.v1 import execution_pb2, plan_pb2, planning_service_pb2
from written_manifest import manifest, node

RUN_CHDB = REPOSITORY / "tests" / "support" / "run_chdb.py"
# What stands in prod; the last table's engine shares nothing with a clone.
PRODUCTION = (
    "create database prod",
    "create table prod.orders engine = MergeTree order by id as "
    "select number as id, toString(number) as note from numbers(100000)",
    "create table prod.codes as select 1 as id",
    "create view prod.recent as select id from prod.orders where id > 99990",
    "create table prod.events engine = Log as select 1 as id",
)


class ClickHouseShop(Shop):
    """A folder of ClickHouse's, and a profile that names it."""

    @property
    def warehouse(self) -> pathlib.Path:
        """The folder of ClickHouse's own."""
        return self.folder / "warehouse"

    @property
    def environment(self) -> dict[str, str]:
        """For doppeld."""
        return {**os.environ, "DBT_PROFILES_DIR": str(self.folder)}

    def run(self, *statements: str) -> list[Any]:
        """The rows of each statement, run by another process than doppeld."""
        done = subprocess.run(
            [sys.executable, str(RUN_CHDB), str(self.warehouse)],
            input=json.dumps(statements),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        rows: list[Any] = json.loads(done.stdout)["rows"]
        return rows

    def value(self, sql: str) -> str:
        """The single value of a query."""
        [[[value]]] = self.run(sql)
        return str(value)

    def files(self, schema: str, name: str) -> dict[int, int]:
        """Of the files of a table's columns: inodes, and how often named."""
        folder = self.value(
            "select data_paths[1] from system.tables where "
            f"database = '{schema}' and name = '{name}'"
        )
        found = [path.stat() for path in pathlib.Path(folder).rglob("*.bin")]
        return {stat.st_ino: stat.st_nlink for stat in found}


def _manifest() -> dict[str, Any]:
    nodes = [
        ("model", "orders", "table"),
        ("model", "recent", "view"),
        ("model", "events", "table"),
        ("seed", "codes", "seed"),
    ]
    return manifest(
        "clickhouse",
        [
            node(kind, name, materialized, f"`prod`.`{name}`")
            for kind, name, materialized in nodes
        ],
    )


@pytest.fixture
def clickhouse(tmp_path: pathlib.Path) -> ClickHouseShop:
    """Production, as PRODUCTION makes it."""
    shop = ClickHouseShop(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps(_manifest()))
    (tmp_path / "profiles.yml").write_text(
        "shop: {target: prod, outputs: {prod: {type: clickhouse, "
        f"driver: chdb, path: '{shop.warehouse}', keep_open: 0, "
        "schema: prod}}}\n"
    )
    return shop


@pytest.fixture
def client(clickhouse: ClickHouseShop) -> Iterator[doppel.Client]:
    """A client of a server that knows prod."""
    server = Server(clickhouse)
    client = server.client()
    for warehouse in client.capabilities().warehouses:
        if warehouse.type == "clickhouse" and not warehouse.executable:
            server.stop()
            pytest.skip(warehouse.unavailable_cause)
    clickhouse.run(*PRODUCTION)
    client.set_environment(
        "prod",
        manifest=client.upload_manifest(clickhouse.folder / "manifest.json"),
        connection="shop/prod",
    )
    yield client
    assert server.stop() == 0


def _plan(client: doppel.Client) -> plan_pb2.ClonePlan:
    return client.plan_clone(
        source_environment="prod",
        naming=[planning_service_pb2.NamingRule(schema="ci_{schema}")],
        existing_target=planning_service_pb2.EXISTING_TARGET_RECONCILE,
    )


def _apply(client: doppel.Client, plan: plan_pb2.ClonePlan) -> None:
    done = apply(client, plan)
    assert done.status == execution_pb2.EXECUTION_STATUS_SUCCEEDED, done


def _kinds(plan: plan_pb2.ClonePlan) -> dict[str, int]:
    return {
        operation.unique_id.rpartition(".")[2]: operation.kind
        for operation in plan.operations
        if operation.unique_id
    }


def test_a_clone_shares_its_sources_files_and_nothing_else(
    clickhouse: ClickHouseShop, client: doppel.Client
) -> None:
    """Tables of MergeTree are cloned, the rest is read through views."""
    plan = _plan(client)

    assert _kinds(plan) == {
        "orders": plan_pb2.OPERATION_KIND_CLONE_TABLE,
        "codes": plan_pb2.OPERATION_KIND_CLONE_TABLE,
        "recent": plan_pb2.OPERATION_KIND_POINTER_VIEW,
        "events": plan_pb2.OPERATION_KIND_POINTER_VIEW,
    }
    _apply(client, plan)

    shared = clickhouse.files("ci_prod", "orders")
    assert shared
    assert shared == clickhouse.files("prod", "orders")
    assert set(shared.values()) == {2}
    clickhouse.run(
        "alter table ci_prod.orders delete where id < 10 "
        "settings mutations_sync = 1",
        "insert into prod.orders values (100000, 'new')",
    )
    counts = clickhouse.run(
        "select count() from ci_prod.orders",
        "select count() from prod.orders",
        "select count() from ci_prod.recent",
        "select count() from ci_prod.events",
    )
    assert counts == [[["99990"]], [["100001"]], [["10"]], [["1"]]]


def test_only_what_drifted_is_cloned_again(
    clickhouse: ClickHouseShop, client: doppel.Client
) -> None:
    """Nothing the second time; one table, once its source has new rows."""
    _apply(client, _plan(client))

    assert _plan(client).summary.statements == 0
    clickhouse.run("insert into prod.orders values (100000, 'new')")
    plan = _plan(client)

    touched = {
        name
        for name, kind in _kinds(plan).items()
        if kind != plan_pb2.OPERATION_KIND_SKIP
    }
    assert touched == {"orders"}
    _apply(client, plan)
    assert clickhouse.value("select count() from ci_prod.orders") == "100001"
    assert _plan(client).summary.statements == 0


def test_a_merge_is_no_drift(
    clickhouse: ClickHouseShop, client: doppel.Client
) -> None:
    """Background work of the engine makes no plan stale."""
    clickhouse.run("insert into prod.orders values (100000, 'new')")
    plan = _plan(client)
    clickhouse.run("optimize table prod.orders final")

    _apply(client, plan)

    assert _plan(client).summary.statements == 0


def test_a_plan_is_refused_when_its_world_changed(
    clickhouse: ClickHouseShop, client: doppel.Client
) -> None:
    """A table that was rebuilt since is named; nothing is done."""
    plan = _plan(client)
    clickhouse.run(
        "create or replace table prod.codes as select 2 as id",
    )

    with pytest.raises(doppel.FailedPreconditionError) as refused:
        client.execute(plan)

    assert refused.value.reason == "WORLD_CHANGED"
    assert any("codes" in each.subject for each in refused.value.violations)
    assert (
        clickhouse.value(
            "select count() from system.databases where name = 'ci_prod'"
        )
        == "0"
    )


def test_a_folder_that_is_in_use_is_waited_for(
    clickhouse: ClickHouseShop, client: doppel.Client
) -> None:
    """Another process may have it between doppel's own steps."""
    with subprocess.Popen(
        [sys.executable, str(RUN_CHDB), str(clickhouse.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as other:
        assert other.stdin is not None
        other.stdin.write(json.dumps(["select sleep(2)"]))
        other.stdin.close()
        _wait_until_locked(clickhouse.warehouse / "status")

        assert _plan(client).summary.statements > 0
        assert other.wait() == 0


def _wait_until_locked(file: pathlib.Path) -> None:
    """Trying a lock would be one: the system's list of locks is read."""
    for _ in range(3000):
        locks = pathlib.Path("/proc/locks").read_text()
        if file.exists() and f":{file.stat().st_ino} " in locks:
            return
        time.sleep(0.01)
    pytest.fail(f"nobody locked {file}")
