"""Clones on DuckDB: planned, shown, applied exactly, or refused."""

from __future__ import annotations

import datetime

import doppel
import duckdb
import pytest
from conftest import Server, Shop
from doppel.v1 import execution_pb2, plan_pb2, planning_service_pb2


@pytest.fixture
def staging(shop: Shop, server: Server) -> doppel.Client:
    """A client of a server that knows staging."""
    client = server.client()
    client.set_environment(
        "staging",
        manifest=client.upload_manifest(shop.manifest("staging")),
        connection="velohire/staging",
    )
    return client


def _plan(client: doppel.Client, **options: object) -> plan_pb2.ClonePlan:
    arguments: dict[str, object] = {
        "source_environment": "staging",
        "naming": [planning_service_pb2.NamingRule(schema="bi_{schema}")],
        "select": "path:models/marts",
        **options,
    }
    return client.plan_clone(**arguments)  # type: ignore[arg-type]


def _apply(
    client: doppel.Client, plan: plan_pb2.ClonePlan
) -> execution_pb2.Execution:
    with client.execute(plan) as events:
        sequences = [event.sequence for event in events]
        assert sequences == list(range(1, len(sequences) + 1))
        assert events.result is not None
        return events.result


def _query(shop: Shop, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(shop.database), read_only=True) as database:
        return database.sql(sql).fetchall()


def test_pointer_views_read_what_their_sources_hold(
    shop: Shop, staging: doppel.Client
) -> None:
    """Every mart has a view of the same rows, in a schema that was made."""
    plan = _plan(staging)
    result = _apply(staging, plan)

    assert result.status == execution_pb2.EXECUTION_STATUS_SUCCEEDED
    assert plan.summary.pointer_views > 5
    assert result.counts.succeeded == len(plan.operations)
    for operation in plan.operations:
        if operation.kind != plan_pb2.OPERATION_KIND_POINTER_VIEW:
            continue
        difference = _query(
            shop,
            f"(select * from {operation.source.rendered} except all "
            f"select * from {operation.target.rendered}) union all "
            f"(select * from {operation.target.rendered} except all "
            f"select * from {operation.source.rendered})",
        )
        assert difference == [], operation.target.rendered


def test_copies_are_independent_of_their_sources(
    shop: Shop, staging: doppel.Client
) -> None:
    """A copy is a table, and keeps its rows when the source loses them."""
    plan = _plan(
        staging,
        select="revenue_daily",
        on_no_zero_copy=planning_service_pb2.NO_ZERO_COPY_COPY,
    )
    _apply(staging, plan)
    target = "bi_staging_finance.revenue_daily"
    before = _query(shop, f"select count(*) from {target}")

    with duckdb.connect(str(shop.database)) as database:
        database.sql("delete from staging_finance.revenue_daily")

    assert _query(shop, f"select count(*) from {target}") == before
    assert before[0][0] != 0
    kind = _query(
        shop,
        "select table_type from information_schema.tables where "
        "table_schema = 'bi_staging_finance'",
    )
    assert kind == [("BASE TABLE",)]


def test_what_is_there_is_kept_or_replaced_as_asked(
    staging: doppel.Client,
) -> None:
    """Dbt's default is to keep; replacing says what it replaces."""
    _apply(staging, _plan(staging))

    kept = _plan(staging)
    replaced = _plan(
        staging, existing_target=planning_service_pb2.EXISTING_TARGET_REPLACE
    )

    assert kept.summary.statements == 0
    assert {operation.reason for operation in kept.operations} == {
        plan_pb2.OPERATION_REASON_TARGET_EXISTS
    }
    assert replaced.summary.replaced_relations == kept.summary.skips
    result = _apply(staging, replaced)
    assert result.status == execution_pb2.EXECUTION_STATUS_SUCCEEDED


