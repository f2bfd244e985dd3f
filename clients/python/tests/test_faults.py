"""Streams that break, and uploads that are lost half-way."""

from __future__ import annotations

import hashlib
import pathlib
from collections.abc import Iterable, Iterator
from typing import Any

import faulty
import grpc
import pytest
from google.rpc import error_details_pb2

import doppel
from doppel.v1 import (
    execution_pb2,
    execution_service_pb2,
    execution_service_pb2_grpc,
    manifest_pb2,
    manifest_service_pb2,
    manifest_service_pb2_grpc,
    planning_service_pb2,
    planning_service_pb2_grpc,
)

_NAME = "executions/1"
_PLAN = doppel.PlanRef("plans/1", "fingerprint")
_LAST = 6


def event(sequence: int) -> execution_pb2.ExecutionEvent:
    """The event of that number; the last one ends the execution."""
    result = execution_pb2.ExecutionEvent(execution=_NAME, sequence=sequence)
    if sequence == _LAST:
        result.finished.status = execution_pb2.EXECUTION_STATUS_SUCCEEDED
    else:
        result.started.operations = 1
    return result


class BreakingExecutions(execution_service_pb2_grpc.ExecutionServiceServicer):
    """Loses the stream in every way that there is.

    Attributes:
        request_ids: of each ExecutePlan.
        watched_from: after_sequence of each WatchExecution.
    """

    def __init__(self) -> None:
        self.request_ids: list[str] = []
        self.watched_from: list[int] = []

    def ExecutePlan(  # noqa: N802
        self, request: Any, context: grpc.ServicerContext
    ) -> Iterator[execution_service_pb2.ExecutePlanResponse]:
        self.request_ids.append(request.request_id)
        if len(self.request_ids) == 1:
            # Lost before the execution has a name.
            context.abort(grpc.StatusCode.UNAVAILABLE, "lost")
        for sequence in (1, 2):
            yield execution_service_pb2.ExecutePlanResponse(
                event=event(sequence)
            )
        context.abort(grpc.StatusCode.UNAVAILABLE, "draining")

    def WatchExecution(  # noqa: N802
        self, request: Any, context: grpc.ServicerContext
    ) -> Iterator[execution_service_pb2.WatchExecutionResponse]:
        self.watched_from.append(request.after_sequence)
        # One that was seen; a gap; an end that is none; all that is left.
        answers = [(1, 2, 3), (5,), (4,), range(5, _LAST + 1)]
        for sequence in answers[len(self.watched_from) - 1]:
            yield execution_service_pb2.WatchExecutionResponse(
                event=event(sequence)
            )


def test_every_event_comes_once_however_the_stream_breaks() -> None:
    servicer = BreakingExecutions()
    with (
        faulty.serving(servicer) as address,
        doppel.Client(address, insecure=True) as client,
        client.execute(_PLAN) as stream,
    ):
        assert stream.name == _NAME
        sequences = [event.sequence for event in stream]

    assert sequences == list(range(1, _LAST + 1))
    assert servicer.watched_from == [2, 3, 3, 4]
    assert len(set(servicer.request_ids)) == 1
    assert len(servicer.request_ids) == 2
    assert stream.result is not None
    assert stream.result.status == execution_pb2.EXECUTION_STATUS_SUCCEEDED


async def test_every_event_comes_once_with_asyncio_too() -> None:
    servicer = BreakingExecutions()
    with faulty.serving(servicer) as address:
        async with (
            doppel.AsyncClient(address, insecure=True) as client,
            await client.execute(_PLAN) as stream,
        ):
            assert stream.name == _NAME
            sequences = [event.sequence async for event in stream]

    assert sequences == list(range(1, _LAST + 1))
    assert servicer.watched_from == [2, 3, 3, 4]
    assert stream.result is not None


def test_a_refusal_is_not_asked_for_again() -> None:
    class Refusing(execution_service_pb2_grpc.ExecutionServiceServicer):
        calls = 0

        def ExecutePlan(self, request: Any, context: Any) -> Any:  # noqa: N802
            Refusing.calls += 1
            info = error_details_pb2.ErrorInfo(
                reason="INTERNAL", domain="doppel"
            )
            faulty.abort(context, grpc.StatusCode.INTERNAL, "broken", info)
            yield

    with (
        faulty.serving(Refusing()) as address,
        doppel.Client(address, insecure=True) as client,
        pytest.raises(doppel.InternalError),
    ):
        client.execute(_PLAN)

    assert Refusing.calls == 1


