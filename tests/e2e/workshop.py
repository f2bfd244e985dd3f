"""A warehouse of either engine with a few relations, and manifests of them.

What the tests of cleanup and drift stand on: small enough to be made anew for
each test, and in need of no dbt.
"""

from __future__ import annotations

import abc
import contextlib
import dataclasses
import json
import os
import pathlib
import sqlite3
import subprocess
from collections.abc import Iterator
from typing import Any

import duckdb
import psycopg2
from conftest import REPOSITORY, program

Rows = list[tuple[Any, ...]]


@dataclasses.dataclass
class Owned:
    """A line of the server's ledger."""

    name: str
    environment: str
    version: str


class Workshop(abc.ABC):
    """A folder with a warehouse, a profiles.yml and a store.

    Attributes:
        folder: holds all of it.
        adapter: dbt's adapter type.
        database: the name of the relations' database.
    """

    adapter: str
    database: str

    def __init__(self, folder: pathlib.Path) -> None:
        """Writes the profile; the warehouse is there already."""
        self.folder = folder
        (folder / "profiles.yml").write_text(
            json.dumps(
                {"shop": {"target": "dev", "outputs": {"dev": self.target()}}}
            )
        )

    @abc.abstractmethod
    def target(self) -> dict[str, Any]:
        """The target of the profile."""

    @abc.abstractmethod
    def run(self, *statements: str) -> Rows:
        """Sends the statements; gives the rows of the last one."""

    @property
    def environment(self) -> dict[str, str]:
        """For doppel and doppeld."""
        return {
            **os.environ,
            "DBT_PROFILES_DIR": str(self.folder),
            "DOPPEL_STORE_DIR": str(self.folder / "server-store"),
        }

    def doppel(
        self, *arguments: str, status: int = 0
    ) -> subprocess.CompletedProcess[str]:
        """Runs the command line on the store of a server that is not there."""
        done = subprocess.run(
            [str(program("doppel", "DOPPEL")), *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == status, (done.stdout, done.stderr)
        return done

    def manifest(self, schema: str, *models: str) -> bytes:
        """A manifest.json in which the models are tables of the schema."""
        return json.dumps(
            {
                "metadata": {
                    "dbt_schema_version": "https://schemas.getdbt.com/dbt/"
                    "manifest/v12.json",
                    "dbt_version": "1.10.0",
                    "adapter_type": self.adapter,
                    "project_name": "shop",
                },
                "nodes": {
                    f"model.shop.{name}": self._model(schema, name)
                    for name in models
                },
                **{
                    part: {}
                    for part in (
                        *("sources", "macros", "docs", "exposures", "metrics"),
                        *("selectors", "disabled", "parent_map", "child_map"),
                    )
                },
            }
        ).encode()

    def _model(self, schema: str, name: str) -> dict[str, Any]:
        return {
            "unique_id": f"model.shop.{name}",
            "resource_type": "model",
            "package_name": "shop",
            "name": name,
            "database": self.database,
            "schema": schema,
            "alias": name,
            "relation_name": f'"{self.database}"."{schema}"."{name}"',
            "fqn": ["shop", name],
            "path": f"{name}.sql",
            "original_file_path": f"models/{name}.sql",
            "raw_code": "select 1",
            "checksum": {"name": "sha256", "checksum": name},
            "config": {"enabled": True, "materialized": "table"},
            "depends_on": {"macros": [], "nodes": []},
        }

    def relations(self, schema: str) -> set[str]:
        """What is in the schema."""
        rows = self.run(
            "select table_name from information_schema.tables "
            f"where table_schema = '{schema}'"
        )
        return {name for [name] in rows}

    def has_schema(self, schema: str) -> bool:
        """Whether the schema is there."""
        rows = self.run(
            "select 1 from information_schema.schemata "
            f"where schema_name = '{schema}'"
        )
        return bool(rows)

    def ledger(self) -> list[Owned]:
        """What the server owns, by name; of a schema: "schema."."""
        path = self.folder / "server-store" / "state.db"
        with contextlib.closing(
            sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        ) as store:
            rows = store.execute(
                "select schema || '.' || identifier, environment, "
                "target_version from ledger order by 1"
            )
            return [Owned(*row) for row in rows]


class DuckDbWorkshop(Workshop):
    """In a file."""

    adapter = "duckdb"
    database = "shop"

    def target(self) -> dict[str, Any]:
        """The target of the profile."""
        return {
            "type": "duckdb",
            "path": str(self.folder / "shop.duckdb"),
            "schema": "dev",
        }

    def run(self, *statements: str) -> Rows:
        """Sends the statements; gives the rows of the last one."""
        rows: Rows = []
        with duckdb.connect(str(self.folder / "shop.duckdb")) as database:
            for statement in statements:
                rows = database.execute(statement).fetchall()
        return rows


class PostgresWorkshop(Workshop):
    """On a server of the test's own."""

    adapter = "postgres"
    database = "postgres"

    def __init__(self, folder: pathlib.Path, host: str) -> None:
        """The server's socket is in the folder `host`."""
        self._host = host
        super().__init__(folder)

    def target(self) -> dict[str, Any]:
        """The target of the profile."""
        return {
            "type": "postgres",
            "host": self._host,
            "user": "doppel",
            "password": "",
            "port": 5432,
            "dbname": "postgres",
            "schema": "dev",
        }

    def run(self, *statements: str) -> Rows:
        """Sends the statements; gives the rows of the last one."""
        connection = psycopg2.connect(
            host=self._host, user="doppel", dbname="postgres"
        )
        with contextlib.closing(connection), connection:
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement)
            rows: Rows = cursor.fetchall() if cursor.description else []
            # Else the server tells others of changes a while later.
            cursor.execute("select pg_stat_force_next_flush()")
            return rows


def open_workshop(adapter: str, folder: pathlib.Path) -> Iterator[Workshop]:
    """The workshop, with orders, customers and the view report in prod."""
    support = REPOSITORY / "tests" / "support" / "start_postgres"
    host = ""
    if adapter == "duckdb":
        workshop: Workshop = DuckDbWorkshop(folder)
    else:
        started = subprocess.run(
            [str(support), str(os.getpid())],
            capture_output=True,
            text=True,
            check=True,
        )
        host = started.stdout.strip()
        workshop = PostgresWorkshop(folder, host)
    workshop.run(
        "create schema prod",
        "create table prod.orders as select 1 as id, 10 as amount",
        "create table prod.customers as select 1 as id, 'Ada' as name",
        "create view prod.report as select sum(amount) as x from prod.orders",
    )
    yield workshop
    if host:
        subprocess.run([str(support), "--end", host], check=True)
