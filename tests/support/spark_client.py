"""A Spark Connect server with Delta Lake, and a client of Spark's own of it."""

from __future__ import annotations

import copy
import importlib
import os
import pathlib
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from typing import Any

import grpc
from grpc_tools import protoc

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
JARS = (
    pathlib.Path(
        os.environ.get("DOPPEL_CACHE")
        or pathlib.Path(
            os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
        )
        / "doppel"
    )
    / "spark"
    / "jars"
)

# A target of profiles.yml, for `address` and `schema`.
TARGET = """\
      type: spark
      schema: {schema}
      spark_remote: "sc://{address}/;token=guard"
"""


def serve() -> Iterator[str]:
    """Starts a server; gives its "127.0.0.1:PORT", then ends it."""
    script = str(REPOSITORY / "tests" / "support" / "start_spark")
    started = subprocess.run(
        [script, str(os.getpid()), str(JARS)],
        capture_output=True,
        text=True,
        check=True,
    )
    where, folder = started.stdout.split()
    yield where
    subprocess.run([script, "--end", folder], check=True)


class Spark:
    """A client of Spark's own, for what a test makes and looks at."""

    def __init__(self, address: str, folder: pathlib.Path) -> None:
        """Makes the protocol's stubs in the folder, and connects."""
        protos = REPOSITORY / "service/warehouse/spark_connect/protocol"
        made = protoc.main(
            [
                *("protoc", f"-I{protos}", f"--python_out={folder}"),
                *(f"--grpc_python_out={folder}", "spark_connect.proto"),
            ]
        )
        assert made == 0
        sys.path.insert(0, str(folder))
        self._messages = importlib.import_module("spark_connect_pb2")
        services = importlib.import_module("spark_connect_pb2_grpc")
        sys.path.remove(str(folder))
        self._stub = services.SparkConnectServiceStub(
            grpc.insecure_channel(address)
        )
        self._session = str(uuid.uuid4())

    def another_session(self) -> Spark:
        """Another client of the same server, who shares no session."""
        another = copy.copy(self)
        another._session = str(uuid.uuid4())  # noqa: SLF001: its own
        return another

    def run(self, sql: str) -> list[bytes]:
        """Runs a statement to its end; gives its rows, as Arrow has them.

        Raises:
            grpc.RpcError: it failed.
        """
        rows: list[bytes] = []
        request = self._request()
        request.plan.command.sql_command.input.sql.query = sql
        for answer in self._execute(request):
            relation = answer.sql_command_result.relation
            if relation.HasField("local_relation"):
                rows.append(relation.local_relation.data)
            elif relation.ByteSize():
                query = self._request()
                query.plan.root.CopyFrom(relation)
                rows += [
                    part.arrow_batch.data
                    for part in self._execute(query)
                    if part.arrow_batch.data
                ]
        return rows

    def holds(self, condition: str, relation: str) -> None:
        """Fails unless the condition holds for all of the relation's rows."""
        self.run(f"select assert_true({condition}) from {relation}")

    def text(self, expression: str, relation: str) -> str:
        """The expression's value over all of the relation's rows.

        Raises:
            grpc.RpcError: it failed.
        """
        try:
            self.run(
                f"select raise_error(concat('<', {expression}, '>')) "
                f"from {relation}"
            )
        except grpc.RpcError as error:
            found = re.match(
                r"\[USER_RAISED_EXCEPTION\] <(.*)>", error.details() or ""
            )
            if found is None:
                raise
            return found[1]
        raise AssertionError(relation)

    def _request(self) -> Any:  # noqa: ANN401
        request = self._messages.ExecutePlanRequest(session_id=self._session)
        request.user_context.user_id = "test"
        return request

    def _execute(self, request: Any) -> Iterator[Any]:  # noqa: ANN401
        return iter(
            self._stub.ExecutePlan(
                request, metadata=[("authorization", "Bearer guard")]
            )
        )
