"""A disk that is full in the middle of an execution, and has room again.

Twice each: on a small file system of its own, where tests may mount one, and by
a limit on how large the server's files may become.
"""

from __future__ import annotations

import abc
import os
import pathlib
import resource
import subprocess
import time
from collections.abc import Callable, Iterator

import doppel
import pytest
from conftest import Server, apply
from doppel.v1 import execution_pb2, plan_pb2, planning_service_pb2
from workshop import DuckDbWorkshop

FAILED = execution_pb2.EXECUTION_STATUS_FAILED
INTERRUPTED = execution_pb2.EXECUTION_STATUS_INTERRUPTED
RUNNING = execution_pb2.EXECUTION_STATUS_RUNNING
SUCCEEDED = execution_pb2.EXECUTION_STATUS_SUCCEEDED
MIB = 1 << 20


class Disk(abc.ABC):
    """Where a server writes, and how much room is left there."""

    def __init__(self, folder: pathlib.Path) -> None:
        """Makes the folder, which holds nothing yet."""
        self.folder = folder
        folder.mkdir()

    @abc.abstractmethod
    def leave(self, room: int, file: pathlib.Path, server: Server) -> None:
        """From now on the file can grow by about so many bytes."""

    @abc.abstractmethod
    def make_room(self, server: Server) -> None:
        """It can grow as much as it likes again."""

    def end(self) -> None:
        """Puts it away."""
        return


class SmallDisk(Disk):
    """A file system in memory, which another file fills."""

    def __init__(self, folder: pathlib.Path) -> None:
        """Mounts it."""
        super().__init__(folder)
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64m", "none", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        if mounted.returncode != 0:
            pytest.skip(f"no file system can be mounted: {mounted.stderr}")

    def leave(self, room: int, file: pathlib.Path, server: Server) -> None:
        """Writes the other file."""
        disk = os.statvfs(self.folder)
        ballast = disk.f_bavail * disk.f_frsize - room
        with (self.folder / "ballast").open("wb") as other:
            other.write(bytes(ballast))

    def make_room(self, server: Server) -> None:
        """Deletes it."""
        (self.folder / "ballast").unlink()

    def end(self) -> None:
        """Unmounts it."""
        subprocess.run(["umount", "-l", str(self.folder)], check=True)


class LimitedFiles(Disk):
    """The server may make no larger files."""

    def leave(self, room: int, file: pathlib.Path, server: Server) -> None:
        """Limits them to the file's size and the room."""
        size = file.stat().st_size if file.exists() else 0
        self._limit(server, size + room)

    def make_room(self, server: Server) -> None:
        """Takes the limit away."""
        self._limit(server, resource.RLIM_INFINITY)

    @staticmethod
    def _limit(server: Server, size: int) -> None:
        resource.prlimit(
            server.process.pid,
            resource.RLIMIT_FSIZE,
            (size, resource.RLIM_INFINITY),
        )


@pytest.fixture(params=[SmallDisk, LimitedFiles], ids=["disk", "limit"])
def make_disk(
    request: pytest.FixtureRequest,
) -> Iterator[type[Disk]]:
    """Makes disks that are put away at the end."""
    made: list[Disk] = []

    def make(folder: pathlib.Path) -> Disk:
        disk: Disk = request.param(folder)
        made.append(disk)
        return disk

    yield make  # type: ignore[misc]
    for disk in made:
        disk.end()


class Shop(DuckDbWorkshop):
    """A DuckDB file in a folder of its own."""

    def target(self) -> dict[str, object]:
        """The target of the profile."""
        return {**super().target(), "path": str(self.file)}

    @property
    def file(self) -> pathlib.Path:
        """The DuckDB file."""
        return self.folder / "data" / "shop.duckdb"

    def run(self, *statements: str) -> list[tuple[object, ...]]:
        """Sends the statements; gives the rows of the last one."""
        import duckdb

        rows: list[tuple[object, ...]] = []
        with duckdb.connect(str(self.file)) as database:
            for statement in statements:
                rows = database.execute(statement).fetchall()
        return rows


