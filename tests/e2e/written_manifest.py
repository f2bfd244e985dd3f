"""Manifests that a test writes down by itself, where no dbt runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

SCHEMA_VERSION = "https://schemas.getdbt.com/dbt/manifest/v12.json"
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
        },
        "nodes": {one["unique_id"]: one for one in nodes},
        **{section: {} for section in _EMPTY_SECTIONS},
    }
