"""What a resolution promises is what real dbt compiles from the spliced state.

Needs dbt-core with dbt-duckdb in this Python's environment, and the program
//tests/conformance:deferral_probe, which DOPPEL_DEFERRAL_PROBE names (default:
where Bazel leaves it).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.adapters.factory import reset_adapters
from dbt.cli.main import dbtRunner, dbtRunnerResult

REPOSITORY = Path(__file__).resolve().parents[2]
PROBE = Path(
    os.environ.get(
        "DOPPEL_DEFERRAL_PROBE",
        REPOSITORY / "bazel-bin/tests/conformance/deferral_probe",
    )
)
# Unique id of a node -> the relations that it reads.
Relations = dict[str, set[str]]
TARGETS = ("prod", "staging", "ci")
RELATION = re.compile(r'"velohire"\."\w+"\."\w+"')


@dataclass(frozen=True)
class Source:
    """A manifest, at a schema version, and what it may serve (None: all)."""

    name: str
    serves: tuple[str, ...] | None = None
    version: int = 12


@dataclass(frozen=True)
class Scenario:
    """What is deferred to what, on what target."""

    name: str
    sources: tuple[Source, ...]
    select: tuple[str, ...]
    existing: tuple[str, ...] = ()
    favor_state: bool = False
    # A schema that the promise must name, so that no scenario tests nothing.
    reads: tuple[str, ...] = field(default=("prod_prep",))


STAGED = ("model.velohire.stg_rides", "model.velohire.stg_payments")
SELECT = (
    "model.velohire.fct_rides",
    "model.velohire.fct_payments",
    "model.velohire.revenue_daily",
    "model.velohire.dim_bikes",
    "snapshot.velohire.bike_history",
)
SCENARIOS = (
    Scenario("one_source", (Source("prod"),), SELECT),
    Scenario(
        "staging_for_two_prod_for_the_rest",
        (Source("staging", STAGED), Source("prod")),
        SELECT,
        reads=("staging_prep", "prod_prep"),
    ),
    Scenario(
        "the_other_order",
        (Source("prod", STAGED), Source("staging")),
        SELECT,
        reads=("staging_prep", "prod_prep"),
    ),
    Scenario(
        "nobody_serves_the_rest",
        (Source("staging", STAGED),),
        SELECT,
        reads=("staging_prep", "ci"),
    ),
    Scenario(
        "some_exist",
        (Source("staging", STAGED), Source("prod")),
        SELECT,
        existing=("ci_prep.stg_rides", "ci.dim_stations"),
        reads=("ci_prep", "staging_prep", "prod"),
    ),
    Scenario(
        "some_exist_and_the_state_is_favoured",
        (Source("staging", STAGED), Source("prod")),
        SELECT,
        existing=("ci_prep.stg_rides", "ci.fct_rides", "ci_prep.stg_payments"),
        favor_state=True,
        reads=("staging_prep", "prod_prep", "ci"),
    ),
    Scenario(
        "an_older_source_under_a_new_head",
        (Source("staging", STAGED), Source("prod", version=6)),
        SELECT,
        reads=("staging_prep", "prod_prep"),
    ),
    Scenario(
        "a_newer_source_under_an_older_head",
        (Source("staging", STAGED, version=6), Source("prod")),
        SELECT,
        reads=("staging_prep", "prod_prep"),
    ),
    Scenario(
        "a_state_that_dbt_would_refuse",
        (Source("staging", STAGED, version=2), Source("prod", version=3)),
        SELECT,
        reads=("staging_prep", "prod_prep"),
    ),
)


class Project:
    """A copy of the test project, parsed once for each target."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # A new one for each scenario, since dbt keeps databases open.
        self.database = folder / "none" / "velohire.duckdb"
        self.databases = 0
        shutil.copytree(REPOSITORY / "tests/data/velohire", folder / "project")

    def dbt(self, *arguments: str) -> dbtRunnerResult:
        """Runs dbt, in this process.

        Raises:
            AssertionError: with dbt's own words, if dbt fails.
        """
        self.database.parent.mkdir(exist_ok=True)
        os.environ["DOPPEL_DEMO_DB"] = str(self.database)
        os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
        folder = str(self.folder / "project")
        reset_adapters()
        result = dbtRunner().invoke(
            [
                "--quiet",
                *arguments,
                "--project-dir",
                folder,
                "--profiles-dir",
                folder,
            ]
        )
        DuckDBConnectionManager.close_all_connections()
        assert result.success, result.exception or result.result
        return result

    def target_path(self, name: str) -> str:
        """Where dbt is to write."""
        return str(self.folder / name)

    def parse(self, target: str) -> None:
        """Writes the manifest of a target."""
        self.dbt(
            "parse",
            "--target",
            target,
            "--target-path",
            self.target_path(target),
        )

    def manifest(self, source: Source) -> Path:
        """The source's manifest at its schema version."""
        path = self.folder / source.name / "manifest.json"
        if source.version == 12:
            return path
        aged = self.folder / f"{source.name}_v{source.version}.json"
        manifest = as_of_version(json.loads(path.read_text()), source.version)
        aged.write_text(json.dumps(manifest))
        return aged

    def only_these_exist(self, relations: tuple[str, ...]) -> None:
        """Begins a warehouse that has these alone, "schema.identifier"."""
        self.databases += 1
        self.database = self.folder / str(self.databases) / "velohire.duckdb"
        self.database.parent.mkdir()
        with duckdb.connect(str(self.database)) as connection:
            for relation in relations:
                schema = relation.split(".")[0]
                connection.execute(f"create schema if not exists {schema}")
                connection.execute(
                    f"create table {relation} as select 1 as one"
                )


