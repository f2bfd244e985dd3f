"""Writes a synthetic project as the files that dbt reads.

The nodes are those of the generator of manifests, so that what dbt makes of the
project has the shape of what `generate_manifest.py` writes. The project's own
macros are written here: a manifest's are never run, these are.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, cast

from synthetic.generator import COLUMNS, Generator
from synthetic.macros import PROJECT_MACRO_COUNT
from synthetic.plan import DOMAINS, LAYERS, PROJECT, Counts, Options
from synthetic.shapes import DATABASE

Entry = dict[str, Any]

PROFILES = f"""{PROJECT}:
  target: dev
  outputs:
    dev: {{type: duckdb, path: "{DATABASE}.duckdb", schema: prod, threads: 4}}
"""
FROM_FOLDER = {"schema", "group"}  # what dbt_project.yml and .yml files say


def options_for(models: int, changed: int, seed: int) -> Options:
    """Return the options of a project with that many models.

    Raises:
        ValueError: So few models make no graph.
    """
    nodes = round(models * Counts.NODES_PER_MODEL)
    return Options(nodes=nodes, edit=changed, seed=seed)


def project_files(options: Options) -> Iterator[tuple[str, str]]:
    """Yield every file of the project: its path within, and its text.

    Raises:
        ValueError: The options make no project.
    """
    sections = dict(_entries(options))
    nodes = defaultdict(list)
    for node in sections["nodes"]:
        nodes[node["resource_type"]].append(node)
    yield "dbt_project.yml", yaml_text(_project(bool(nodes["snapshot"])))
    yield "profiles.yml", PROFILES
    for index in range(PROJECT_MACRO_COUNT):
        yield f"macros/helper_{index:03d}.sql", _macro(index)
    for seed in nodes["seed"]:
        yield seed["original_file_path"], "record_id,status\n1,open\n2,closed\n"
    for model in nodes["model"]:
        yield model["original_file_path"], _model(model)
    yield from _properties(nodes["model"], nodes["test"])
    for snapshot in nodes["snapshot"]:
        yield snapshot["original_file_path"], _snapshot(snapshot)
    yield "models/groups.yml", yaml_text({"groups": _groups()})
    yield from _sources(sections["sources"])
    if sections["exposures"]:
        yield (
            "models/reports/exposures.yml",
            yaml_text(
                {"exposures": list(map(_exposure, sections["exposures"]))}
            ),
        )


def _entries(options: Options) -> Iterator[tuple[str, list[Entry]]]:
    """Yield the sections of the manifest that become files."""
    for name, section in Generator(options).sections():
        if name in ("nodes", "sources", "exposures"):
            yield name, cast(list[Entry], list(section))


def yaml_text(value: object, indent: str = "") -> str:
    """Return a value as YAML in blocks, each scalar as JSON writes it."""
    lines = []
    if isinstance(value, dict):
        for key, member in value.items():
            lines.append(f"{indent}{key}:{_yaml_member(member, indent)}")
    elif isinstance(value, list):
        for element in value:
            text = _yaml_member(element, indent)
            # A block stands beside its dash.
            text = " " + text.lstrip() if text.startswith("\n") else text
            lines.append(f"{indent}-{text}")
    return "\n".join(lines) + ("" if indent else "\n")


def _yaml_member(value: object, indent: str) -> str:
    if isinstance(value, dict | list) and value:
        return "\n" + yaml_text(value, indent + "  ")
    return " " + json.dumps(value, ensure_ascii=False)


def _project(has_snapshots: bool) -> Entry:
    layers = {layer: {"+schema": layer} for layer in LAYERS}
    meta = {"owner": "data-platform"}
    project: Entry = {
        "name": PROJECT,
        "version": "1.0.0",
        "config-version": 2,
        "profile": PROJECT,
        "flags": {"send_anonymous_usage_stats": False},
        "models": {PROJECT: {"+meta": meta, **layers}},
        "seeds": {PROJECT: {"+schema": "raw", "+tags": ["raw"]}},
    }
    if has_snapshots:  # dbt warns of settings that nothing has
        history = {"+schema": "history", "+tags": ["history"], "+meta": meta}
        project["snapshots"] = {PROJECT: history}
    return project


def _macro(index: int) -> str:
    """Return a macro; every third one calls the one before it."""
    inner = "coalesce({{ column }}, 0)"
    if index % 3 == 2:
        inner = f"{{{{ helper_{index - 1:03d}(column) }}}}"
    name = f"helper_{index:03d}"
    return (
        f"{{% macro {name}(column) -%}}\n"
        f"    {inner} /* {name} */\n{{%- endmacro %}}\n"
    )


def _model(node: Entry) -> str:
    config = {
        key: value
        for key, value in node["unrendered_config"].items()
        if key not in FROM_FOLDER | {"meta"}
    }
    if config["materialized"] == "incremental":
        config["unique_key"] = node["config"]["unique_key"]
    arguments = ", ".join(f"{k}={v!r}" for k, v in config.items())
    return f"{{{{ config({arguments}) }}}}\n\n{node['raw_code']}\n"


def _properties(
    models: list[Entry], tests: list[Entry]
) -> Iterator[tuple[str, str]]:
    """Yield a schema.yml for each folder of models, with their tests."""
    tested: dict[str, dict[str, list[Entry]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for test in tests:
        tested[test["attached_node"]][test["column_name"]].append(_test(test))
    files: dict[str, list[Entry]] = defaultdict(list)
    for model in models:
        path = model["patch_path"].removeprefix(f"{PROJECT}://")
        files[path].append(_described(model, tested[model["unique_id"]]))
    for path, described in files.items():
        yield path, yaml_text({"models": described})


def _described(model: Entry, tests: dict[str, list[Entry]]) -> Entry:
    described: Entry = {
        "name": model["name"],
        "description": model["description"],
        "config": {"access": model["access"]},
    }
    if model["config"]["group"] is not None:
        described["config"]["group"] = model["config"]["group"]
    names = [
        name for name, _ in COLUMNS if name in model["columns"] or name in tests
    ]
    if names:
        described["columns"] = [
            _column(name, model["columns"].get(name, {}), tests.get(name, []))
            for name in names
        ]
    return described


def _column(name: str, declared: Entry, tests: list[Entry]) -> Entry:
    column: Entry = {"name": name}
    for key in ("description", "data_type"):
        if declared.get(key) is not None:
            column[key] = declared[key]
    if tests:
        column["data_tests"] = tests
    return column


def _test(node: Entry) -> Entry:
    kind = node["test_metadata"]["name"]
    test: Entry = {"name": node["name"]}
    if kind == "accepted_values":
        test["arguments"] = {"values": ["open", "closed"]}
    if kind == "relationships":
        other = node["refs"][0]["name"]
        test["arguments"] = {"to": f"ref('{other}')", "field": "record_id"}
    test["config"] = {"severity": node["config"]["severity"].lower()}
    return {kind: test}


def _snapshot(node: Entry) -> str:
    config = ", ".join(
        f"{key}={node['config'][key]!r}"
        for key in ("unique_key", "strategy", "updated_at")
    )
    return (
        f"{{% snapshot {node['name']} %}}\n{{{{ config({config}) }}}}\n"
        f"{node['raw_code']}\n{{% endsnapshot %}}\n"
    )


def _groups() -> list[Entry]:
    return [
        {
            "name": name,
            "owner": {"name": name, "email": f"{name}@synthetic.example"},
        }
        for name in DOMAINS
    ]


def _sources(entries: list[Entry]) -> Iterator[tuple[str, str]]:
    by_source: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_source[entry["source_name"]].append(entry)
    for name, tables in by_source.items():
        source = {
            "name": name,
            "description": tables[0]["source_description"],
            "loader": tables[0]["loader"],
            "config": {
                "loaded_at_field": tables[0]["loaded_at_field"],
                "freshness": {
                    "warn_after": tables[0]["freshness"]["warn_after"]
                },
            },
            "tables": [
                {"name": each["name"], "description": each["description"]}
                for each in tables
            ],
        }
        yield f"models/staging/{name}.yml", yaml_text({"sources": [source]})


def _exposure(entry: Entry) -> Entry:
    kept = ("name", "label", "type", "maturity", "url", "description", "owner")
    refs = [f"ref('{each['name']}')" for each in entry["refs"]]
    return {key: entry[key] for key in kept} | {"depends_on": refs}
