"""Tests of the generator: what benchmarks rely on must hold at any size."""

from __future__ import annotations

import io
import json
import unittest
from typing import Any

from generate_manifest import padding_for, write_manifest
from synthetic.plan import Options


def generate(options: Options) -> tuple[str, dict[str, Any]]:
    """Return a manifest's text and what it parses to."""
    out = io.StringIO()
    write_manifest(options, out)
    manifest: dict[str, Any] = json.loads(out.getvalue())
    return out.getvalue(), manifest


def graph_of(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return everything that has a place in the graph, by its id."""
    graph: dict[str, Any] = {}
    for section in ("nodes", "sources", "exposures"):
        graph |= manifest[section]
    return graph


class GenerateManifestTest(unittest.TestCase):
    def test_same_options_give_same_bytes(self) -> None:
        first, _ = generate(Options(nodes=500))
        again, _ = generate(Options(nodes=500))
        other, _ = generate(Options(nodes=500, seed=2))
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)

    def test_has_as_many_nodes_as_asked_for(self) -> None:
        for nodes in (*range(10, 40), 99, 500, 3000):
            with self.subTest(nodes=nodes):
                _, manifest = generate(Options(nodes=nodes))
                self.assertEqual(len(graph_of(manifest)), nodes)

    def test_edit_changes_that_many_models_and_nothing_else(self) -> None:
        _, old = generate(Options(nodes=2000))
        _, new = generate(Options(nodes=2000, edit=7))
        changed = [
            key
            for key in old["nodes"]
            if old["nodes"][key] != new["nodes"][key]
        ]
        self.assertEqual(len(changed), 7)
        for key in changed:
            self.assertEqual(old["nodes"][key]["resource_type"], "model")
            differing = {
                field
                for field, value in old["nodes"][key].items()
                if value != new["nodes"][key][field]
            }
            self.assertEqual(
                differing, {"raw_code", "compiled_code", "checksum"}
            )
        for section in old.keys() - {"nodes", "metadata"}:
            self.assertEqual(old[section], new[section], section)

    def test_edges_agree_and_lead_to_nodes_that_exist(self) -> None:
        _, manifest = generate(Options(nodes=2000))
        graph = graph_of(manifest)
        self.assertEqual(manifest["parent_map"].keys(), graph.keys())
        children: dict[str, list[str]] = {key: [] for key in graph}
        for key, node in graph.items():
            parents = node.get("depends_on", {}).get("nodes", [])
            self.assertEqual(manifest["parent_map"][key], sorted(set(parents)))
            for parent in parents:
                children[parent].append(key)
            for macro in node.get("depends_on", {}).get("macros", []):
                self.assertIn(macro, manifest["macros"])
        self.assertEqual(
            manifest["child_map"],
            {key: sorted(ids) for key, ids in children.items()},
        )

    def test_models_depend_only_on_models_before_them(self) -> None:
        _, manifest = generate(Options(nodes=2000))
        seen: set[str] = set(manifest["sources"])
        for key, node in manifest["nodes"].items():
            self.assertLessEqual(
                set(node["depends_on"].get("nodes", [])), seen, key
            )
            seen.add(key)

    def test_environment_names_the_schemas(self) -> None:
        _, manifest = generate(Options(nodes=200, environment="staging"))
        for node in manifest["nodes"].values():
            self.assertTrue(node["schema"].startswith("staging_"))

    def test_parsed_has_no_compiled_code(self) -> None:
        text, manifest = generate(Options(nodes=200, parsed=True))
        self.assertNotIn('"compiled_code"', text)
        self.assertEqual(len(graph_of(manifest)), 200)

    def test_padding_reaches_the_size(self) -> None:
        padding = padding_for(5000, 8000)
        text, _ = generate(Options(nodes=5000, model_padding=padding))
        self.assertAlmostEqual(len(text) / 5000, 8000, delta=800)

    def test_refuses_what_makes_no_manifest(self) -> None:
        for options in (
            Options(nodes=9),
            Options(nodes=100, edit=100),
            Options(edit=-1),
        ):
            with self.assertRaises(ValueError):
                generate(options)
        with self.assertRaises(ValueError):
            padding_for(1000, 10)


if __name__ == "__main__":
    unittest.main()
