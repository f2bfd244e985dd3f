"""Starts the real server on a port of its own."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import queue
import signal
import subprocess
import threading
from collections.abc import Iterator

_REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
_START_SECONDS = 60.0
_STOP_SECONDS = 30.0


def program() -> pathlib.Path:
    """The server's program: $DOPPELD, else bin/doppeld.

    Raises:
        FileNotFoundError: it is not built.
    """
    path = pathlib.Path(os.environ.get("DOPPELD", _REPOSITORY / "bin/doppeld"))
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} is not there; run tools/build, or set DOPPELD"
        )
    return path


class Server:
    """A doppeld that runs.

    Attributes:
        address: "127.0.0.1:port".
    """

    def __init__(self, folder: pathlib.Path, profiles: pathlib.Path) -> None:
        """Starts it and waits until it serves.

        Raises:
            FileNotFoundError: it is not built.
            RuntimeError: it does not serve; with what it logged.
        """
        self._lines: queue.Queue[str] = queue.Queue()
        self._process = subprocess.Popen(
            [
                str(program()),
                "--listen=127.0.0.1:0",
                f"--store_dir={folder / 'store'}",
                f"--profiles_dir={profiles}",
            ],
            stderr=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.address = self._wait_for_address()

    def stop(self) -> int:
        """Asks it to end, and waits; gives its exit code. Does it once."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        finally:
            self._reader.join()

    def _read(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as log:
            for line in log:
                self._lines.put(line)
        self._lines.put("")

    def _wait_for_address(self) -> str:
        logged: list[str] = []
        with contextlib.suppress(queue.Empty):
            while line := self._lines.get(timeout=_START_SECONDS):
                logged.append(line)
                with contextlib.suppress(json.JSONDecodeError):
                    entry = json.loads(line)
                    if entry.get("message") == "serving":
                        return str(entry["address"])
        self._process.kill()
        raise RuntimeError(f"doppeld does not serve: {''.join(logged)}")


@contextlib.contextmanager
def serving(folder: pathlib.Path, profiles: pathlib.Path) -> Iterator[Server]:
    """A server while the block runs; it must end cleanly."""
    server = Server(folder, profiles)
    try:
        yield server
    finally:
        code = server.stop()
    assert code == 0, f"doppeld ended with {code}"
