"""Artifacts that a test writes down by itself, where no dbt runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

SCHEMA_VERSION = "https://schemas.getdbt.com/dbt/manifest/v12.json"
# Of all of them: the results are those of the manifest.
_TIME = "2026-01-02T03:04:05.000000Z"
_EMPTY_SECTIONS = (
    "sources", "macros", "docs", "exposures", "metrics", "groups", "selectors",
    "disabled", "parent_map", "child_map", "saved_queries", "semantic_models",
    "unit_tests",
)  # fmt: skip


def node(
    kind: str,
    name: str,
    materialized: str,
    relation: str,
    *,
    database: str | None = "",
    **config: str,
) -> dict[str, Any]:
    """A node of the package "shop", in the schema "prod".

    `relation` is its relation's name as dbt renders it, `config` what its
    config has beside how it is materialized.
    """
    return {
        "unique_id": f"{kind}.shop.{name}",
        "resource_type": kind,
        "package_name": "shop",
        "name": name,
        "alias": name,
        "database": database,
        "schema": "prod",
        "relation_name": relation,
        "path": f"{name}.sql",
        "original_file_path": f"models/{name}.sql",
        "fqn": ["shop", name],
        "config": {"materialized": materialized, "enabled": True, **config},
        # dbt leaves nodes without code out of what it runs.
        "raw_code": "select 1",
        "checksum": {"name": "sha256", "checksum": name},
        "depends_on": {"macros": [], "nodes": []},
    }


def manifest(adapter: str, nodes: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """A manifest with these nodes alone, for that adapter type."""
    return {
        "metadata": {
            "dbt_schema_version": SCHEMA_VERSION,
            "dbt_version": "1.12.6",
            "adapter_type": adapter,
            "project_name": "shop",
            "generated_at": _TIME,
        },
        "nodes": {one["unique_id"]: one for one in nodes},
        **{section: {} for section in _EMPTY_SECTIONS},
    }


def run_results(statuses: Mapping[str, str]) -> bytes:
    """The run_results.json of a build of the package "shop".

    `statuses` is how each model ended, by its name.
    """
    return json.dumps(
        {
            "metadata": {
                "dbt_schema_version": "https://schemas.getdbt.com/dbt/"
                "run-results/v6.json",
                "generated_at": _TIME,
                "invocation_id": "1",
            },
            "results": [
                {"unique_id": f"model.shop.{name}", "status": status}
                for name, status in statuses.items()
            ],
        }
    ).encode()
