"""What doppel's dialects send is what the warehouses' parsers read as meant.

Every statement is one statement, of the kind that was meant, with the names
that were meant, byte for byte, whatever is in them. Where sqlglot does not
parse a form, its vendor's page is named here and the form is compared exactly.
"""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

import pytest
from dialects import (
    DIALECTS,
    REPOSITORY,
    Name,
    Question,
    Read,
    ask,
    parse,
    read,
)

SNOWFLAKE = "https://docs.snowflake.com/en/sql-reference/sql/"
BIGQUERY = (
    "https://cloud.google.com/bigquery/docs/reference/standard-sql/"
    "data-definition-language"
)
DATABRICKS = (
    "https://docs.databricks.com/aws/en/sql/language-manual/delta-clone"
)
FABRIC = (
    "https://learn.microsoft.com/en-us/sql/t-sql/statements/"
    "create-table-as-clone-of-transact-sql?view=fabric"
)
CREATE_OR_ALTER = "https://learn.microsoft.com/en-us/sql/t-sql/statements/create-view-transact-sql"
SP_RENAME = (
    "https://learn.microsoft.com/en-us/sql/relational-databases/"
    "system-stored-procedures/sp-rename-transact-sql"
)
CREATE_SCHEMA = (
    "https://learn.microsoft.com/en-us/sql/t-sql/statements/"
    "create-schema-transact-sql"
)
CLICKHOUSE = "https://clickhouse.com/docs/sql-reference/statements/"
POSTGRES = "https://www.postgresql.org/docs/current/"
REDSHIFT = "https://docs.aws.amazon.com/redshift/latest/dg/"

AS_OF = "N clone N for system_time as of timestamp S"
# Forms that sqlglot does not parse -> the page that has them.
DOCUMENTED = {
    "bigquery": {
        f"create table {AS_OF}": BIGQUERY,
        f"create or replace table {AS_OF}": BIGQUERY,
    },
    "clickhouse": {
        "create table N clone as N": CLICKHOUSE + "create/table",
        "create or replace table N clone as N": CLICKHOUSE + "create/table",
        "exchange tables N and N": CLICKHOUSE + "exchange",
    },
    "databricks": {
        "create table N shallow clone N timestamp as of S": DATABRICKS,
        "create table N deep clone N": DATABRICKS,
    },
    "spark": {
        "create table N shallow clone N timestamp as of S": (
            "https://docs.delta.io/latest/delta-utility.html"
        ),
    },
    "fabric": {
        "create table N as clone of N": FABRIC,
        "create table N as clone of N at S": FABRIC,
        "exec sp_rename S , S": SP_RENAME,
        "if schema_id ( S ) is null exec ( S )": CREATE_SCHEMA,
    },
    "postgres": {
        "alter table N set schema N": POSTGRES + "sql-altertable.html",
        "alter view N set schema N": POSTGRES + "sql-alterview.html",
        "alter materialized view N set schema N": (
            POSTGRES + "sql-altermaterializedview.html"
        ),
        "alter materialized view N rename to N": (
            POSTGRES + "sql-altermaterializedview.html"
        ),
        "alter schema N rename to N": POSTGRES + "sql-alterschema.html",
    },
    "redshift": {
        "alter schema N rename to N": REDSHIFT + "r_ALTER_SCHEMA.html",
    },
    "snowflake": {
        "create table N clone N copy grants copy tags": SNOWFLAKE
        + "create-table",
        "create or replace table N clone N copy grants copy tags": (
            SNOWFLAKE + "create-table"
        ),
        "alter materialized view N rename to N": (
            SNOWFLAKE + "alter-materialized-view"
        ),
        "alter dynamic table N rename to N": SNOWFLAKE + "alter-dynamic-table",
        "drop dynamic table N": SNOWFLAKE + "drop-dynamic-table",
        "alter schema N swap with N": SNOWFLAKE + "alter-schema",
    },
    "sqlserver": {
        "exec sp_rename S , S": SP_RENAME,
        "if schema_id ( S ) is null exec ( S )": CREATE_SCHEMA,
    },
}

