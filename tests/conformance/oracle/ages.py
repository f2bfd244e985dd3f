"""Records the project `ages`: every dbt's manifests, and what dbt answers.

In tests/conformance, `python -m oracle.ages manifests` has each dbt from 0.19
to v2, and dbt 1.12 with each adapter, read `projects/ages`, and keeps the
manifests; `python -m oracle.ages cases` has dbt 1.12, 1.11, 1.8 and 1.7 list
that project with each of these as the state. Needs `tools/setup --only ages`,
and PostgreSQL for what dbt 0.x compiles. Recorded again, both give the same.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oracle import environments, pack

CONFORMANCE = Path(__file__).resolve().parent.parent
PROJECT = CONFORMANCE / "projects" / "ages"
NAME = "ages"
# Other projects that dbt v2 reads as well.
OTHERS = {
    "everything": CONFORMANCE / "projects" / "everything",
    "velohire": CONFORMANCE.parent / "data" / "velohire",
}
# The databases that their profiles ask for.
DATABASES = {
    "EVERYTHING_DB": "everything.duckdb",
    "DOPPEL_DEMO_DB": "velohire.duckdb",
}

V1 = (
    "0.19", "0.20", "0.21", "1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6",
    "1.7", "1.8", "1.9", "1.10", "1.11", "1.12",
)  # fmt: skip
V2 = "2.0"
ASKED = ("1.12", "1.11", "1.8", "1.7")
ADAPTERS = (
    "athena", "bigquery", "clickhouse", "databricks", "fabric", "postgres",
    "redshift", "snowflake", "spark", "sqlserver", "trino",
)  # fmt: skip
# Adapters that do not take functions: they read the project as of that version.
WITHOUT_FUNCTIONS = ("clickhouse",)

QUESTIONS = (
    ["--select", "state:modified"],
    ["--select", "state:modified+"],
    ["--select", "state:modified.body"],
    ["--select", "state:modified.configs"],
    ["--select", "state:modified.persisted_descriptions"],
    ["--select", "state:modified.relation"],
    ["--select", "state:modified.macros"],
    ["--select", "state:modified.contract"],
    ["--select", "state:new"],
    ["--select", "state:old"],
    ["--select", "state:unmodified"],
    [
        "--select",
        "+state:modified,resource_type:model",
        "--exclude",
        "state:new",
    ],
)
FEWER_QUESTIONS = tuple(QUESTIONS[i] for i in (0, 2, 3, 5, 6, 8, 10))


@dataclass(frozen=True)
class Edit:
    """A text that stands once in a file, and what it becomes."""

    path: str
    before: str
    after: str


MORE_OFF = Edit(
    "dbt_project.yml",
    "profile: ages\n",
    "profile: ages\n\nflags:\n"
    "  state_modified_compare_more_unrendered_values: false\n",
)
CHANGES: dict[str, list[Edit]] = {
    "body": [
        Edit("models/marts/person_ages.sql", "  name,\n", "  name as name,\n")
    ],
    "macro": [Edit("macros/ages.sql", "least(", "LEAST(")],
    "project": [
        Edit("dbt_project.yml", "+materialized: table", "+materialized: view"),
        Edit("dbt_project.yml", '+tags: ["people"]', '+tags: ["folk"]'),
        Edit(
            "dbt_project.yml", "+quote_columns: false", "+quote_columns: true"
        ),
    ],
    "seed": [Edit("seeds/people.csv", "3,Annie,1941\n", "3,Annie,1942\n")],
    "yaml": [
        Edit("models/schema.yml", "What people have.", "All that people have."),
        Edit(
            "models/schema.yml", "identifier: Visits 2026", "identifier: Visits"
        ),
        Edit("models/schema.yml", "type: dashboard", "type: notebook"),
        Edit("models/schema.yml", "most: 120", "most: 121"),
    ],
    "inline": [
        Edit("models/marts/visit_counts.sql", "'incremental'", "'table'"),
        Edit("models/marts/club.sql", "alias='The Club'", "alias='A Club'"),
    ],
    "flag_off": [MORE_OFF],
    "flag_off_inline": [
        MORE_OFF,
        Edit("models/marts/visit_counts.sql", "'incremental'", "'table'"),
        Edit("dbt_project.yml", "+schema: marts", "+schema: mart"),
    ],
}
# dbt 1.12 cannot read what v2 writes of a constraint of a whole model.
UNCONSTRAINED = [
    Edit(
        "models/governed/governed.yml",
        '    constraints:\n      - type: check\n        expression: "id > 0"\n',
        "",
    )
]


def number(version: str) -> tuple[int, ...]:
    """A version as what can be compared."""
    return tuple(int(part) for part in version.split("."))


def lay(
    folder: Path, version: str, *, full: bool, edits: Iterable[Edit] = ()
) -> None:
    """Writes the project as that dbt reads it; `full`: all that it knows.

    Raises:
        ValueError: A text to be edited does not stand once in its file.
    """
    shutil.copytree(PROJECT / "plain", folder)
    for part in sorted(
        PROJECT.iterdir(), key=lambda part: number_of(part.name)
    ):
        match = re.fullmatch(
            r"(?:since-([\d.]+))?-?(?:until-([\d.]+))?", part.name
        )
        if not match or not part.is_dir():
            continue
        since, until = match.groups()
        if until and number(until) < number(version):
            continue
        if since and number(since) > number(version):
            continue
        if since and not full and part.name != f"since-{V2}":
            continue
        shutil.copytree(part, folder, dirs_exist_ok=True)
    if not full:
        shutil.rmtree(folder / "models" / "governed", ignore_errors=True)
    profiles = (PROJECT / "profiles" / "profiles.yml").read_text(
        encoding="utf-8"
    )
    if number(version) < (1, 0):  # they do not know the environment variable
        profiles += "config:\n  send_anonymous_usage_stats: false\n"
    (folder / "profiles.yml").write_text(profiles, encoding="utf-8")
    for edit in edits:
        path = folder / edit.path
        text = path.read_text(encoding="utf-8")
        if text.count(edit.before) != 1:
            raise ValueError(
                f"{edit.path}: '{edit.before}' stands there not once"
            )
        path.write_text(text.replace(edit.before, edit.after), encoding="utf-8")


def write_generated_files(folder: Path) -> None:
    """Writes what a project's generated_files.json describes."""
    described = folder / "generated_files.json"
    if not described.is_file():
        return
    for path, file in json.loads(described.read_text(encoding="utf-8")).items():
        lines = [file["header"]]
        lines += [file["line"].format(n=n) for n in range(file["lines"])]
        (folder / path).write_text("\n".join(lines) + "\n", encoding="utf-8")


