"""When to try again, and when to give up. Pure: no clock, no waiting."""

from __future__ import annotations

import grpc

from doppel.errors import DoppelError

# What a connection that broke looks like, where no server said why.
_BROKEN = (grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN)


def is_broken(error: DoppelError) -> bool:
    """Whether the way to the server broke, or the server is going away.

    What doppel itself rejects has a reason, and only UNAVAILABLE is worth
    another attempt then.
    """
    if error.code is grpc.StatusCode.UNAVAILABLE:
        return True
    return error.code in _BROKEN and not error.reason


class Backoff:
    """Delays that double, until an attempt gets somewhere or there were enough.

    With the default: 10 attempts in a row that get nowhere, 11 seconds in all.
    """

    def __init__(self, attempts: int = 10) -> None:
        """Allows so many attempts in a row, the first one included."""
        self._attempts = attempts
        self._failed = 0

    def reset(self) -> None:
        """The last attempt got somewhere."""
        self._failed = 0

    def next_delay(self, error: DoppelError, *, anyway: bool = False) -> float:
        """Seconds to wait after this error.

        Args:
            error: why the attempt failed.
            anyway: another attempt is of use whatever the error's code.

        Raises:
            DoppelError: the error itself, if trying again is of no use.
        """
        self._failed += 1
        if self._failed >= self._attempts or not (anyway or is_broken(error)):
            raise error
        if error.retry_after is not None:
            return error.retry_after.total_seconds()
        return min(0.1 * 2.0 ** (self._failed - 1), 2.0)
