"""The programs that are asked the same question, each in its own way."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from bench.measuring import RunError, run

V1 = "dbt v1"
V2 = "dbt v2"
DOPPEL = "doppel"

SELECT = "state:modified+"
QUIET = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1"}


@dataclass(frozen=True)
class Program:
    """A program, and how it is asked.

    Attributes:
        name: As the report calls it.
        command: What is run for the answer.
        folder: Where.
        environment: With what added to the environment.
        is_json: Whether it prints an object a line, or unique ids.
    """

    name: str
    command: list[str]
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    is_json: bool = False

    def ids(self, output: str) -> set[str]:
        """Return the unique ids in what it printed."""
        lines = output.splitlines()
        if not self.is_json:
            return set(filter(None, lines))
        # dbt v2 prints what it does in between.
        objects = (json.loads(line) for line in lines if line[:1] == "{")
        return {each["unique_id"] for each in objects if "unique_id" in each}


@dataclass(frozen=True)
class Tools:
    """Where the programs are.

    Attributes:
        dbt: dbt v1's program.
        dbt2: dbt v2's.
        doppel: doppel's command line.
        loaded: `loaded_benchmark`.
        duckdb: DuckDB's library, which dbt v2 loads by ADBC.
    """

    dbt: Path
    dbt2: Path
    doppel: Path
    loaded: Path
    duckdb: Path

    def check(self) -> None:
        """Raise RunError for the first that is not there."""
        for path in (
            self.dbt,
            self.dbt2,
            self.doppel,
            self.loaded,
            self.duckdb,
        ):
            if not path.is_file():
                raise RunError(f"{path} is not there")

    def versions(self) -> dict[str, str]:
        """Return each program's version, as it says itself."""
        v1 = run([str(self.dbt), "--version"]).output.splitlines()
        installed = next(line for line in v1 if "installed" in line)
        return {
            V1: "dbt-core " + installed.split(":")[1].strip(),
            V2: run([str(self.dbt2), "--version"]).output.strip(),
            DOPPEL: run([str(self.doppel), "--version"]).output.strip(),
        }


def parse(tools: Tools, project: Path) -> Path:
    """Let dbt v1 read a project, and return the manifest that it writes."""
    command = [str(tools.dbt), "-q", "parse", "--profiles-dir", "."]
    run(command, project, QUIET)
    return project / "target" / "manifest.json"


def driver_folder(duckdb: Path, folder: Path) -> Path:
    """Write what tells dbt v2 where DuckDB's driver is, into a new folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "duckdb.toml").write_text(
        'manifest_version = 1\nname = "DuckDB"\n\n[Driver]\n'
        'entrypoint = "duckdb_adbc_init"\n\n[Driver.shared]\n'
        f'linux_amd64 = "{duckdb}"\nlinux_arm64 = "{duckdb}"\n'
    )
    return folder


def programs_for(
    tools: Tools, new: Path, state: Path, scratch: Path
) -> list[Program]:
    """Return the programs, ready to be asked what `new` changed from `state`.

    dbt v2 gets a copy of the project, so that what the two dbts leave in its
    target folder stays apart.
    """
    second = scratch / f"{new.name}-v2"
    if not second.exists():
        skip = shutil.ignore_patterns("target", "logs")
        shutil.copytree(new, second, ignore=skip)
    ls = ["ls", "--select", SELECT, "--state", str(state)]
    as_json = ["--output", "json", "--output-keys", "unique_id"]
    here = ["--profiles-dir", "."]
    drivers = driver_folder(tools.duckdb, scratch / "drivers")
    manifest = new / "target" / "manifest.json"
    return [
        Program(
            V1,
            [str(tools.dbt), "-q", *ls, *as_json, *here],
            new,
            QUIET,
            is_json=True,
        ),
        Program(
            V2,
            [str(tools.dbt2), *ls, *as_json, *here],
            second,
            QUIET | {"ADBC_DRIVER_PATH": str(drivers)},
            is_json=True,
        ),
        Program(
            DOPPEL,
            [str(tools.doppel), ls[0], "--manifest", str(manifest), *ls[1:]],
            scratch,
        ),
    ]
