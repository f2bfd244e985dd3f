"""The Python client of doppel.

    import doppel

    with doppel.Client("localhost:7433", insecure=True) as client:
        manifest = client.upload_manifest("target/manifest.json")
        resolution = client.resolve_deferral(manifest, ["staging", "prod"])
        client.write_state_directory(resolution, "state")

Client waits for each answer, AsyncClient is the same for asyncio. The messages
are those of doppel.v1, and what a call can raise is in doppel.errors.
"""

from doppel._channel import Timeouts, service_config
from doppel._pages import AsyncPager, Pager
from doppel._requests import PlanRef, defer_source, selection
from doppel._stream import AsyncExecutionStream, ExecutionStream
from doppel._version import __version__
from doppel.aio import AsyncClient
from doppel.client import Client
from doppel.errors import (
    AbortedError,
    AlreadyExistsError,
    CancelledError,
    DataLossError,
    DeadlineExceededError,
    DoppelError,
    ErrorDetails,
    FailedPreconditionError,
    InternalError,
    InvalidArgumentError,
    NotFoundError,
    OutOfRangeError,
    PermissionDeniedError,
    ResourceExhaustedError,
    UnauthenticatedError,
    UnavailableError,
    UnimplementedError,
    Violation,
    from_status,
)

__all__ = [
    "AbortedError",
    "AlreadyExistsError",
    "AsyncClient",
    "AsyncExecutionStream",
    "AsyncPager",
    "CancelledError",
    "Client",
    "DataLossError",
    "DeadlineExceededError",
    "DoppelError",
    "ErrorDetails",
    "ExecutionStream",
    "FailedPreconditionError",
    "InternalError",
    "InvalidArgumentError",
    "NotFoundError",
    "OutOfRangeError",
    "Pager",
    "PermissionDeniedError",
    "PlanRef",
    "ResourceExhaustedError",
    "Timeouts",
    "UnauthenticatedError",
    "UnavailableError",
    "UnimplementedError",
    "Violation",
    "__version__",
    "defer_source",
    "from_status",
    "selection",
    "service_config",
]
