"""Asks two dbts and doppel the same question, and writes down what it cost.

Run by `tools/bench/compare_with_dbt`, which see.
"""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import json
import os
import platform
import shlex
import shutil
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bench.chart import draw
from bench.measuring import RunError, median, run
from bench.programs import Program, Tools, parse, programs_for
from bench.report import markdown
from bench.report_data import Beside, Cost, Loaded, Report, Step

ROOT = Path(__file__).resolve().parents[2]
GENERATORS = ROOT / "tests" / "conformance"
CHANGED = 10


def generate(script: str, *arguments: str) -> None:
    """Run one of the generators of projects and manifests."""
    run([sys.executable, str(GENERATORS / script), *arguments])


def say(text: str) -> None:
    """Tell whoever waits."""
    print(text, file=sys.stderr, flush=True)


def asked(programs: list[Program]) -> set[str]:
    """Ask each once, untimed, and return what all of them answer.

    Raises:
        RunError: Two of them differ.
    """
    answers = [
        each.ids(run(each.command, each.folder, each.environment).output)
        for each in programs
    ]
    for program, answer in zip(programs, answers, strict=True):
        different = answer ^ answers[0]
        if different:
            raise RunError(
                f"{program.name} and {programs[0].name} differ in "
                f"{len(different)} nodes, such as {min(different)}"
            )
    if not answers[0]:
        raise RunError("nothing is selected: there is nothing to measure")
    return answers[0]


def timed(
    programs: list[Program], rounds: int, expected: set[str]
) -> dict[str, Cost]:
    """Ask them in turns, and return each one's median."""
    costs: dict[str, list[Cost]] = {each.name: [] for each in programs}
    for number in range(rounds):
        for each in programs:
            answer = run(each.command, each.folder, each.environment)
            if each.ids(answer.output) != expected:
                raise RunError(f"{each.name} gave another answer than before")
            costs[each.name].append(answer.cost)
            say(
                f"  round {number + 1}: {each.name} "
                f"{answer.cost.wall_seconds:.3f} s, "
                f"CPU {answer.cost.cpu_seconds:.3f} s"
            )
    return {name: median(each) for name, each in costs.items()}


def step_of(repeated: list[dict[str, float]]) -> Step:
    """Return a step from its repetitions, whose times are in milliseconds."""
    cpu = statistics.median(row["cpu_time"] for row in repeated)
    counters = {
        key: value for key, value in repeated[0].items() if "_time" not in key
    }
    return Step(cpu / 1e3, int(counters["peak_bytes"]), counters)


def measure_loaded(
    tools: Tools, title: str, new: Path, old: Path, rounds: int
) -> Loaded:
    """Run every step on two manifests."""
    say(f"{title}: loaded")
    command = [
        str(tools.loaded),
        f"--current={new}",
        f"--older={old}",
        f"--benchmark_repetitions={rounds}",
        "--benchmark_format=json",
    ]
    rows: dict[str, list[dict[str, float]]] = defaultdict(list)
    for row in json.loads(run(command).output)["benchmarks"]:
        if row["run_type"] == "iteration":
            numbers = {k: v for k, v in row.items() if isinstance(v, float)}
            rows[row["run_name"]].append(numbers)
    steps = {name: step_of(repeated) for name, repeated in rows.items()}
    return Loaded(title, shlex.join(command), steps)


def compare_project(
    tools: Tools, models: int, rounds: int, scratch: Path
) -> Beside:
    """Ask all programs about a project of that many models."""
    say(f"{models} models: dbt reads the project and its change")
    old, new = scratch / f"old-{models}", scratch / f"new-{models}"
    size = ["--models", str(models)]
    generate("generate_project.py", *size, "--output", str(old))
    generate(
        "generate_project.py",
        *size,
        "--changed",
        str(CHANGED),
        "--output",
        str(new),
    )
    state = scratch / f"state-{models}"
    state.mkdir(exist_ok=True)
    shutil.copy(parse(tools, old), state)
    manifest = parse(tools, new)
    programs = programs_for(tools, new, state, scratch)
    expected = asked(programs)
    say(f"{models} models: all answer the same {len(expected)} nodes")
    costs = timed(programs, rounds, expected)
    loaded = measure_loaded(
        tools,
        f"{models} models, manifests by dbt",
        manifest,
        state / "manifest.json",
        rounds,
    )
    return Beside(
        models=models,
        nodes=int(loaded.steps["read"].counters["nodes"]),
        manifest_bytes=manifest.stat().st_size,
        selected=len(expected),
        costs=costs,
        commands={each.name: shlex.join(each.command) for each in programs},
        loaded=loaded,
    )


def measure_generated(
    tools: Tools, nodes: int, rounds: int, scratch: Path
) -> Loaded:
    """Run every step on two generated manifests of that many nodes."""
    new, old = (scratch / f"{side}-{nodes}.json" for side in ("new", "old"))
    size = ["--nodes", str(nodes)]
    generate("generate_manifest.py", *size, "--output", str(old))
    generate(
        "generate_manifest.py",
        *size,
        "--edit",
        str(CHANGED),
        "--output",
        str(new),
    )
    return measure_loaded(tools, f"{nodes} nodes", new, old, rounds)


