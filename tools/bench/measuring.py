"""Runs programs and says what each cost: time, processor, memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.report_data import Cost


class RunError(Exception):
    """A program that should have answered did not."""


@dataclass(frozen=True)
class Run:
    """One run of a program: what it printed, and its cost."""

    output: str
    cost: Cost


def run(
    command: Sequence[str],
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Run:
    """Run a program to its end.

    Its processor time and peak memory are those of the kernel's own account
    of the process and of the children that it waited for.

    Raises:
        RunError: It ended with an error; the text has the end of what it said.
    """
    with (
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as err,
    ):
        began = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(os.environ) | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        output = out.read()
        if process.returncode != 0:
            said = (err.read() + output)[-2000:]
            raise RunError(
                f"{' '.join(command)}: exit code {process.returncode}\n{said}"
            )
    cpu = usage.ru_utime + usage.ru_stime
    return Run(output, Cost(wall, cpu, usage.ru_maxrss * 1024))


def median(costs: Sequence[Cost]) -> Cost:
    """Return the median of each number."""
    return Cost(
        statistics.median(cost.wall_seconds for cost in costs),
        statistics.median(cost.cpu_seconds for cost in costs),
        round(statistics.median(cost.peak_bytes for cost in costs)),
    )