# What T-SQL's texts hold: a name as it is, or SQL.
TEXTS = {
    "exec sp_rename S , S": ("sql", "name"),
    "if schema_id ( S ) is null exec ( S )": ("name", "sql"),
}
# What is sent without a name.
BRACKETS = ("begin", "commit", "begin transaction", "commit transaction")
CLONING = (
    "bigquery",
    "clickhouse",
    "databricks",
    "fabric",
    "snowflake",
    "spark",
)
# Where tables can be cloned as they were at one time.
TIME_TRAVELLING = ("bigquery", "databricks", "fabric", "snowflake", "spark")
# What its names beside a target may have, in bytes.
LONGEST = {
    "postgres": 63,
    "trino": 128,
    "athena": 128,
    "clickhouse": 127,
    "redshift": 127,
    "fabric": 128,
    "sqlserver": 128,
}

KINDS = ("", "table", "view", "materialized view", "external")
# Names that end their quotes, their statement or a comment if they are let.
ATTACKS = (
    "plain",
    "Mixed Case",
    "select",
    "table",
    'a"b',
    '"',
    '""',
    "a'b",
    "''",
    "a`b",
    "``",
    "a\\",
    "\\`",
    "[a]",
    "a]]b[",
    "]; drop table victim; --",
    '"; drop table victim; --',
    "`; drop table victim; --",
    "x'); drop table victim; --",
    "a.b",
    "a;b",
    "a--b",
    "a/*b",
    "*/",
    "$$",
    "{{ jinja }}",
    "%s",
    "?",
    " lead and trail ",
    "tab\tline\nreturn\rend",
    "\u00fc\u00df\u6f22\U0001f986",
    "\u202e\u0301",
    "\u2019\uff02\u02ba",
    "n" * 255,
    '"' * 255,
    "`" * 255,
    "]" * 255,
    "\u6f22" * 85,
)
AT = 1_767_323_045_678_901


def _grid(dialect: str, name: str) -> list[Question]:
    """All that a dialect can be asked for, between two names with `name`."""
    base: Question = {
        "dialect": dialect,
        "source": ["db", name, name],
        "target": ["db", f"x{name}", name],
        "quoted": True,
    }
    questions: list[Question] = [
        base | {"action": "create schema"},
        base | {"action": "clone schema"},
        base | {"action": "clone schema", "as_of_micros": AT},
        base | {"action": "swap schemas"},
    ]
    for action, kind in itertools.product(("clone", "copy", "view"), KINDS):
        questions.append(base | {"action": action, "replaces": kind})
    for action, kind in itertools.product(("drop", "swap"), KINDS[1:]):
        questions.append(base | {"action": action, "replaces": kind})
    # Within one schema, which is all that some can do.
    beside = base | {"target": ["db", name, f"x{name}"]}
    questions.append(beside | {"action": "swap", "replaces": "table"})
    for kind in ("", "table"):
        for options in (
            {"transient": False, "copy_grants": True, "copy_tags": True},
            {"table_format": "iceberg"},
            {"file_format": "parquet"},
        ):
            for action in ("clone", "copy", "view"):
                questions.append(
                    base
                    | {"action": action, "replaces": kind, "options": options}
                )
        if dialect in TIME_TRAVELLING:
            questions.append(
                base | {"action": "clone", "replaces": kind, "as_of_micros": AT}
            )
    if dialect == "snowflake":
        questions += [
            base | {"action": action, "replaces": "dynamic table"}
            for action in ("clone", "view", "drop", "swap")
        ]
    return questions


def _lower(dialect: str, name: str) -> str:
    """dbt-databricks writes names in lower case."""
    if dialect != "databricks":
        return name
    return "".join(c.lower() if c.isascii() else c for c in name)


def _names(dialect: str, found: Read) -> list[Name]:
    """The names of a statement, and those in T-SQL's texts."""
    names = list(found.names)
    for text, holds in zip(
        found.texts, TEXTS.get(found.form, ()), strict=False
    ):
        names += [(text,)] if holds == "name" else read(dialect, text).names
    return names


