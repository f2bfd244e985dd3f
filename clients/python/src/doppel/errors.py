"""What a call raises: the server's answer, with its reason and its details."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import grpc
from google.protobuf import message
from google.rpc import error_details_pb2, status_pb2

from doppel.v1 import error_reason_pb2

_DETAILS_KEY = "grpc-status-details-bin"
_DOMAIN = "doppel"


@dataclasses.dataclass(frozen=True)
class Violation:
    """One thing that is wrong with a request, or with the world.

    Attributes:
        subject: the field of the request, or whom the fact is about.
        description: what is wrong, for people.
        type: the kind of a fact that does not hold; empty for a field.
    """

    subject: str
    description: str
    type: str = ""


@dataclasses.dataclass(frozen=True)
class ErrorDetails:
    """What a status carries beside its code and message.

    Attributes:
        reason: a name of error_reason.proto without its prefix, such as
            "MANIFEST_NOT_FOUND"; empty where the error did not come from doppel
            (nothing listens there, a proxy refused, the deadline passed).
        metadata: every value that the message names.
        violations: of fields and of preconditions.
        resource: type and name of the resource that the error is about.
        retry_after: how long to wait before trying again.
    """

    reason: str = ""
    metadata: Mapping[str, str] = dataclasses.field(default_factory=dict)
    violations: Sequence[Violation] = ()
    resource: tuple[str, str] | None = None
    retry_after: datetime.timedelta | None = None


class DoppelError(Exception):
    """A call was rejected, or did not get through.

    Attributes:
        code: the gRPC status code.
        message: what was wrong, where, and what to do.
        details: reason, metadata, violations, resource and delay.
    """

    def __init__(
        self,
        code: grpc.StatusCode,
        message: str,
        details: ErrorDetails | None = None,
    ) -> None:
        """Keeps what the server said."""
        self.code = code
        self.message = message
        self.details = details or ErrorDetails()
        super().__init__(code, message, self.details)

    def __str__(self) -> str:
        """Reads as "NOT_FOUND (MANIFEST_NOT_FOUND): no manifest ..."."""
        reason = f" ({self.reason})" if self.reason else ""
        return f"{self.code.name}{reason}: {self.message}"

    @property
    def reason(self) -> str:
        """The reason's name, such as "MANIFEST_NOT_FOUND"; may be empty."""
        return self.details.reason

    @property
    def reason_code(self) -> int:
        """The reason as an error_reason_pb2.ErrorReason.

        ERROR_REASON_UNSPECIFIED if this client does not know it.
        """
        known = dict(error_reason_pb2.ErrorReason.items())
        return known.get(f"ERROR_REASON_{self.reason}", 0)

    @property
    def metadata(self) -> Mapping[str, str]:
        """Every value that the message names, by its key."""
        return self.details.metadata

    @property
    def violations(self) -> Sequence[Violation]:
        """The fields, or the facts, that the error is about."""
        return self.details.violations

    @property
    def resource(self) -> tuple[str, str] | None:
        """Type and name of the resource that the error is about."""
        return self.details.resource

    @property
    def retry_after(self) -> datetime.timedelta | None:
        """How long the server asks to wait before the next attempt."""
        return self.details.retry_after


class InvalidArgumentError(DoppelError):
    """The request cannot be meant so; see violations."""


class NotFoundError(DoppelError):
    """No resource of that name; see resource."""


class AlreadyExistsError(DoppelError):
    """A resource of that name is there, or the request_id was used before."""


class FailedPreconditionError(DoppelError):
    """The world is not such that this can be done; see violations."""


class AbortedError(DoppelError):
    """Somebody else was faster: read again, then retry."""


class OutOfRangeError(DoppelError):
    """A position is beyond what there is."""


class UnavailableError(DoppelError):
    """The server, its store or a warehouse does not answer: retry later."""


class ResourceExhaustedError(DoppelError):
    """A limit is reached; retry_after is set where waiting helps."""


class PermissionDeniedError(DoppelError):
    """The caller may not do this."""


class UnauthenticatedError(DoppelError):
    """The caller did not say credibly who it is."""


