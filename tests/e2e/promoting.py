"""A small dbt project that is built twice, on DuckDB or on PostgreSQL.

"prod" is revision 1, "blue" revision 2, which has a model more. Every relation
says of which revision its rows are, so that a reader can tell old from new.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import subprocess
import threading
import time
from typing import Any

import duckdb
import psycopg2
import psycopg2.extensions
from conftest import REPOSITORY

_FILES = {
    "dbt_project.yml": """
name: shop
version: "1.0"
profile: shop
model-paths: [models]
test-paths: [tests]
""",
    "models/orders.sql": """
{{ config(materialized="table", contract={"enforced": true}) }}
select
  cast(t.i as integer) as id,
  cast({{ env_var("REVISION") }} as integer) as revision
from generate_series(1, 40) as t(i)
""",
    "models/report.sql": """
{{ config(materialized="view") }}
select revision, count(*) as n from {{ ref("orders") }} group by revision
""",
    "models/totals.sql": """
{{ config(materialized="table") }}
select revision, sum(n) as n from {{ ref("report") }} group by revision
""",
    "models/fresh.sql": """
{{ config(materialized="view", enabled=env_var("REVISION") != "1") }}
select revision, n from {{ ref("totals") }}
""",
    "models/schema.yml": """
version: 2
models:
  - name: orders
    columns:
      - name: id
        data_type: integer
        constraints:
          - type: primary_key
        data_tests: [unique, not_null]
      - name: revision
        data_type: integer
""",
    "tests/good.sql": """
select 1 as x from {{ ref("orders") }}
where {{ env_var("BREAK", "0") }} = 1
""",
}

# Every relation of production in one statement: what a dashboard would read.
_READ = """
select revision from prod.orders group by revision
union all select revision from prod.report
union all select revision from prod.totals
"""


class World:
    """The project, its warehouse, and what the programs need to find them.

    Attributes:
        folder: holds all of it.
    """

    type = ""

    def __init__(self, folder: pathlib.Path) -> None:
        """Writes the project and builds both environments."""
        self.folder = folder
        for name, text in _FILES.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        outputs = "\n".join(
            f"    {schema}:\n"
            + "\n".join(
                f"      {key}: {value}"
                for key, value in {**self.output(), "schema": schema}.items()
            )
            for schema in ("prod", "blue")
        )
        (folder / "profiles.yml").write_text(
            f"shop:\n  target: prod\n  outputs:\n{outputs}\n"
        )
        self.build("prod", 1)
        self.build("blue", 2)

    @property
    def environment(self) -> dict[str, str]:
        """For dbt, doppel and doppeld."""
        return {
            **os.environ,
            "DBT_PROFILES_DIR": str(self.folder),
            "DOPPEL_STORE_DIR": str(self.folder / "store"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }

    def build(self, target: str, revision: int, *, fails: bool = False) -> None:
        """Runs `dbt build`; where `fails`, one of its tests does."""
        done = subprocess.run(
            [
                *("dbt", "--quiet", "build", "--target", target),
                *("--target-path", str(self.folder / f"target-{target}")),
            ],
            cwd=self.folder,
            env={
                **self.environment,
                "REVISION": str(revision),
                "BREAK": "1" if fails else "0",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode != 0) == fails, done.stdout + done.stderr

    def artifact(self, target: str, name: str) -> pathlib.Path:
        """What dbt wrote last for that target."""
        return self.folder / f"target-{target}" / name

    def run_results(self) -> bytes:
        """Those of the blue build."""
        return self.artifact("blue", "run_results.json").read_bytes()

    def read(self) -> set[int]:
        """The revisions that production shows in one statement."""
        return {row[0] for row in self.query(_READ)}

    def output(self) -> dict[str, Any]:
        """A target of profiles.yml, without its schema."""
        raise NotImplementedError

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Runs one statement, and gives its rows."""
        raise NotImplementedError

    def everything(self) -> list[tuple[Any, ...]]:
        """Each relation with its definition, and what else is to stay."""
        raise NotImplementedError

    def snapshot(self) -> dict[str, Any]:
        """Definitions and contents of all that is there."""
        relations = self.everything()
        rows = {
            f"{schema}.{name}": sorted(
                self.query(f'select * from "{schema}"."{name}"')
            )
            for schema, name, *_ in relations
        }
        return {"relations": relations, "rows": rows}