def real_manifests(oracle: Path, most: int) -> Iterator[tuple[str, Path]]:
    """Yield the largest of the public manifests: its name, and the file."""
    packed = sorted(
        oracle.glob("public/**/manifest.json.gz"),
        key=lambda path: -path.stat().st_size,
    )
    for path in packed[:most]:
        yield str(path.parent.relative_to(oracle / "public")), path


def measure_real(
    tools: Tools, oracle: Path, most: int, rounds: int, scratch: Path
) -> list[Loaded]:
    """Run every step on published manifests, each beside itself."""
    found = []
    for number, (name, packed) in enumerate(real_manifests(oracle, most)):
        manifest = scratch / f"real-{number}.json"
        manifest.write_bytes(gzip.decompress(packed.read_bytes()))
        found.append(measure_loaded(tools, name, manifest, manifest, rounds))
    return found


def machine() -> str:
    """Return what this machine is, for people."""
    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{os.cpu_count()} x {model}, {pages / 2**30:.0f} GiB"


def make_report(
    args: argparse.Namespace, arguments: list[str], scratch: Path
) -> Report:
    """Measure all that was asked for."""
    tools = Tools(args.dbt, args.dbt2, args.doppel, args.loaded, args.duckdb)
    tools.check()
    began = os.getloadavg()[0]
    report = Report(
        machine=machine(),
        load=(began, began),
        nice=os.nice(0),
        rounds=args.rounds,
        versions=tools.versions(),
        command=shlex.join(["tools/bench/compare_with_dbt", *arguments]),
    )
    for models in args.models:
        report.beside.append(
            compare_project(tools, models, args.rounds, scratch)
        )
    for nodes in args.nodes:
        report.generated.append(
            measure_generated(tools, nodes, args.rounds, scratch)
        )
    if args.oracle is not None:
        report.real = measure_real(
            tools, args.oracle, args.most_real, args.rounds, scratch
        )
    report.load = (began, os.getloadavg()[0])
    return report


def without_folders(text: str, oracle: Path | None, scratch: Path) -> str:
    """Return a text without the places of this machine."""
    places = {str(scratch): "$WORK", str(ROOT) + "/": ""}
    if oracle is not None:
        places[str(oracle)] = "$ORACLE"
    cache = os.environ.get("DOPPEL_CACHE")
    if cache:
        places[cache] = "$DOPPEL_CACHE"
    for place, name in places.items():
        text = text.replace(place, name)
    return text


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; on an error, argparse ends the process."""
    parser = argparse.ArgumentParser(
        prog="compare_with_dbt",
        description="Ask dbt v1, dbt v2 and doppel what a change touches "
        "(ls --select state:modified+), on the same projects in the same run, "
        "and measure every step on loaded manifests. Fails where two answers "
        "differ.",
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
        "--nodes",
        type=int,
        nargs="*",
        default=[1000, 10_000, 100_000],
        help="sizes of generated manifests (default: 1000 10000 100000)",
    )
    add("--rounds", type=int, default=3, help="runs of each (default: 3)")
    add(
        "--oracle",
        type=Path,
        help="a folder with public/**/manifest.json.gz: real manifests",
    )
    add(
        "--most-real",
        type=int,
        default=5,
        help="how many of those, the largest first (default: 5)",
    )
    add("--report", type=Path, help="write the tables here, as Markdown")
    add("--chart", type=Path, help="write the chart here, as SVG")
    add("--json", type=Path, help="write the numbers here")
    add("--work", type=Path, help="keep projects and manifests in this folder")
    for name in ("dbt", "dbt2", "doppel", "loaded", "duckdb"):
        add(f"--{name}", type=Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def write(args: argparse.Namespace, report: Report, scratch: Path) -> None:
    """Write the report in each form that was asked for."""
    chart = args.chart.name if args.chart else None
    text = without_folders(markdown(report, chart), args.oracle, scratch)
    if args.report:
        args.report.write_text(text)
    else:
        print(text)
    if args.chart:
        args.chart.write_text(draw(report))
    if args.json:
        numbers = json.dumps(dataclasses.asdict(report), indent=1)
        numbers = without_folders(numbers, args.oracle, scratch)
        args.json.write_text(numbers + "\n")


def main(own: list[str], shown: list[str]) -> int:
    """Run the command line and return its exit code."""
    args = parse_arguments(own)
    try:
        with tempfile.TemporaryDirectory() as temporary:
            scratch = (args.work or Path(temporary)).resolve()
            scratch.mkdir(parents=True, exist_ok=True)
            report = make_report(args, shown, scratch)
            write(args, report, scratch)
    except (OSError, RunError) as error:
        print(f"compare_with_dbt: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    # What stands before "--" is the wrapper's own.
    given = sys.argv[1:]
    at = given.index("--")
    sys.exit(main(given[:at] + given[at + 1 :], given[at + 1 :]))
