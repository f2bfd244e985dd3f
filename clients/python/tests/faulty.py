"""A gRPC server that does what a healthy doppeld never does.

For faults only: streams that break, uploads that are lost half-way, statuses
without details. Everything else is tested with the real server.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from concurrent import futures
from typing import Any

import grpc
from google.protobuf import any_pb2, message
from google.rpc import status_pb2

from doppel.v1 import (
    environment_service_pb2_grpc,
    execution_service_pb2_grpc,
    manifest_service_pb2_grpc,
    planning_service_pb2_grpc,
)


def abort(
    context: grpc.ServicerContext,
    code: grpc.StatusCode,
    text: str,
    *details: message.Message,
) -> None:
    """Ends the call with a status and its details."""
    packed = []
    for detail in details:
        item = any_pb2.Any()
        item.Pack(detail)
        packed.append(item)
    status = status_pb2.Status(code=code.value[0], message=text, details=packed)
    context.set_trailing_metadata(
        (("grpc-status-details-bin", status.SerializeToString()),)
    )
    context.abort(code, text)


@contextlib.contextmanager
def serving(*servicers: Any) -> Iterator[str]:
    """Serves these; gives the address."""
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    adders: dict[type, Callable[[Any, Any], None]] = {
        environment_service_pb2_grpc.EnvironmentServiceServicer: (
            environment_service_pb2_grpc.add_EnvironmentServiceServicer_to_server
        ),
        execution_service_pb2_grpc.ExecutionServiceServicer: (
            execution_service_pb2_grpc.add_ExecutionServiceServicer_to_server
        ),
        manifest_service_pb2_grpc.ManifestServiceServicer: (
            manifest_service_pb2_grpc.add_ManifestServiceServicer_to_server
        ),
        planning_service_pb2_grpc.PlanningServiceServicer: (
            planning_service_pb2_grpc.add_PlanningServiceServicer_to_server
        ),
    }
    for servicer in servicers:
        for kind, add in adders.items():
            if isinstance(servicer, kind):
                add(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(grace=None).wait()
