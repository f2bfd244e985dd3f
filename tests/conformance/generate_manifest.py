#!/usr/bin/env python3
"""Write a synthetic dbt manifest (schema v12) of any size.

For benchmarks and load tests, where no published manifest is large enough. The
shapes are those that dbt 1.12 writes: layered models, generic tests on them,
seeds, sources, snapshots, exposures and some five hundred macros, in the
proportions of real projects (for 100 models: 135 tests, 5 sources, 1 seed).
dbt itself reads the result as `--state`.

The same arguments give the same bytes. `--edit K` changes the code of K models
and nothing else in the graph, which makes the other side of a comparison:

    generate_manifest.py --nodes 10000 --output old/manifest.json
    generate_manifest.py --nodes 10000 --edit 10 --output new/manifest.json

Not generated: metrics, semantic models, unit tests, functions, versioned and
disabled nodes. Needs nothing but Python's own library, and little memory:
nodes are written as they are made.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import random
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

Json = dict[str, object]

PROJECT = "synthetic"
DATABASE = "warehouse"
CREATED_AT = 1748736000.0
MACRO_COUNT = 500
PROJECT_MACRO_COUNT = 24
MODELS_IN_A_FOLDER = 25
LAYERS = ("staging", "base", "intermediate", "core", "marts", "reports")
# The share of all models that lie in or below each of the layers.
LAYER_ENDS = (0.22, 0.34, 0.58, 0.76, 0.92, 1.0)
DOMAINS = (
    "billing", "catalogue", "customers", "fleet", "fulfilment", "inventory",
    "logistics", "marketing", "people", "pricing", "returns", "support",
)  # fmt: skip
ENTITIES = (
    "accounts", "addresses", "agreements", "campaigns", "carriers", "contacts",
    "deliveries", "invoices", "ledgers", "orders", "payments", "positions",
    "refunds", "routes", "sessions", "shipments", "tickets", "vouchers",
)  # fmt: skip
COLUMNS = (
    ("record_id", "bigint"), ("status", "varchar"), ("amount", "decimal(18,2)"),
    ("created_at", "timestamp"), ("currency", "varchar"), ("quantity", "integer"),
    ("is_active", "boolean"), ("updated_at", "timestamp"), ("région", "varchar"),
)  # fmt: skip
GENERIC_TESTS = ("not_null", "unique", "accepted_values", "relationships")
SHOWN: Json = {"show": True, "node_color": None}


@dataclass(frozen=True)
class Options:
    """What to generate.

    Attributes:
        nodes: How many nodes, sources and exposures there are together.
        seed: Chooses names, sizes and edges.
        edit: How many models have other code than they have with 0.
        environment: The schemas' prefix, as a dbt target's schema is.
        model_padding: Bytes that each model's code is lengthened by.
    """

    nodes: int = 10_000
    seed: int = 1
    edit: int = 0
    environment: str = "prod"
    model_padding: int = 0


@dataclass(frozen=True)
class Counts:
    """How many of each resource type make up a manifest."""

    models: int
    tests: int
    seeds: int
    sources: int
    snapshots: int
    exposures: int

    @classmethod
    def for_nodes(cls, nodes: int) -> Counts:
        """Split `nodes` in the proportions of real projects.

        Raises:
            ValueError: There are fewer than 10 nodes, too few for a graph.
        """
        if nodes < 10:
            raise ValueError(f"--nodes must be at least 10, not {nodes}")
        models = round(nodes / 2.417)
        rest = (
            max(1, models // 100),
            max(1, models // 20),
            models // 500,
            models // 200,
        )
        return cls(models, nodes - models - sum(rest), *rest)


@dataclass(frozen=True)
class Model:
    """A model's place in the project; its body is made when it is written."""

    index: int
    name: str
    layer: int
    domain: str
    folder: str
    materialized: str

    @property
    def unique_id(self) -> str:
        """dbt's id of the model."""
        return f"model.{PROJECT}.{self.name}"

    @property
    def is_ephemeral(self) -> bool:
        """Whether the model has no relation of its own."""
        return self.materialized == "ephemeral"


