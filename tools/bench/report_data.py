"""What a run of the benchmarks found, as plain data: the report's source."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cost:
    """What one run of a program cost.

    Attributes:
        wall_seconds: From its start to its end.
        cpu_seconds: Of the processor, for the program and for the system.
        peak_bytes: The most memory that it had at once.
    """

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int


@dataclass(frozen=True)
class Beside:
    """The same question to each program, on one project.

    Attributes:
        models: How many the project has.
        nodes: How many nodes its manifest has.
        manifest_bytes: How large that is.
        selected: How many nodes all of them answered.
        costs: Program -> the median of its rounds.
        commands: Program -> what was run.
        loaded: The steps on the project's manifests when they are loaded.
    """

    models: int
    nodes: int
    manifest_bytes: int
    selected: int
    costs: dict[str, Cost]
    commands: dict[str, str]
    loaded: Loaded


@dataclass(frozen=True)
class Step:
    """One step of `loaded_benchmark`.

    Attributes:
        cpu_seconds: The median of its repetitions.
        peak_bytes: Of a process that does it once.
        counters: What else it says of itself.
    """

    cpu_seconds: float
    peak_bytes: int
    counters: dict[str, float]


@dataclass(frozen=True)
class Loaded:
    """Every step on one pair of manifests.

    Attributes:
        title: What the manifests are.
        command: What was run.
        steps: Name -> what it cost.
    """

    title: str
    command: str
    steps: dict[str, Step]


@dataclass
class Report:
    """All of a run.

    Attributes:
        machine: What it ran on, for people.
        load: The machine's load average (1 minute) before and after.
        nice: At which priority all of it ran; 0 is the usual one.
        rounds: How often each program was run.
        versions: Program -> its version.
        command: What made the report.
    """

    machine: str
    load: tuple[float, float]
    nice: int
    rounds: int
    versions: dict[str, str]
    command: str
    beside: list[Beside] = field(default_factory=list)
    generated: list[Loaded] = field(default_factory=list)
    real: list[Loaded] = field(default_factory=list)
