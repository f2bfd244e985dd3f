"""Warehouses to clone in: made, copied, and sent statements to as they are.

Each is spoken to by its own client, so that what its statements cost without
doppel or dbt is known.
"""

from __future__ import annotations

import abc
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import grpc
import psycopg2
import spark_client
from bench.measuring import RunError

SUPPORT = Path(__file__).resolve().parents[2] / "tests" / "support"
DATABASE = "synthetic"


class Engine(abc.ABC):
    """A warehouse that may be filled and copied.

    Attributes:
        type: dbt's adapter type.
        name: For people.
        client: What sends statements to it, for people.
        quote: What stands around an identifier.
    """

    type: str
    name: str
    client: str
    quote = '"'

    @abc.abstractmethod
    def output(self, schema: str) -> dict[str, Any]:
        """Return a target of profiles.yml."""

    @abc.abstractmethod
    def send(self, statements: Sequence[str]) -> float:
        """Run statements one by one on one connection; return the seconds.

        Raises:
            RunError: One failed.
        """

    @abc.abstractmethod
    def keep(self) -> None:
        """Remember the warehouse as it is."""

    @abc.abstractmethod
    def back(self) -> None:
        """Bring back what was kept."""

    def database(self) -> str:
        """Return the database of all relations; "" where there are none."""
        return DATABASE

    def rendered(self, *parts: str) -> str:
        """Return a name as SQL has it; the generated ones have no quotes."""
        return ".".join(f"{self.quote}{part}{self.quote}" for part in parts)


class DuckDb(Engine):
    """A DuckDB file."""

    type = "duckdb"
    name = "DuckDB"
    client = f"DuckDB {duckdb.__version__}'s Python client"

    def __init__(self, folder: Path) -> None:
        """Name the file, which need not be there."""
        self._file = folder / f"{DATABASE}.duckdb"

    def output(self, schema: str) -> dict[str, Any]:
        """Return a target of profiles.yml."""
        return {"type": self.type, "path": str(self._file), "schema": schema}

    def send(self, statements: Sequence[str]) -> float:
        """Run statements one by one on one connection; return the seconds."""
        with duckdb.connect(str(self._file)) as connection:
            began = time.monotonic()
            try:
                for statement in statements:
                    connection.execute(statement)
            except duckdb.Error as error:
                raise RunError(str(error)) from error
            return time.monotonic() - began

    def keep(self) -> None:
        """Copy the file."""
        shutil.copyfile(self._file, self._file.with_suffix(".kept"))

    def back(self) -> None:
        """Put the copy in the file's place."""
        shutil.copyfile(self._file.with_suffix(".kept"), self._file)


