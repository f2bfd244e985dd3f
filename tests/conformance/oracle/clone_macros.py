"""What dbt's adapters send for a clone, a pointer view, a rename and a drop.

Their own macros are rendered with their own relations, for names and configs
that doppel's dialects are asked for, too. No warehouse is needed: a macro that
asks one gets the answer "nothing", and what needs another answer is left out.
Records `cases/clone_macros.json`:

    python -m oracle.clone_macros [check]

Needs the environment `adapters` of tools/setup and runs itself in it.
"""

# ruff: noqa: ANN401 (dbt is not typed here)
from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

import jinja2

HERE = Path(__file__).resolve().parent.parent
CASES = HERE / "cases" / "clone_macros.json"

ADAPTERS = (
    "athena",
    "bigquery",
    "clickhouse",
    "databricks",
    "duckdb",
    "fabric",
    "postgres",
    "redshift",
    "snowflake",
    "spark",
    "trino",
)
SOURCE = ("db", "prod", "orders")
TARGET = ("db", "dev", "orders")
# What stands for a database where dbt knows none.
NO_DATABASE: dict[str, str | None] = {"clickhouse": "", "spark": None}
# What an adapter answers of itself to its macros, where "nothing" is no answer.
ANSWERS: dict[str, Any] = {
    "get_view_options": {},
    "get_model_query_settings": "",
    "clickhouse_db_engine_clause": "",
}
# Configs of the node under which an adapter is asked for a clone.
CONFIGS: dict[str, list[dict[str, Any]]] = {
    "snowflake": [
        {},
        {"transient": False},
        {"copy_grants": True},
        {"copy_tags": True},
        {"transient": False, "copy_grants": True, "copy_tags": True},
        {"table_format": "iceberg"},
    ],
    "clickhouse": [{}, {"engine": "ReplacingMergeTree()"}, {"engine": "Log"}],
    "spark": [{"file_format": "delta"}],
    "databricks": [{}, {"file_format": "delta"}],
}


class _ReturnError(Exception):
    """What `return()` in a macro is."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


class _Nothing:
    """Answers every question with nothing: there is no warehouse."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_args, **_kwargs: None


class _Config:
    """A node's config."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self.model = _Nothing()

    def get(self, key: str, default: Any = None, **_: Any) -> Any:
        """Returns the value, as dbt's own does."""
        if key == "contract":
            return type("Contract", (), {"enforced": False})()
        return self.values.get(key, default)

    def persist_column_docs(self) -> bool:
        """Returns that no comments are written."""
        return False

    def persist_relation_docs(self) -> bool:
        """Returns that no comments are written."""
        return False


class _Adapter:
    """What macros see of the adapter."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.behavior = _Behavior()

    def __getattr__(self, name: str) -> Any:
        return lambda *_args, **_kwargs: ANSWERS.get(name)

    def type(self) -> str:
        """Returns dbt's adapter type."""
        return str(self.context.names[0])

    def dispatch(self, name: str, *_: Any) -> Any:
        """Returns the adapter's own macro of that name, or its parent's."""
        for prefix in (*self.context.names, "default"):
            if f"{prefix}__{name}" in self.context.macros:
                return self.context.macros[f"{prefix}__{name}"]
        raise KeyError(name)


class _Behavior:
    """The flags of behaviour, as they are where nobody sets them."""

    def __getattr__(self, name: str) -> Any:
        return type(
            "Flag", (), {"no_warn": False, "__bool__": lambda _: False}
        )()


