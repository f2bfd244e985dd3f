"""A clone on Spark with Delta Lake: planned, applied, real, and done once."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
from typing import Any

import pytest
from conftest import program
from spark_client import JARS, TARGET, Spark
from written_manifest import manifest, node

_PROFILE = "lake:\n  target: prod\n  outputs:\n    prod:\n" + TARGET
_NAMING = ("--schema", "dev")
_TABLES = ("orders", "customers")
_VIEW = "big_orders"

pytestmark = pytest.mark.skipif(
    not JARS.is_dir(), reason="no Spark here: run tools/setup --only spark"
)


class Lake:
    """A folder with a manifest, a profile and doppel's store.

    Attributes:
        folder: holds all of it.
    """

    def __init__(self, folder: pathlib.Path, address: str) -> None:
        """Writes the manifest and the profile."""
        self.folder = folder
        nodes = [
            node(
                "model",
                name,
                "view" if name == _VIEW else "table",
                f"prod.{name}",
                database=None,
                file_format="delta",
            )
            for name in (*_TABLES, _VIEW)
        ]
        (folder / "prod.json").write_text(json.dumps(manifest("spark", nodes)))
        (folder / "profiles.yml").write_text(
            _PROFILE.format(address=address, schema="prod")
        )

    def doppel(self, *arguments: str) -> list[dict[str, Any]]:
        """Runs the command line; gives the objects that it printed."""
        done = subprocess.run(
            [
                *(str(program("doppel", "DOPPEL")), *arguments),
                *("--output", "json"),
            ],
            cwd=self.folder,
            env={
                **os.environ,
                "DBT_PROFILES_DIR": str(self.folder),
                "DOPPEL_STORE_DIR": str(self.folder / "store"),
            },
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def plan(self, *options: str) -> dict[str, Any]:
        """Plans a clone of prod, into dev where nothing else is said."""
        (plan,) = self.doppel(
            *("clone", "plan", "--from", "prod", *(options or _NAMING))
        )
        return plan

    def apply(self, plan: dict[str, Any]) -> dict[str, Any]:
        """Applies it; gives the last event."""
        return self.doppel(
            *("clone", "apply", plan["name"]),
            *("--fingerprint", plan["fingerprint"]),
        )[-1]


@pytest.fixture(scope="module")
def lake(
    tmp_path_factory: pytest.TempPathFactory, spark_address: str, spark: Spark
) -> Lake:
    """Production: two tables and a view of one."""
    spark.run("create schema prod")
    for name in _TABLES:
        spark.run(f"create table prod.{name} as select id from range(9)")
    spark.run(f"create view prod.{_VIEW} as select * from prod.orders")
    made = Lake(tmp_path_factory.mktemp("lake"), spark_address)
    made.doppel(
        *("env", "set", "prod", "--manifest", "prod.json"),
        *("--connection", "lake/prod"),
    )
    return made


def _kinds(plan: dict[str, Any]) -> list[str]:
    return sorted(
        operation["kind"].removeprefix("OPERATION_KIND_").lower()
        for operation in plan["operations"]
    )


def test_tables_are_cloned_and_share_their_files(
    lake: Lake, spark: Spark
) -> None:
    """Tables are cloned, the view points; a clone goes its own way."""
    plan = lake.plan()
    assert _kinds(plan) == [
        *("clone_table", "clone_table", "create_schema", "pointer_view")
    ]

    result = lake.apply(plan)

    assert "SUCCEEDED" in json.dumps(result), result
    spark.holds("count(*) = 9", f"dev.{_VIEW}")
    for name in _TABLES:
        spark.holds(
            "count(*) = 9 and every(_metadata.file_path like '%/prod.db/%')",
            f"dev.{name}",
        )
    spark.run("delete from dev.orders where id > 0")
    spark.holds("count(*) = 1", "dev.orders")
    spark.holds("count(*) = 9", "prod.orders")


def test_a_second_clone_makes_only_what_drifted(
    lake: Lake, spark: Spark
) -> None:
    """Nothing to do where nothing changed; else what changed alone."""
    naming = ("--schema", "again")
    lake.apply(lake.plan(*naming))

    still = lake.plan(*naming, "--reconcile")
    assert _kinds(still) == ["skip", "skip", "skip"]

    spark.run("insert into prod.customers values (100)")
    drifted = lake.plan(*naming, "--reconcile")
    assert _kinds(drifted) == ["clone_table", "skip", "skip"]
    lake.apply(drifted)
    spark.holds("count(*) = 10", "again.customers")
    assert _kinds(lake.plan(*naming, "--reconcile")) == ["skip"] * 3
