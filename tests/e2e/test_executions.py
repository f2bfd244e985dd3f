"""Plans compared, executions listed, stopped and kept apart."""

from __future__ import annotations

import subprocess

import duckdb
import pytest
from conftest import Server, Shop, program


@pytest.fixture
def planned(shop: Shop) -> Shop:
    """A shop whose command line knows staging."""
    shop.doppel(
        *("env", "set", "staging", "--connection", "velohire/staging"),
        *("--manifest", str(shop.manifest("staging"))),
    )
    return shop


def _plan(shop: Shop, *arguments: str) -> dict[str, str]:
    words = ("clone", "plan", "--from", "staging", "--schema", "bi_{schema}")
    [plan] = shop.json(*words, *arguments)
    return plan


def test_two_plans_are_compared(planned: Shop) -> None:
    """What is added, removed and changed, with its statements."""
    first = _plan(planned, "--select", "revenue_daily refunds")
    second = _plan(
        planned,
        *("--select", "revenue_daily", "--no-zero-copy", "copy"),
    )

    differences = planned.json("clone", "diff", first["name"], second["name"])

    by_subject = {
        (difference["difference"], difference["subject"].rsplit(".", 1)[-1])
        for difference in differences
    }
    assert ("removed", '"refunds"') in by_subject
    assert ("changed", '"revenue_daily"') in by_subject
    shown = planned.doppel(
        "clone", "diff", first["name"], second["name"], "--sql"
    ).stdout
    assert "create table" in shown.lower()
    same = planned.doppel("clone", "diff", first["name"], first["name"])
    assert "the plans do the same" in same.stdout


def test_executions_are_listed_by_plan(planned: Shop) -> None:
    """And what has ended can be neither cancelled nor resumed."""
    plan = _plan(planned, "--select", "revenue_daily")
    planned.doppel("clone", "apply", plan["name"], "--yes", "--timeout", "5m")
    other = _plan(planned, "--select", "refunds")

    [execution] = planned.json("executions", "--plan", plan["name"])

    assert execution["status"] == "EXECUTION_STATUS_SUCCEEDED"
    assert planned.json("executions", "--plan", other["name"]) == []
    cancelled = planned.doppel(
        "cancel", execution["name"], "--cause", "late", status=1
    )
    assert "has ended" in cancelled.stderr
    resumed = planned.doppel("resume", execution["name"], status=1)
    assert "has ended" in resumed.stderr


def test_a_wrong_timeout_is_refused(planned: Shop) -> None:
    """With an example of a right one."""
    plan = _plan(planned, "--select", "revenue_daily")

    refused = planned.doppel(
        *("clone", "apply", plan["name"], "--yes", "--timeout", "soon"),
        status=2,
    )

    assert "15m" in refused.stderr


def test_a_stale_plan_says_what_changed(planned: Shop) -> None:
    """Each relation, and the environment."""
    plan = _plan(planned, "--select", "revenue_daily refunds")
    with duckdb.connect(str(planned.database)) as database:
        database.sql("drop table staging_finance.revenue_daily")
    planned.doppel("env", "set", "staging", "--description", "another one")

    refused = planned.doppel(
        "clone", "apply", plan["name"], "--yes", status=1
    ).stderr

    assert "environments/staging" in refused
    assert "revenue_daily" in refused


def test_two_servers_cannot_have_one_store(shop: Shop, server: Server) -> None:
    """The second one ends at once and names the first."""
    second = subprocess.run(
        [
            str(program("doppeld", "DOPPELD")),
            "--listen=127.0.0.1:0",
            f"--store_dir={shop.folder / 'server-store'}",
        ],
        env=shop.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert second.returncode != 0
    assert f"process {server.process.pid}" in second.stderr
    assert server.process.poll() is None


@pytest.mark.parametrize(
    "command",
    [
        ("clone", "plan"),
        ("clone", "show"),
        ("clone", "list"),
        ("clone", "diff"),
        ("clone", "apply"),
        ("executions",),
        ("watch",),
        ("cancel",),
        ("resume",),
    ],
    ids=" ".join,
)
def test_help_shows_an_example(shop: Shop, command: tuple[str, ...]) -> None:
    """Every command shows how it is used."""
    text = shop.doppel(*command, "--help").stdout

    assert "Example" in text
    assert f"doppel {' '.join(command)}" in text
