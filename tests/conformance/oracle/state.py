"""Records how dbt compares the project `everything` with itself, changed.

In tests/conformance, `python -m oracle.state` has dbt 1.12 read the project
once for each mutation of `mutations/`, keeps the manifests, and asks what
`state:` selects: each mutation beside the unchanged project, in both
directions, each beside some other mutations, and two mutations in one project.
Packs and cases are named after the mutations' files (`state_models`, ...),
`state_pairs` has two mutations in one project, `state_rendered` what the flag
state_modified_compare_more_unrendered_values changes when it is off, and
`python -m oracle.state state_seeds` records one of them.

Run by a Python that has dbt; about ten minutes. Recorded again it gives the
same.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from oracle import pack
from oracle.mutations import (
    PROJECT,
    Mutation,
    apply,
    copy_project,
    read_mutations,
    set_flags,
)
from oracle.state_asking import (
    STATE_FLAG,
    Parsed,
    ParseError,
    ask,
    parse,
    read_state,
    state_flag,
)

CONFORMANCE = Path(__file__).resolve().parent.parent
BASE = "base"
PAIRS = "state_pairs"
RENDERED = "state_rendered"

VALUES = (
    "new",
    "old",
    "modified",
    "unmodified",
    "modified.body",
    "modified.configs",
    "modified.persisted_descriptions",
    "modified.relation",
    "modified.macros",
    "modified.contract",
)
OPERATORS = (
    "state:modified+",
    "2+state:modified.body",
    "@state:modified.configs",
)
BACKWARDS = ("new", "modified", "modified.configs", "modified.contract")
BESIDE = (
    "modified",
    "modified.body",
    "modified.configs",
    "modified.relation",
    "modified.contract",
)
# How many other mutations each is compared with.
NEIGHBOURS = (1, 2, 5)
# Which mutation is made together with which: the one so many further on.
PARTNERS = (61,)
# What depends on the flag, or might.
RENDERED_WORDS = (
    "config_call", "config_yaml_jinja", "respelled", "var", "env", "target",
    "source_schema", "source_database", "hook", "schema", "severity", "alias",
)  # fmt: skip


class Recorder:
    """The manifests and cases of one pack."""

    def __init__(self, name: str, flag: bool) -> None:
        """`flag`: the state flag, for the project and for the questions."""
        self.name = name
        self.flag = flag
        self.parsed: dict[str, Parsed] = {}
        self.cases: list[dict[str, object]] = []
        self._folder = Path(tempfile.mkdtemp())

    def read(self, variant: str, mutations: list[Mutation]) -> bool:
        """Has dbt read the project with these mutations; False: it will not."""
        project = self._folder / "project"
        shutil.rmtree(project, ignore_errors=True)
        copy_project(PROJECT, project)
        arguments: list[str] = []
        env: dict[str, str] = {}
        given: dict[str, Any] = {}
        for mutation in mutations:
            apply(mutation, project)
            env |= mutation.env
            given |= mutation.vars
            if mutation.target:
                arguments = ["--target", mutation.target]
        if given:
            arguments += ["--vars", json.dumps(given)]
        if not self.flag:
            set_flags(project, {STATE_FLAG: False})
        try:
            self.parsed[variant] = parse(project, arguments, env)
        except ParseError as error:
            print(f"{self.name}/{variant}: dbt does not read it: {error}")
            return False
        return True

    def compare(
        self,
        current: str,
        base: str,
        questions: list[list[str]],
    ) -> None:
        """Asks all questions about one variant with another as the state."""
        with state_flag(self.flag):
            folder = self._folder / "state"
            folder.mkdir(exist_ok=True)
            (folder / "manifest.json").write_bytes(self.parsed[base].text)
            state = read_state(folder)
            for question in questions:
                answer = ask(self.parsed[current], state, question)
                case: dict[str, object] = {
                    "case_id": f"{self.name}/{current}/{len(self.cases)}",
                    "project": self.name,
                    "pair": f"{base}..{current}",
                    "current_manifest": f"{self.name}/{current}",
                    "base_manifest": f"{self.name}/{base}",
                    "args": [*question, "--resource-type", "all"],
                    "rc": 2 if answer.error else 0,
                    "stderr_tail": answer.error,
                    "expected_unique_ids": answer.unique_ids,
                    "warnings": [] if answer.error else answer.warnings,
                }
                if not self.flag:
                    case["flags"] = {STATE_FLAG: False}
                self.cases.append(case)

    def write(self, folder: Path) -> None:
        """Writes the pack and its cases."""
        texts = {
            f"{self.name}/{variant}": parsed.text
            for variant, parsed in self.parsed.items()
        }
        pack.write(folder, self.name, texts)
        pack.write_cases(folder, self.name, self.cases)
        shutil.rmtree(self._folder)
        print(f"{self.name}: {len(texts)} manifests, {len(self.cases)} cases")


def alone(value: str) -> list[str]:
    """The question for one value of `state:`, without the tests of others."""
    return ["--select", f"state:{value}", "--indirect-selection", "empty"]


def record_group(name: str, mutations: list[Mutation], flag: bool) -> Recorder:
    """Each mutation alone, backwards, and beside some others."""
    recorder = Recorder(name, flag)
    recorder.read(BASE, [])
    read = [m for m in mutations if recorder.read(m.name, [m])]
    every = [alone(value) for value in VALUES]
    every += [["--select", text] for text in OPERATORS]
    backwards = [alone(value) for value in BACKWARDS]
    beside = [alone(value) for value in BESIDE]
    for i, mutation in enumerate(read):
        recorder.compare(mutation.name, BASE, every)
        recorder.compare(BASE, mutation.name, backwards)
        for distance in NEIGHBOURS:
            other = read[(i + distance) % len(read)]
            if other is not mutation:
                recorder.compare(mutation.name, other.name, beside)
    return recorder


def record_pairs(mutations: list[Mutation]) -> Recorder:
    """Two mutations in one project, where both can be made."""
    recorder = Recorder(PAIRS, True)
    recorder.read(BASE, [])
    every = [alone(value) for value in VALUES]
    for distance in PARTNERS:
        for i, first in enumerate(mutations):
            second = mutations[(i + distance) % len(mutations)]
            variant = f"{first.name}+{second.name}"
            try:
                read = recorder.read(variant, [first, second])
            except ValueError:
                continue  # the first has changed what the second would
            if read:
                recorder.compare(variant, BASE, every)
    return recorder


def recordings() -> dict[str, Callable[[], Recorder]]:
    """What there is to record, by name."""
    mutations = read_mutations()
    groups: dict[str, list[Mutation]] = {}
    for mutation in mutations:
        groups.setdefault(f"state_{mutation.group}", []).append(mutation)
    rendered = [
        mutation
        for mutation in mutations
        if any(word in mutation.name for word in RENDERED_WORDS)
    ]
    made: dict[str, Callable[[], Recorder]] = {
        name: lambda name=name, of=of: record_group(name, of, True)  # type: ignore[misc]
        for name, of in groups.items()
    }
    made[RENDERED] = lambda: record_group(RENDERED, rendered, False)
    made[PAIRS] = lambda: record_pairs(mutations)
    return made


def main() -> None:
    """Records what is named, or everything."""
    made = recordings()
    for name in sys.argv[1:] or list(made):
        made[name]().write(CONFORMANCE)


if __name__ == "__main__":
    main()
