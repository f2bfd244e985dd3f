"""From the wire to exceptions."""

from __future__ import annotations

import datetime
from typing import Any

import faulty
import grpc
import pytest
from google.protobuf import duration_pb2
from google.rpc import error_details_pb2, status_pb2

import doppel
from doppel.errors import make_error
from doppel.v1 import (
    environment_service_pb2_grpc,
    error_reason_pb2,
)


class Refusing(environment_service_pb2_grpc.EnvironmentServiceServicer):
    """Refuses every GetEnvironment in the same way."""

    def __init__(self, code: grpc.StatusCode, *details: Any) -> None:
        self._code = code
        self._details = details
        self.calls = 0

    def GetEnvironment(self, request: Any, context: Any) -> Any:  # noqa: N802
        self.calls += 1
        faulty.abort(context, self._code, "not so", *self._details)


def refusal(code: grpc.StatusCode, *details: Any) -> doppel.DoppelError:
    """The error that a client raises for that status."""
    with (
        faulty.serving(Refusing(code, *details)) as address,
        doppel.Client(address, insecure=True) as client,
        pytest.raises(doppel.DoppelError) as raised,
    ):
        client.get_environment("prod")
    return raised.value


def error_info(reason: str, **metadata: str) -> error_details_pb2.ErrorInfo:
    return error_details_pb2.ErrorInfo(
        reason=reason, domain="doppel", metadata=metadata
    )


def test_error_has_reason_and_metadata() -> None:
    error = refusal(
        grpc.StatusCode.NOT_FOUND,
        error_info("ENVIRONMENT_NOT_FOUND", environment="environments/prod"),
        error_details_pb2.ResourceInfo(
            resource_type="environment", resource_name="environments/prod"
        ),
    )

    assert isinstance(error, doppel.NotFoundError)
    assert error.reason == "ENVIRONMENT_NOT_FOUND"
    assert (
        error.reason_code == error_reason_pb2.ERROR_REASON_ENVIRONMENT_NOT_FOUND
    )
    assert error.metadata == {"environment": "environments/prod"}
    assert error.resource == ("environment", "environments/prod")
    assert str(error) == "NOT_FOUND (ENVIRONMENT_NOT_FOUND): not so"


def test_error_has_violations_of_fields_and_of_facts() -> None:
    error = refusal(
        grpc.StatusCode.FAILED_PRECONDITION,
        error_info("WORLD_CHANGED"),
        error_details_pb2.BadRequest(
            field_violations=[{"field": "name", "description": "too long"}]
        ),
        error_details_pb2.PreconditionFailure(
            violations=[
                {"type": "SCHEMA", "subject": "bi", "description": "gone"}
            ]
        ),
    )

    assert isinstance(error, doppel.FailedPreconditionError)
    assert error.violations == (
        doppel.Violation("name", "too long"),
        doppel.Violation("bi", "gone", "SCHEMA"),
    )


def test_error_has_the_delay_that_the_server_asks_for() -> None:
    error = refusal(
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        error_info("TOO_MANY_CALLS"),
        error_details_pb2.RetryInfo(
            retry_delay=duration_pb2.Duration(seconds=1, nanos=500_000_000)
        ),
    )

    assert isinstance(error, doppel.ResourceExhaustedError)
    assert error.retry_after == datetime.timedelta(seconds=1.5)


def test_reason_of_another_domain_is_not_taken_for_one_of_doppel() -> None:
    error = refusal(
        grpc.StatusCode.PERMISSION_DENIED,
        error_details_pb2.ErrorInfo(reason="QUOTA", domain="mesh.example"),
    )

    assert isinstance(error, doppel.PermissionDeniedError)
    assert error.reason == ""
    assert error.reason_code == error_reason_pb2.ERROR_REASON_UNSPECIFIED


def test_reason_that_this_client_does_not_know_keeps_its_name() -> None:
    error = refusal(grpc.StatusCode.ABORTED, error_info("INVENTED_LATER"))

    assert error.reason == "INVENTED_LATER"
    assert error.reason_code == error_reason_pb2.ERROR_REASON_UNSPECIFIED


def test_unavailable_is_tried_four_times_and_no_other_code_twice() -> None:
    for code, calls in (
        (grpc.StatusCode.UNAVAILABLE, 4),
        (grpc.StatusCode.INTERNAL, 1),
    ):
        servicer = Refusing(code, error_info("INTERNAL"))
        with (
            faulty.serving(servicer) as address,
            doppel.Client(address, insecure=True) as client,
            pytest.raises(doppel.DoppelError),
        ):
            client.get_environment("prod")
        assert servicer.calls == calls


def test_nobody_listens() -> None:
    with (
        doppel.Client("127.0.0.1:1", insecure=True) as client,
        pytest.raises(doppel.UnavailableError) as raised,
    ):
        client.get_environment("prod")

    assert raised.value.reason == ""


@pytest.mark.parametrize("code", list(grpc.StatusCode))
def test_every_code_has_an_error(code: grpc.StatusCode) -> None:
    error = make_error(code, "text")

    assert error.code is code
    plain = {grpc.StatusCode.OK, grpc.StatusCode.UNKNOWN}
    assert (type(error) is doppel.DoppelError) == (code in plain)


def test_error_of_an_execution_reads_like_that_of_a_call() -> None:
    status = status_pb2.Status(code=9, message="a statement failed")
    status.details.add().Pack(error_info("WAREHOUSE_STATEMENT_FAILED"))

    error = doppel.from_status(status)

    assert isinstance(error, doppel.FailedPreconditionError)
    assert error.reason == "WAREHOUSE_STATEMENT_FAILED"
