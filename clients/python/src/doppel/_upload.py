"""What an upload sends, and where it goes on after it broke."""

from __future__ import annotations

import hashlib
import os
import pathlib
from collections.abc import Iterator
from typing import BinaryIO, Callable, Union

from doppel._retry import Backoff
from doppel.errors import DoppelError
from doppel.v1 import manifest_service_pb2

CHUNK_BYTES = 1 << 20

# Gets the bytes sent so far and the bytes of the whole.
Progress = Callable[[int, int], None]
ManifestSource = Union[str, "os.PathLike[str]", bytes]


class Upload:
    """One manifest on its way. Reading it blocks."""

    def __init__(
        self, source: ManifestSource, progress: Progress | None
    ) -> None:
        """Reads the source once, for its digest.

        Raises:
            OSError: the file cannot be read.
        """
        self._source = source
        self._progress = progress
        self._backoff = Backoff()
        self._furthest = 0
        self._failure: Exception | None = None
        self.size_bytes = 0
        digest = hashlib.sha256()
        for chunk in self._read(0):
            digest.update(chunk)
            self.size_bytes += len(chunk)
        self.name = f"manifests/{digest.hexdigest()}"

    def find_request(self) -> manifest_service_pb2.FindMissingManifestsRequest:
        """Asks what the server has of it."""
        return manifest_service_pb2.FindMissingManifestsRequest(
            names=[self.name]
        )

    def offset(
        self, found: manifest_service_pb2.FindMissingManifestsResponse
    ) -> int | None:
        """Where to begin, in bytes; None: the server has all of it."""
        for missing in found.missing:
            if missing.name == self.name:
                return missing.committed_bytes
        return None

    def requests(
        self, offset: int
    ) -> Iterator[manifest_service_pb2.UploadManifestRequest]:
        """The header, then what is left of the manifest in chunks."""
        header = manifest_service_pb2.UploadHeader(
            name=self.name, size_bytes=self.size_bytes, offset=offset
        )
        yield manifest_service_pb2.UploadManifestRequest(header=header)
        sent = offset
        try:
            for chunk in self._read(offset):
                yield manifest_service_pb2.UploadManifestRequest(chunk=chunk)
                sent += len(chunk)
                self._report(sent)
        except Exception as failure:
            # gRPC only says that the requests ended badly.
            self._failure = failure
            raise

    def done(self) -> None:
        """Says to progress that all has arrived."""
        self._report(self.size_bytes)

    def delay_after(self, error: DoppelError, offset: int) -> float:
        """Seconds to wait before asking the server again what it has.

        Args:
            error: why the attempt ended.
            offset: where the attempt began.

        Raises:
            DoppelError: the error itself, if trying again is of no use.
            OSError: the file could not be read, and that was why.
        """
        self.raise_failure()
        if offset > self._furthest:
            self._furthest = offset
            self._backoff.reset()
        # Another upload of the same bytes went on meanwhile.
        overtaken = error.reason == "UPLOAD_OFFSET_MISMATCH"
        return self._backoff.next_delay(error, anyway=overtaken)

    def raise_failure(self) -> None:
        """Raises what reading the manifest or progress raised, if any."""
        if self._failure is not None:
            raise self._failure

    def _report(self, sent: int) -> None:
        if self._progress is not None:
            self._progress(sent, self.size_bytes)

    def _read(self, offset: int) -> Iterator[bytes]:
        if isinstance(self._source, bytes):
            for begin in range(offset, len(self._source), CHUNK_BYTES):
                yield self._source[begin : begin + CHUNK_BYTES]
            return
        with pathlib.Path(self._source).open("rb") as file:
            file.seek(offset)
            yield from _chunks(file)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK_BYTES):
        yield chunk
