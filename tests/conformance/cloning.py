"""Worlds in which real dbt and doppel clone: a dbt project and a warehouse.

A warehouse can be kept under a label and brought back, so that dbt and doppel
each begin with the same one. Real dbt runs in this process, doppel as its own
program.
"""

from __future__ import annotations

import abc
import dataclasses
import gc
import json
import os
import pathlib
import shutil
import subprocess
from typing import Any

import duckdb
import psycopg2
import yaml
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
DOPPEL = pathlib.Path(os.environ.get("DOPPEL", REPOSITORY / "bin" / "doppel"))
UNREADABLE = "unreadable"


@dataclasses.dataclass(frozen=True)
class Relation:
    """What stands in a warehouse under one name.

    Attributes:
        kind: "table", "view" or "materialized view".
        rows: what it shows, sorted; UNREADABLE where it shows nothing.
    """

    kind: str
    rows: str


# "schema.identifier" -> what stands there.
Relations = dict[str, Relation]


def quoted(*parts: str) -> str:
    """The parts of a name as SQL has them."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


class Engine(abc.ABC):
    """A warehouse that a test may do with what it likes.

    Attributes:
        type: dbt's adapter type.
        database: the one that everything is in.
    """

    type: str
    database: str

    @abc.abstractmethod
    def output(self, schema: str) -> dict[str, Any]:
        """A target of profiles.yml."""

    @abc.abstractmethod
    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Runs one statement, and gives its rows."""

    @abc.abstractmethod
    def keep(self, label: str) -> None:
        """Remembers the warehouse as it is, under that label."""

    @abc.abstractmethod
    def back(self, label: str) -> None:
        """Brings it back to what was kept there."""

    @abc.abstractmethod
    def kinds(self) -> list[tuple[str, str, str]]:
        """Schema, identifier and kind of everything."""

    @abc.abstractmethod
    def release(self) -> None:
        """Lets go of what dbt has left open in this process."""

    def relations(self) -> Relations:
        """All that stands in the warehouse."""
        return {
            f"{schema}.{identifier}": Relation(
                kind, self._rows(schema, identifier)
            )
            for schema, identifier, kind in self.kinds()
        }

    def _rows(self, schema: str, identifier: str) -> str:
        try:
            rows = self.query(f"select * from {quoted(schema, identifier)}")
        except (duckdb.Error, psycopg2.Error):
            return UNREADABLE
        return "\n".join(sorted(repr(row) for row in rows))


class DuckDb(Engine):
    """A DuckDB file."""

    type = "duckdb"

    def __init__(self, folder: pathlib.Path, database: str = "shop") -> None:
        """A file of that name in that folder, which need not be there yet."""
        self.database = database
        self._file = folder / f"{database}.duckdb"

    def output(self, schema: str) -> dict[str, Any]:
        """A target of profiles.yml."""
        return {"type": self.type, "path": str(self._file), "schema": schema}

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Runs one statement, and gives its rows."""
        with duckdb.connect(str(self._file)) as connection:
            return connection.execute(sql).fetchall()

    def keep(self, label: str) -> None:
        """Copies the file."""
        shutil.copyfile(self._file, self._file.with_suffix(f".{label}"))

    def back(self, label: str) -> None:
        """Puts the copy in the file's place."""
        shutil.copyfile(self._file.with_suffix(f".{label}"), self._file)

    def kinds(self) -> list[tuple[str, str, str]]:
        """Schema, identifier and kind of everything."""
        return self.query(
            "select table_schema, table_name, case table_type "
            "when 'VIEW' then 'view' else 'table' end "
            f"from information_schema.tables where table_catalog = "
            f"'{self.database}'"
        )

    def release(self) -> None:
        """Closes the file, which dbt keeps open for its next run."""
        DuckDBConnectionManager.close_all_connections()
        gc.collect()


