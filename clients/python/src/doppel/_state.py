"""Writes a state directory so that it is there whole, or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pathlib
import tempfile
from types import TracebackType

import grpc

from doppel.errors import DataLossError
from doppel.v1 import planning_service_pb2

_FILE_NAME = "manifest.json"


class StateFile:
    """The manifest.json of a state directory while it arrives.

    A context manager: what was not committed is removed. Writing it blocks.
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        """Makes the directory if it is not there.

        Raises:
            OSError: the directory cannot be made or written.
        """
        self._path = pathlib.Path(directory) / _FILE_NAME
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(
            prefix=f".{_FILE_NAME}.", dir=self._path.parent
        )
        self._file = os.fdopen(descriptor, "wb")
        self._temporary = pathlib.Path(name)
        self._digest = hashlib.sha256()
        self._header: planning_service_pb2.DownloadHeader | None = None
        self._size = 0

    def __enter__(self) -> StateFile:
        """Gives itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Removes what was not committed."""
        self._file.close()
        with contextlib.suppress(FileNotFoundError):
            self._temporary.unlink()

    def add(
        self, message: planning_service_pb2.DownloadDeferralStateResponse
    ) -> None:
        """Takes the next message of the download.

        Raises:
            OSError: the bytes cannot be written.
        """
        if message.WhichOneof("content") == "header":
            self._header = message.header
            return
        self._file.write(message.chunk)
        self._digest.update(message.chunk)
        self._size += len(message.chunk)

    def commit(self) -> pathlib.Path:
        """Checks what arrived and puts it in its place; gives the directory.

        Raises:
            DataLossError: size or digest are not those of the header.
            OSError: the file cannot be put there.
        """
        header = self._header
        if header is None:
            raise DataLossError(
                grpc.StatusCode.DATA_LOSS,
                "the download had no header; try again",
            )
        got = (self._size, self._digest.hexdigest())
        if got != (header.size_bytes, header.sha256):
            raise DataLossError(
                grpc.StatusCode.DATA_LOSS,
                f"the state manifest arrived as {got[0]} bytes with SHA-256 "
                f"{got[1]}, and {header.size_bytes} bytes with {header.sha256} "
                "were announced; try again",
            )
        self._file.flush()
        os.fsync(self._file.fileno())
        # Readable as any file of the user's, which mkstemp does not do.
        mask = os.umask(0)
        os.umask(mask)
        self._temporary.chmod(0o666 & ~mask)
        self._temporary.replace(self._path)
        return self._path.parent
