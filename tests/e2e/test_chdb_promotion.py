"""Promotion and rollback on ClickHouse inside the server."""

from __future__ import annotations

import contextlib
import json
import pathlib
from collections.abc import Iterator
from typing import Any

import doppel
import pytest
from conftest import Server, apply
from doppel.v1 import execution_pb2, plan_pb2
from test_chdb import ClickHouseShop
from written_manifest import manifest, node, run_results

SUCCEEDED = execution_pb2.EXECUTION_STATUS_SUCCEEDED
_KINDS = {
    "orders": "table",
    "codes": "table",
    "fresh": "table",
    "report": "view",
}
# Of each revision; blue's orders have other columns, too, and fresh is new.
_MADE = (
    "create database prod",
    "create database blue",
    "create table prod.orders (id UInt64, revision UInt8) engine = MergeTree "
    "order by id comment 'what was sold'",
    "insert into prod.orders select number, 1 from numbers(30)",
    "create table blue.orders (id UInt64, revision UInt8, day Date) "
    "engine = MergeTree partition by day order by id",
    "insert into blue.orders select number, 2, today() from numbers(40)",
    "create table prod.codes as select 1 as id, 1 as revision",
    "create table blue.codes as select 2 as id, 2 as revision",
    "create table blue.fresh as select 2 as revision",
    "create view prod.report as select revision, count() as n from prod.orders "
    "group by revision",
    "create view blue.report as select revision, count() as n, "
    "'of blue.orders' as what from blue.orders group by revision",
    "create database other",
    "create view other.board as select max(revision) as r from prod.orders",
)
_REVISIONS = (
    "select arraySort(groupArray(revision)) from (select max(revision) as "
    "revision from prod.orders union all select max(revision) from prod.codes "
    "union all select max(revision) from prod.report "
    "union all select max(r) from other.board)"
)
OLD, NEW = "[1,1,1,1]", "[2,2,2,2]"


def _manifest(schema: str) -> bytes:
    written = manifest(
        "clickhouse",
        [
            {
                **node("model", name, kind, f"`{schema}`.`{name}`"),
                "schema": schema,
            }
            for name, kind in _KINDS.items()
            if schema == "blue" or name != "fresh"
        ],
    )
    return json.dumps(written).encode()


class Lake:
    """Both environments, and the server that knows them.

    Attributes:
        shop: the folder.
        server: may be killed and started again.
        client: of the server that runs.
    """

    def __init__(self, folder: pathlib.Path) -> None:
        """Makes both schemas."""
        self.shop = ClickHouseShop(folder)
        outputs = ", ".join(
            f"{schema}: {{type: clickhouse, driver: chdb, path: "
            f"'{self.shop.warehouse}', keep_open: 0, schema: {schema}}}"
            for schema in ("prod", "blue")
        )
        (folder / "profiles.yml").write_text(
            f"shop: {{target: prod, outputs: {{{outputs}}}}}\n"
        )
        self.server = Server(self.shop)
        self.client = self.server.client()
        for warehouse in self.client.capabilities().warehouses:
            if warehouse.type == "clickhouse" and not warehouse.executable:
                self.server.stop()
                pytest.skip(warehouse.unavailable_cause)
        self.shop.run(*_MADE)
        for schema in ("prod", "blue"):
            self.client.set_environment(
                schema,
                manifest=self.client.upload_manifest(_manifest(schema)),
                connection=f"shop/{schema}",
            )

    def snapshot(self) -> list[Any]:
        """All there is, as it is made, and its rows."""
        [names] = self.shop.run(
            "select database, name, create_table_query from system.tables "
            "where database in ('prod', 'blue', 'other') order by 1, 2"
        )
        return [
            names,
            *self.shop.run(
                *(
                    f"select * from {database}.{name} order by all"
                    for database, name, _ in names
                )
            ),
        ]

    def plan(self, **options: object) -> plan_pb2.ClonePlan:
        """Of the promotion."""
        return self.client.plan_promotion(
            from_environment="blue",
            to_environment="prod",
            run_results_json=run_results(dict.fromkeys(_KINDS, "success")),
            **options,  # type: ignore[arg-type]
        )

    def apply_with_a_kill(self, plan: plan_pb2.ClonePlan, place: int) -> bool:
        """Executes it, killed at that step; false where it has none such."""
        self.server.stop()
        self.server.start(DOPPEL_FAILPOINT=f"*=kill@{place}")
        with contextlib.suppress(doppel.UnavailableError):
            apply(self.server.client(), plan)
        was_killed = self.server.process.poll() is not None
        self.server.stop()
        self.server.start()
        self.client = self.server.client()
        begun = list(self.client.list_executions(plan=plan.name))
        if not begun:
            done = apply(self.client, plan)
        else:
            if begun[0].status == execution_pb2.EXECUTION_STATUS_INTERRUPTED:
                self.client.resume(begun[0].name)
            with self.client.watch(begun[0].name) as events:
                for _ in events:
                    pass
            done = self.client.get_execution(begun[0].name)
        assert done.status == SUCCEEDED, done.error
        return was_killed


@pytest.fixture
def lake(tmp_path: pathlib.Path) -> Iterator[Lake]:
    """Both schemas, made anew."""
    made = Lake(tmp_path)
    yield made
    made.server.stop()


def test_what_is_promoted_is_there_and_the_way_back_is_exact(
    lake: Lake,
) -> None:
    """Tables change places, views are made anew of what is in its new place."""
    before = lake.snapshot()
    plan = lake.plan()
    told = [(w.name, w.message) for w in plan.warnings]
    assert any(name == "NotAtomic" for name, _ in told)
    assert any(
        name == "RightsStayBehind" and "`prod`.`orders`" in message
        for name, message in told
    ), told

    promoted = apply(lake.client, plan)

    assert promoted.status == SUCCEEDED, promoted.error
    assert lake.shop.value(_REVISIONS) == NEW
    assert lake.shop.value("select max(revision) from prod.fresh") == "2"
    assert lake.shop.value("select what from prod.report") == "of blue.orders"

    back = apply(lake.client, lake.client.plan_rollback(promoted))

    assert back.status == SUCCEEDED, back.error
    assert lake.shop.value(_REVISIONS) == OLD
    assert lake.snapshot() == before


def test_it_is_not_done_where_all_was_to_be_one_step(lake: Lake) -> None:
    """ClickHouse has no such step for several relations."""
    with pytest.raises(doppel.FailedPreconditionError) as refused:
        lake.plan(require_atomic=True)

    assert refused.value.reason == "WAREHOUSE_UNSUPPORTED"


def test_a_rollback_that_would_lose_changes_is_refused(lake: Lake) -> None:
    """Somebody writes to what was promoted."""
    promoted = apply(lake.client, lake.plan())
    lake.shop.run("insert into prod.orders select 99, 2, today()")

    with pytest.raises(doppel.FailedPreconditionError) as refused:
        lake.client.plan_rollback(promoted)

    assert refused.value.reason == "WORLD_CHANGED"
    assert any("orders" in v.subject for v in refused.value.violations)


def test_a_server_that_is_killed_goes_on_where_it_was(lake: Lake) -> None:
    """At some of its steps, there and back."""
    before = lake.snapshot()
    for place in (9, 17, 26, 34):
        plan = lake.plan()
        assert lake.apply_with_a_kill(plan, place)
        assert lake.shop.value(_REVISIONS) == NEW, place
        [execution] = lake.client.list_executions(plan=plan.name)

        back = lake.client.plan_rollback(execution)
        assert lake.apply_with_a_kill(back, place)
        assert lake.snapshot() == before, place
