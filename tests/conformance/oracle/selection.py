"""Records what dbt selects: every form of a selection, on several projects.

In tests/conformance, `python -m oracle.selection [PROJECT]...` has dbt 1.12
(and 1.11, 1.8 and 1.7 where a project is written for them) read each project of
selection_projects.py, as it is and as it was before, and asks `dbt ls` what
stands in selection_forms.py and selection_selectors.py. Packs and cases are
named selection_<project>. Needs `tools/setup --only oracle`. Recorded again, it
gives the same.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from oracle import ages, pack, selection_forms, selection_selectors
from oracle.selection_forms import MODES, Names
from oracle.selection_projects import ALL, Project

CONFORMANCE = Path(__file__).resolve().parent.parent
SEED = 2026
DRAWN = 250
# Of what is asked of 1.12, an older dbt is asked every so many.
OLDER_EVERY = 3
STATUSES = {
    "model": ("success", "success", "error", "skipped", "partial success"),
    "test": ("pass", "pass", "fail", "warn", "error", "skipped"),
    "unit_test": ("pass", "fail"),
    "seed": ("success", "error"),
    "snapshot": ("success", "error"),
    "saved_query": ("no-op",),
    "exposure": ("no-op",),
    "function": ("success",),
}


# What came after dbt 1.8, and is nothing to it or to an older one.
LATER_STATUSES = ("partial success", "no-op")


@dataclass
class Question:
    """What dbt is asked, and with what beside the project."""

    current: str  # the manifest's variant
    args: list[str]
    state: str = ""  # the state's variant
    # Path in the state's folder, or in the target's -> text.
    artifacts: dict[str, str] = field(default_factory=dict)
    selectors: str | None = None  # the text of selectors.yml, if not its own


class Recorder:
    """The manifests and cases of one project."""

    def __init__(self, project: Project, folder: Path) -> None:
        """`folder` is for what is thrown away."""
        self.name = f"selection_{project.name}"
        self.manifests: dict[str, bytes] = {}
        self.files: dict[str, list[str]] = {}
        self.cases: list[dict[str, object]] = []
        self._project = project
        self._folder = folder

    def record(self) -> None:
        """Has every dbt read the project, and asks it."""
        for version in self._project.versions:
            suffix = "" if version == "1.12" else f"-{version}"
            now, before = f"now{suffix}", f"before{suffix}"
            self._read(now, version)
            self._read(before, version, aged=True)
            questions = list(self._questions(now, before))
            if suffix:
                questions = questions[::OLDER_EVERY]
            if version == "1.7":
                questions = [q for q in questions if _is_known_to_1_7(q.args)]
            questions = questions[:: self._project.every]
            for word in self._project.besides:
                questions.append(Question(now, ["--select", word]))
            if self._project.every == 1:
                questions += self._selector_questions(now, before, version)
            self._ask(version, questions)

    def _read(
        self,
        variant: str,
        version: str,
        *,
        aged: bool = False,
        selectors: str | None = None,
    ) -> None:
        with tempfile.TemporaryDirectory(dir=self._folder) as scratch:
            folder = Path(scratch) / "project"
            self._project.lay(folder, version)
            if aged:
                self._project.age(folder)
            if selectors is not None:
                (folder / "selectors.yml").write_text(
                    selectors, encoding="utf-8"
                )
            key = f"{self.name}/{variant}"
            self.files[key] = sorted(
                str(path.relative_to(folder))
                for path in folder.rglob("*")
                if path.is_file() and path.name != "profiles.yml"
            )
            self.manifests[key] = ages.manifest_of(folder, version, "")

    def _manifest(self, variant: str) -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads(
            self.manifests[f"{self.name}/{variant}"]
        )
        return manifest

    def _names(self, variant: str) -> Names:
        manifest = self._manifest(variant)
        return Names(manifest, list(manifest["selectors"]))

    def _questions(self, now: str, before: str) -> Iterator[Question]:
        draw = random.Random(SEED)
        names = self._names(now)
        for args in selection_forms.plain_calls(names, draw, 2):
            yield Question(now, args)
        for _ in range(DRAWN):
            yield Question(now, selection_forms.drawn_call(names, draw))
        for args in selection_forms.state_calls(names, draw):
            yield Question(now, args, before)
        for args in list(selection_forms.state_calls(names, draw))[::5]:
            yield Question(before, args, now)
        artifacts = _artifacts(self._manifest(now), draw)
        for args in selection_forms.artifact_calls(names, draw):
            yield Question(now, args, before, artifacts)
        for missing in artifacts:
            left = {k: v for k, v in artifacts.items() if k != missing}
            for word in ("result:success", "source_status:fresher", "*"):
                yield Question(now, ["--select", word], before, left)

    def _selector_questions(
        self, now: str, before: str, version: str
    ) -> list[Question]:
        draw = random.Random(SEED)
        names = self._names(now)
        asked = []
        for name, template in selection_selectors.SETS.items():
            if name.endswith("_1.12") and version != "1.12":
                continue
            text = names.fill(template, draw)
            variant = f"{now}/selectors_{name}"
            self._read(variant, version, selectors=text)
            state = before if "state" in text else ""
            for args in _calls_of(self._manifest(variant)["selectors"]):
                asked.append(Question(variant, args, state, selectors=text))
        if version != "1.12":
            return asked[::2]
        if not self._project.wrong_selectors:
            return asked
        for wrong in selection_selectors.WRONG:
            text = selection_selectors.text_of(wrong)
            variant = f"{now}/wrong_{wrong.name}"
            try:
                self._read(variant, version, selectors=text)
            except RuntimeError:
                self._pretend(variant, now, text)
            args = wrong.args
            state = before if "state" in text else ""
            asked.append(Question(variant, args, state, selectors=text))
        return asked

    def _pretend(self, variant: str, now: str, text: str) -> None:
        """The manifest with those selectors as they are written."""
        selectors = yaml.safe_load(text)["selectors"]
        written = {selector["name"]: selector for selector in selectors}
        manifest = self._manifest(now) | {"selectors": written}
        key = f"{self.name}/{variant}"
        self.manifests[key] = json.dumps(manifest).encode()
        self.files[key] = self.files[f"{self.name}/{now}"]

    def _state_folder(self, question: Question) -> str | None:
        artifacts = {
            name.removeprefix("state/"): text
            for name, text in question.artifacts.items()
            if name.startswith("state/")
        }
        if not question.state:
            return None
        name = "_".join([question.state, *sorted(artifacts)])
        folder = self._folder / "states" / name
        if not folder.exists():
            folder.mkdir(parents=True)
            text = self.manifests[f"{self.name}/{question.state}"]
            (folder / "manifest.json").write_bytes(text)
            for file, content in artifacts.items():
                (folder / file).write_text(content, encoding="utf-8")
        return str(folder)

    def _ask(self, version: str, questions: list[Question]) -> None:
        by_reading: dict[str, list[Question]] = {}
        for question in questions:
            reading = question.current.split("/")[0]
            by_reading.setdefault(reading, []).append(question)
        for reading, of in by_reading.items():
            answers = self._answers(version, reading, of)
            for question, answer in zip(of, answers, strict=True):
                self._keep(version, question, answer)
        print(
            f"{self.name} {version}: {len(self.cases)} cases so far",
            file=sys.stderr,
        )

    def _answers(
        self, version: str, reading: str, questions: list[Question]
    ) -> list[dict[str, Any]]:
        with tempfile.TemporaryDirectory(dir=self._folder) as scratch:
            folder = Path(scratch) / "project"
            self._project.lay(folder, version)
            if reading.startswith("before"):
                self._project.age(folder)
            own = folder / "selectors.yml"
            own_text = own.read_text("utf-8") if own.is_file() else None
            # dbt remembers deprecations, and then --warn-error is about them.
            order = sorted(
                range(len(questions)),
                key=lambda i: "--warn-error" not in questions[i].args,
            )
            asked = [
                {
                    "state": self._state_folder(question),
                    "args": question.args,
                    "files": {
                        "target/sources.json": question.artifacts.get(
                            "target/sources.json"
                        ),
                        "selectors.yml": own_text
                        if question.selectors is None
                        else question.selectors,
                    },
                }
                for question in (questions[i] for i in order)
            ]
            done = subprocess.run(
                [
                    str(ages.python_of(version, "")),
                    str(Path(__file__).with_name("ages_asking.py")),
                ],
                input=json.dumps(
                    {"project": str(folder), "target": "", "questions": asked}
                ),
                env=ages.environment(),
                cwd=scratch,
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
        answers = dict(zip(order, done.stdout.splitlines(), strict=True))
        return [json.loads(answers[i]) for i in range(len(questions))]

    def _keep(
        self, version: str, question: Question, answer: dict[str, Any]
    ) -> None:
        case: dict[str, Any] = {
            "case_id": f"{self.name}/{question.current}/{len(self.cases):04}",
            "project": self.name,
            "pair": f"{question.state or None}..{question.current}",
            "current_manifest": f"{self.name}/{question.current}",
            "base_manifest": f"{self.name}/{question.state}"
            if question.state
            else None,
            "args": question.args,
            **answer,
        }
        if question.artifacts:
            case["artifacts"] = question.artifacts
        if version != "1.12":
            reading = question.current.split("/")[0]
            case["dbt_version"] = ages.dbt_version(
                self.manifests[f"{self.name}/{reading}"]
            )
        self.cases.append(case)

    def write(self, folder: Path) -> None:
        """Writes the pack, its files and its cases."""
        pack.write(folder, self.name, self.manifests)
        pack.write_files(folder, self.name, self.files)
        pack.write_cases(folder, self.name, self.cases)


def _is_known_to_1_7(args: list[str]) -> bool:
    """Whether dbt 1.7 has these flags behind `ls`."""
    return not {"--exclude-resource-type", "--warn-error"} & set(args)


def _calls_of(selectors: dict[str, Any]) -> Iterator[list[str]]:
    """What is asked of a selectors.yml: each by itself, and in company."""
    yield []
    yield ["--resource-type", "model"]
    yield ["--select", "*", "--exclude", "test_type:generic"]
    yield ["--selector", "nobody"]
    for name in selectors:
        yield ["--selector", name]
        for mode in MODES[1:]:
            yield ["--selector", name, "--indirect-selection", mode]
        yield ["--select", f"selector:{name}"]
        yield ["--select", f"1+selector:{name}", "--exclude", "test_type:data"]


def _artifacts(manifest: dict[str, Any], draw: random.Random) -> dict[str, str]:
    """A run's results and two readings of the sources' freshness."""
    metadata = {
        "dbt_schema_version": "",
        "dbt_version": manifest["metadata"]["dbt_version"],
        "generated_at": "2026-01-01T00:00:00.000000Z",
        "invocation_id": "00000000-0000-0000-0000-000000000000",
        "env": {},
    }
    version = ages.number(".".join(metadata["dbt_version"].split(".")[:2]))
    schemas = "https://schemas.getdbt.com/dbt"
    run_schema = f"{schemas}/run-results/v{5 if version < (1, 8) else 6}.json"
    run = [
        {
            "unique_id": node["unique_id"],
            "status": draw.choice(STATUSES[node["resource_type"]]),
            "timing": [],
            "thread_id": "Thread-1",
            "execution_time": 1.0,
            "adapter_response": {},
            "message": None,
            "failures": None,
            "compiled": None,
            "compiled_code": None,
            "relation_name": None,
        }
        for part in ("nodes", "unit_tests", "saved_queries", "exposures")
        for node in manifest.get(part, {}).values()
        if node["resource_type"] in STATUSES
    ]
    if version <= (1, 8):
        run = [one for one in run if one["status"] not in LATER_STATUSES]
    readings = []
    for _ in range(2):
        results = [
            _freshness(unique_id, draw)
            for unique_id in sorted(manifest["sources"])
            if draw.random() < 0.85
        ]
        readings.append(
            {
                "metadata": metadata
                | {"dbt_schema_version": f"{schemas}/sources/v3.json"},
                "results": results,
                "elapsed_time": 1.0,
            }
        )
    return {
        "state/run_results.json": json.dumps(
            {
                "metadata": metadata | {"dbt_schema_version": run_schema},
                "results": run,
                "elapsed_time": 1.0,
                "args": {},
            }
        ),
        "state/sources.json": json.dumps(readings[0]),
        "target/sources.json": json.dumps(readings[1]),
    }


def _freshness(unique_id: str, draw: random.Random) -> dict[str, Any]:
    if draw.random() < 0.15:
        return {
            "unique_id": unique_id,
            "error": "no such table",
            "status": "runtime error",
        }
    day = draw.randint(1, 3)
    return {
        "unique_id": unique_id,
        "max_loaded_at": f"2026-01-0{day}T00:00:00+00:00",
        "snapshotted_at": "2026-01-04T00:00:00+00:00",
        "max_loaded_at_time_ago_in_s": 1.0,
        "status": draw.choice(("pass", "warn", "error")),
        "criteria": {
            "warn_after": {"count": 1, "period": "day"},
            "error_after": {"count": None, "period": None},
            "filter": None,
        },
        "adapter_response": {},
        "timing": [],
        "thread_id": "Thread-1",
        "execution_time": 1.0,
    }


def record(project: Project, to: Path) -> None:
    """Records one project into a folder."""
    with tempfile.TemporaryDirectory() as scratch:
        recorder = Recorder(project, Path(scratch))
        recorder.record()
        recorder.write(to)


def main() -> None:
    """Records what is named, or everything."""
    by_name = {project.name: project for project in ALL}
    for name in sys.argv[1:] or list(by_name):
        record(by_name[name], CONFORMANCE)


if __name__ == "__main__":
    main()
