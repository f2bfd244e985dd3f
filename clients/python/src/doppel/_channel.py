"""How the clients talk to the server: deadlines, retries, sizes, headers."""

from __future__ import annotations

import dataclasses
import importlib.resources
from collections.abc import Sequence
from typing import Any, Literal

from doppel._version import __version__

# Of one answer: a plan of many thousand operations comes in one.
_MAX_RECEIVE_BYTES = 256 << 20
_KEEPALIVE_MS = 60_000
_KEEPALIVE_TIMEOUT_MS = 20_000

Metadata = Sequence[tuple[str, str]]
TimeoutKind = Literal["call", "work", "transfer", "watch"]


@dataclasses.dataclass(frozen=True)
class Timeouts:
    """How long a call may take, in seconds; None: as long as it takes.

    Attributes:
        call: of calls that only look something up or note it.
        work: of calls that read manifests or a warehouse's catalog: selecting,
            comparing, resolving, planning, detecting drift, and what is checked
            before an execution is resumed.
        transfer: of one attempt to upload a manifest or to download a state
            directory.
        watch: of one stream of events. An execution takes as long as it takes,
            and a dead connection is noticed by keepalive.
    """

    call: float | None = 30.0
    work: float | None = 300.0
    transfer: float | None = 900.0
    watch: float | None = None

    def of(self, kind: TimeoutKind) -> float | None:
        """The timeout of that kind of calls, in seconds."""
        value: float | None = getattr(self, kind)
        return value


def service_config() -> str:
    """The gRPC service config that every client of doppel uses, as JSON."""
    file = importlib.resources.files("doppel").joinpath("service_config.json")
    return file.read_text(encoding="utf-8")


def channel_options(more: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The channel's options; those of the caller win."""
    options: dict[str, Any] = {
        "grpc.enable_retries": 1,
        "grpc.keepalive_time_ms": _KEEPALIVE_MS,
        "grpc.keepalive_timeout_ms": _KEEPALIVE_TIMEOUT_MS,
        "grpc.max_receive_message_length": _MAX_RECEIVE_BYTES,
        "grpc.primary_user_agent": f"doppel-python/{__version__}",
        "grpc.service_config": service_config(),
    }
    options.update(more)
    return list(options.items())


def call_metadata(more: Metadata) -> tuple[tuple[str, str], ...]:
    """What is sent with every call."""
    return (("doppel-client", f"python/{__version__}"), *more)
