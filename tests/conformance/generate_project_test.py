"""Tests of the generator of projects: what comparing with dbt relies on."""

from __future__ import annotations

import re
import unittest

from synthetic.project import options_for, project_files, yaml_text


def generate(models: int, changed: int = 0, seed: int = 1) -> dict[str, str]:
    """Return a project's files by their paths."""
    listed = list(project_files(options_for(models, changed, seed)))
    files = dict(listed)
    if len(files) != len(listed):
        raise AssertionError("a file is written twice")
    return files


def sql_of(files: dict[str, str], folder: str) -> dict[str, str]:
    """Return the SQL files of a folder, by their names without ending."""
    return {
        path.rsplit("/", 1)[1].removesuffix(".sql"): text
        for path, text in files.items()
        if path.startswith(f"{folder}/") and path.endswith(".sql")
    }


class GenerateProjectTest(unittest.TestCase):
    def test_same_options_give_same_files(self) -> None:
        self.assertEqual(generate(300), generate(300))
        self.assertNotEqual(generate(300), generate(300, seed=2))

    def test_has_as_much_of_everything_as_asked_for(self) -> None:
        for models in (20, 250, 1000):
            with self.subTest(models=models):
                files = generate(models)
                yaml = "\n".join(
                    text for path, text in files.items() if path[-4:] == ".yml"
                )
                tests = re.findall(
                    r"- (?:unique|not_null|accepted_values|relationships):",
                    yaml,
                )
                self.assertEqual(len(sql_of(files, "models")), models)
                self.assertAlmostEqual(len(tests) / models, 1.35, delta=0.15)
                self.assertEqual(len(sql_of(files, "snapshots")), models // 500)
                self.assertEqual(
                    sum(path.endswith(".csv") for path in files),
                    max(1, models // 100),
                )

    def test_changed_touches_the_code_of_that_many_models(self) -> None:
        old, new = generate(400), generate(400, changed=6)
        self.assertEqual(old.keys(), new.keys())
        changed = [path for path, text in old.items() if new[path] != text]
        self.assertEqual(len(changed), 6)
        for path in changed:
            self.assertTrue(path.startswith("models/"), path)
            self.assertTrue(path.endswith(".sql"), path)

    def test_refs_and_macros_lead_to_files(self) -> None:
        files = generate(600)
        seeds = {
            path.removeprefix("seeds/").removesuffix(".csv")
            for path in files
            if path.startswith("seeds/")
        }
        known = sql_of(files, "models").keys() | seeds
        macros = sql_of(files, "macros").keys()
        for path, text in files.items():
            self.assertLessEqual(
                set(re.findall(r"ref\('([^']*)'\)", text)), known, path
            )
            self.assertLessEqual(
                set(re.findall(r"{{ (helper_\d+)\(", text)), macros, path
            )

    def test_yaml_is_in_blocks(self) -> None:
        self.assertEqual(
            yaml_text({"a": [{"b": 1, "c": []}, "d: e"], "f": {"g": True}}),
            'a:\n  - b: 1\n    c: []\n  - "d: e"\nf:\n  g: true\n',
        )

    def test_refuses_what_makes_no_project(self) -> None:
        for models, changed in ((1, 0), (100, 101), (100, -1)):
            with self.assertRaises(ValueError):
                generate(models, changed)


if __name__ == "__main__":
    unittest.main()
