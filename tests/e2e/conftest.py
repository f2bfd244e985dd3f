"""What the end-to-end tests stand on: the real programs, real dbt, DuckDB.

velohire is built once a session, production from main and staging from the
branch; each test that changes the warehouse works on its own copy.
"""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from typing import Any, Protocol

import doppel
import pytest
import spark_client
from doppel.v1 import execution_pb2, plan_pb2

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def program(name: str, variable: str) -> pathlib.Path:
    """A program of bin/, or the one that the variable names."""
    path = pathlib.Path(os.environ.get(variable, REPOSITORY / "bin" / name))
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: run tools/build")
    return path


@dataclasses.dataclass
class Shop:
    """A folder with velohire, its warehouse and its manifests.

    Attributes:
        folder: holds all of it, and a store for the command line.
    """

    folder: pathlib.Path

    @property
    def project(self) -> pathlib.Path:
        """The dbt project."""
        return self.folder / "velohire"

    @property
    def database(self) -> pathlib.Path:
        """The DuckDB file."""
        return self.folder / "velohire.duckdb"

    @property
    def environment(self) -> dict[str, str]:
        """For dbt, doppel and doppeld."""
        return {
            **os.environ,
            "DOPPEL_DEMO_DB": str(self.database),
            "DBT_PROFILES_DIR": str(self.project),
            "DOPPEL_STORE_DIR": str(self.folder / "store"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }

    def manifest(self, target: str) -> pathlib.Path:
        """The manifest that dbt wrote last for that target."""
        return self.folder / f"target-{target}" / "manifest.json"

    def overlay(self, name: str) -> None:
        """Copies the files of a branch over the project."""
        shutil.copytree(
            REPOSITORY / "tests" / "data" / name,
            self.project,
            dirs_exist_ok=True,
        )

    def dbt(self, command: str, target: str, *arguments: str) -> str:
        """Runs real dbt; gives what it printed."""
        done = subprocess.run(
            [
                *("dbt", "--quiet", command, "--target", target),
                *("--target-path", str(self.folder / f"target-{target}")),
                *arguments,
            ],
            cwd=self.project,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def doppel(
        self, *arguments: str, status: int = 0
    ) -> subprocess.CompletedProcess[str]:
        """Runs the command line; it must exit with that status."""
        done = subprocess.run(
            [str(program("doppel", "DOPPEL")), *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == status, (
            done.returncode,
            done.stdout,
            done.stderr,
        )
        return done

    def json(self, *arguments: str) -> list[dict[str, Any]]:
        """The objects that the command line prints for programs."""
        done = self.doppel(*arguments, "--output", "json")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def copy_to(self, folder: pathlib.Path) -> Shop:
        """The same in another folder."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Shop(folder)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Production from main, staging from the branch; do not change it."""
    shop = Shop(tmp_path_factory.mktemp("built"))
    shutil.copytree(REPOSITORY / "tests" / "data" / "velohire", shop.project)
    shop.dbt("build", "prod")
    shop.overlay("velohire_branch")
    shop.dbt("build", "staging")
    shop.overlay("velohire_hotfix")
    shop.dbt("parse", "ci")
    return shop


@pytest.fixture
def shop(built: Shop, tmp_path: pathlib.Path) -> Shop:
    """A copy to work on."""
    return built.copy_to(tmp_path / "shop")


@pytest.fixture(scope="session")
def spark_address() -> Iterator[str]:
    """A Spark Connect server with Delta Lake; "127.0.0.1:PORT"."""
    yield from spark_client.serve()


@pytest.fixture(scope="session")
def spark(
    spark_address: str, tmp_path_factory: pytest.TempPathFactory
) -> spark_client.Spark:
    """A client of the server."""
    return spark_client.Spark(spark_address, tmp_path_factory.mktemp("stubs"))


class Place(Protocol):
    """Where a server works."""

    @property
    def folder(self) -> pathlib.Path:
        """For its store and its log."""

    @property
    def environment(self) -> dict[str, str]:
        """Its variables, which name the folder of profiles.yml."""


class Server:
    """doppeld on a free port, which tests may stop, kill and start again.

    Attributes:
        address: "127.0.0.1:PORT".
    """

    def __init__(self, shop: Place) -> None:
        """Starts it and waits until it serves."""
        self._shop = shop
        self.address = ""
        self.start()

    def start(self, **environment: str) -> None:
        """Starts it on a new port, with more in its environment."""
        self.address = ""
        self._log = self._shop.folder / "doppeld.log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    str(program("doppeld", "DOPPELD")),
                    "--listen=127.0.0.1:0",
                    f"--store_dir={self._shop.folder / 'server-store'}",
                ],
                env={**self._shop.environment, **environment},
                stderr=log,
            )
        while not self.address:
            assert self.process.poll() is None, self._log.read_text()
            for line in self._log.read_text().splitlines():
                entry = json.loads(line)
                if entry["message"] == "serving":
                    self.address = entry["address"]
            time.sleep(0.01)

    def log(self) -> str:
        """What it has logged since it was started last."""
        return self._log.read_text()

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Ends it; gives its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(timeout=60)

    def client(self) -> doppel.Client:
        """A client of it."""
        return doppel.Client(self.address, insecure=True)


def apply(
    client: doppel.Client, plan: plan_pb2.ClonePlan
) -> execution_pb2.Execution:
    """Executes a plan to its end."""
    with client.execute(plan) as events:
        for _ in events:
            pass
        assert events.result is not None
        return events.result


@pytest.fixture
def server(shop: Shop) -> Iterator[Server]:
    """A doppeld whose connections are the shop's."""
    running = Server(shop)
    yield running
    running.stop()
