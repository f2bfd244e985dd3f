"""A doppeld of the benchmark's own, and what it costs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import doppel
from bench.measuring import RunError
from bench.report_data import Cost

_TICKS = os.sysconf("SC_CLK_TCK")


class Service:
    """A running doppeld.

    Attributes:
        client: A client of it.
    """

    def __init__(self, process: subprocess.Popen[bytes], address: str) -> None:
        """Connect to one that serves."""
        self._process = process
        self.client = doppel.Client(address, insecure=True)

    def measured(self, ask: Callable[[], None]) -> Cost:
        """Ask, and return what it cost.

        The time is that of whoever waits for the answer, the rest the server's.
        """
        before = self._cpu_seconds()
        began = time.monotonic()
        ask()
        wall = time.monotonic() - began
        return Cost(wall, self._cpu_seconds() - before, self._peak_bytes())

    def _cpu_seconds(self) -> float:
        stat = Path(f"/proc/{self._process.pid}/stat").read_text()
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / _TICKS

    def _peak_bytes(self) -> int:
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        line = next(x for x in status.splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) * 1024


@contextmanager
def serving(program: Path, folder: Path, profiles: Path) -> Iterator[Service]:
    """Run doppeld with a new store in the folder, for as long as it is used.

    Raises:
        RunError: It does not start, or does not end well.
    """
    log = folder / "doppeld.log"
    with log.open("wb") as err:
        process = subprocess.Popen(
            [
                str(program),
                "--listen=127.0.0.1:0",
                f"--store_dir={folder / 'store'}",
            ],
            env=dict(os.environ) | {"DBT_PROFILES_DIR": str(profiles)},
            stderr=err,
        )
    try:
        yield Service(process, _address(process, log))
    finally:
        process.send_signal(signal.SIGTERM)
        if process.wait(timeout=120) != 0:
            raise RunError(f"doppeld did not end well: {log.read_text()}")


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    while process.poll() is None:
        for line in log.read_text().splitlines():
            entry = json.loads(line) if line.startswith("{") else {}
            if entry.get("message") == "serving":
                return str(entry["address"])
        time.sleep(0.01)
    raise RunError(f"doppeld does not start: {log.read_text()}")