def _kinds(question: Question) -> set[str]:
    """The kinds of statement that such an action may need."""
    action, replaced = question["action"], question.get("replaces", "")
    if action in ("create schema", "clone schema"):
        return {"create schema", "create database"}
    # A materialized view is read as a view, an external table as a table.
    there = "view" if "view" in replaced else "table"
    # Redshift renames views as tables; Athena has no materialized views.
    others = {"redshift": {"alter table"}, "athena": {"drop table"}}
    kinds = others.get(question["dialect"], set())
    if action == "drop":
        return kinds | {f"drop {there}"}
    if action == "swap":
        return kinds | {f"alter {there}", "alter table"}
    made = "view" if action == "view" else "table"
    kinds = kinds | {f"create {made}", f"alter {made}", f"drop {made}"}
    kinds |= {f"alter {there}", f"drop {there}"}
    # "select ... into" makes a table there.
    return kinds | ({"select"} if question["dialect"] == "sqlserver" else set())


def _is_meant(name: Name, question: Question) -> bool:
    """Whether it is one of the question's names, or stands beside one."""
    dialect = question["dialect"]
    meant = [
        tuple(_lower(dialect, part) for part in question[side])
        for side in ("source", "target")
    ]
    for whole in meant:
        if name in (whole, whole[1:], whole[2:], whole[:2], whole[1:2]):
            return True
    # "<identifier>__doppel_new", cut where the warehouse takes no more.
    last = name[-1]
    for suffix in ("__doppel_new", "__doppel_old"):
        if not last.endswith(suffix):
            continue
        kept = last.removesuffix(suffix)
        for whole in meant:
            for part in whole[1:]:
                if part == kept or part.startswith(kept[:-9]):
                    return len(last.encode()) <= LONGEST.get(dialect, 1024)
    return False


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_statement_is_read_as_meant(dialect: str) -> None:
    """One statement, of its kind, with its names, whatever they are."""
    questions = [
        question
        for attack in ATTACKS
        # The planner refuses such a name there.
        if dialect != "bigquery" or "." not in attack
        for question in _grid(dialect, attack)
    ]
    for question, statements in zip(questions, ask(questions), strict=True):
        for sql in statements:
            found = read(dialect, sql)
            if found.form in BRACKETS:
                continue
            names = _names(dialect, found)
            assert names, sql
            assert all(_is_meant(name, question) for name in names), (
                sql,
                names,
            )
            parsed = parse(dialect, sql)
            if parsed is None:
                assert found.form in DOCUMENTED.get(dialect, {}), (
                    found.form,
                    sql,
                )
                continue
            assert parsed.kind in _kinds(question), (sql, parsed)
            # The parser finds what the tokenizer did.
            assert sorted(parsed.names) == sorted(found.names), (sql, parsed)


@pytest.mark.parametrize("dialect", DOCUMENTED)
def test_every_documented_form_is_sent(dialect: str) -> None:
    """The list of forms has none that is not needed."""
    sent = {sql for answer in ask(_grid(dialect, "a")) for sql in answer}
    unread = {sql for sql in sent if parse(dialect, sql) is None}
    assert {read(dialect, sql).form for sql in unread} == set(
        DOCUMENTED[dialect]
    )


# ---- Beside what dbt's own adapters render for the same relations. ----

MACROS = json.loads(
    (REPOSITORY / "tests/conformance/cases/clone_macros.json").read_text()
)