def number_of(name: str) -> tuple[int, ...]:
    """The version that a folder's name begins with, for laying in order."""
    found = re.match(r"since-([\d.]+)", name)
    return number(found[1].rstrip(".")) if found else (0,)


def adapter_of(version: str) -> str:
    """What dbt of that version reads the project with."""
    return "postgres" if number(version) < (1, 0) else "duckdb"


def python_of(version: str, target: str = "duckdb") -> Path:
    """The Python of that dbt; FileNotFoundError where it is not there."""
    if version == "1.12" and target in ("", "duckdb"):
        return environments.python_of(version)
    name = "adapters" if version == "1.12" else version
    python = environments.cache() / f"dbt-{name}" / "bin" / "python"
    if not python.is_file():
        raise FileNotFoundError(
            f"dbt {name} is not there: run tools/setup --only ages"
        )
    return python


def manifest_of(
    folder: Path, version: str, target: str, command: str = "parse"
) -> bytes:
    """The manifest that dbt writes of the project in that folder.

    Raises:
        RuntimeError: dbt does not take the project; the text is dbt's.
    """
    programs = python_of(version, target).parent
    program = programs / "dbt"
    if version == V2:
        program = programs / "dbt-core-experimental-parser"
    arguments = [command]
    if target:
        arguments += ["--target", target]
    arguments += ["--project-dir", str(folder), "--profiles-dir", str(folder)]
    if command == "parse" and number(version) < (1, 5):
        arguments.append("--write-manifest")
    done = subprocess.run(
        [str(program), *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    written = folder / "target" / "manifest.json"
    # v2 calls it an error, and goes on, where it does not know a key.
    failed = done.returncode != 0 and version != V2
    if failed or not written.is_file():
        raise RuntimeError(
            f"dbt {version} {command}: {done.stdout}{done.stderr}"
        )
    text = pack.stable(written.read_bytes())
    if str(folder).encode() in text:
        raise RuntimeError(
            f"dbt {version} {command}: the folder is in the manifest"
        )
    return text


@dataclass(frozen=True)
class Variant:
    """One manifest: who reads what."""

    key: str
    version: str
    target: str
    full: bool
    change: str = ""
    command: str = "parse"
    reads_as: str = ""  # the project as of that version, where not its own
    other: str = ""  # one of OTHERS instead of this project

    def lay(self, folder: Path) -> None:
        """Writes the project that is read."""
        if self.other:
            shutil.copytree(OTHERS[self.other], folder)
            write_generated_files(folder)
            return
        lay(
            folder,
            self.reads_as or self.version,
            full=self.full,
            edits=UNCONSTRAINED
            if self.change == "unconstrained"
            else CHANGES.get(self.change, ()),
        )


def variants() -> list[Variant]:
    """All manifests that are recorded."""
    found = []
    for version in (*V1, V2):
        target = adapter_of(version)
        found.append(Variant(f"plain-{version}", version, target, full=False))
        found.append(Variant(f"full-{version}", version, target, full=True))
        if version != V2:
            found.append(
                Variant(
                    f"compiled-{version}",
                    version,
                    target,
                    True,
                    command="compile",
                )
            )
    for change in CHANGES:
        for version in ASKED:
            found.append(
                Variant(f"{change}-{version}", version, "duckdb", False, change)
            )
    for version in ("1.12", V2):
        found.append(
            Variant(
                f"unconstrained-{version}",
                version,
                "duckdb",
                True,
                "unconstrained",
            )
        )
    # The same project, as dbt v2 wants it spelled.
    for name, full in (("spelled", False), ("spelled_full", True)):
        found.append(
            Variant(f"{name}-1.12", "1.12", "duckdb", full, reads_as=V2)
        )
    for other in OTHERS:
        for version in ("1.12", V2):
            found.append(
                Variant(f"{other}-{version}", version, "", True, other=other)
            )
    for adapter in ADAPTERS:
        reads_as = "1.10" if adapter in WITHOUT_FUNCTIONS else "1.12"
        found.append(
            Variant(f"on_{adapter}", "1.12", adapter, True, reads_as=reads_as)
        )
    return found


def environment() -> dict[str, str]:
    """What dbt runs in: with one order of sets, so that it writes the same."""
    return {
        **os.environ,
        **DATABASES,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "PYTHONHASHSEED": "0",
    }


def start_postgres() -> str:
    """Starts a server that ends with this process; its host."""
    script = CONFORMANCE.parent / "support" / "start_postgres"
    return subprocess.run(
        [str(script), str(os.getpid())],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


def record_manifests(folder: Path, only: str) -> None:
    """Writes manifests/ages.zst; `only`: those anew whose key contains this."""
    os.environ["AGES_POSTGRES"] = start_postgres()
    manifests = pack.read(folder, NAME) if only else {}
    files = pack.read_files(folder, NAME) if only else {}
    for variant in variants():
        if only not in variant.key:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            project = Path(scratch) / "ages"
            variant.lay(project)
            key = f"{NAME}/{variant.key}"
            files[key] = sorted(
                str(path.relative_to(project))
                for path in project.rglob("*")
                if path.is_file() and path.name != "profiles.yml"
            )
            manifests[key] = manifest_of(
                project, variant.version, variant.target, variant.command
            )
            print(f"{key}: {len(manifests[key])} bytes", file=sys.stderr)
    pack.write(folder, NAME, manifests)
    pack.write_files(folder, NAME, files)


@dataclass(frozen=True)
class Pair:
    """A current manifest, a state, and what is asked of them."""

    current: str
    state: str
    questions: tuple[list[str], ...]
    as_v4: bool = False  # dbt is told that the state is of schema version v4


def pairs() -> list[Pair]:
    """All that is compared, by the currents' own dbt."""
    every = (*V1, V2)
    found = []
    for current in ("plain", *CHANGES):
        for state in every:
            found.append(Pair(f"{current}-1.12", f"plain-{state}", QUESTIONS))
    for state in every:
        found.append(Pair("full-1.12", f"full-{state}", QUESTIONS))
        if state != V2:
            found.append(
                Pair("full-1.12", f"compiled-{state}", FEWER_QUESTIONS)
            )
    for state in ("plain-2.0", "plain-1.12"):
        found.append(Pair("spelled-1.12", state, QUESTIONS))
    for state in ("full-2.0", "full-1.12"):
        found.append(Pair("spelled_full-1.12", state, QUESTIONS))
    for current in ("unconstrained-1.12", "spelled_full-1.12", "full-1.12"):
        found.append(Pair(current, "unconstrained-2.0", QUESTIONS))
    for adapter in ADAPTERS:
        found.append(Pair("full-1.12", f"on_{adapter}", FEWER_QUESTIONS))
        for state in ("full-1.12", "full-1.7"):
            found.append(Pair(f"on_{adapter}", state, FEWER_QUESTIONS))
    # dbt refuses v1 to v3, and would read them as it reads v4.
    for state in ("0.19", "0.20", "0.21"):
        for current in ("plain", *CHANGES):
            found.append(
                Pair(f"{current}-1.12", f"plain-{state}", QUESTIONS, as_v4=True)
            )
        found.append(
            Pair("full-1.12", f"compiled-{state}", QUESTIONS, as_v4=True)
        )
    # Over what v2 writes of `everything` dbt 1.12 breaks down, either way.
    found.append(Pair("velohire-1.12", f"velohire-{V2}", QUESTIONS))
    found.append(Pair(f"velohire-{V2}", "velohire-1.12", QUESTIONS))
    for state in ("1.4", "1.7", "1.8", "1.11", "1.12", V2):
        found.append(Pair(f"plain-{V2}", f"plain-{state}", QUESTIONS))
    found.append(Pair(f"unconstrained-{V2}", "unconstrained-1.12", QUESTIONS))
    for version in ASKED[1:]:
        for state in every:
            for current in ("plain", "yaml", "inline", "project"):
                found.append(
                    Pair(
                        f"{current}-{version}",
                        f"plain-{state}",
                        FEWER_QUESTIONS,
                    )
                )
            found.append(
                Pair(f"full-{version}", f"full-{state}", FEWER_QUESTIONS)
            )
    return found


def asked(
    variant: Variant, of: list[Pair], manifests: dict[str, bytes]
) -> list[dict[str, Any]]:
    """The cases of one current manifest."""
    questions, cases = [], []
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "ages"
        variant.lay(project)
        for pair in of:
            name = pair.state + ("_as_v4" if pair.as_v4 else "")
            state = Path(scratch) / "states" / name
            if not state.exists():
                text = manifests[f"{NAME}/{pair.state}"]
                state.mkdir(parents=True)
                (state / "manifest.json").write_bytes(
                    as_v4(text) if pair.as_v4 else text
                )
            for index, args in enumerate(pair.questions):
                questions.append({"state": str(state), "args": args})
                case: dict[str, Any] = {
                    "case_id": f"{NAME}/{pair.current}/{name}/{index:03}",
                    "project": NAME,
                    "pair": f"{pair.current}/{name}",
                    "current_manifest": f"{NAME}/{pair.current}",
                    "base_manifest": f"{NAME}/{pair.state}",
                    "args": args,
                }
                if variant.version not in ("1.12", V2):
                    case["dbt_version"] = dbt_version(
                        manifests[f"{NAME}/{pair.current}"]
                    )
                if variant.change.startswith("flag_off"):
                    case["flags"] = {
                        "state_modified_compare_more_unrendered_values": False
                    }
                cases.append(case)
        asks: dict[str, Any] = {
            "project": str(project),
            "target": variant.target,
            "questions": questions,
        }
        if variant.version == V2:  # dbt 1.12 is asked, of what v2 read
            current = Path(scratch) / "current.json"
            current.write_bytes(manifests[f"{NAME}/{variant.key}"])
            asks["manifest"] = str(current)
        asked_version = "1.12" if variant.version == V2 else variant.version
        done = subprocess.run(
            [
                str(python_of(asked_version, variant.target)),
                str(Path(__file__).with_name("ages_asking.py")),
            ],
            input=json.dumps(asks),
            env=environment(),
            cwd=scratch,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return [
        {**case, **answer} for case, answer in zip(cases, answers, strict=True)
    ]


def as_v4(text: bytes) -> bytes:
    """A manifest of v1 to v3 in the form of v4, where `disabled` is a map."""
    manifest = json.loads(text)
    manifest["metadata"]["dbt_schema_version"] = (
        "https://schemas.getdbt.com/dbt/manifest/v4.json"
    )
    disabled: dict[str, list[Any]] = {}
    for node in manifest["disabled"]:
        disabled.setdefault(node["unique_id"], []).append(node)
    manifest["disabled"] = disabled
    manifest.setdefault("metrics", {})
    return json.dumps(manifest).encode()


def dbt_version(manifest: bytes) -> str:
    """The dbt that wrote a manifest."""
    return str(json.loads(manifest)["metadata"]["dbt_version"])


def record_cases(folder: Path, only: str) -> None:
    """Writes cases/ages.jsonl.gz; `only`: the currents that contain this."""
    manifests = pack.read(folder, NAME)
    by_key = {variant.key: variant for variant in variants()}
    currents: dict[str, list[Pair]] = {}
    for pair in pairs():
        if only in pair.current:
            currents.setdefault(pair.current, []).append(pair)
    cases = []
    for current, of in currents.items():
        cases += asked(by_key[current], of, manifests)
        print(f"{current}: {len(cases)} cases so far", file=sys.stderr)
    pack.write_cases(folder, NAME, cases)


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["manifests", "cases"])
    parser.add_argument(
        "--to",
        type=Path,
        default=CONFORMANCE,
        help="the folder that is written",
    )
    parser.add_argument(
        "--only", default="", help="only those whose name contains this"
    )
    options = parser.parse_args()
    if options.what == "manifests":
        record_manifests(options.to, options.only)
    else:
        record_cases(options.to, options.only)


if __name__ == "__main__":
    main()
