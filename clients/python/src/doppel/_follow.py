"""Where the stream of an execution stands, and how it goes on after a break."""

from __future__ import annotations

from typing import Union

import grpc

from doppel._retry import Backoff
from doppel.errors import DoppelError, UnavailableError
from doppel.v1 import execution_pb2, execution_service_pb2

FollowRequest = Union[
    execution_service_pb2.ExecutePlanRequest,
    execution_service_pb2.WatchExecutionRequest,
]


class Follower:
    """Decides what an event stream does next. Pure: no clock, no calls.

    An execution goes on when its stream breaks. Until it has a name, the same
    ExecutePlan is sent again, which its request_id makes safe; from then on
    WatchExecution goes on after the last event that was seen.
    """

    def __init__(self, request: FollowRequest) -> None:
        """Begins with this request."""
        self._request = request
        self._backoff = Backoff()
        self.execution = ""
        self.last_sequence = 0
        self.result: execution_pb2.Execution | None = None
        if isinstance(request, execution_service_pb2.WatchExecutionRequest):
            self.execution = request.name
            self.last_sequence = request.after_sequence

    def request(self) -> FollowRequest:
        """The request of the next attempt."""
        if not self.execution:
            return self._request
        return execution_service_pb2.WatchExecutionRequest(
            name=self.execution, after_sequence=self.last_sequence
        )

    def accept(self, event: execution_pb2.ExecutionEvent) -> bool:
        """Whether the event is new.

        Raises:
            UnavailableError: events are missing before it; attach again.
        """
        self.execution = event.execution or self.execution
        if event.sequence <= self.last_sequence:
            return False
        if event.sequence > self.last_sequence + 1:
            raise UnavailableError(
                grpc.StatusCode.UNAVAILABLE,
                f"event {event.sequence} of {self.execution} followed event "
                f"{self.last_sequence}",
            )
        self.last_sequence = event.sequence
        self._backoff.reset()
        is_end = event.WhichOneof("event") == "finished"
        self.result = event.finished if is_end else None
        return True

    def has_ended(self) -> bool:
        """Whether nothing can follow, now that the stream ended with OK."""
        if self.result is not None:
            return True
        first = self._request
        if isinstance(first, execution_service_pb2.ExecutePlanRequest):
            return first.validate_only
        return False

    def delay_after(self, error: DoppelError | None) -> float:
        """Seconds to wait before the next attempt.

        Args:
            error: how the stream ended; None: with OK, and too early.

        Raises:
            DoppelError: the error itself, if trying again is of no use.
        """
        return self._backoff.next_delay(
            error
            or UnavailableError(
                grpc.StatusCode.UNAVAILABLE,
                f"the stream of {self.execution or 'a plan'} ended too early",
            )
        )
