#!/usr/bin/env python3
"""Makes what the clients' scenario needs: manifests, a warehouse, a profile.

Usage: client_scenario.py FOLDER

Writes to FOLDER:

    prod.json, staging.json   what two environments deployed; staging has two
                              models whose code differs
    branch.json               the code of staging, as dbt parsed it for "ci"
    bi.json                   the same for "bi", which is to be cloned into
    warehouse.duckdb          the relations of prod and staging, with rows
    profiles.yml              the connection "scenario/warehouse"
    facts.json                what a right answer has in it; see Facts

Needs the duckdb package.
"""

from __future__ import annotations

import dataclasses
import json
import pathlib
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import duckdb

_GENERATOR = (
    pathlib.Path(__file__).resolve().parent.parent
    / "conformance"
    / "generate_manifest.py"
)
_NODES = 60
_EDITED = 2
_ROWS = 3
_CLONED_TYPES = ("model", "seed", "snapshot")


@dataclasses.dataclass
class Facts:
    """What a right answer has in it.

    Attributes:
        modified: unique ids of the models that differ between prod and staging.
        relations: "schema.identifier" of what a clone into bi makes, sorted.
        connection: the name of the warehouse's connection.
    """

    modified: list[str]
    relations: list[str]
    connection: str = "scenario/warehouse"


def _generate(
    path: pathlib.Path, environment: str, edited: int
) -> dict[str, Any]:
    """Writes a manifest and reads it."""
    subprocess.run(
        [
            sys.executable,
            str(_GENERATOR),
            f"--nodes={_NODES}",
            f"--environment={environment}",
            f"--edit={edited}",
            f"--output={path}",
        ],
        check=True,
        capture_output=True,
    )
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def _built_nodes(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The nodes that have a relation which dbt builds."""
    for node in manifest["nodes"].values():
        if (
            node["resource_type"] in _CLONED_TYPES
            and node["config"]["materialized"] != "ephemeral"
        ):
            yield node


def _modified(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """The nodes whose code differs."""
    return sorted(
        unique_id
        for unique_id, node in new["nodes"].items()
        if node.get("raw_code") != old["nodes"][unique_id].get("raw_code")
    )


def _build(warehouse: pathlib.Path, manifests: list[dict[str, Any]]) -> None:
    """Makes the relations of the manifests, each with a few rows."""
    with duckdb.connect(str(warehouse)) as connection:
        for manifest in manifests:
            for node in _built_nodes(manifest):
                is_view = node["config"]["materialized"] == "view"
                kind = "VIEW" if is_view else "TABLE"
                connection.execute(
                    f'CREATE SCHEMA IF NOT EXISTS "{node["schema"]}"'
                )
                connection.execute(
                    f"CREATE {kind} {node['relation_name']} AS "
                    f"SELECT range AS id FROM range({_ROWS})"
                )


def _write_profiles(folder: pathlib.Path) -> None:
    path = folder / "warehouse.duckdb"
    (folder / "profiles.yml").write_text(
        "scenario:\n"
        "  target: warehouse\n"
        "  outputs:\n"
        "    warehouse:\n"
        "      type: duckdb\n"
        f"      path: {json.dumps(str(path))}\n"
        "      schema: main\n",
        encoding="utf-8",
    )


def make(folder: pathlib.Path) -> Facts:
    """Writes all of it; gives the facts.

    Raises:
        subprocess.CalledProcessError: a manifest could not be made.
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    prod = _generate(folder / "prod.json", "prod", 0)
    staging = _generate(folder / "staging.json", "staging", _EDITED)
    _generate(folder / "branch.json", "ci", _EDITED)
    bi = _generate(folder / "bi.json", "bi", _EDITED)
    _build(folder / "warehouse.duckdb", [prod, staging])
    _write_profiles(folder)
    facts = Facts(
        modified=_modified(prod, staging),
        relations=sorted(
            f"{node['schema']}.{node['alias']}" for node in _built_nodes(bi)
        ),
    )
    (folder / "facts.json").write_text(
        json.dumps(dataclasses.asdict(facts), indent=2), encoding="utf-8"
    )
    return facts


def main() -> int:
    """Reads the argument and makes the folder."""
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    make(pathlib.Path(sys.argv[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