def test_a_plan_is_refused_when_its_world_changed(
    shop: Shop, staging: doppel.Client
) -> None:
    """Each fact that changed is named; nothing is done."""
    plan = _plan(staging)
    with duckdb.connect(str(shop.database)) as database:
        database.sql("drop table staging_finance.revenue_daily")

    with pytest.raises(doppel.FailedPreconditionError) as refused:
        staging.execute(plan)

    assert refused.value.reason == "WORLD_CHANGED"
    assert any(
        "revenue_daily" in violation.subject
        for violation in refused.value.violations
    )
    schemas = _query(
        shop,
        "select count(*) from duckdb_schemas() where schema_name like 'bi%'",
    )
    assert schemas == [(0,)]


def test_a_plan_is_refused_under_another_fingerprint(
    staging: doppel.Client,
) -> None:
    """What was reviewed is what runs."""
    plan = _plan(staging)

    with pytest.raises(doppel.FailedPreconditionError) as refused:
        staging.execute(doppel.PlanRef(plan.name, "0" * 64))

    assert refused.value.reason == "FINGERPRINT_MISMATCH"


def test_a_clone_onto_itself_is_refused(staging: doppel.Client) -> None:
    """Dbt's clone destroys the table here."""
    with pytest.raises(doppel.FailedPreconditionError) as refused:
        _plan(
            staging,
            naming=[planning_service_pb2.NamingRule(schema="{schema}")],
        )

    assert refused.value.reason == "SELF_CLONE"


def test_a_time_that_the_warehouse_does_not_know_is_refused(
    shop: Shop, staging: doppel.Client
) -> None:
    """DuckDB has no time travel; the command line reads the time first."""
    with pytest.raises(doppel.FailedPreconditionError) as refused:
        _plan(staging, as_of=datetime.datetime.now(datetime.UTC))

    assert refused.value.reason == "WAREHOUSE_UNSUPPORTED"
    assert "as_of" in str(refused.value)
    words = ("clone", "plan", "--from", "staging", "--schema", "bi_{schema}")
    wrong = shop.doppel(*words, "--as-of", "yesterday", status=2)
    assert "2026-01-31T06:00:00Z" in wrong.stderr


def test_a_failed_operation_fails_itself_alone(
    shop: Shop, staging: doppel.Client
) -> None:
    """The others are done; the error is in the execution, not the call."""
    with duckdb.connect(str(shop.database)) as database:
        # A view whose source is gone can be listed, but not read.
        database.sql("create table staging_finance.gone as select 1 as x")
        database.sql("drop table staging_finance.refunds")
        database.sql(
            "create view staging_finance.refunds as "
            "select * from staging_finance.gone"
        )
        database.sql("drop table staging_finance.gone")
    plan = _plan(staging, select="path:models/marts/finance")

    result = _apply(staging, plan)

    assert result.status == execution_pb2.EXECUTION_STATUS_FAILED
    assert result.counts.failed == 1
    assert result.counts.succeeded == len(plan.operations) - 1
    failed = [
        operation
        for operation in result.operations
        if operation.status == execution_pb2.OPERATION_STATUS_FAILED
    ]
    assert failed[0].unique_id == "model.velohire.refunds"
    assert "gone" in failed[0].error.message


def test_the_command_line_plans_and_applies(shop: Shop) -> None:
    """The same without a server: two processes, one store."""
    shop.doppel(
        *("env", "set", "staging", "--connection", "velohire/staging"),
        *("--manifest", str(shop.manifest("staging"))),
    )
    words = ("clone", "plan", "--from", "staging", "--schema", "bi_{schema}")
    [plan] = shop.json(*words, "--select", "revenue_daily")
    shop.doppel(
        "clone", "apply", plan["name"], "--fingerprint", "0" * 64, status=1
    )

    applied = shop.doppel(
        "clone", "apply", plan["name"], "--fingerprint", plan["fingerprint"]
    )

    assert "succeeded" in applied.stdout
    assert _query(shop, "select count(*) from bi_staging_finance.revenue_daily")
    [execution] = shop.json("executions")
    assert execution["status"] == "EXECUTION_STATUS_SUCCEEDED"
    watched = shop.json("watch", execution["name"])
    assert [event["sequence"] for event in watched] == [
        str(number) for number in range(1, len(watched) + 1)
    ]