def digest(text: str) -> str:
    """Return the SHA-256 of `text` in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def layer_of(index: int, count: int) -> int:
    """Return the layer of the model at `index` among `count` models."""
    share = (index + 0.5) / count
    return next(i for i, end in enumerate(LAYER_ENDS) if share <= end)


def materialization(rng: random.Random, layer: int) -> str:
    """Choose how a model of `layer` is materialized."""
    if layer < 2:
        return "view"
    if layer == 2:
        return rng.choice(("view", "view", "ephemeral", "table"))
    return rng.choice(("table", "table", "table", "incremental", "view"))


def plan_models(rng: random.Random, count: int) -> list[Model]:
    """Lay out `count` models over layers, domains and folders."""
    models = []
    for index in range(count):
        layer = layer_of(index, count)
        domain = rng.choice(DOMAINS)
        group = index // (MODELS_IN_A_FOLDER * len(DOMAINS))
        models.append(
            Model(
                index=index,
                name=f"{LAYERS[layer]}_{domain}__{rng.choice(ENTITIES)}_{index:06d}",
                layer=layer,
                domain=domain,
                folder=f"{LAYERS[layer]}/{domain}/area_{group:03d}",
                materialized=materialization(rng, layer),
            )
        )
    return models


class Edges:
    """Parents and children of everything that was written so far."""

    def __init__(self) -> None:
        self._parents: dict[str, list[str]] = {}

    def add(self, unique_id: str, parents: Iterable[str] = ()) -> None:
        """Record a node and what it depends on."""
        self._parents[unique_id] = sorted(set(parents))

    def parent_map(self) -> dict[str, list[str]]:
        """Return each id with its parents, sorted."""
        return self._parents

    def child_map(self) -> dict[str, list[str]]:
        """Return each id with its children, sorted."""
        children: dict[str, list[str]] = {key: [] for key in self._parents}
        for child, parents in self._parents.items():
            for parent in parents:
                children[parent].append(child)
        return {key: sorted(ids) for key, ids in children.items()}


def relation(schema: str, name: str) -> str:
    """Return a relation's name as dbt renders it with full quoting."""
    return f'"{DATABASE}"."{schema}"."{name}"'


def ref(name: str) -> Json:
    """Return a `ref()` call as the manifest keeps it."""
    return {"name": name, "package": None, "version": None}


def column(name: str, data_type: str | None, description: str) -> Json:
    """Return one entry of a node's `columns`."""
    return {
        "name": name,
        "description": description,
        "meta": {},
        "data_type": data_type,
        "constraints": [],
        "quote": None,
        "config": {"meta": {}, "tags": []},
        "tags": [],
        "granularity": None,
        "dimension": None,
        "entity": None,
        "doc_blocks": [],
    }


def node_config(materialized: str, schema: str | None, tags: list[str]) -> Json:
    """Return the rendered config that models, seeds and snapshots share."""
    return {
        "enabled": True,
        "alias": None,
        "schema": schema,
        "database": None,
        "tags": tags,
        "meta": {"owner": "data-platform"},
        "group": None,
        "static_analysis": None,
        "materialized": materialized,
        "incremental_strategy": None,
        "batch_size": None,
        "lookback": 1,
        "begin": None,
        "persist_docs": {},
        "post-hook": [],
        "pre-hook": [],
        "quoting": {},
        "column_types": {},
        "full_refresh": None,
        "unique_key": None,
        "on_schema_change": "ignore",
        "on_configuration_change": "apply",
        "grants": {},
        "packages": [],
        "docs": SHOWN,
        "contract": {"enforced": False, "alias_types": True},
        "event_time": None,
        "concurrent_batches": None,
    }


