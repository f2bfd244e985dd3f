"""Clones through Snowflake's own driver, against an emulator on loopback.

What is seen: login, protocol, the text of statements, names that fold to upper
case. Not that a clone copies nothing: the emulator does copy.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
from collections.abc import Iterator
from typing import Any

import doppel
import pytest
from conftest import REPOSITORY, Server, Shop, apply
from doppel.v1 import execution_pb2, plan_pb2, planning_service_pb2
from written_manifest import manifest, node

PASSWORD = "open-sesame-1742"
PRODUCTION = (
    "create schema prod",
    "create table prod.orders as select 1 as id union all select 2",
    "create table prod.codes as select 7 as id",
    "create view prod.recent as select id from prod.orders",
)
RUN = """
import json, sys, snowflake.connector
port, statements = json.load(sys.stdin)
with snowflake.connector.connect(
    user="u", password="p", account="fakesnow", host="127.0.0.1", port=port,
    protocol="http", database="SHOP",
    session_parameters={"CLIENT_OUT_OF_BAND_TELEMETRY_ENABLED": False},
) as connection:
    rows = [connection.cursor().execute(sql).fetchall() for sql in statements]
print(json.dumps(rows, default=str))
"""


def _python() -> pathlib.Path:
    """The Python that has the emulator."""
    cache = os.environ.get("DOPPEL_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache",
        "doppel",
    )
    return pathlib.Path(cache) / "fakesnow" / "bin" / "python"


class SnowflakeShop(Shop):
    """An emulator, and a profile that names it."""

    port = 0

    @property
    def environment(self) -> dict[str, str]:
        """For doppeld and doppel."""
        return {
            **os.environ,
            "DBT_PROFILES_DIR": str(self.folder),
            "DOPPEL_STORE_DIR": str(self.folder / "store"),
        }

    def start(self) -> None:
        """Starts the emulator, and writes the profile."""
        done = subprocess.run(
            [
                str(_python()),
                str(REPOSITORY / "tests" / "support" / "start_snowflake"),
                *(str(os.getpid()), str(self.folder)),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        port, self.process = map(int, done.stdout.split())
        self.port = port
        target = (
            "type: snowflake, account: fakesnow, user: u, "
            f"password: {PASSWORD}, database: shop, schema: prod, "
            f"host: 127.0.0.1, port: {port}, protocol: http, "
            "connect_timeout: 10"
        )
        (self.folder / "profiles.yml").write_text(
            f"shop: {{target: prod, outputs: {{prod: {{{target}}}}}}}\n"
        )

    def run(self, *statements: str) -> list[Any]:
        """The rows of each statement, through Snowflake's own connector."""
        done = subprocess.run(
            [str(_python()), "-c", RUN],
            input=json.dumps([self.port, statements]),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        rows: list[Any] = json.loads(done.stdout)
        return rows


def _manifest() -> dict[str, Any]:
    nodes = [
        ("model", "orders", "table"),
        ("model", "recent", "view"),
        ("seed", "codes", "seed"),
    ]
    return manifest(
        "snowflake",
        [
            node(
                kind,
                name,
                materialized,
                f"shop.prod.{name}",
                database="shop",
            )
            for kind, name, materialized in nodes
        ],
    )


@pytest.fixture
def snowflake(tmp_path: pathlib.Path) -> Iterator[SnowflakeShop]:
    """Production, as PRODUCTION makes it."""
    if not _python().exists():
        pytest.skip("no emulator: run tools/setup --only snowflake")
    shop = SnowflakeShop(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps(_manifest()))
    shop.start()
    shop.run(*PRODUCTION)
    yield shop
    os.kill(shop.process, 9)


@pytest.fixture
def server(snowflake: SnowflakeShop) -> Iterator[Server]:
    """A doppeld whose connection is the emulator."""
    running = Server(snowflake)
    yield running
    assert running.stop() == 0


@pytest.fixture
def client(snowflake: SnowflakeShop, server: Server) -> doppel.Client:
    """A client of a server that knows prod."""
    client = server.client()
    for warehouse in client.capabilities().warehouses:
        if warehouse.type == "snowflake" and not warehouse.executable:
            pytest.skip(warehouse.unavailable_cause)
    client.set_environment(
        "prod",
        manifest=client.upload_manifest(snowflake.folder / "manifest.json"),
        connection="shop/prod",
    )
    return client


def _plan(client: doppel.Client) -> plan_pb2.ClonePlan:
    return client.plan_clone(
        source_environment="prod",
        naming=[planning_service_pb2.NamingRule(schema="ci_{schema}")],
        existing_target=planning_service_pb2.EXISTING_TARGET_RECONCILE,
    )


def _apply(client: doppel.Client, plan: plan_pb2.ClonePlan) -> None:
    done = apply(client, plan)
    assert done.status == execution_pb2.EXECUTION_STATUS_SUCCEEDED, done


def test_tables_are_cloned_and_views_are_read(
    snowflake: SnowflakeShop, client: doppel.Client
) -> None:
    """As dbt clone has it, in one statement a relation; nothing to do then."""
    plan = _plan(client)
    statements = {
        operation.unique_id.rpartition(".")[2]: list(operation.statements)
        for operation in plan.operations
        if operation.unique_id
    }

    assert statements == {
        "orders": [
            "create transient table shop.ci_prod.orders clone shop.prod.orders"
        ],
        "codes": [
            "create transient table shop.ci_prod.codes clone shop.prod.codes"
        ],
        "recent": [
            "create view shop.ci_prod.recent as select * from shop.prod.recent"
        ],
    }
    _apply(client, plan)

    snowflake.run("insert into ci_prod.orders values (3)")
    assert snowflake.run(
        "select count(*) from ci_prod.orders",
        "select count(*) from prod.orders",
        "select count(*) from ci_prod.recent",
        "select id from ci_prod.codes",
    ) == [[[3]], [[2]], [[2]], [[7]]]


def test_there_is_nothing_to_do_the_second_time(client: doppel.Client) -> None:
    """What stands there is found, though the manifest spells it otherwise."""
    _apply(client, _plan(client))

    assert _plan(client).summary.statements == 0


def test_the_catalog_is_found_under_the_manifests_names(
    client: doppel.Client,
) -> None:
    """A manifest says shop.prod.orders, the catalog SHOP.PROD.ORDERS."""
    found = {
        relation.unique_id: relation.relation.identifier
        for relation in client.list_relations("prod")
    }

    assert found == {
        "model.shop.orders": "ORDERS",
        "model.shop.recent": "RECENT",
        "seed.shop.codes": "CODES",
    }


def test_no_secret_is_told(
    snowflake: SnowflakeShop, server: Server, client: doppel.Client
) -> None:
    """Neither by an error nor in the log, when the warehouse is gone."""
    _apply(client, _plan(client))
    os.kill(snowflake.process, 9)

    with pytest.raises(doppel.DoppelError) as refused:
        _plan(client)

    assert refused.value.reason == "WAREHOUSE_UNREACHABLE"
    assert PASSWORD not in str(refused.value)
    log = (snowflake.folder / "doppeld.log").read_text()
    assert "serving" in log
    assert PASSWORD not in log
    snowflake.start()
