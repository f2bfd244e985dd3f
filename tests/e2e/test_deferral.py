"""Deferral against two environments: what is promised is what dbt compiles."""

from __future__ import annotations

import json
import re

from conftest import Server, Shop


def _resolve(shop: Shop, state_dir: str, *more: str) -> dict[str, object]:
    manifests = {
        name: str(shop.manifest(name)) for name in ("ci", "staging", "prod")
    }
    [resolution] = shop.json(
        "defer",
        "--manifest",
        manifests["ci"],
        "--state",
        manifests["prod"],
        "--from",
        manifests["staging"] + "=state:modified+",
        "--from",
        manifests["prod"],
        "--select",
        "revenue_daily+",
        "--state-dir",
        state_dir,
        *more,
    )
    return resolution


def _relations(sql: str) -> set[str]:
    return set(re.findall(r'"velohire"\."\w+"\."\w+"', sql))


def test_dbt_compiles_what_was_promised(shop: Shop) -> None:
    """From staging what it changed, from production the rest."""
    state_dir = shop.folder / "defer-state"
    resolution = _resolve(shop, str(state_dir), "--command", "compile")
    promised: dict[str, set[str]] = {}
    for node in resolution["nodes"]:  # type: ignore[attr-defined]
        promised[node["unique_id"]] = {
            ref["relation"]["rendered"]
            for ref in node["refs"]
            if ref["origin"] != "REF_ORIGIN_INLINED"
        }

    shop.dbt(
        *("compile", "ci", "--select", "revenue_daily+"),
        *("--defer", "--state", str(state_dir)),
    )

    nodes = json.loads(shop.manifest("ci").read_text())["nodes"]
    compiled = {
        unique_id: _relations(nodes[unique_id]["compiled_code"] or "")
        for unique_id in promised
        if unique_id.startswith("model.")
    }
    assert compiled
    for unique_id, relations in compiled.items():
        assert relations == promised[unique_id], unique_id
    revenue = compiled["model.velohire.revenue_daily"]
    assert '"velohire"."staging"."fct_rides"' in revenue
    assert '"velohire"."prod_prep"."stg_payments"' in revenue


def test_dbt_builds_the_change_alone(shop: Shop) -> None:
    """A build with the state makes the model and nothing that it borrows."""
    state_dir = shop.folder / "defer-state"
    _resolve(shop, str(state_dir))

    shop.dbt(
        *("build", "ci", "--select", "revenue_daily+"),
        *("--defer", "--state", str(state_dir)),
    )

    relations = shop.json("env", "set", "ci", "--connection", "velohire/ci")
    assert relations
    shop.json("env", "set", "ci", "--manifest", str(shop.manifest("ci")))
    there = shop.json("env", "relations", "ci")
    assert [row["unique_id"] for row in there if row["unique_id"]] == [
        "model.velohire.revenue_daily"
    ]


def test_the_target_wins_where_it_has_the_relation(
    shop: Shop, server: Server
) -> None:
    """A live catalog decides, and every source that was asked is told."""
    with server.client() as client:
        ci = client.upload_manifest(shop.manifest("ci"))
        prod = client.upload_manifest(shop.manifest("prod"))
        staging = client.upload_manifest(shop.manifest("staging"))
        client.set_environment("prod", manifest=prod)
        client.set_environment(
            "staging", manifest=staging, connection="velohire/staging"
        )
        # Staging's own manifest against its own warehouse: all is there.
        mine = client.resolve_deferral(
            staging, ["prod"], target_environment="staging"
        )
        # The change against an empty schema: all is borrowed.
        theirs = client.resolve_deferral(
            ci,
            ["prod"],
            select="revenue_daily",
            target_connection="velohire/ci",
        )

    assert mine.summary.deferred_refs == 0
    assert mine.summary.target_refs > 0
    assert theirs.summary.deferred_refs == theirs.summary.borrowed_relations
    refs = [ref for node in theirs.nodes for ref in node.refs]
    borrowed = [ref for ref in refs if getattr(ref, "from")]
    assert borrowed
    assert all(
        ref.considered[0].source == "environments/prod" for ref in borrowed
    )
    assert all(ref.explanation for ref in refs)
