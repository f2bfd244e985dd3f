"""Clones a project by doppel, by two dbts and by bare statements.

Run by `tools/bench/clone_benchmark`, which see.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import shlex
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.clone_engines import ENGINES, Engine
from bench.clone_report import (
    DOPPEL,
    V1,
    V2,
    Catalog,
    Cloned,
    CloneReport,
    markdown,
)
from bench.comparison import generate, machine, say, without_folders
from bench.measuring import RunError, run
from bench.programs import QUIET, driver_folder
from bench.report_data import Cost
from bench.service import serving
from doppel.v1.execution_pb2 import EXECUTION_STATUS_SUCCEEDED
from doppel.v1.plan_pb2 import OPERATION_KIND_CLONE_TABLE, ClonePlan
from doppel.v1.planning_service_pb2 import (
    EXISTING_TARGET_KEEP,
    EXISTING_TARGET_RECONCILE,
    ExistingTarget,
)

PROJECT = "synthetic"
MOST_FOR_V1 = 1000
# dbt v2 looks for this where dbt v1 takes its default.
VIEW_OF_DUCKDB = """{% materialization view, adapter='duckdb' %}
  {{ return(materialization_view_default()) }}
{% endmaterialization %}
"""

Node = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Tools:
    """Where the programs are, as in bench.programs.Tools."""

    dbt: Path
    dbt2: Path
    doppeld: Path
    catalog: Path
    duckdb: Path


@dataclasses.dataclass(frozen=True)
class World:
    """A project with its manifests of prod and dev, and its warehouse.

    Attributes:
        folder: All of it.
        engine: The warehouse.
        nodes: Those of prod that have a relation.
    """

    folder: Path
    engine: Engine
    nodes: list[Node]

    @property
    def project(self) -> Path:
        """The dbt project."""
        return self.folder / "project"

    def manifest(self, target: str) -> Path:
        """The manifest of a target."""
        return self.folder / target / "manifest.json"


def is_cloned(node: Node) -> bool:
    """Whether dbt clone and doppel clone it."""
    return (
        node["resource_type"] in ("model", "seed", "snapshot")
        and node["config"]["materialized"] != "ephemeral"
    )


def write_profile(project: Path, engine: Engine) -> None:
    """Write profiles.yml with the targets prod and dev."""
    outputs = {
        target: {**engine.output(target), "threads": 4}
        for target in ("prod", "dev")
    }
    profile = {PROJECT: {"target": "dev", "outputs": outputs}}
    (project / "profiles.yml").write_text(json.dumps(profile))


def is_adapter_here(engine: Engine) -> bool:
    """Whether dbt v1 can be run on it."""
    return engine.type in ("duckdb", "postgres")


def as_of_engine(manifest: dict[str, Any], engine: Engine) -> None:
    """Turn a manifest of another adapter into one of the engine's."""
    manifest["metadata"]["adapter_type"] = engine.type
    for node in manifest["nodes"].values():
        node["database"] = ""
        if engine.type == "spark":
            node["config"]["file_format"] = "delta"
        if node.get("relation_name"):
            node["relation_name"] = engine.rendered(
                node["schema"], node["alias"]
            )


def parse(tools: Tools, world: World, target: str) -> None:
    """Let dbt v1 write the manifest of a target; dev last, to warm it."""
    world.manifest(target).parent.mkdir(parents=True, exist_ok=True)
    command = [str(tools.dbt), "-q", "parse", "--profiles-dir", "."]
    run([*command, "--target", target], world.project, QUIET)
    written = world.project / "target" / "manifest.json"
    shutil.copy(written, world.manifest(target))


