"""What a run of the clone benchmark found, and its table in Markdown."""

from __future__ import annotations

from dataclasses import dataclass, field

from bench.report import megabytes, seconds, table, times
from bench.report_data import Cost

DOPPEL = "doppel"
V1 = "dbt v1"
V2 = "dbt v2"
# What `dbt clone` is beside, at the most, and at the least.
AIMS = "Aims: at most 1.5 x the floor, 60 x sooner than v1, 10 x than v2."


@dataclass
class Catalog:
    """What it cost to read what is in the schemas of both sides.

    Attributes:
        relations: How many there are, clones and all.
        first_seconds: The first reading, which connects.
        seconds: Each after it.
    """

    relations: int
    first_seconds: float
    seconds: float


@dataclass
class Cloned:
    """One engine with that many relations.

    Attributes:
        engine: For people.
        relations: How many are cloned.
        clones: How many of them zero-copy; the others become views.
        statements: How many it takes.
        client: What sent the bare statements.
        floor: Their seconds, one after the other on one connection.
        in_one_transaction: The same between "begin" and "commit"; None where
            there are no transactions, or none that has room for so much.
        catalog: The reading of it.
        first: Program -> what the clone into nothing cost.
        again: Program -> what the same cost when there was nothing to do.
        missing: Program -> why it was not measured.
    """

    engine: str
    relations: int
    clones: int
    statements: int
    client: str
    floor: float
    in_one_transaction: float | None
    catalog: Catalog
    first: dict[str, Cost] = field(default_factory=dict)
    again: dict[str, Cost] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


@dataclass
class CloneReport:
    """All of a run; the attributes are those of bench.report_data.Report."""

    machine: str
    load: tuple[float, float]
    nice: int
    versions: dict[str, str]
    command: str
    cloned: list[Cloned] = field(default_factory=list)


def _rows(cloned: Cloned) -> list[list[str]]:
    own = cloned.first[DOPPEL].wall_seconds
    own_again = cloned.again[DOPPEL].wall_seconds
    rows = [
        [
            "bare statements",
            seconds(cloned.floor),
            "",
            "",
            times(cloned.floor / own),
            "",
            "",
        ]
    ]
    if cloned.in_one_transaction is not None:
        rows.append(
            [
                "bare, in one transaction",
                seconds(cloned.in_one_transaction),
                "",
                "",
                times(cloned.in_one_transaction / own),
                "",
                "",
            ]
        )
    for name, cost in cloned.first.items():
        again = cloned.again[name].wall_seconds
        rows.append(
            [
                name,
                seconds(cost.wall_seconds),
                seconds(cost.cpu_seconds),
                megabytes(cost.peak_bytes),
                times(cost.wall_seconds / own),
                seconds(again),
                times(again / own_again),
            ]
        )
    return rows


def _section(cloned: Cloned) -> str:
    head = [
        "",
        "clone",
        "CPU",
        "peak",
        "against doppel",
        "again, nothing to do",
        "against doppel",
    ]
    own = cloned.first[DOPPEL].wall_seconds
    left_out = "".join(
        f"\n\n{name} was not measured: {why}."
        for name, why in cloned.missing.items()
    )
    return (
        f"## {cloned.engine}, {cloned.relations} relations\n\n"
        f"{cloned.clones} zero-copy clones, "
        f"{cloned.relations - cloned.clones} views, {cloned.statements} "
        f"statements; the bare ones were sent by {cloned.client} on one "
        f"connection. doppel took {times(own / cloned.floor)} their time. "
        f"It reads the catalog, {cloned.catalog.relations} relations with the "
        f"clones, in {seconds(cloned.catalog.seconds)}, the first time in "
        f"{seconds(cloned.catalog.first_seconds)}.\n\n"
        f"{table(head, _rows(cloned))}{left_out}\n"
    )


def markdown(report: CloneReport) -> str:
    """Return the whole report."""
    versions = "; ".join(f"{k}: {v}" for k, v in report.versions.items())
    head = (
        "# Cloning, beside dbt and beside bare statements\n\n"
        f"Made by `{report.command}` on {report.machine}. {versions}. Load "
        f"average {report.load[0]:.1f} before, {report.load[1]:.1f} after, "
        f"priority {report.nice}. The projects are generated "
        "(`tests/conformance/generate_project.py`) and everything in them is "
        "cloned from prod to dev, each time in the same warehouse, which is "
        "brought back in between. doppel: a server that has the manifests in "
        "its store and has read dev's schemas once (as the bare statements' "
        "client has connected before they begin), from `PlanClone` to the "
        "last event of `ExecutePlan`, with journal and checks, as a client "
        "waits for them; "
        "again: `PlanClone` in reconcile mode. It and the bare statements "
        "clone in turns, and the median of their rounds counts; each dbt "
        "clones once. dbt: `clone --state`, v1 with a warm partial parse. CPU "
        f"is user and system time, of the program alone. {AIMS}\n"
    )
    return "\n".join([head, *map(_section, report.cloned)])