# Where doppel's words are others than dbt's, and why. An adapter that is not
# named says the same, but for what holds everywhere: dbt's parentheses around a
# view's text and its semicolon at the end are left out; "or replace" and "if
# exists" are said only where something stands, for the plan knows; and nothing
# is dropped with "cascade", which takes what others made.
DIFFERENCES = {
    ("bigquery", "clone"): (
        "dbt drops the target first, so that a clone that fails leaves "
        "nothing; doppel makes the clone beside it",
        "create table N clone N",
    ),
    ("bigquery", "view"): (
        "dbt writes OPTIONS() where there are none",
        "create view N as select * from N",
    ),
    ("clickhouse", "drop view"): (
        "dbt drops a view as a table, which ClickHouse lets pass; doppel does "
        "not drop a table where it means a view",
        "drop view N",
    ),
    ("fabric", "clone"): (
        "dbt drops the target first; doppel makes the clone beside it",
        "create table N as clone of N",
    ),
    ("fabric", "view"): (
        "dbt switches to the database by USE; doppel's connection is of that "
        "database, and T-SQL takes none in a view's name",
        "create view N as select * from N",
    ),
    ("fabric", "create schema"): (
        "dbt asks sys.schemas where doppel asks schema_id()",
        "if schema_id ( S ) is null exec ( S )",
    ),
    ("fabric", "drop table"): (
        "as for a view: no USE, no EXEC",
        "drop table N",
    ),
    ("fabric", "drop view"): ("as for a view: no USE, no EXEC", "drop view N"),
    ("redshift", "view"): (
        "doppel's views are late-binding, for a bound one goes away when dbt "
        "rebuilds what it reads",
        "create view N as select * from N with no schema binding",
    ),
    ("snowflake", "clone", "iceberg"): (
        "dbt clones an Iceberg table as a table, which Snowflake refuses",
        "create iceberg table N clone N",
    ),
    ("trino", "view"): (
        "dbt says SECURITY DEFINER, which is Trino's default",
        "create view N as select * from N",
    ),
}


def _dbts_form(adapter: str, sql: str) -> str:
    form = read(adapter, sql).form
    for word in (" or replace", " if exists", " cascade", " ;"):
        form = form.replace(word, "")
    return form.replace("as ( select * from N )", "as select * from N")


def _question_of(case: dict[str, Any]) -> Question:
    action, replaced = case["action"], ""
    if action.startswith("drop "):
        action, replaced = action.split()
    return {
        "dialect": case["adapter"],
        "action": action,
        "source": ["db", "prod", "orders"],
        "target": ["db", "dev", "orders"],
        "replaces": replaced,
        "options": {
            key: value.lower() if isinstance(value, str) else value
            for key, value in case["config"].items()
        },
    }


@pytest.mark.parametrize(
    "case",
    MACROS,
    ids=lambda case: f"{case['adapter']}-{case['action']}-{case['config']}",
)
def test_statements_beside_dbts(case: dict[str, Any]) -> None:
    """The same statement, or a difference that is named."""
    adapter, action = case["adapter"], case["action"]
    question = _question_of(case)
    if action == "can clone":
        [answer] = ask([question | {"replaces": "table"}])
        assert [str(bool(answer))] == case["sent"]
        return
    [statements] = ask([question])
    if action == "clone" and adapter not in CLONING:
        assert statements == []  # dbt has a default macro that it never calls.
        return
    assert len(statements) == 1, statements
    ours = read(adapter, _as_names(adapter, statements[0])).form
    dbts = _dbts_form(adapter, _as_names(adapter, case["sent"][-1]))
    key: tuple[str, ...] = (adapter, action)
    if case["config"].get("table_format") == "iceberg":
        key = (*key, "iceberg")
    if key in DIFFERENCES:
        assert ours == DIFFERENCES[key][1]
        assert dbts != ours
        return
    assert ours == dbts
    # The names are dbt's own, to the last character.
    assert _rendered(statements[0]) == _rendered(case["sent"][-1])


def _as_names(adapter: str, sql: str) -> str:
    """Unquoted names, quoted."""
    if adapter not in ("snowflake", "spark"):
        return sql
    quote = '"' if adapter == "snowflake" else "`"
    return re.sub(
        r"\b(db|prod|dev|orders)\b",
        lambda found: f"{quote}{found[0]}{quote}",
        sql,
    )


def _rendered(sql: str) -> list[str]:
    """The relations as they are written."""
    return re.findall(r"\S*(?:\bdev\b|\bprod\b)\S*", sql)