class UnimplementedError(DoppelError):
    """This server does not answer that call."""


class DeadlineExceededError(DoppelError):
    """The call took longer than its timeout."""


class CancelledError(DoppelError):
    """The call was cancelled."""


class InternalError(DoppelError):
    """A fault of doppel itself; the metadata says how to find it in the log."""


class DataLossError(DoppelError):
    """What arrived is not what was sent; nothing was kept."""


_BY_CODE: Mapping[grpc.StatusCode, type[DoppelError]] = {
    grpc.StatusCode.INVALID_ARGUMENT: InvalidArgumentError,
    grpc.StatusCode.NOT_FOUND: NotFoundError,
    grpc.StatusCode.ALREADY_EXISTS: AlreadyExistsError,
    grpc.StatusCode.FAILED_PRECONDITION: FailedPreconditionError,
    grpc.StatusCode.ABORTED: AbortedError,
    grpc.StatusCode.OUT_OF_RANGE: OutOfRangeError,
    grpc.StatusCode.UNAVAILABLE: UnavailableError,
    grpc.StatusCode.RESOURCE_EXHAUSTED: ResourceExhaustedError,
    grpc.StatusCode.PERMISSION_DENIED: PermissionDeniedError,
    grpc.StatusCode.UNAUTHENTICATED: UnauthenticatedError,
    grpc.StatusCode.UNIMPLEMENTED: UnimplementedError,
    grpc.StatusCode.DEADLINE_EXCEEDED: DeadlineExceededError,
    grpc.StatusCode.CANCELLED: CancelledError,
    grpc.StatusCode.INTERNAL: InternalError,
    grpc.StatusCode.DATA_LOSS: DataLossError,
}

_BY_NUMBER: Mapping[int, grpc.StatusCode] = {
    code.value[0]: code for code in grpc.StatusCode
}


def make_error(
    code: grpc.StatusCode, text: str, details: ErrorDetails | None = None
) -> DoppelError:
    """Makes the error whose class goes with the code."""
    return _BY_CODE.get(code, DoppelError)(code, text, details)


def from_status(status: status_pb2.Status) -> DoppelError:
    """Makes the error of a google.rpc.Status, such as Execution.error."""
    code = _BY_NUMBER.get(status.code, grpc.StatusCode.UNKNOWN)
    return make_error(code, status.message, _read_details(status))


def from_rpc_error(error: grpc.RpcError) -> DoppelError:
    """Makes the error of a call that failed, sync or asyncio."""
    call: Any = error
    status = _status_of(call.trailing_metadata() or ())
    details = _read_details(status) if status is not None else None
    return make_error(call.code(), call.details() or "", details)


def _status_of(
    trailers: Iterable[tuple[str, str | bytes]],
) -> status_pb2.Status | None:
    for key, value in trailers:
        if key == _DETAILS_KEY and isinstance(value, bytes):
            try:
                return status_pb2.Status.FromString(value)
            except message.DecodeError:
                return None
    return None


def _read_details(status: status_pb2.Status) -> ErrorDetails:
    found: dict[str, Any] = {}
    violations: list[Violation] = []
    for packed in status.details:
        info = error_details_pb2.ErrorInfo()
        bad_request = error_details_pb2.BadRequest()
        failure = error_details_pb2.PreconditionFailure()
        resource = error_details_pb2.ResourceInfo()
        retry = error_details_pb2.RetryInfo()
        if packed.Unpack(info):
            if info.domain == _DOMAIN:
                found["reason"] = info.reason
                found["metadata"] = dict(info.metadata)
        elif packed.Unpack(bad_request):
            violations.extend(
                Violation(field.field, field.description)
                for field in bad_request.field_violations
            )
        elif packed.Unpack(failure):
            violations.extend(
                Violation(fact.subject, fact.description, fact.type)
                for fact in failure.violations
            )
        elif packed.Unpack(resource):
            found["resource"] = (resource.resource_type, resource.resource_name)
        elif packed.Unpack(retry):
            found["retry_after"] = retry.retry_delay.ToTimedelta()
    return ErrorDetails(violations=tuple(violations), **found)