def make_world(
    tools: Tools, engine: Engine, models: int, folder: Path
) -> World:
    """Write the project, parse it for both targets, and fill prod."""
    world = World(folder, engine, [])
    size = ["--models", str(models), "--output", str(world.project)]
    generate("generate_project.py", *size)
    if is_adapter_here(engine):
        write_profile(world.project, engine)
    else:
        write_profile(world.project, ENGINES["duckdb"](folder))
    for target in ("prod", "dev"):
        parse(tools, world, target)
        if not is_adapter_here(engine):
            manifest = json.loads(world.manifest(target).read_text())
            as_of_engine(manifest, engine)
            world.manifest(target).write_text(json.dumps(manifest))
    write_profile(world.project, engine)
    nodes = json.loads(world.manifest("prod").read_text())["nodes"]
    world.nodes.extend(filter(is_cloned, nodes.values()))
    engine.send(list(production(world)))
    engine.keep()
    return world


def production(world: World) -> list[str]:
    """Return the statements that make every relation of prod."""
    engine = world.engine
    word = "schema" if engine.database() else "database"
    schemas = sorted({node["schema"] for node in world.nodes})
    statements = [
        f"create {word} {engine.rendered(schema)}" for schema in schemas
    ]
    for node in world.nodes:
        kind = "view" if node["config"]["materialized"] == "view" else "table"
        name = engine.rendered(node["schema"], node["alias"])
        statements.append(f"create {kind} {name} as select 1 as x")
    return statements


@dataclasses.dataclass(frozen=True)
class Round:
    """What one clone by doppel cost, and then a plan to reconcile."""

    first: Cost
    again: Cost
    plan: ClonePlan


def clone_by_doppel(tools: Tools, world: World) -> Round:
    """Clone, then plan to reconcile, by a server with a store of its own."""
    plans: list[ClonePlan] = []
    folder = Path(tempfile.mkdtemp(prefix="doppel-", dir=world.folder))
    with serving(tools.doppeld, folder, world.project) as service:
        client = service.client
        for target in ("prod", "dev"):
            client.set_environment(
                target,
                manifest=client.upload_manifest(world.manifest(target)),
                connection=f"{PROJECT}/{target}",
            )

        # So that both have their driver and a connection before they begin.
        for _ in client.list_relations("dev"):
            pass

        def plan(existing: ExistingTarget) -> None:
            plans.append(
                client.plan_clone(
                    source_environment="prod",
                    target_environment="dev",
                    existing_target=existing,
                )
            )

        def clone() -> None:
            plan(EXISTING_TARGET_KEEP)
            with client.execute(plans[0]) as events:
                for _ in events:
                    pass
            done = events.result
            if done is None or done.status != EXECUTION_STATUS_SUCCEEDED:
                raise RunError(f"doppel's clone failed: {done}")

        first = service.measured(clone)
        again = service.measured(lambda: plan(EXISTING_TARGET_RECONCILE))
    if statements_of(plans[1]):
        raise RunError("doppel finds more to do after a clone")
    return Round(first, again, plans[0])


def in_turns(
    tools: Tools, world: World, rounds: int
) -> tuple[list[Round], list[float]]:
    """Clone by doppel, then by bare statements, that many times."""
    engine = world.engine
    cloned: list[Round] = []
    bare: list[float] = []
    for _ in range(rounds):
        cloned.append(clone_by_doppel(tools, world))
        engine.back()
        bare.append(engine.send(statements_of(cloned[-1].plan)))
        engine.back()
        say(
            f"  doppel {cloned[-1].first.wall_seconds:.2f} s, then "
            f"{cloned[-1].again.wall_seconds:.2f} s; "
            f"bare statements {bare[-1]:.2f} s"
        )
    return cloned, bare