class Postgres(Engine):
    """A database of a PostgreSQL server that ends with this process."""

    type = "postgres"
    name = "PostgreSQL"
    client = f"psycopg2 {psycopg2.__version__.split()[0]}"

    def __init__(self, folder: Path) -> None:
        """Start the server, with an empty database."""
        del folder
        self._host = subprocess.run(
            [str(SUPPORT / "start_postgres"), str(os.getpid())],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        self._make(DATABASE, "template0")

    def output(self, schema: str) -> dict[str, Any]:
        """Return a target of profiles.yml."""
        return {
            "type": self.type,
            "host": self._host,
            "port": 5432,
            "user": "doppel",
            "password": "none is asked for",
            "dbname": DATABASE,
            "schema": schema,
        }

    def send(self, statements: Sequence[str]) -> float:
        """Run statements one by one on one connection; return the seconds."""
        return self._send(DATABASE, statements)

    def keep(self) -> None:
        """Copy the database."""
        self._make(f"{DATABASE}_kept", DATABASE)

    def back(self) -> None:
        """Make the database from its copy."""
        self._make(DATABASE, f"{DATABASE}_kept")

    def _make(self, database: str, template: str) -> None:
        made = f"create database {database} template {template}"
        dropped = f"drop database if exists {database} with (force)"
        self._send("postgres", [dropped, made])

    def _send(self, database: str, statements: Sequence[str]) -> float:
        connection = psycopg2.connect(
            host=self._host, user="doppel", dbname=database
        )
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                began = time.monotonic()
                for statement in statements:
                    cursor.execute(statement)
                return time.monotonic() - began
        except psycopg2.Error as error:
            raise RunError(str(error)) from error
        finally:
            connection.close()


class ClickHouse(Engine):
    """A folder of ClickHouse's, opened by chDB."""

    type = "clickhouse"
    name = "ClickHouse (chDB)"
    client = "chDB's C interface"
    quote = "`"

    def __init__(self, folder: Path) -> None:
        """Name the folder, which need not be there."""
        self._folder = folder / "clickhouse"
        self._kept = folder / "clickhouse.kept"

    def database(self) -> str:
        """Return nothing: names have two parts."""
        return ""

    def output(self, schema: str) -> dict[str, Any]:
        """Return a target of profiles.yml."""
        return {
            "type": self.type,
            "driver": "chdb",
            "path": str(self._folder),
            "schema": schema,
        }

    def send(self, statements: Sequence[str]) -> float:
        """Run statements one by one on one connection; return the seconds."""
        done = subprocess.run(
            [sys.executable, str(SUPPORT / "run_chdb.py"), str(self._folder)],
            input=json.dumps(list(statements)),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RunError(done.stderr)
        return float(json.loads(done.stdout)["seconds"])

    def keep(self) -> None:
        """Copy the folder, in which relations are linked to by name."""
        shutil.rmtree(self._kept, ignore_errors=True)
        shutil.copytree(self._folder, self._kept, symlinks=True)

    def back(self) -> None:
        """Put the copy in the folder's place."""
        shutil.rmtree(self._folder)
        shutil.copytree(self._kept, self._folder, symlinks=True)


class Delta(Engine):
    """Tables of Delta Lake's behind a Spark Connect server."""

    type = "spark"
    name = "Delta Lake (Spark Connect)"
    client = "a client of Spark Connect's own protocol"
    quote = "`"

    def __init__(self, folder: Path) -> None:
        """Start the server, which ends with this process."""
        jars = spark_client.JARS
        if not jars.is_dir():
            raise RunError("no Spark here: run tools/setup --only spark")
        started = subprocess.run(
            [str(SUPPORT / "start_spark"), str(os.getpid()), str(jars)],
            check=True,
            capture_output=True,
            text=True,
        )
        self._address, place = started.stdout.split()
        self._tables = Path(place) / "tables"
        self._kept: set[str] = set()
        stubs = folder / "stubs"
        stubs.mkdir()
        self._spark = spark_client.Spark(self._address, stubs)

    def database(self) -> str:
        """Return nothing: names have two parts."""
        return ""

    def output(self, schema: str) -> dict[str, Any]:
        """Return a target of profiles.yml."""
        return {
            "type": self.type,
            "schema": schema,
            "spark_remote": f"sc://{self._address}/;token=guard",
        }

    def send(self, statements: Sequence[str]) -> float:
        """Run statements one by one in one session; return the seconds."""
        began = time.monotonic()
        try:
            for statement in statements:
                self._spark.run(statement)
        except grpc.RpcError as error:
            raise RunError(str(error)) from error
        return time.monotonic() - began

    def keep(self) -> None:
        """Remember which schemas there are."""
        self._kept = self._schemas()

    def back(self) -> None:
        """Drop those that came since."""
        self.send(
            [
                f"drop schema {self.rendered(schema)} cascade"
                for schema in self._schemas() - self._kept
            ]
        )

    def _schemas(self) -> set[str]:
        return {folder.stem for folder in self._tables.glob("*.db")}


ENGINES: dict[
    str, type[DuckDb] | type[Postgres] | type[ClickHouse] | type[Delta]
] = {
    "duckdb": DuckDb,
    "postgres": Postgres,
    "chdb": ClickHouse,
    "delta": Delta,
}
