"""The JSON shapes of a manifest's entries, as dbt 1.12 writes them."""

from __future__ import annotations

import hashlib
import uuid

from synthetic.plan import LAYERS, PROJECT, Model

Json = dict[str, object]

DATABASE = "warehouse"
CREATED_AT = 1748736000.0
SHOWN: Json = {"show": True, "node_color": None}


def digest(text: str) -> str:
    """Return the SHA-256 of `text` in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


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


def base_node(
    kind: str, name: str, path: str, schema: str, config: Json
) -> Json:
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


def without_compiled(node: Json) -> Json:
    """Return a node as `dbt parse` writes it."""
    gone = {"compiled", "compiled_code", "extra_ctes", "extra_ctes_injected"}
    kept = {key: value for key, value in node.items() if key not in gone}
    return kept | ({"compiled_path": None} if "compiled_path" in kept else {})


def model_fields(model: Model, tags: list[str]) -> Json:
    """Return the fields that only a model has, and what describes it."""
    layer = LAYERS[model.layer]
    return {
        "description": f"{model.domain.title()}: one row for each record.",
        "patch_path": f"{PROJECT}://models/{model.folder}/schema.yml",
        "unrendered_config": {
            "schema": layer,
            "materialized": model.materialized,
            "tags": tags,
            "meta": {"owner": "data-platform"},
        },
        "access": "public" if model.layer >= 4 else "protected",
        "constraints": [],
        "version": None,
        "latest_version": None,
        "deprecation_date": None,
        "primary_key": ["record_id"],
        "time_spine": None,
    }


def generic_test_fields(
    model: Model, kind: str, column_name: str, name: str
) -> Json:
    """Return the fields in which a generic test differs from other nodes."""
    inner = f"{{{{ get_where_subquery(ref('{model.name}')) }}}}"
    kwargs = {"column_name": column_name, "model": inner}
    short = hashlib.md5(name.encode()).hexdigest()[:10]
    return {
        "unique_id": f"test.{PROJECT}.{name}.{short}",
        "original_file_path": f"models/{model.folder}/schema.yml",
        "fqn": [PROJECT, *model.folder.split("/"), name],
        "relation_name": None,
        "column_name": column_name,
        "file_key_name": f"models.{model.name}",
        "attached_node": model.unique_id,
        "test_metadata": {"name": kind, "kwargs": kwargs, "namespace": None},
    }


def source_entry(source: str, table: str) -> Json:
    """Return one entry of the manifest's `sources`."""
    return {
        "database": DATABASE,
        "schema": source,
        "name": table,
        "resource_type": "source",
        "package_name": PROJECT,
        "path": f"models/staging/{source}.yml",
        "original_file_path": f"models/staging/{source}.yml",
        "unique_id": f"source.{PROJECT}.{source}.{table}",
        "fqn": [PROJECT, "staging", source, table],
        **source_fields(source, table),
    }


def source_fields(source: str, table: str) -> Json:
    """Return what a source says about its table."""
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


def exposure_entry(index: int) -> Json:
    """Return one entry of `exposures`, without what it depends on."""
    name = f"dashboard_{index:05d}"
    return {
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


def group_entry(domain: str) -> Json:
    """Return one entry of the manifest's `groups`."""
    return {
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


def selectors() -> Json:
    """Return the YAML selectors of the project."""
    tag: Json = {"method": "tag", "value": "nightly"}
    return {
        "nightly": {"name": "nightly", "definition": tag, "description": ""},
        "nightly_upstream": {
            "name": "nightly_upstream",
            "definition": tag | {"parents": True},
            "description": "",
        },
    }


def metadata(run: str) -> Json:
    """Return the manifest's metadata; `run` names what made it."""
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