def median_cost(costs: list[Cost]) -> Cost:
    """Return the one in the middle, by its time."""
    return sorted(costs, key=lambda cost: cost.wall_seconds)[len(costs) // 2]


def read_catalog(tools: Tools, world: World) -> Catalog:
    """Read what is in prod and dev, as a plan does."""
    schemas = {
        node["schema"]
        for target in ("prod", "dev")
        for node in json.loads(world.manifest(target).read_text())[
            "nodes"
        ].values()
        if is_cloned(node)
    }
    command = [
        str(tools.catalog),
        f"--profiles_dir={world.project}",
        f"--connection={PROJECT}/dev",
        *sorted(schemas),
    ]
    return Catalog(**json.loads(run(command).output))


def statements_of(plan: ClonePlan) -> list[str]:
    """Return a plan's statements, in order."""
    return [
        statement
        for operation in plan.operations
        for statement in operation.statements
    ]


def clone_by_dbt(
    command: list[str], folder: Path, environment: dict[str, str]
) -> tuple[Cost, Cost]:
    """Clone twice; give both costs."""
    first = run(command, folder, QUIET | environment)
    again = run(command, folder, QUIET | environment)
    return first.cost, again.cost


def clone_by_v1(tools: Tools, world: World) -> tuple[Cost, Cost]:
    """Clone twice by dbt v1."""
    state = str(world.manifest("prod").parent)
    words = ["clone", "--state", state, "--target", "dev"]
    command = [str(tools.dbt), "-q", *words, "--profiles-dir", "."]
    return clone_by_dbt(command, world.project, {})


def clone_by_v2(tools: Tools, world: World) -> tuple[Cost, Cost]:
    """Clone twice by dbt v2, in a copy of the project."""
    second = world.folder / "project-v2"
    skip = shutil.ignore_patterns("target", "logs")
    shutil.copytree(world.project, second, ignore=skip)
    (second / "macros" / "view_of_duckdb.sql").write_text(VIEW_OF_DUCKDB)
    state = str(world.manifest("prod").parent)
    words = ["clone", "--state", state, "--target", "dev"]
    command = [str(tools.dbt2), *words, "--profiles-dir", "."]
    drivers = driver_folder(tools.duckdb, world.folder / "drivers")
    return clone_by_dbt(command, second, {"ADBC_DRIVER_PATH": str(drivers)})


def measure(
    tools: Tools,
    engine: Engine,
    models: int,
    args: argparse.Namespace,
    folder: Path,
) -> Cloned:
    """Clone everything of a project, in every way that the engine has."""
    say(f"{engine.name}, {models} models: dbt reads the project")
    world = make_world(tools, engine, models, folder)
    rounds, bare = in_turns(tools, world, args.rounds)
    statements = statements_of(rounds[-1].plan)
    engine.send(statements)
    catalog = read_catalog(tools, world)
    in_one = send_in_one(engine, statements)
    found = Cloned(
        engine=engine.name,
        relations=len(world.nodes),
        clones=sum(
            each.kind == OPERATION_KIND_CLONE_TABLE
            for each in rounds[-1].plan.operations
        ),
        statements=len(statements),
        client=engine.client,
        floor=sorted(bare)[len(bare) // 2],
        in_one_transaction=in_one,
        catalog=catalog,
        first={DOPPEL: median_cost([each.first for each in rounds])},
        again={DOPPEL: median_cost([each.again for each in rounds])},
    )
    for name, cloning, why in (
        (V1, clone_by_v1, why_not_v1(engine, models, args.most_for_v1)),
        (V2, clone_by_v2, why_not_v2(engine)),
    ):
        if why:
            found.missing[name] = why
            continue
        engine.back()
        found.first[name], found.again[name] = cloning(tools, world)
        say(f"  {name} {found.first[name].wall_seconds:.2f} s")
    return found


def send_in_one(engine: Engine, statements: list[str]) -> float | None:
    """Send them in one transaction; None where they cannot be."""
    if not is_adapter_here(engine):
        return None
    engine.back()
    try:
        return engine.send(["begin", *statements, "commit"])
    except RunError as error:
        say(f"  not in one transaction: {error}")
        return None


def why_not_v1(engine: Engine, models: int, most: int) -> str:
    """Say why dbt v1 does not clone here; "" where it does."""
    if engine.type == "clickhouse":
        return "dbt-clickhouse reaches servers alone"
    if engine.type == "spark":
        return "dbt-spark speaks no Spark Connect"
    if models > most:
        return f"--most-for-v1 is {most}; a relation takes it as long as there"
    return ""


def why_not_v2(engine: Engine) -> str:
    """Say why dbt v2 does not clone here; "" where it does."""
    return "" if engine.type == "duckdb" else "it has no such adapter here"


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; on an error, argparse ends the process."""
    parser = argparse.ArgumentParser(
        prog="clone_benchmark",
        description="Clone everything of generated projects: by doppel, by the "
        "same statements sent bare by the engine's own client, and by real "
        "`dbt clone`, v1 and v2 where they can, on the same warehouse in the "
        "same run.",
    )
    add = parser.add_argument
    add(
        "--models",
        type=int,
        nargs="*",
        default=[1000, 5000],
        help="sizes of projects (default: 1000 5000)",
    )
    add(
        "--engines",
        nargs="*",
        choices=list(ENGINES),
        default=list(ENGINES),
        help="where (default: all)",
    )
    add(
        "--most-for-v1",
        type=int,
        default=MOST_FOR_V1,
        help="the largest project that dbt v1 clones: 5000 models take it a "
        "quarter of an hour (default: 1000)",
    )
    add(
        "--rounds",
        type=int,
        default=3,
        help="how often doppel and the bare statements clone, in turns; the "
        "median counts (default: 3)",
    )
    add(
        "--models-on-delta",
        type=int,
        default=50,
        help="the size of the project on Delta Lake, where a statement takes "
        "a large part of a second (default: 50)",
    )
    add("--report", type=Path, help="write the tables here, as Markdown")
    add("--json", type=Path, help="write the numbers here")
    for name in ("dbt", "dbt2", "doppeld", "catalog", "duckdb"):
        add(f"--{name}", type=Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def versions(tools: Tools) -> dict[str, str]:
    """Return each program's version, as it says itself."""
    v1 = run([str(tools.dbt), "--version"]).output.splitlines()
    installed = next(line for line in v1 if "installed" in line)
    return {
        V1: "dbt-core " + installed.split(":")[1].strip(),
        V2: run([str(tools.dbt2), "--version"]).output.strip(),
        DOPPEL: run([str(tools.doppeld), "--version"]).output.strip(),
    }


def make_report(
    args: argparse.Namespace, shown: list[str], scratch: Path
) -> CloneReport:
    """Measure all that was asked for; write down what is known so far."""
    tools = Tools(args.dbt, args.dbt2, args.doppeld, args.catalog, args.duckdb)
    began = os.getloadavg()[0]
    report = CloneReport(
        machine=machine(),
        load=(began, began),
        nice=os.nice(0),
        versions=versions(tools),
        command=shlex.join(["tools/bench/clone_benchmark", *shown]),
    )
    sizes = [
        (name, models)
        for models in args.models
        for name in args.engines
        if name != "delta"
    ]
    if "delta" in args.engines:
        sizes.append(("delta", args.models_on_delta))
    for name, models in sizes:
        folder = scratch / f"{name}-{models}"
        folder.mkdir()
        engine = ENGINES[name](folder)
        report.cloned.append(measure(tools, engine, models, args, folder))
        report.load = (began, os.getloadavg()[0])
        write(report, args, scratch)
    return report


def write(report: CloneReport, args: argparse.Namespace, scratch: Path) -> None:
    """Write the report to the files that were asked for."""
    if args.report:
        args.report.write_text(without_folders(markdown(report), None, scratch))
    if args.json:
        numbers = json.dumps(dataclasses.asdict(report), indent=1)
        args.json.write_text(numbers + "\n")


def main(own: list[str], shown: list[str]) -> int:
    """Run the command line and return its exit code."""
    args = parse_arguments(own)
    try:
        with tempfile.TemporaryDirectory() as temporary:
            scratch = Path(temporary).resolve()
            report = make_report(args, shown, scratch)
            if not args.report:
                print(without_folders(markdown(report), None, scratch))
    except (OSError, RunError) as error:
        print(f"clone_benchmark: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    # What stands before "--" is the wrapper's own.
    given = sys.argv[1:]
    at = given.index("--")
    sys.exit(main(given[:at] + given[at + 1 :], given[at + 1 :]))