def model_config(model: Model, tags: list[str]) -> Json:
    """Return the rendered config of a model."""
    config = node_config(model.materialized, LAYERS[model.layer], tags)
    if model.materialized == "incremental":
        config["incremental_strategy"] = "delete+insert"
        config["unique_key"] = "record_id"
    config["group"] = model.domain if model.layer >= 4 else None
    return config | {
        "access": "public" if model.layer >= 4 else "protected",
        "freshness": None,
        "on_error": None,
        "latest_version_pointer": {"enabled": None, "alias": None},
    }


def test_config(severity: str) -> Json:
    """Return the rendered config of a data test."""
    return {
        "enabled": True,
        "alias": None,
        "schema": "dbt_test__audit",
        "database": None,
        "tags": [],
        "meta": {},
        "group": None,
        "static_analysis": None,
        "materialized": "test",
        "severity": severity,
        "store_failures": None,
        "store_failures_as": None,
        "sql_header": None,
        "where": None,
        "limit": None,
        "fail_calc": "count(*)",
        "warn_if": "!= 0",
        "error_if": "!= 0",
    }


def base_node(kind: str, name: str, path: str, schema: str, config: Json) -> Json:
    """Return the fields with which every node begins."""
    directory = {"test": "tests", "snapshot": "snapshots", "seed": "seeds"}
    folders = path.split("/")[:-1]
    return {
        "database": DATABASE,
        "schema": schema,
        "name": name,
        "resource_type": kind,
        "package_name": PROJECT,
        "path": path,
        "original_file_path": f"{directory.get(kind, 'models')}/{path}",
        "unique_id": f"{kind}.{PROJECT}.{name}",
        "fqn": [PROJECT, *folders, name],
        "alias": name,
        "checksum": {"name": "none", "checksum": ""},
        "config": config,
        "tags": config["tags"],
        "description": "",
        "columns": {},
        "meta": config["meta"],
        "group": config["group"],
        "docs": SHOWN,
        "patch_path": None,
        "build_path": None,
        "unrendered_config": {},
        "created_at": CREATED_AT,
        "relation_name": relation(schema, name),
        "raw_code": "",
        "doc_blocks": [],
    }


def sql_fields(raw: str, compiled: str, path: str) -> Json:
    """Return the fields that a node with compiled SQL has besides."""
    return {
        "raw_code": raw,
        "language": "sql",
        "refs": [],
        "sources": [],
        "metrics": [],
        "functions": [],
        "depends_on": {"macros": [], "nodes": []},
        "compiled_path": f"target/compiled/{PROJECT}/{path}",
        "compiled": True,
        "compiled_code": compiled,
        "extra_ctes_injected": True,
        "extra_ctes": [],
        "contract": {"enforced": False, "alias_types": True, "checksum": None},
    }


