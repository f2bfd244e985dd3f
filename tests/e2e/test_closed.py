"""Closed clones: an environment whose views read its own relations.

A project of its own, built by real dbt on DuckDB and on PostgreSQL: raw (a
source) -> stg_orders (a view) -> orders (a table) -> daily (a view over an
ephemeral model and a seed) -> report (a view).
"""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import subprocess
from collections.abc import Iterator
from typing import Any

import doppel
import duckdb
import psycopg2
import pytest
from conftest import REPOSITORY, Server, Shop, apply
from doppel.v1 import execution_pb2, plan_pb2, planning_service_pb2

FILES = {
    "dbt_project.yml": "{name: books, profile: books, version: '1.0'}",
    "seeds/codes.csv": "code,title\n1,one\n2,two\n",
    "models/sources.yml": (
        "{version: 2, sources: [{name: raw, schema: landing, "
        "tables: [{name: events}]}]}"
    ),
    "models/stg_orders.sql": (
        "{{ config(materialized='view') }}"
        "select id, code, amount from {{ source('raw', 'events') }}"
    ),
    "models/orders.sql": (
        "{{ config(materialized='table') }}"
        "select id, code, amount from {{ ref('stg_orders') }}"
    ),
    "models/large.sql": (
        "{{ config(materialized='ephemeral') }}"
        "select * from {{ ref('orders') }} where amount >= 10"
    ),
    "models/daily.sql": (
        "{{ config(materialized='view') }}"
        "-- not {{ ref('stg_orders') }}\n"
        "select title, sum(amount) as amount from {{ ref('large') }}\n"
        "join {{ ref('codes') }} using (code) group by title"
    ),
    "models/report.sql": (
        "{{ config(materialized='view') }}"
        "select sum(amount) as amount from {{ ref('daily') }}"
    ),
}


@dataclasses.dataclass
class Books(Shop):
    """The project in a folder, and a warehouse that tests may change.

    Attributes:
        engine: "duckdb" or "postgres".
        host: of PostgreSQL's socket.
    """

    engine: str = "duckdb"
    host: str = ""

    @property
    def project(self) -> pathlib.Path:
        """The dbt project."""
        return self.folder / "books"

    def write(self) -> None:
        """Writes the project, its profile and the source's rows."""
        place: dict[str, Any] = {"type": "duckdb", "path": str(self.database)}
        if self.engine == "postgres":
            place = {
                "type": "postgres",
                "host": self.host,
                "port": 5432,
                "user": "doppel",
                "password": "none",
                "dbname": "postgres",
            }
        profile = {
            "target": "prod",
            "outputs": {"prod": {**place, "schema": "prod", "threads": 1}},
        }
        for name, text in {
            **FILES,
            "profiles.yml": json.dumps({"books": profile}),
        }.items():
            path = self.project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.run("create schema landing")
        self.run(
            "create table landing.events as select 1 as id, 1 as code, "
            "10 as amount union all select 2, 2, 20"
        )

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """Runs one statement; gives its rows."""
        if self.engine == "duckdb":
            with duckdb.connect(str(self.database)) as database:
                return database.execute(sql).fetchall()
        connection = psycopg2.connect(
            host=self.host, user="doppel", dbname="postgres"
        )
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                rows = cursor.fetchall() if cursor.description else []
                cursor.execute("select pg_stat_force_next_flush()")
                return rows
        finally:
            connection.close()

    def amount(self, schema: str) -> int:
        """What that schema's report shows."""
        return int(self.run(f"select amount from {schema}.report")[0][0])

    def standing(self, schema: str) -> list[tuple[Any, ...]]:
        """Name and kind of all that is in a schema."""
        return self.run(
            "select table_name, table_type from information_schema.tables "
            f"where table_schema = '{schema}' order by 1"
        )