class Postgres(Engine):
    """A database of a PostgreSQL server that ends with this process."""

    type = "postgres"

    def __init__(self, host: str, database: str = "shop") -> None:
        """A new database on the server whose socket is in `host`."""
        self.database = database
        self._host = host
        self._make(database)

    @staticmethod
    def start() -> str:
        """Starts a server; its host."""
        return subprocess.run(
            [
                str(REPOSITORY / "tests" / "support" / "start_postgres"),
                str(os.getpid()),
            ],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    def output(self, schema: str) -> dict[str, Any]:
        """A target of profiles.yml."""
        return {
            "type": self.type,
            "host": self._host,
            "port": 5432,
            "user": "doppel",
            "password": "none is asked for",
            "dbname": self.database,
            "schema": schema,
        }

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Runs one statement, and gives its rows."""
        return self._query(self.database, sql)

    def keep(self, label: str) -> None:
        """Copies the database."""
        self._make(f"{self.database}_{label}", template=self.database)

    def back(self, label: str) -> None:
        """Makes the database from its copy."""
        self._make(self.database, template=f"{self.database}_{label}")

    def kinds(self) -> list[tuple[str, str, str]]:
        """Schema, identifier and kind of everything."""
        return self.query(
            "select n.nspname::text, c.relname::text, case c.relkind "
            "when 'v' then 'view' when 'm' then 'materialized view' "
            "else 'table' end from pg_class c join pg_namespace n "
            "on n.oid = c.relnamespace where c.relkind in "
            "('r', 'p', 'v', 'm', 'f') and n.nspname not in "
            "('pg_catalog', 'information_schema', 'pg_toast')"
        )

    def release(self) -> None:
        """Nothing: dbt closes its connections."""

    def _make(self, database: str, template: str = "template0") -> None:
        name = quoted(database)
        self._query("postgres", f"drop database if exists {name} with (force)")
        self._query(
            "postgres", f"create database {name} template {quoted(template)}"
        )

    def _query(self, database: str, sql: str) -> list[tuple[Any, ...]]:
        connection = psycopg2.connect(
            host=self._host, user="doppel", dbname=database
        )
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql)
                rows: list[tuple[Any, ...]] = (
                    cursor.fetchall() if cursor.description else []
                )
                # So that the catalog knows of changed rows now, not later.
                cursor.execute("select pg_stat_force_next_flush()")
                return rows
        finally:
            connection.close()


@dataclasses.dataclass
class Applied:
    """What doppel planned and did.

    Attributes:
        plan: as `clone plan --output json` prints it; {} where it refused.
        reason: of the refusal; "" where there is a plan.
        output: what `clone apply` printed.
        succeeded: whether everything that was planned was done.
    """

    plan: dict[str, Any]
    reason: str = ""
    output: str = ""
    succeeded: bool = True

    def decisions(self) -> dict[str, str]:
        """Name of a node -> what is done about it, and for what reason."""
        decisions = {}
        for operation in self.plan["operations"]:
            if operation.get("unique_id"):
                kind = operation["kind"].removeprefix("OPERATION_KIND_")
                why = operation["reason"].removeprefix("OPERATION_REASON_")
                name = operation["unique_id"].split(".")[-1]
                decisions[name] = f"{kind} {why}".lower()
        return decisions


class World:
    """A project with targets "prod" and "dev" in one warehouse.

    Attributes:
        project: the folder of the project.
        engine: the warehouse.
    """

    def __init__(
        self,
        folder: pathlib.Path,
        engine: Engine,
        source: pathlib.Path,
        schemas: tuple[str, str] = ("prod", "dev"),
    ) -> None:
        """Copies the project; nothing is built yet.

        Args:
            folder: an empty one, for all that comes to be.
            engine: the warehouse.
            source: the project.
            schemas: of the targets "prod" and "dev".
        """
        self.engine = engine
        self.project = folder / "project"
        self._folder = folder
        self._plans = 0
        shutil.copytree(source, self.project)
        outputs = {
            target: {**engine.output(schema), "threads": 1}
            for target, schema in zip(("prod", "dev"), schemas, strict=True)
        }
        profile = {"target": "prod", "outputs": outputs}
        (self.project / "profiles.yml").write_text(
            yaml.safe_dump({"cloning": profile})
        )

    def manifest(self, target: str) -> pathlib.Path:
        """The manifest that dbt wrote last for that target."""
        return self._folder / f"target-{target}" / "manifest.json"

    def nodes(self, target: str) -> list[dict[str, Any]]:
        """The nodes of that manifest that have a relation."""
        nodes = json.loads(self.manifest(target).read_text())["nodes"]
        return [
            node
            for node in nodes.values()
            if node["resource_type"] in ("model", "seed", "snapshot")
            and node["config"]["materialized"] != "ephemeral"
        ]

    def dbt(self, command: str, target: str, *words: str) -> dbtRunnerResult:
        """Runs real dbt in this process."""
        result = dbtRunner().invoke(
            [
                *("--quiet", "--no-use-colors", command),
                *("--project-dir", str(self.project)),
                *("--profiles-dir", str(self.project)),
                *("--log-path", str(self._folder / "logs")),
                *("--target-path", str(self.manifest(target).parent)),
                *("--target", target, *words),
            ]
        )
        self.engine.release()
        return result

    def must_dbt(self, command: str, target: str, *words: str) -> None:
        """Runs real dbt, which must succeed."""
        result = self.dbt(command, target, *words)
        assert result.success, (command, target, result.exception)

    def dbt_clone(self, *words: str, target: str = "dev") -> bool:
        """Clones prod into the target with real dbt; whether all went well."""
        state = self._folder / "state"
        state.mkdir(exist_ok=True)
        shutil.copy(self.manifest("prod"), state)
        return self.dbt("clone", target, "--state", str(state), *words).success

    def doppel_clone(
        self, *words: str, target: str = "dev", store: str = ""
    ) -> Applied:
        """The same with doppel: a plan, which is applied.

        Args:
            words: for `doppel clone plan`.
            target: whose manifest names the relations.
            store: the name of what doppel remembers; by default nothing.
        """
        self._plans += 1
        store = str(self._folder / (store or f"store-{self._plans}"))
        planned = self._doppel(
            store,
            *("clone", "plan", "--output", "json"),
            *("--from", str(self.manifest("prod"))),
            *("--target-manifest", str(self.manifest(target))),
            *("--connection", f"cloning/{target}", *words),
        )
        if planned.returncode != 0:
            refusal = planned.stdout + planned.stderr
            return Applied({}, reason=refusal, succeeded=False)
        plan = json.loads(planned.stdout)
        applied = self._doppel(
            store,
            *("clone", "apply", plan["name"]),
            *("--fingerprint", plan["fingerprint"]),
        )
        return Applied(
            plan,
            output=applied.stdout + applied.stderr,
            succeeded=applied.returncode == 0,
        )

    def _doppel(
        self, store: str, *words: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(DOPPEL), *words],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env={
                **os.environ,
                "DBT_PROFILES_DIR": str(self.project),
                "DOPPEL_STORE_DIR": store,
            },
        )