def _plan(
    client: doppel.Client, shop: Shop, models: list[str]
) -> plan_pb2.ClonePlan:
    for name in ("prod", "ci"):
        client.set_environment(
            name,
            manifest=client.upload_manifest(shop.manifest(name, *models)),
            connection="shop/dev",
        )
    return client.plan_clone(
        source_environment="prod",
        target_environment="ci",
        on_no_zero_copy=planning_service_pb2.NO_ZERO_COPY_COPY,
    )


def test_the_store_cannot_grow(
    make_disk: type[Disk], tmp_path: pathlib.Path
) -> None:
    """The execution stands still, and goes on once there is room."""
    disk = make_disk(tmp_path / "server-store")
    (tmp_path / "data").mkdir()
    shop = Shop(tmp_path)
    models = [f"m{i}" for i in range(60)]
    shop.run(
        "create schema prod",
        *(f"create table prod.{m} as select '{m}' as name" for m in models),
    )
    server = Server(shop)
    client = server.client()
    plan = _plan(client, shop, models)
    # Each of the plan's steps writes some pages of 4 KiB.
    disk.leave(MIB // 2, disk.folder / "state.db-wal", server)

    with client.execute(plan) as events:
        name = events.name
    _wait_for(lambda: "cannot write the end" in server.log())
    assert server.process.poll() is None
    assert client.get_execution(name).status == RUNNING
    made = shop.relations("ci")
    assert len(made) < len(models)
    with pytest.raises(doppel.DoppelError) as full:
        client.upload_manifest(shop.manifest("other", *models))
    # SQLite does not take a limit for a full disk.
    assert full.value.reason in ("STORE_FULL", "STORE_FAILED")

    disk.make_room(server)
    _wait_for(lambda: client.get_execution(name).status == INTERRUPTED)
    client.resume(name)
    with client.watch(name) as events:
        sequences = [event.sequence for event in events]

    done = client.get_execution(name)
    assert done.status == SUCCEEDED, done.error
    assert sequences == list(range(1, len(sequences) + 1))
    _expect_all(shop, models)
    server.stop()


def test_the_database_cannot_grow(
    make_disk: type[Disk], tmp_path: pathlib.Path
) -> None:
    """The execution fails and says why; another one makes what is missing."""
    disk = make_disk(tmp_path / "data")
    shop = Shop(tmp_path)
    models = [f"m{i}" for i in range(6)]
    shop.run(
        "create schema prod",
        *(
            f"create table prod.{m} as select '{m}' as name, "
            f"hash(i) as h, hash(i + 1) as other from range(100000) t(i)"
            for m in models
        ),
    )
    server = Server(shop)
    client = server.client()
    plan = _plan(client, shop, models)
    # What is written goes to the log first, and from there into the file.
    disk.leave(3 * MIB, shop.file.with_suffix(".duckdb.wal"), server)

    failed = apply(client, plan)

    assert failed.status == FAILED
    assert any(
        words in failed.error.message
        for words in ("No space left", "File too large", "could not write")
    ), failed.error
    disk.make_room(server)
    for model in models:
        assert shop.run(f"select count(*) from prod.{model}") == [(100000,)]
    made = shop.relations("ci")
    assert made < set(models)
    again = apply(client, _plan(client, shop, models))

    assert again.status == SUCCEEDED, again.error
    _expect_all(shop, models)
    server.stop()


def _wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def _expect_all(shop: Shop, models: list[str]) -> None:
    """As planned: every table with its source's rows, and each is owned."""
    assert shop.relations("ci") == set(models)
    for model in models:
        assert shop.run(
            f"select count(*) from (from prod.{model} except all "
            f"from ci.{model})"
        ) == [(0,)]
        assert shop.run(f"select distinct name from ci.{model}") == [(model,)]
    owned = {line.name for line in shop.ledger()}
    assert owned == {"ci.", *(f"ci.{model}" for model in models)}