class LosingManifests(manifest_service_pb2_grpc.ManifestServiceServicer):
    """Loses the first upload after a chunk, and keeps what arrived."""

    def __init__(self) -> None:
        self.received = b""
        self.offsets: list[int] = []

    def FindMissingManifests(self, request: Any, context: Any) -> Any:  # noqa: N802
        missing = manifest_service_pb2.MissingManifest(
            name=request.names[0], committed_bytes=len(self.received)
        )
        return manifest_service_pb2.FindMissingManifestsResponse(
            missing=[missing]
        )

    def UploadManifest(  # noqa: N802
        self, requests: Iterable[Any], context: grpc.ServicerContext
    ) -> manifest_service_pb2.UploadManifestResponse:
        header = None
        for request in requests:
            if request.WhichOneof("content") == "header":
                header = request.header
                self.offsets.append(header.offset)
                continue
            self.received += request.chunk
            if len(self.offsets) == 1:
                context.abort(grpc.StatusCode.UNAVAILABLE, "lost")
        assert header is not None
        digest = hashlib.sha256(self.received).hexdigest()
        assert header.name == f"manifests/{digest}"
        assert header.size_bytes == len(self.received)
        return manifest_service_pb2.UploadManifestResponse(
            manifest=manifest_pb2.Manifest(name=header.name)
        )


@pytest.fixture
def big_file(tmp_path: pathlib.Path) -> pathlib.Path:
    """Three chunks and a bit."""
    path = tmp_path / "manifest.json"
    path.write_bytes(bytes(range(256)) * (3 * 4096 + 1))
    return path


def test_upload_goes_on_where_it_was_lost(big_file: pathlib.Path) -> None:
    servicer = LosingManifests()
    seen: list[tuple[int, int]] = []
    with (
        faulty.serving(servicer) as address,
        doppel.Client(address, insecure=True) as client,
    ):
        client.upload_manifest(
            big_file, lambda sent, all: seen.append((sent, all))
        )

    size = big_file.stat().st_size
    assert servicer.received == big_file.read_bytes()
    assert servicer.offsets == [0, 1 << 20]
    assert seen[-1] == (size, size)


async def test_upload_goes_on_with_asyncio_too(big_file: pathlib.Path) -> None:
    servicer = LosingManifests()
    with faulty.serving(servicer) as address:
        async with doppel.AsyncClient(address, insecure=True) as client:
            await client.upload_manifest(big_file.read_bytes())

    assert servicer.received == big_file.read_bytes()
    assert servicer.offsets == [0, 1 << 20]


class StopError(Exception):
    """What a progress callback raises here."""


def stop(_sent: int, _all: int) -> None:
    raise StopError


def test_what_progress_raises_ends_the_upload(big_file: pathlib.Path) -> None:
    with (
        faulty.serving(LosingManifests()) as address,
        doppel.Client(address, insecure=True) as client,
        pytest.raises(StopError),
    ):
        client.upload_manifest(big_file, stop)


async def test_what_progress_raises_ends_the_upload_with_asyncio_too(
    big_file: pathlib.Path,
) -> None:
    with faulty.serving(LosingManifests()) as address:
        async with doppel.AsyncClient(address, insecure=True) as client:
            with pytest.raises(StopError):
                await client.upload_manifest(big_file, stop)


class TornStates(planning_service_pb2_grpc.PlanningServiceServicer):
    """Sends a state manifest; breaks off, or changes a byte, so many times."""

    CONTENT = b'{"nodes": {}}'

    def __init__(self, breaks: int, wrong: int = 0) -> None:
        self._breaks = breaks
        self._wrong = wrong

    def DownloadDeferralState(  # noqa: N802
        self, request: Any, context: grpc.ServicerContext
    ) -> Iterator[planning_service_pb2.DownloadDeferralStateResponse]:
        response = planning_service_pb2.DownloadDeferralStateResponse
        content = self.CONTENT
        header = planning_service_pb2.DownloadHeader(
            sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content)
        )
        yield response(header=header)
        yield response(chunk=content[:5])
        if self._breaks:
            self._breaks -= 1
            context.abort(grpc.StatusCode.UNAVAILABLE, "lost")
        yield response(chunk=b"!" * 8 if self._wrong else content[5:])


def test_download_that_breaks_begins_again(tmp_path: pathlib.Path) -> None:
    with (
        faulty.serving(TornStates(breaks=2)) as address,
        doppel.Client(address, insecure=True) as client,
    ):
        directory = client.write_state_directory("r", tmp_path / "state")

    assert (directory / "manifest.json").read_bytes() == TornStates.CONTENT
    assert [path.name for path in directory.iterdir()] == ["manifest.json"]


def test_damaged_download_leaves_what_was_there(tmp_path: pathlib.Path) -> None:
    (tmp_path / "manifest.json").write_text("old")

    with (
        faulty.serving(TornStates(breaks=0, wrong=1)) as address,
        doppel.Client(address, insecure=True) as client,
        pytest.raises(doppel.DataLossError),
    ):
        client.write_state_directory("r", tmp_path)

    assert (tmp_path / "manifest.json").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


async def test_damaged_download_with_asyncio_too(
    tmp_path: pathlib.Path,
) -> None:
    with faulty.serving(TornStates(breaks=1, wrong=1)) as address:
        async with doppel.AsyncClient(address, insecure=True) as client:
            with pytest.raises(doppel.DataLossError):
                await client.write_state_directory("r", tmp_path)

    assert list(tmp_path.iterdir()) == []