def model_body(model: Model, inputs: list[str], macro: str, padding: int) -> str:
    """Return a model's SQL that reads the expressions in `inputs`."""
    names = [name for name, _ in COLUMNS[: 3 + model.index % 5]]
    lines = [f"    input_0.{name}," for name in names]
    lines.append(f"    {macro} as measure_{model.index % 97}")
    filler = "    -- kept for the reconciliation with the ledger, see the handbook"
    lines[:0] = [filler] * (padding // len(filler))
    joins = [
        f"left join {text} as input_{i}\n    on input_0.record_id = input_{i}.record_id"
        for i, text in enumerate(inputs)
        if i > 0
    ]
    return "\n".join(
        ["select", *lines, f"from {inputs[0]} as input_0", *joins]
        + [f"where input_0.quantity >= {model.index % 13}"]
    )


def macro_node(package: str, name: str, body: str, uses: list[str]) -> Json:
    """Return one entry of the manifest's `macros`."""
    path = f"macros/{name.split('_')[0]}/{name}.sql"
    return {
        "name": name,
        "resource_type": "macro",
        "package_name": package,
        "path": path,
        "original_file_path": path,
        "unique_id": f"macro.{package}.{name}",
        "macro_sql": body,
        "depends_on": {"macros": uses},
        "description": "",
        "meta": {},
        "docs": SHOWN,
        "config": {"meta": {}, "docs": SHOWN},
        "patch_path": None,
        "arguments": [{"name": "relation", "type": None, "description": ""}],
        "created_at": CREATED_AT,
        "supported_languages": None,
    }


def macro_body(rng: random.Random, name: str, calls: list[str]) -> str:
    """Return a macro's source; lengths are spread as dbt's own are."""
    length = min(int(rng.lognormvariate(5.3, 1.0)), 8000)
    lines = [f"  {{{{ {call.split('.')[-1]}(relation) }}}}" for call in calls]
    line = "  {%- set part_{0} = adapter.quote(relation.identifier ~ '_{0}') -%}"
    lines += [line.replace("{0}", str(i)) for i in range(length // len(line))]
    inner = "\n".join([*lines, "  {{ return(relation) }}"])
    return f"{{% macro {name}(relation) -%}}\n{inner}\n{{%- endmacro %}}"


def generate_macros(rng: random.Random) -> Iterator[Json]:
    """Yield the macros of dbt, of an adapter and of the project itself.

    A macro calls only macros of its own package that come before it.
    """
    for generic in GENERIC_TESTS:
        name = f"test_{generic}"
        yield macro_node("dbt", name, macro_body(rng, name, []), [])
    own = PROJECT_MACRO_COUNT
    adapter = MACRO_COUNT // 6
    rest = MACRO_COUNT - own - adapter - len(GENERIC_TESTS)
    for package, count in (("dbt", rest), ("dbt_duckdb", adapter), (PROJECT, own)):
        before: list[str] = []
        for index in range(count):
            name = f"helper_{index:03d}"
            calls = rng.sample(before, min(len(before), rng.choice((0, 0, 1, 1, 3))))
            yield macro_node(package, name, macro_body(rng, name, calls), calls)
            before.append(f"macro.{package}.{name}")


class Generator:
    """Makes the sections of one manifest, in the order of `sections`.

    Later sections need what earlier ones recorded, so each is made once.
    """

    def __init__(self, options: Options) -> None:
        """Plan the project.

        Raises:
            ValueError: Too few nodes, or more edits than models.
        """
        self._options = options
        self._counts = Counts.for_nodes(options.nodes)
        if not 0 <= options.edit <= self._counts.models:
            limit = self._counts.models
            raise ValueError(f"--edit must be 0 to {limit}, not {options.edit}")
        self._rng = random.Random(options.seed)
        self._models = plan_models(self._rng, self._counts.models)
        # Its own generator: an edit may not disturb what follows it.
        chooser = random.Random(f"edit {options.seed}")
        self._edited = set(chooser.sample(range(len(self._models)), options.edit))
        self._edges = Edges()

    def sections(self) -> Iterator[tuple[str, Json | Iterator[Json]]]:
        """Yield each section: a whole object, or entries with a unique id."""
        yield "metadata", self._metadata()
        yield "nodes", self._nodes()
        yield "sources", self._sources()
        yield "macros", generate_macros(random.Random(f"macros {self._options.seed}"))
        yield "docs", {}
        yield "exposures", self._exposures()
        yield "metrics", {}
        yield "groups", self._groups()
        yield "selectors", self._selectors()
        yield "disabled", {}
        yield "parent_map", dict(self._edges.parent_map())
        yield "child_map", dict(self._edges.child_map())
        yield "group_map", self._group_map()
        for name in ("saved_queries", "semantic_models", "unit_tests", "functions"):
            yield name, {}

    def _metadata(self) -> Json:
        run = f"{self._options}"
        return {
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
            "dbt_version": "1.12.6",
            "generated_at": "2025-06-01T00:00:00.000000Z",
            "invocation_id": str(uuid.uuid5(uuid.NAMESPACE_OID, run)),
            "invocation_started_at": "2025-06-01T00:00:00.000000Z",
            "env": {},
            "project_name": PROJECT,
            "project_id": hashlib.md5(PROJECT.encode()).hexdigest(),
            "user_id": None,
            "send_anonymous_usage_stats": False,
            "adapter_type": "duckdb",
            "quoting": {
                "database": True,
                "schema": True,
                "identifier": True,
                "column": None,
            },
            "run_started_at": "2025-06-01T00:00:00.000000+00:00",
        }

    def _schema(self, suffix: str) -> str:
        return f"{self._options.environment}_{suffix}"

    def _nodes(self) -> Iterator[Json]:
        yield from map(self._seed, range(self._counts.seeds))
        yield from map(self._model, self._models)
        yield from map(self._snapshot, range(self._counts.snapshots))
        yield from map(self._test, range(self._counts.tests))

    def _seed(self, index: int) -> Json:
        name = f"seed_{ENTITIES[index % len(ENTITIES)]}_{index:05d}"
        config = node_config("seed", "raw", ["raw"])
        config |= {"delimiter": ",", "quote_columns": None}
        node = base_node("seed", name, f"{name}.csv", self._schema("raw"), config)
        node["checksum"] = {"name": "sha256", "checksum": digest(name)}
        node["unrendered_config"] = {"schema": "raw", "tags": ["raw"]}
        node |= {"root_path": "/srv/synthetic", "depends_on": {"macros": []}}
        self._edges.add(f"seed.{PROJECT}.{name}")
        return node

    def _source_name(self, index: int) -> tuple[str, str]:
        domain = DOMAINS[index % len(DOMAINS)]
        return f"{domain}_app", f"{ENTITIES[index % len(ENTITIES)]}_{index:05d}"

    def _parents(self, model: Model) -> list[Model]:
        """Choose the parents of a model from the layers before its own."""
        if model.layer == 0:
            return []
        before = int(LAYER_ENDS[model.layer - 1] * len(self._models))
        near = int(LAYER_ENDS[model.layer - 2] * len(self._models))
        near = near if model.layer > 1 else 0
        wanted = self._rng.choice((1, 1, 2, 2, 3, 5))
        chosen: dict[int, Model] = {}
        for _ in range(wanted):
            low = near if self._rng.random() < 0.8 else 0
            index = self._rng.randrange(min(low, before - 1), max(before, 1))
            if index < model.index:
                chosen[index] = self._models[index]
        return list(chosen.values())

    def _model(self, model: Model) -> Json:
        tags = [LAYERS[model.layer], *(["nightly"] if model.index % 4 == 0 else [])]
        path = f"{model.folder}/{model.name}.sql"
        schema = self._schema(LAYERS[model.layer])
        node = base_node("model", model.name, path, schema, model_config(model, tags))
        node |= self._model_sql(model, path)
        if model.is_ephemeral:
            node["relation_name"] = None
        node["checksum"] = {"name": "sha256", "checksum": digest(str(node["raw_code"]))}
        node["description"] = f"{model.domain.title()}: one row for each record."
        node["patch_path"] = f"{PROJECT}://models/{model.folder}/schema.yml"
        node["unrendered_config"] = {
            "schema": LAYERS[model.layer],
            "materialized": model.materialized,
            "tags": tags,
            "meta": {"owner": "data-platform"},
        }
        node["columns"] = {
            name: column(name, data_type if model.layer > 3 else None, f"The {name}.")
            for name, data_type in COLUMNS[: 1 + model.index % 4]
        }
        return node | {
            "access": "public" if model.layer >= 4 else "protected",
            "constraints": [],
            "version": None,
            "latest_version": None,
            "deprecation_date": None,
            "primary_key": ["record_id"],
            "time_spine": None,
        }

    def _model_sql(self, model: Model, path: str) -> Json:
        parents = self._parents(model)
        source = None if parents else self._rng.randrange(self._counts.sources)
        macro = f"helper_{self._rng.randrange(PROJECT_MACRO_COUNT):03d}"
        padding = self._options.model_padding // 2
        raw_inputs = [f"{{{{ ref('{p.name}') }}}}" for p in parents]
        inputs = [relation(self._schema(LAYERS[p.layer]), p.name) for p in parents]
        parent_ids = [p.unique_id for p in parents]
        calls: list[list[str]] = []
        if source is not None:
            calls = [list(self._source_name(source))]
            raw_inputs = ["{{{{ source('{0}', '{1}') }}}}".format(*calls[0])]
            inputs = [relation(*self._source_name(source))]
            parent_ids = ["source.{0}.{1}.{2}".format(PROJECT, *calls[0])]
        edit = "\nlimit 1000000" if model.index in self._edited else ""
        call = f"{{{{ {macro}('input_0.amount') }}}}"
        raw = model_body(model, raw_inputs, call, padding) + edit
        rendered = f"coalesce(input_0.amount, 0) /* {macro} */"
        compiled = model_body(model, inputs, rendered, padding) + edit
        self._edges.add(model.unique_id, parent_ids)
        macros = [f"macro.{PROJECT}.{macro}"]
        return sql_fields(raw, compiled, f"models/{path}") | {
            "refs": [ref(p.name) for p in parents],
            "sources": calls,
            "depends_on": {"macros": macros, "nodes": parent_ids},
        }

    def _snapshot(self, index: int) -> Json:
        model = self._relational_model()
        name = f"snapshot_{index:05d}"
        path = f"{name}.sql"
        config = node_config("snapshot", "history", ["history"]) | {
            "unique_key": "record_id",
            "strategy": "timestamp",
            "updated_at": "updated_at",
            "check_cols": None,
            "target_schema": None,
            "target_database": None,
        }
        schema = self._schema("history")
        node = base_node("snapshot", name, path, schema, config)
        table = relation(self._schema(LAYERS[model.layer]), model.name)
        raw = f"select * from {{{{ ref('{model.name}') }}}}"
        node |= sql_fields(raw, f"select * from {table}", f"snapshots/{path}")
        node["checksum"] = {"name": "sha256", "checksum": digest(raw)}
        node["fqn"] = [PROJECT, name, name]
        node["unrendered_config"] = {"schema": "history", "strategy": "timestamp"}
        self._depend(node, [model], [])
        return node

    def _relational_model(self) -> Model:
        while True:
            model = self._rng.choice(self._models)
            if not model.is_ephemeral:
                return model

    def _depend(self, node: Json, models: list[Model], macros: list[str]) -> None:
        """Make a node depend on models, in its own fields and in the edges."""
        ids = [model.unique_id for model in models]
        node["refs"] = [ref(model.name) for model in models]
        node["depends_on"] = {"macros": macros, "nodes": ids}
        self._edges.add(str(node["unique_id"]), ids)

    def _test(self, index: int) -> Json:
        model = self._models[index % len(self._models)]
        kind = GENERIC_TESTS[index // len(self._models) % len(GENERIC_TESTS)]
        name_of_column = COLUMNS[index % 4][0]
        name = f"{kind}_{model.name}_{name_of_column}_{index}"
        config = test_config("warn" if index % 20 == 0 else "ERROR")
        schema = self._schema("dbt_test__audit")
        node = base_node("test", name, f"{name}.sql", schema, config)
        short = hashlib.md5(name.encode()).hexdigest()[:10]
        table = relation(self._schema(LAYERS[model.layer]), model.name)
        compiled = (
            f"\n    \n    \n\nselect {name_of_column}\nfrom {table}\n"
            f"where {name_of_column} is null\n\n\n"
        )
        file = f"models/{model.folder}/schema.yml"
        raw = f"{{{{ test_{kind}(**_dbt_generic_test_kwargs) }}}}"
        node |= sql_fields(raw, compiled, f"{file}/{name}.sql")
        node |= self._test_fields(model, kind, name_of_column)
        node["unique_id"] = f"test.{PROJECT}.{name}.{short}"
        node["original_file_path"] = file
        node["fqn"] = [PROJECT, *model.folder.split("/"), name]
        node["relation_name"] = None
        others = [self._relational_model()] if kind == "relationships" else []
        macros = [f"macro.dbt.test_{kind}", "macro.dbt.helper_000"]
        self._depend(node, [*others, model], macros)
        return node

    def _test_fields(self, model: Model, kind: str, name_of_column: str) -> Json:
        inner = f"{{{{ get_where_subquery(ref('{model.name}')) }}}}"
        kwargs = {"column_name": name_of_column, "model": inner}
        return {
            "column_name": name_of_column,
            "file_key_name": f"models.{model.name}",
            "attached_node": model.unique_id,
            "test_metadata": {"name": kind, "kwargs": kwargs, "namespace": None},
        }

    def _sources(self) -> Iterator[Json]:
        for index in range(self._counts.sources):
            source, table = self._source_name(index)
            unique_id = f"source.{PROJECT}.{source}.{table}"
            self._edges.add(unique_id)
            yield {
                "database": DATABASE,
                "schema": source,
                "name": table,
                "resource_type": "source",
                "package_name": PROJECT,
                "path": f"models/staging/{source}.yml",
                "original_file_path": f"models/staging/{source}.yml",
                "unique_id": unique_id,
                "fqn": [PROJECT, "staging", source, table],
                **self._source_fields(source, table),
            }

    def _source_fields(self, source: str, table: str) -> Json:
        freshness: Json = {
            "warn_after": {"count": 12, "period": "hour"},
            "error_after": {"count": None, "period": None},
            "filter": None,
        }
        config: Json = {
            "enabled": True,
            "event_time": None,
            "freshness": freshness,
            "loaded_at_field": "updated_at",
            "loaded_at_query": None,
            "meta": {},
            "tags": [],
            "static_analysis": None,
        }
        quoting = dict.fromkeys(("database", "schema", "identifier", "column"))
        return {
            "source_name": source,
            "source_description": f"The database behind {source}.",
            "loader": "stream",
            "identifier": table,
            "quoting": quoting,
            "loaded_at_field": "updated_at",
            "loaded_at_query": None,
            "freshness": freshness,
            "external": None,
            "description": "Written by the application.",
            "columns": {"record_id": column("record_id", None, "The key.")},
            "meta": {},
            "source_meta": {},
            "tags": [],
            "config": config,
            "patch_path": None,
            "unrendered_config": {"loaded_at_field": "updated_at"},
            "relation_name": relation(source, table),
            "created_at": CREATED_AT,
            "unrendered_database": None,
            "unrendered_schema": source,
            "doc_blocks": [],
        }

    def _exposures(self) -> Iterator[Json]:
        for index in range(self._counts.exposures):
            name = f"dashboard_{index:05d}"
            # Two draws may meet: a dashboard names each model once.
            drawn = [self._relational_model() for _ in range(3)]
            models = list({model.index: model for model in drawn}.values())
            node: Json = {
                "name": name,
                "resource_type": "exposure",
                "package_name": PROJECT,
                "path": "reports/exposures.yml",
                "original_file_path": "models/reports/exposures.yml",
                "unique_id": f"exposure.{PROJECT}.{name}",
                "fqn": [PROJECT, "reports", name],
                "type": "dashboard",
                "owner": {"email": "bi@synthetic.example", "name": "BI"},
                "description": "Looked at every morning.",
                "label": f"Dashboard № {index}",
                "maturity": "high",
                "meta": {},
                "tags": [],
                "config": {"enabled": True, "tags": [], "meta": {}},
                "unrendered_config": {},
                "url": f"https://bi.synthetic.example/{index}",
                "sources": [],
                "metrics": [],
                "created_at": CREATED_AT,
            }
            self._depend(node, models, [])
            yield node

    def _groups(self) -> Iterator[Json]:
        for domain in DOMAINS:
            yield {
                "name": domain,
                "resource_type": "group",
                "package_name": PROJECT,
                "path": "groups.yml",
                "original_file_path": "models/groups.yml",
                "unique_id": f"group.{PROJECT}.{domain}",
                "owner": {"email": f"{domain}@synthetic.example", "name": domain},
                "description": None,
                "config": {"meta": {}},
            }

    def _group_map(self) -> Json:
        members: dict[str, list[str]] = {domain: [] for domain in DOMAINS}
        for model in self._models:
            if model.layer >= 4:
                members[model.domain].append(model.unique_id)
        return {domain: sorted(ids) for domain, ids in members.items()}

    def _selectors(self) -> Json:
        tag: Json = {"method": "tag", "value": "nightly"}
        return {
            "nightly": {"name": "nightly", "definition": tag, "description": ""},
            "nightly_upstream": {
                "name": "nightly_upstream",
                "definition": tag | {"parents": True},
                "description": "",
            },
        }


def write_manifest(options: Options, out: TextIO) -> None:
    """Write a manifest as dbt does, in ASCII and on one line.

    Raises:
        ValueError: The options make no manifest.
        OSError: `out` cannot be written.
    """
    encode: Callable[[object], str] = json.JSONEncoder(check_circular=False).encode
    opening = "{"
    for name, section in Generator(options).sections():
        out.write(f"{opening}{encode(name)}: ")
        opening = ", "
        if isinstance(section, dict):
            out.write(encode(section))
            continue
        separator = "{"
        for entry in section:
            out.write(f"{separator}{encode(entry['unique_id'])}: {encode(entry)}")
            separator = ", "
        out.write("}" if separator == ", " else "{}")
    out.write("}")


class _Meter:
    """A text stream that only counts."""

    def __init__(self) -> None:
        self.size = 0

    def write(self, text: str) -> int:
        self.size += len(text)
        return len(text)


@functools.cache
def default_size(nodes: int) -> int:
    """Return the bytes of a manifest of `nodes` nodes without padding."""
    meter = _Meter()
    write_manifest(Options(nodes=nodes), meter)  # type: ignore[arg-type]
    return meter.size


def padding_for(nodes: int, bytes_per_node: int) -> int:
    """Return the `model_padding` that makes a manifest about so large.

    Raises:
        ValueError: The nodes are larger than that already.
    """
    small, large = min(nodes, 1000), min(nodes, 2000)
    per_node = default_size(small) / small
    if large > small:
        # The macros weigh the same in both, so the difference is nodes only.
        per_node = (default_size(large) - default_size(small)) / (large - small)
    if bytes_per_node < per_node:
        raise ValueError(f"--bytes-per-node must be at least {per_node:.0f}")
    models = Counts.for_nodes(nodes).models
    return round((bytes_per_node - per_node) * nodes / models)


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; on an error, argparse ends the process."""
    parser = argparse.ArgumentParser(
        description="Write a synthetic dbt manifest.json (schema v12)."
    )
    parser.add_argument(
        "--nodes",
        type=int,
        default=10_000,
        help="nodes, sources and exposures together (default: 10000)",
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="another number, another project"
    )
    parser.add_argument(
        "--edit", type=int, default=0, metavar="K", help="change the code of K models"
    )
    parser.add_argument(
        "--environment", default="prod", help="prefix of schemas (default: prod)"
    )
    parser.add_argument(
        "--bytes-per-node",
        type=int,
        help="lengthen the models' code until this (default: as it comes, about 2500)",
    )
    parser.add_argument(
        "--output", type=Path, required=True, help="the file; its folder is made"
    )
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Run the command line and return its exit code."""
    args = parse_arguments(arguments)
    started = time.monotonic()
    try:
        wanted = args.bytes_per_node
        padding = 0 if wanted is None else padding_for(args.nodes, wanted)
        options = Options(args.nodes, args.seed, args.edit, args.environment, padding)
        Generator(options)  # Refuse bad options before a file is touched.
        args.output.parent.mkdir(parents=True, exist_ok=True)
        with args.output.open("w", encoding="ascii") as out:
            write_manifest(options, out)
    except (OSError, ValueError) as error:
        print(f"generate_manifest: {error}", file=sys.stderr)
        return 1
    size = args.output.stat().st_size
    seconds = time.monotonic() - started
    print(
        f"{args.output}: {args.nodes} nodes, {size / 1e6:.1f} MB, {seconds:.1f} s",
        file=sys.stderr,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
