"""What the demo is told with: headings, the dbt project, the server."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
from types import TracebackType
from typing import Any


class Story:
    """Prints the steps, and at the end the numbers.

    Attributes:
        numbers: what the summary tells, by name.
    """

    def __init__(self) -> None:
        """Begins the clock."""
        self.numbers: dict[str, int] = {}
        self._started = time.monotonic()
        self._steps = 0
        self._colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def step(self, title: str) -> None:
        """A heading."""
        self._steps += 1
        heading = f"{self._steps}. {title}"
        if self._colour:
            heading = f"\x1b[1m{heading}\x1b[0m"
        print(f"\n{heading}", flush=True)

    def say(self, text: str) -> None:
        """A line below the heading."""
        print(f"   {text}", flush=True)

    def progress(self, done: int, total: int) -> None:
        """A line that is written over; only on a terminal."""
        if sys.stdout.isatty():
            print(f"\r   {done} of {total}", end="", flush=True)

    def end_progress(self) -> None:
        """Takes the line of progress away."""
        if sys.stdout.isatty():
            print("\r\x1b[K", end="", flush=True)

    def summary(self) -> None:
        """The numbers."""
        self.step("in numbers")
        for name, value in self.numbers.items():
            self.say(f"{value:6}  {name}")
        seconds = time.monotonic() - self._started
        self.say(f"{seconds:6.0f}  seconds in all, nearly all of them dbt's")


class Project:
    """A working copy of velohire that real dbt builds.

    Attributes:
        folder: where everything of the demo stands.
        database: the DuckDB file.
    """

    def __init__(self, repository: pathlib.Path, folder: pathlib.Path) -> None:
        """Copies the project."""
        self._data = repository / "tests" / "data"
        self.folder = folder
        self.database = folder / "velohire.duckdb"
        self.path = folder / "velohire"
        for old in (self.path, folder / "defer-state", folder / "store"):
            shutil.rmtree(old, ignore_errors=True)
        self.database.unlink(missing_ok=True)
        shutil.copytree(self._data / "velohire", self.path)
        self.environment = {
            **os.environ,
            "DOPPEL_DEMO_DB": str(self.database),
            "DBT_PROFILES_DIR": str(self.path),
        }

    def overlay(self, name: str) -> None:
        """Copies the files of a branch over the project."""
        shutil.copytree(self._data / name, self.path, dirs_exist_ok=True)

    def build(self, target: str, *arguments: object) -> pathlib.Path:
        """Runs dbt build; gives the manifest that it wrote."""
        return self._dbt("build", target, arguments)

    def test(self, target: str) -> pathlib.Path:
        """Runs dbt test, which may fail; gives the manifest that it wrote."""
        return self._dbt("test", target, (), check=False)

    def run_results(self, target: str) -> pathlib.Path:
        """What dbt wrote of its last run."""
        return self._target(target) / "run_results.json"

    def parse(self, target: str) -> pathlib.Path:
        """Runs dbt parse; gives the manifest that it wrote."""
        return self._dbt("parse", target, ())

    def compiled(self, target: str, model: str) -> str:
        """The SQL that dbt compiled for a model in its last run."""
        for node in self.manifest_nodes(self._target(target) / "manifest.json"):
            if node["name"] == model:
                return str(node["compiled_code"])
        raise LookupError(model)

    def results(self, target: str) -> int:
        """How many nodes dbt ran last."""
        return len(json.loads(self.run_results(target).read_text())["results"])

    @staticmethod
    def manifest_nodes(manifest: pathlib.Path) -> list[dict[str, Any]]:
        """The nodes of a manifest."""
        return list(json.loads(manifest.read_text())["nodes"].values())

    def _target(self, target: str) -> pathlib.Path:
        return self.folder / f"target-{target}"

    def _dbt(
        self,
        command: str,
        target: str,
        arguments: tuple[object, ...],
        *,
        check: bool = True,
    ) -> pathlib.Path:
        words = ["dbt", "--quiet", command, "--target", target]
        words += [str(argument) for argument in arguments]
        words += ["--target-path", str(self._target(target))]
        print(f"   $ {' '.join(words)}", flush=True)
        started = time.monotonic()
        subprocess.run(words, cwd=self.path, env=self.environment, check=check)
        print(f"   {time.monotonic() - started:.0f} s", flush=True)
        return self._target(target) / "manifest.json"


class Server:
    """doppeld on a free port of loopback, for as long as the demo runs.

    Attributes:
        address: "127.0.0.1:PORT".
    """

    def __init__(self, repository: pathlib.Path, project: Project) -> None:
        """Keeps what Start needs."""
        self._command = [
            str(repository / "bin" / "doppeld"),
            "--listen=127.0.0.1:0",
            f"--store_dir={project.folder / 'store'}",
            f"--profiles_dir={project.path}",
        ]
        self._environment = project.environment
        self._log = project.folder / "doppeld.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.address = ""

    def __enter__(self) -> Server:
        """Starts the server and waits until it serves.

        Raises:
            RuntimeError: it ended instead; the message has its log.
        """
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, stderr=log
            )
        while not self.address:
            if self._process.poll() is not None:
                raise RuntimeError(self._log.read_text())
            for line in self._log.read_text().splitlines():
                entry = json.loads(line)
                if entry["message"] == "serving":
                    self.address = entry["address"]
            time.sleep(0.02)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends the server cleanly."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