class DuckDb(World):
    """A DuckDB file."""

    type = "duckdb"

    def output(self) -> dict[str, Any]:
        """A target of profiles.yml, without its schema."""
        return {"type": "duckdb", "path": str(self.folder / "shop.duckdb")}

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Waits while another process has the file."""
        deadline = time.monotonic() + 30
        while True:
            try:
                with duckdb.connect(
                    str(self.folder / "shop.duckdb"),
                    read_only=sql.lstrip().startswith("select"),
                ) as file:
                    cursor = file.execute(sql)
                    return cursor.fetchall() if cursor.description else []
            except duckdb.IOException as error:
                if "lock" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.005)

    def everything(self) -> list[tuple[Any, ...]]:
        """By name, with the statement that makes it, and comments."""
        columns = self.query(
            "select schema_name, table_name, column_name, comment "
            "from duckdb_columns() where not internal"
        )
        return sorted(
            (
                *relation,
                sorted(
                    column[2:]
                    for column in columns
                    if column[:2] == relation[:2]
                ),
            )
            for relation in self.query(
                "select schema_name, table_name, sql, comment "
                "from duckdb_tables() union all "
                "select schema_name, view_name, sql, comment "
                "from duckdb_views() where not internal"
            )
        )


class Postgres(World):
    """A database of a server that ends with this process."""

    type = "postgres"

    def __init__(self, folder: pathlib.Path) -> None:
        """Starts the server."""
        self._host = subprocess.run(
            [
                str(REPOSITORY / "tests" / "support" / "start_postgres"),
                str(os.getpid()),
            ],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        super().__init__(folder)

    def output(self) -> dict[str, Any]:
        """A target of profiles.yml, without its schema."""
        return {
            "type": "postgres",
            "host": self._host,
            "port": 5432,
            "user": "doppel",
            "password": "none",
            "dbname": "postgres",
        }

    def connect(self) -> psycopg2.extensions.connection:
        """A session of its own."""
        connection = psycopg2.connect(
            host=self._host, user="doppel", dbname="postgres"
        )
        connection.autocommit = True
        return connection

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """On a session of its own, whose counts are told at once."""
        with contextlib.closing(self.connect()) as session:
            cursor = session.cursor()
            cursor.execute(sql)
            rows = cursor.fetchall() if cursor.description else []
            cursor.execute("select pg_stat_force_next_flush()")
            return rows

    def everything(self) -> list[tuple[Any, ...]]:
        """By name: which object it is, a view's text, rights and comments.

        Rights are those that hold: where nothing was ever granted, PostgreSQL
        stores none, and means the owner's.
        """
        return self.query(
            "select n.nspname::text, c.relname::text, c.oid::bigint, "
            "case when c.relkind = 'v' then pg_get_viewdef(c.oid) end, "
            "array(select r::text from aclexplode(coalesce(c.relacl, "
            "acldefault('r', c.relowner))) r order by 1), "
            "obj_description(c.oid, 'pg_class'), "
            "array(select concat_ws(' ', a.attname, r, d.description) "
            "from pg_attribute a left join lateral aclexplode(a.attacl) r "
            "on true left join pg_description d on d.objoid = c.oid and "
            "d.classoid = 'pg_class'::regclass and d.objsubid = a.attnum "
            "where a.attrelid = c.oid and a.attnum > 0 order by 1), "
            "array(select t.tgname::text from pg_trigger t "
            "where t.tgrelid = c.oid order by 1) "
            "from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "where c.relkind in ('r', 'v', 'm') and n.nspname not in "
            "('pg_catalog', 'information_schema') order by 1, 2"
        )


class Reader:
    """Reads production over and over, on a thread of its own.

    The first reading is over before the body of the `with` begins, and the
    last one begins after it, so that both ends are seen on any machine.

    Attributes:
        seen: the sets of revisions, each once, in the order of their coming.
        errors: what went wrong.
        count: how many readings there were.
    """

    def __init__(self, world: World) -> None:
        """Reads nothing yet."""
        self.seen: list[set[int]] = []
        self.errors: list[Exception] = []
        self.count = 0
        self._world = world
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _read(self) -> None:
        try:
            found = self._world.read()
        except Exception as error:  # noqa: BLE001: any is a failure
            self.errors.append(error)
            return
        self.count += 1
        if not self.seen or self.seen[-1] != found:
            self.seen.append(found)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._read()
            time.sleep(0.005)

    def __enter__(self) -> Reader:
        """Reads once, and goes on on the thread."""
        self._read()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Ends the thread, and reads once more."""
        self._stop.set()
        self._thread.join()
        self._read()