def as_of_version(manifest: dict[str, Any], version: int) -> dict[str, Any]:
    """The manifest as a dbt of that schema version would have written it."""
    manifest["metadata"]["dbt_schema_version"] = (
        f"https://schemas.getdbt.com/dbt/manifest/v{version}.json"
    )
    for node in manifest["nodes"].values():
        node["raw_sql"] = node.pop("raw_code", "")
        node["compiled_sql"] = node.pop("compiled_code", None)
        node["root_path"] = "/somewhere"
        node["refs"] = [[ref["name"]] for ref in node.get("refs", [])]
    for section in ("groups", "group_map", "unit_tests", "functions"):
        manifest.pop(section, None)
    for section in ("semantic_models", "saved_queries"):
        manifest.pop(section, None)
    manifest["metrics"] = {}
    return manifest


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project, parsed for every target."""
    made = Project(tmp_path_factory.mktemp("velohire"))
    for target in TARGETS:
        made.parse(target)
    return made


def promise(project: Project, scenario: Scenario, state: Path) -> Relations:
    """The relations that doppel says each node will read; writes the state."""
    sources = []
    for source in scenario.sources:
        serves = "" if source.serves is None else "=" + ",".join(source.serves)
        sources.append(f"{project.manifest(source)}{serves}")
    state.mkdir()
    done = subprocess.run(
        [
            PROBE,
            project.folder / "ci/manifest.json",
            ",".join(scenario.select),
            ",".join(scenario.existing),
            "1" if scenario.favor_state else "0",
            state / "manifest.json",
            *sources,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    promised: Relations = defaultdict(set)
    for line in done.stdout.splitlines():
        node, _, relation = line.split(" ", 2)
        promised[node].add(relation)
    return promised


def compiled(project: Project, scenario: Scenario, state: Path) -> Relations:
    """The relations in the code that dbt compiles with that state."""
    names = [node.split(".")[2] for node in scenario.select]
    favor = ["--favor-state"] if scenario.favor_state else []
    project.dbt(
        "compile",
        "--target",
        "ci",
        "--target-path",
        project.target_path("compiled"),
        "--defer",
        "--state",
        str(state),
        *favor,
        "--select",
        *names,
    )
    written = project.folder / "compiled/manifest.json"
    nodes = json.loads(written.read_text())["nodes"]
    # `this` of an incremental model that exists is no ref.
    return {
        node: set(RELATION.findall(nodes[node]["compiled_code"]))
        - {nodes[node]["relation_name"]}
        for node in scenario.select
    }


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.name)
def test_dbt_compiles_what_the_resolution_promised(
    project: Project, scenario: Scenario, tmp_path: Path
) -> None:
    project.only_these_exist(scenario.existing)
    state = tmp_path / "state"
    promised = promise(project, scenario, state)
    assert compiled(project, scenario, state) == promised
    schemas = {
        name.split('"')[3] for names in promised.values() for name in names
    }
    assert schemas >= set(scenario.reads)
