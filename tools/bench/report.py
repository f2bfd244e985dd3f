"""Writes a run of the benchmarks as tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bench.programs import DOPPEL, SELECT, V1, V2
from bench.report_data import Beside, Cost, Loaded, Report, Step

MANIFEST_STEPS = {
    "read": "bytes to graph",
    "walk": "simdjson's own walk of them",
    "compare": "compare two graphs",
    "select": f"select {SELECT} of the comparison",
    "modified": "both: the answer, manifests loaded",
    "resolve": "resolve every ref of every node",
    "state": "the downloaded state",
    "plan": "plan a clone of everything",
}


def seconds(value: float) -> str:
    """Return a time for people."""
    if value >= 1:
        return f"{value:.2f} s"
    return f"{value * 1e3:.3g} ms" if value >= 1e-3 else f"{value * 1e6:.3g} µs"


def megabytes(value: float) -> str:
    """Return a size for people."""
    return f"{value / 1e6:.3g} MB"


def times(value: float) -> str:
    """Return a ratio for people."""
    return f"{value:.0f} x" if value >= 10 else f"{value:.2f} x"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose first column is text and the others numbers."""
    rule = ["---", *(["---:"] * (len(head) - 1))]
    return "\n".join(
        "| " + " | ".join(cells) + " |" for cells in (head, rule, *rows)
    )


def files_row(name: str, cost: Cost, of: Cost) -> list[str]:
    """Return a program's row beside doppel's cost."""
    return [
        name,
        seconds(cost.wall_seconds),
        seconds(cost.cpu_seconds),
        megabytes(cost.peak_bytes),
        times(cost.wall_seconds / of.wall_seconds),
        times(cost.cpu_seconds / of.cpu_seconds),
        times(cost.peak_bytes / of.peak_bytes),
    ]


def beside_section(beside: Beside) -> str:
    """Return what the programs cost on one project."""
    own = beside.costs[DOPPEL]
    rows = [files_row(name, cost, own) for name, cost in beside.costs.items()]
    loaded = beside.loaded.steps["modified"].cpu_seconds
    ratios = table(
        ["CPU, against doppel", "from files", "manifests loaded"],
        [
            [
                name,
                times(beside.costs[name].cpu_seconds / own.cpu_seconds),
                times(beside.costs[name].cpu_seconds / loaded),
            ]
            for name in (V1, V2)
        ],
    )
    commands = "\n".join(beside.commands.values())
    head = ["", "wall", "CPU", "peak", "wall", "CPU", "peak"]
    return (
        f"### {beside.models} models: {beside.nodes} nodes, a manifest of "
        f"{megabytes(beside.manifest_bytes)}\n\n"
        f"All three answered the same {beside.selected} nodes.\n\n"
        f"{table(head, rows)}\n\nWith both manifests loaded doppel takes "
        f"{seconds(loaded)}.\n\n{ratios}\n\n```\n{commands}\n```\n"
    )


def per_node(step: Step, nodes: float) -> str:
    """Return a step's time for one node."""
    return f"{step.cpu_seconds / nodes * 1e9:.0f} ns"


def loaded_section(found: Sequence[Loaded]) -> str:
    """Return every step on several pairs of manifests, side by side."""
    nodes = [each.steps["read"].counters["nodes"] for each in found]
    rows = [
        [
            title,
            *(
                f"{seconds(each.steps[name].cpu_seconds)} "
                f"({per_node(each.steps[name], count)})"
                for each, count in zip(found, nodes, strict=True)
            ),
        ]
        for name, title in MANIFEST_STEPS.items()
    ]
    ratios = [(each, each.steps["read"], each.steps["walk"]) for each in found]
    rows += [
        ["nodes", *(f"{count:.0f}" for count in nodes)],
        ["JSON", *(megabytes(r.counters["json_bytes"]) for _, r, _ in ratios)],
        [
            "read / walk",
            *(times(r.cpu_seconds / w.cpu_seconds) for _, r, w in ratios),
        ],
        [
            "graph / JSON",
            *(
                f"{r.counters['graph_bytes'] / r.counters['json_bytes']:.0%}"
                for _, r, _ in ratios
            ),
        ],
        [
            "peak of a process that plans",
            *(megabytes(each.steps["plan"].peak_bytes) for each in found),
        ],
    ]
    head = ["CPU (for a node)", *(each.title for each in found)]
    commands = "\n".join(each.command for each in found)
    return f"{table(head, rows)}\n\n```\n{commands}\n```\n"


def markdown(report: Report, chart: str | None) -> str:
    """Return the whole report."""
    versions = "; ".join(f"{k}: {v}" for k, v in report.versions.items())
    parts = [
        "# doppel beside dbt\n",
        f"Made by `{report.command}` on {report.machine}. {versions}. Load "
        f"average {report.load[0]:.1f} before, {report.load[1]:.1f} after, "
        f"priority {report.nice}. "
        f"Medians of {report.rounds} rounds, in which the programs take turns; "
        "CPU is user and system time. The projects are generated "
        "(`tests/conformance/generate_project.py`), ten models differ. Both "
        "dbts read the project, dbt v1 with a warm partial parse, and the old "
        "manifest; doppel reads the manifest that dbt wrote of the change, and "
        "the old one. Before anything counts, all must give the same answer.\n",
    ]
    if chart is not None:
        parts.append(f"![CPU time of the same answer]({chart})\n")
    parts.append(f"## From files: `ls --select {SELECT} --state`\n")
    parts += [beside_section(each) for each in report.beside]
    if report.generated:
        parts.append("## Loaded, by size\n")
        parts.append(loaded_section(report.generated))
    if report.real:
        parts.append("## Loaded, published manifests, each beside itself\n")
        parts.append(loaded_section(report.real))
    return "\n".join(parts)