class Context:
    """The macros of one adapter, ready to be called."""

    def __init__(self, adapter: str) -> None:
        plugin = importlib.import_module(f"dbt.adapters.{adapter}").Plugin
        self.relation = plugin.adapter.Relation
        self.names = [adapter, *(plugin.dependencies or [])]
        self.sent: list[str] = []
        self.macros: dict[str, Any] = {}
        self.values: dict[str, Any] = {
            "adapter": _Adapter(self),
            "api": type("Api", (), {"Relation": self.relation}),
            "return": self._return,
            "statement": self._statement,
            "run_query": self._run,
            "log": lambda *_args, **_kwargs: "",
            "exceptions": _Nothing(),
            "execute": False,
            "flags": _Nothing(),
            "model": {"config": {}, "columns": {}, "language": "sql"},
            "target": _Nothing(),
            "var": lambda _name, default=None: default,
            "modules": None,
            "local_md5": lambda text: text,
            "load_result": lambda _name: None,
        }
        for folder in ("global_project", *reversed(self.names)):
            self._read(folder)

    def _read(self, folder: str) -> None:
        jinja = importlib.import_module("dbt_common.clients.jinja")
        package = importlib.util.find_spec(f"dbt.include.{folder}")
        assert package is not None and package.submodule_search_locations
        root = Path(package.submodule_search_locations[0])
        for path in sorted(root.glob("macros/**/*.sql")):
            module = (
                jinja.get_environment()
                .from_string(path.read_text())
                .make_module(self.values)
            )
            for name in dir(module):
                if name.startswith("dbt_macro__"):
                    bare = name.removeprefix("dbt_macro__")
                    self.macros[bare] = self._callable(getattr(module, name))
                    self.values[bare] = self.macros[bare]
        self.values["statement"] = self._statement
        self.values["run_query"] = self._run

    def _callable(self, macro: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                return macro(*args, **kwargs)
            except _ReturnError as returned:
                return returned.value

        return call

    def _return(self, value: Any = None) -> Any:
        raise _ReturnError(value)

    def _statement(self, *_args: Any, caller: Any = None, **_: Any) -> str:
        if caller is not None:
            self.sent.append(str(caller()))
        return ""

    def _run(self, sql: Any, *_: Any) -> None:
        self.sent.append(str(sql))

    def name(self, parts: tuple[str, str, str], kind: str) -> Any:
        """Returns a relation as dbt would have it in its cache."""
        database, schema, identifier = parts
        return self.relation.create(
            database=NO_DATABASE.get(self.names[0], database),
            schema=schema,
            identifier=identifier,
            type=kind,
        )

    def ask(self, macro: str, config: dict[str, Any], *args: Any) -> list[str]:
        """Returns what the macro sends, or what it renders."""
        self.sent = []
        self.values["config"] = _Config(config)
        text = self.values["adapter"].dispatch(macro)(*args)
        sent = self.sent or [str(text)]
        return [" ".join(one.split()) for one in sent]


def _cases(adapter: str) -> list[dict[str, Any]]:
    context = Context(adapter)
    source = context.name(SOURCE, "table")
    table = context.name(TARGET, "table")
    view = context.name(TARGET, "view")
    cases = []

    def record(
        action: str, macro: str, config: dict[str, Any], *args: Any
    ) -> None:
        try:
            sent = context.ask(macro, config, *args)
        except (TypeError, jinja2.UndefinedError):
            return  # It asked the warehouse.
        if sent == [""]:
            return
        cases.append(
            {
                "adapter": adapter,
                "version": importlib.metadata.version(f"dbt-{adapter}"),
                "action": action,
                "config": config,
                "sent": sent,
            }
        )

    for config in CONFIGS.get(adapter, [{}]):
        record("can clone", "can_clone_table", config)
        record("clone", "create_or_replace_clone", config, table, source)
    select = f"select * from {source}"
    record("view", "create_view_as", {}, view, select)
    record("create schema", "create_schema", {}, table.without_identifier())
    record("drop table", "drop_relation", {}, table)
    record("drop view", "drop_relation", {}, view)
    return cases


def main() -> None:
    """Records what every adapter sends; with "check", compares it."""
    if importlib.util.find_spec("dbt.adapters.snowflake") is None:
        from oracle.environments import cache

        python = cache() / "dbt-adapters" / "bin" / "python"
        os.execv(
            python, [str(python), "-m", "oracle.clone_macros", *sys.argv[1:]]
        )
    cases = [case for adapter in ADAPTERS for case in _cases(adapter)]
    text = json.dumps(cases, indent=1) + "\n"
    if sys.argv[1:] == ["check"]:
        sys.exit(
            0 if text == CASES.read_text() else f"{CASES} is not what dbt does"
        )
    CASES.write_text(text)
    sys.stdout.write(f"{len(cases)} cases\n")


if __name__ == "__main__":
    main()
