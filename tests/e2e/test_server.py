"""doppeld comes, goes, and loses nothing."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Iterable

import grpc
from conftest import Server, Shop, program


def _health(address: str, service: str) -> int:
    """The status of grpc.health.v1, without its stubs: 1 is SERVING."""
    with grpc.insecure_channel(address) as channel:
        check: Callable[..., bytes] = channel.unary_unary(
            "/grpc.health.v1.Health/Check"
        )
        name = service.encode()
        answer = check(b"\x0a" + bytes([len(name)]) + name, timeout=10)
    return int(answer[1])


def test_health_knows_every_service_by_name(server: Server) -> None:
    """And the server as a whole."""
    for area in (
        "Manifest",
        "Environment",
        "Planning",
        "Execution",
        "Capabilities",
    ):
        assert _health(server.address, f"doppel.v1.{area}Service") == 1
    assert _health(server.address, "") == 1


def test_reflection_is_there(server: Server) -> None:
    """The service that grpcurl asks."""
    with grpc.insecure_channel(server.address) as channel:
        ask: Callable[..., Iterable[bytes]] = channel.stream_stream(
            "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
        )
        # list_services = 7, a string.
        [answer] = ask(iter([b"\x3a\x00"]), timeout=10)
    assert b"doppel.v1.PlanningService" in answer


def test_a_restart_loses_nothing(shop: Shop, server: Server) -> None:
    """Not after SIGTERM, and not after SIGKILL."""
    with server.client() as client:
        manifest = client.upload_manifest(shop.manifest("prod"))
        client.set_environment(
            "prod", manifest=manifest, connection="velohire/prod"
        )
    assert server.stop() == 0

    server.start()
    with server.client() as client:
        assert client.get_environment("prod").manifest == manifest.name
        assert client.get_manifest(manifest) == manifest
        client.set_environment("prod", description="seen")
    server.stop(signal.SIGKILL)

    server.start()
    with server.client() as client:
        assert client.get_environment("prod").description == "seen"
        assert list(client.list_nodes(manifest, select="fct_rides"))


def test_dbt_can_open_the_warehouse_between_two_calls(
    shop: Shop, server: Server
) -> None:
    """Doppeld holds the file only while it works with it."""
    with server.client() as client:
        client.set_environment(
            "staging",
            manifest=client.upload_manifest(shop.manifest("staging")),
            connection="velohire/staging",
        )
        assert list(client.list_relations("staging"))
        shop.dbt("run", "staging", "--select", "revenue_daily")
        assert list(client.list_relations("staging"))


def test_two_processes_do_not_share_a_store(shop: Shop, server: Server) -> None:
    """The second one says who has it."""
    done = shop.doppel(
        *("manifests", "--store-dir", str(shop.folder / "server-store")),
        status=1,
    )

    assert str(server.process.pid) in done.stderr


def test_questions_about_files_need_no_store(
    shop: Shop, server: Server
) -> None:
    """So they are answered while a server has the store, and leave nothing."""
    nodes = shop.json(
        *("ls", "--store-dir", str(shop.folder / "server-store")),
        *("--manifest", str(shop.manifest("prod"))),
        *("--select", "fct_rides", "--resource-type", "model"),
    )

    assert [node["name"] for node in nodes] == ["fct_rides"]
    assert server.process.poll() is None


def test_flags_that_cannot_be_are_explained(shop: Shop) -> None:
    """Before anything is served."""
    for flag, said in (
        ("--listen=0.0.0.0:0", "--insecure_plaintext"),
        ("--tls_key=x", "--tls_certificate is missing"),
        ("--max_connections=0", "from 1 to 256"),
        ("--max_warehouse_connections=0", "from 1 to 1024"),
        ("--max_batch=1025", "from 1 to 1024"),
    ):
        done = subprocess.run(
            [str(program("doppeld", "DOPPELD")), flag],
            env=shop.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert said in done.stderr


def test_help_is_for_people(built: Shop) -> None:
    """Every flag with what it does, every command with an example."""
    done = subprocess.run(
        [str(program("doppeld", "DOPPELD")), "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "--drain_grace" in done.stdout
    assert "SIGTERM" in done.stdout
    assert "Example" in built.doppel("ls", "--help").stdout
    assert "apply" in built.doppel("clone", "--help").stdout


def test_a_repeated_request_answers_as_the_first_did(
    shop: Shop, server: Server
) -> None:
    """What a mesh that retries would do."""
    from doppel.v1 import environment_service_pb2 as messages
    from doppel.v1 import environment_service_pb2_grpc as stubs

    request = messages.CreateEnvironmentRequest(
        request_id="9f1c2f0e-0e5f-4a57-8a55-5c0f3a1d2b44"
    )
    request.environment.name = "environments/once"
    with grpc.insecure_channel(server.address) as channel:
        stub = stubs.EnvironmentServiceStub(channel)
        first = stub.CreateEnvironment(request, timeout=10)
        assert stub.CreateEnvironment(request, timeout=10) == first
        request.environment.name = "environments/other"
        try:
            stub.CreateEnvironment(request, timeout=10)
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.ALREADY_EXISTS
        else:
            raise AssertionError("a request id was used for two requests")
    assert shop.folder.exists()


def test_capabilities_tell_limits_and_connections(server: Server) -> None:
    """What a client needs to know before it asks."""
    with server.client() as client:
        answer = client.capabilities()

    assert answer.max_manifest_version == 12
    assert answer.limits.max_chunk_bytes == 1 << 20
    assert ("velohire/prod", "duckdb") in {
        (connection.name, connection.warehouse)
        for connection in answer.connections
    }
    for warehouse in answer.warehouses:
        assert warehouse.executable == (not warehouse.unavailable_cause)
    # Those that need nothing but what every build has.
    assert {"duckdb", "postgres", "spark", "databricks"} <= {
        warehouse.type
        for warehouse in answer.warehouses
        if warehouse.executable
    }
