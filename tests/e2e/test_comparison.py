"""Comparisons that say more, or less, than dbt's."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import doppel
import pytest
from conftest import Server, Shop
from doppel.v1 import manifest_pb2


def edited(
    shop: Shop, name: str, change: dict[str, Any]
) -> tuple[pathlib.Path, dict[str, Any]]:
    """The ci manifest with these values, by their path; and all of it."""
    manifest = json.loads(shop.manifest("ci").read_text())
    for path, value in change.items():
        *parents, last = path.split("/")
        place = manifest
        for part in parents:
            place = place[part]
        place[last] = value
    file = shop.folder / f"{name}.json"
    file.write_text(json.dumps(manifest))
    return file, manifest


def modified(shop: Shop, current: pathlib.Path, *flags: str) -> list[str]:
    """What `state:modified` alone selects against ci."""
    done = shop.doppel(
        *("ls", "--manifest", str(current)),
        *("--state", str(shop.manifest("ci"))),
        *("--select", "state:modified", "--indirect-selection", "empty"),
        *flags,
    )
    return done.stdout.split()


def test_a_strict_comparison_reports_what_dbt_misses(built: Shop) -> None:
    """A materialization macro, and a variable that a model reads."""
    macro = "macros/macro.dbt_duckdb.materialization_table_duckdb/macro_sql"
    current, manifest = edited(built, "strict", {macro: "another"})
    tables = sorted(
        unique_id
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
        and node["config"]["materialized"] == "table"
    )
    assert tables
    assert modified(built, current) == []
    assert modified(built, current, "--strict") == tables


def test_a_strict_comparison_takes_variables(built: Shop) -> None:
    """Of both sides, in YAML; wrong ones are refused by name."""
    code = "nodes/model.velohire.stg_rides/raw_code"
    _, manifest = edited(built, "vars", {})
    text = manifest["nodes"]["model.velohire.stg_rides"]["raw_code"]
    current, _ = edited(built, "vars", {code: text + "{{ var('days') }}"})
    flags = ("--strict", "--state-vars", "{days: 7}", "--mute", "body")
    assert modified(built, current, *flags, "--vars", "days: 7") == []
    assert modified(built, current, *flags, "--vars", "days: 8") == [
        "model.velohire.stg_rides"
    ]
    done = built.doppel(
        *("diff", "--manifest", str(current)),
        *("--state", str(built.manifest("ci")), *flags, "--vars", "days"),
        status=1,
    )
    assert "comparison.vars: expected a YAML mapping" in done.stderr


def test_a_muted_cause_does_not_count(built: Shop) -> None:
    """It is shown, and selects nothing."""
    macro = "macros/macro.dbt.test_not_null/macro_sql"
    current, _ = edited(built, "mute", {macro: "another"})
    assert modified(built, current) != []
    assert modified(built, current, "--mute", "dbt_macros") == []
    done = built.doppel(
        *("diff", "--manifest", str(current)),
        *("--state", str(built.manifest("ci")), "--mute", "dbt_macros"),
    )
    assert "(muted) macro macro.dbt.test_not_null" in done.stdout
    assert "0 new, 0 modified, 0 removed, " in done.stdout


def test_an_old_state_is_answered_with_a_warning(built: Shop) -> None:
    """Dbt refuses v1 to v3 by their number."""
    version = "https://schemas.getdbt.com/dbt/manifest/v3.json"
    older, _ = edited(built, "v3", {"metadata/dbt_schema_version": version})
    ci = str(built.manifest("ci"))
    for command in (
        ["ls", "--select", "state:modified", "--state", str(older)],
        ["diff", "--state", str(older)],
        ["defer", "--from", str(older)],
    ):
        done = built.doppel(*command, "--manifest", ci)
        assert "schema version v3, which dbt refuses" in done.stderr, command


def test_the_client_compares_by_options(shop: Shop, server: Server) -> None:
    """The same over the wire, from Python."""
    macro = "macros/macro.dbt.test_not_null/macro_sql"
    current, _ = edited(shop, "client", {macro: "another"})
    with doppel.Client(server.address, insecure=True) as client:
        ci = client.upload_manifest(shop.manifest("ci"))
        new = client.upload_manifest(current)
        mute = manifest_pb2.ComparisonOptions(mutes=["dbt_macros"])
        for difference in client.compare(new, ci):
            assert difference.state_modified
        differences = list(client.compare(new, ci, comparison=mute))
        assert differences
        for difference in differences:
            assert not difference.state_modified
            assert difference.muted_causes
        selected = client.list_nodes(
            new,
            select="state:modified",
            indirect_selection=manifest_pb2.INDIRECT_SELECTION_EMPTY,
            state=ci,
            comparison=mute,
            dbt_version="1.12",
        )
        assert list(selected) == []
        with pytest.raises(doppel.InvalidArgumentError, match="colour"):
            list(
                client.compare(
                    new,
                    ci,
                    comparison=manifest_pb2.ComparisonOptions(mutes=["colour"]),
                )
            )