@pytest.fixture(params=["duckdb", "postgres"])
def books(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> Books:
    """The project, built as production."""
    host = ""
    if request.param == "postgres":
        host = subprocess.run(
            [
                str(REPOSITORY / "tests" / "support" / "start_postgres"),
                str(os.getpid()),
            ],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        request.addfinalizer(lambda: _end(host))
    books = Books(tmp_path, request.param, host)
    books.write()
    books.dbt("build", "prod")
    return books


def _end(host: str) -> None:
    subprocess.run(
        [
            *(
                str(REPOSITORY / "tests" / "support" / "start_postgres"),
                "--end",
            ),
            host,
        ],
        check=True,
    )


@pytest.fixture
def client(books: Books) -> Iterator[doppel.Client]:
    """A client of a server that knows production."""
    server = Server(books)
    client = server.client()
    client.set_environment(
        "prod",
        manifest=client.upload_manifest(books.manifest("prod")),
        connection="books/prod",
    )
    yield client
    server.stop()


def _plan(client: doppel.Client, **options: object) -> plan_pb2.ClonePlan:
    arguments: dict[str, object] = {
        "source_environment": "prod",
        "naming": [planning_service_pb2.NamingRule(schema="ci")],
        "on_no_zero_copy": planning_service_pb2.NO_ZERO_COPY_COPY,
        "views": planning_service_pb2.VIEWS_CLOSED,
        **options,
    }
    return client.plan_clone(**arguments)  # type: ignore[arg-type]


def _apply(client: doppel.Client, plan: plan_pb2.ClonePlan) -> None:
    done = apply(client, plan)
    assert done.status == execution_pb2.EXECUTION_STATUS_SUCCEEDED, done


def _escapes(plan: plan_pb2.ClonePlan) -> set[tuple[str, str, int]]:
    return {
        (escape.unique_id, escape.reads_unique_id, escape.reason)
        for escape in plan.escapes
    }


def test_the_clone_reads_itself(books: Books, client: doppel.Client) -> None:
    """What changes in the clone is seen there alone, and the other way."""
    plan = _plan(client)
    _apply(client, plan)
    assert plan.summary.views == 3
    assert plan.summary.pointer_views == 0
    assert books.amount("ci") == books.amount("prod") == 30

    books.run("update ci.orders set amount = 1000 where id = 1")
    assert books.amount("ci") == 1020
    assert books.amount("prod") == 30

    books.run("delete from prod.orders")
    assert books.amount("ci") == 1020
    books.run("drop schema prod cascade")
    assert books.amount("ci") == 1020


def test_the_plan_lists_what_still_reads_production(
    books: Books, client: doppel.Client
) -> None:
    """A dbt source always; a parent that is not cloned; a pointer view."""
    source = (
        "model.books.stg_orders",
        "source.books.raw.events",
        plan_pb2.ESCAPE_REASON_SOURCE,
    )
    assert _escapes(_plan(client)) == {source}

    partial = _plan(client, select="daily report stg_orders")

    assert _escapes(partial) == {
        source,
        *(
            ("model.books.daily", parent, plan_pb2.ESCAPE_REASON_NOT_IN_TARGET)
            for parent in ("model.books.orders", "seed.books.codes")
        ),
    }
    _apply(client, partial)
    books.run("update prod.orders set amount = 11 where id = 1")
    assert books.amount("ci") == 31
    pointing = _plan(
        client,
        select="orders",
        on_no_zero_copy=planning_service_pb2.NO_ZERO_COPY_POINTER_VIEW,
    )
    assert _escapes(pointing) == {
        (
            "model.books.orders",
            "model.books.orders",
            plan_pb2.ESCAPE_REASON_POINTER,
        )
    }


def test_a_closed_clone_is_replaced_by_another(
    books: Books, client: doppel.Client
) -> None:
    """Views hold tables that are to go; in the end all is new and closed."""
    _apply(client, _plan(client))
    before = books.standing("ci")
    books.run("update prod.orders set amount = 500 where id = 2")
    books.run("update ci.codes set title = 'changed'")

    _apply(
        client,
        _plan(
            client,
            existing_target=planning_service_pb2.EXISTING_TARGET_REPLACE,
        ),
    )

    assert books.standing("ci") == before
    assert books.amount("ci") == 510
    assert books.run(
        "select count(*) from ci.codes where title = 'changed'"
    ) == [(0,)]
    books.run("update ci.orders set amount = 0")
    assert books.amount("prod") == 510


def test_nothing_is_done_twice(books: Books, client: doppel.Client) -> None:
    """A closed view is made anew with what it reads, or with its query."""
    _apply(client, _plan(client))
    reconcile = planning_service_pb2.EXISTING_TARGET_RECONCILE

    views = _plan(client, select="stg_orders", existing_target=reconcile)
    again = _plan(client, existing_target=reconcile)

    assert views.summary.statements == 0
    assert _escapes(views) == _escapes(again)
    if books.engine == "postgres":
        # DuckDB does not tell whether a table's rows changed.
        assert again.summary.statements == 0
        books.run("update prod.codes set title = 'uno' where code = 1")
        again = _plan(client, existing_target=reconcile)
    _apply(client, again)
    assert books.amount("ci") == 30
    pointing = _plan(
        client,
        existing_target=reconcile,
        views=planning_service_pb2.VIEWS_POINTER,
    )
    assert pointing.summary.pointer_views == 3
    _apply(client, pointing)
    books.run("update ci.orders set amount = 1000 where id = 1")
    assert books.amount("ci") == 30


def test_a_manifest_that_was_not_compiled_gives_pointers(
    books: Books, client: doppel.Client
) -> None:
    """Dbt parse writes no compiled code; the plan says what is missing."""
    books.dbt("parse", "prod", "--no-partial-parse")

    plan = _plan(
        client,
        source_environment=None,
        source_manifest=client.upload_manifest(books.manifest("prod")),
        connection="books/prod",
    )

    assert plan.summary.views == 0
    [report] = [
        operation
        for operation in plan.operations
        if operation.unique_id == "model.books.report"
    ]
    assert report.kind == plan_pb2.OPERATION_KIND_POINTER_VIEW
    assert "dbt compile" in report.explanation
    assert ("model.books.report", "model.books.report", 1) in _escapes(plan)


def test_the_command_line_shows_escapes(books: Books) -> None:
    """The same without a server."""
    books.doppel(
        *("env", "set", "prod", "--connection", "books/prod"),
        *("--manifest", str(books.manifest("prod"))),
    )
    shown = books.doppel(
        *("clone", "plan", "--from", "prod", "--schema", "ci"),
        *("--views", "closed", "--no-zero-copy", "copy"),
    )

    assert "3 closed views" in shown.stdout
    assert "would still read" in shown.stdout
    assert "source.books.raw.events is a source" in shown.stdout
