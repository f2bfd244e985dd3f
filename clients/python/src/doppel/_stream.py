"""The events of an execution as they come, for both clients."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from types import TracebackType
from typing import Any, Callable

import grpc

from doppel._follow import Follower, FollowRequest
from doppel.errors import DoppelError, from_rpc_error
from doppel.v1 import execution_pb2


class ExecutionStream:
    """The events of an execution, until it ends.

    Iterating reads the events. Where the stream breaks it goes on with the next
    event, so that each comes once and none is left out. Closing it stops the
    telling, not the execution.
    """

    def __init__(
        self,
        follower: Follower,
        open_stream: Callable[[FollowRequest], Any],
    ) -> None:
        """Takes where to begin, and what makes the call."""
        self._follower = follower
        self._open_stream = open_stream
        self._events = self._read()
        self._ahead: list[execution_pb2.ExecutionEvent] = []

    @property
    def name(self) -> str:
        """The execution, "executions/{uuid}"; empty before the first event."""
        return self._follower.execution

    @property
    def last_sequence(self) -> int:
        """The sequence of the last event that was read."""
        return self._follower.last_sequence

    @property
    def result(self) -> execution_pb2.Execution | None:
        """The execution as it ended; None before that."""
        return self._follower.result

    def __iter__(self) -> Iterator[execution_pb2.ExecutionEvent]:
        """Gives itself."""
        return self

    def __next__(self) -> execution_pb2.ExecutionEvent:
        """The next event.

        Raises:
            DoppelError: the call was rejected, or the server stayed away.
        """
        return self._ahead.pop() if self._ahead else next(self._events)

    def __enter__(self) -> ExecutionStream:
        """Gives itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes the stream."""
        self.close()

    def begin(self) -> None:
        """Waits until the execution has a name, or was refused.

        Raises:
            DoppelError: it was refused, or the server stayed away.
        """
        if not self._ahead:
            self._ahead.extend(itertools.islice(self._events, 1))

    def wait(self) -> execution_pb2.Execution | None:
        """Reads all events; gives the execution as it ended.

        None after validate_only. An execution that failed raises nothing: its
        status and error tell.

        Raises:
            DoppelError: the call was rejected, or the server stayed away.
        """
        for _ in self:
            pass
        return self.result

    def close(self) -> None:
        """Stops the telling."""
        self._events.close()

    def _read(self) -> Generator[execution_pb2.ExecutionEvent, None, None]:
        follower = self._follower
        while True:
            error: DoppelError | None = None
            call = self._open_stream(follower.request())
            try:
                for response in call:
                    if follower.accept(response.event):
                        yield response.event
            except grpc.RpcError as broken:
                error = from_rpc_error(broken)
            except DoppelError as gap:
                error = gap
            finally:
                call.cancel()
            if follower.result is not None or (
                error is None and follower.has_ended()
            ):
                return
            time.sleep(follower.delay_after(error))


class AsyncExecutionStream:
    """As ExecutionStream, for `async for`."""

    def __init__(
        self,
        follower: Follower,
        open_stream: Callable[[FollowRequest], Any],
    ) -> None:
        """Takes where to begin, and what makes the call."""
        self._follower = follower
        self._open_stream = open_stream
        self._events = self._read()
        self._ahead: list[execution_pb2.ExecutionEvent] = []

    @property
    def name(self) -> str:
        """The execution, "executions/{uuid}"; empty before the first event."""
        return self._follower.execution

    @property
    def last_sequence(self) -> int:
        """The sequence of the last event that was read."""
        return self._follower.last_sequence

    @property
    def result(self) -> execution_pb2.Execution | None:
        """The execution as it ended; None before that."""
        return self._follower.result

    def __aiter__(self) -> AsyncIterator[execution_pb2.ExecutionEvent]:
        """Gives itself."""
        return self

    async def __anext__(self) -> execution_pb2.ExecutionEvent:
        """The next event.

        Raises:
            DoppelError: the call was rejected, or the server stayed away.
        """
        return (
            self._ahead.pop() if self._ahead else await self._events.__anext__()
        )

    async def __aenter__(self) -> AsyncExecutionStream:
        """Gives itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes the stream."""
        await self.close()

    async def begin(self) -> None:
        """Waits until the execution has a name, or was refused.

        Raises:
            DoppelError: it was refused, or the server stayed away.
        """
        if not self._ahead:
            async for event in self._events:
                self._ahead.append(event)
                break

    async def wait(self) -> execution_pb2.Execution | None:
        """Reads all events; gives the execution as it ended.

        See ExecutionStream.wait.
        """
        async for _ in self:
            pass
        return self.result

    async def close(self) -> None:
        """Stops the telling."""
        await self._events.aclose()

    async def _read(self) -> AsyncGenerator[execution_pb2.ExecutionEvent, None]:
        follower = self._follower
        while True:
            error: DoppelError | None = None
            call = self._open_stream(follower.request())
            try:
                async for response in call:
                    if follower.accept(response.event):
                        yield response.event
            except grpc.RpcError as broken:
                error = from_rpc_error(broken)
            except DoppelError as gap:
                error = gap
            finally:
                call.cancel()
            if follower.result is not None or (
                error is None and follower.has_ended()
            ):
                return
            await asyncio.sleep(follower.delay_after(error))
