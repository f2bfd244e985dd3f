"""The scenario: one pipeline through the real server.

The Go client runs the same steps, in scenario_test.go.
"""

from __future__ import annotations

import hashlib
import pathlib

import duckdb
import pytest
from conftest import Scenario

import doppel
from doppel.v1 import (
    deferral_pb2,
    execution_pb2,
    manifest_service_pb2,
    plan_pb2,
    planning_service_pb2,
)

_UNKNOWN = "0" * 64


@pytest.fixture
def manifests(scenario: Scenario) -> dict[str, pathlib.Path]:
    """The files, by the environment that they were made for."""
    names = ("prod", "staging", "branch", "bi")
    return {name: scenario.folder / f"{name}.json" for name in names}


def test_scenario(
    scenario: Scenario,
    manifests: dict[str, pathlib.Path],
    tmp_path: pathlib.Path,
) -> None:
    with doppel.Client(scenario.server.address, insecure=True) as client:
        client.wait_until_ready(10)
        branch = upload(client, manifests)
        select_and_compare(client, branch, scenario)
        defer(client, branch, scenario, tmp_path / "state")
        execution = clone(client, scenario)
        watch_again(client, execution)
        look_after(client, scenario)
    look_into_the_warehouse(scenario)


def upload(client: doppel.Client, manifests: dict[str, pathlib.Path]) -> str:
    """Uploads, and points environments at what was uploaded."""
    seen: list[tuple[int, int]] = []
    for name in ("prod", "staging", "bi"):
        manifest = client.upload_manifest(
            manifests[name], lambda *progress: seen.append(progress)
        )
        client.set_environment(
            name, manifest=manifest, connection="scenario/warehouse"
        )
    size = manifests["bi"].stat().st_size
    assert seen[-1] == (size, size)

    content = manifests["branch"].read_bytes()
    branch = client.upload_manifest(content)
    again = client.upload_manifest(manifests["branch"])
    assert branch.name == f"manifests/{hashlib.sha256(content).hexdigest()}"
    assert again == branch
    assert branch.schema_version == 12

    names = [environment.name for environment in client.list_environments()]
    assert names == [
        "environments/bi",
        "environments/prod",
        "environments/staging",
    ]
    before = client.get_environment("bi")
    after = client.set_environment("bi", description="for the analysts")
    assert (after.description, after.manifest) == (
        "for the analysts",
        before.manifest,
    )
    with pytest.raises(doppel.AbortedError) as raised:
        client.update_environment("bi", etag=before.etag, description="mine")
    assert raised.value.reason == "ETAG_MISMATCH"
    return branch.name


def select_and_compare(
    client: doppel.Client, branch: str, scenario: Scenario
) -> None:
    """Says what the branch changes, in pages of one."""
    prod = client.get_environment("prod").manifest

    nodes = client.list_nodes(
        branch,
        select="state:modified",
        resource_types="model",
        state=prod,
        page_size=1,
        view=manifest_service_pb2.NODE_VIEW_FULL,
    )
    assert nodes.first_page.total_size == len(scenario.modified)
    assert [node.unique_id for node in nodes] == scenario.modified
    assert len(list(nodes.pages())) == len(scenario.modified)

    differences = {d.unique_id: d for d in client.compare(branch, prod)}
    for unique_id in scenario.modified:
        assert differences[unique_id].state_modified
        assert differences[unique_id].causes


def defer(
    client: doppel.Client,
    branch: str,
    scenario: Scenario,
    directory: pathlib.Path,
) -> None:
    """Borrows what changed from staging and all else from prod."""
    prod = client.get_environment("prod").manifest
    changed = [unique_id.split(".")[-1] for unique_id in scenario.modified]
    borrowed_from_staging = doppel.selection(changed)
    resolution = client.resolve_deferral(
        branch,
        [doppel.defer_source("staging", serves=borrowed_from_staging), "prod"],
        exclude=changed,
        resource_types="model",
        state=prod,
        command=planning_service_pb2.DBT_COMMAND_COMPILE,
    )
    origins = {
        ref.unique_id: ref
        for node in resolution.nodes
        for ref in node.refs
        if ref.origin == deferral_pb2.REF_ORIGIN_SOURCE
    }
    assert origins
    for unique_id, ref in origins.items():
        is_changed = unique_id in scenario.modified
        lender = "staging" if is_changed else "prod"
        assert getattr(ref, "from") == f"environments/{lender}", unique_id
        assert ref.relation.schema.startswith(f"{lender}_")
        assert ref.explanation
    assert set(scenario.modified) & set(origins)
    listed = list(client.list_node_resolutions(resolution))
    assert listed == list(resolution.nodes)

    client.write_state_directory(resolution, directory)
    spliced = client.upload_manifest(directory / "manifest.json")
    relations = {
        node.unique_id: node.relation.schema
        for node in client.list_nodes(
            spliced,
            resource_types="model",
            view=manifest_service_pb2.NODE_VIEW_FULL,
        )
    }
    for unique_id in origins:
        if unique_id in relations:
            lender = "staging" if unique_id in scenario.modified else "prod"
            assert relations[unique_id].startswith(f"{lender}_")


def clone(client: doppel.Client, scenario: Scenario) -> str:
    """Plans a clone of staging into bi, is refused, and executes it."""
    plan = client.plan_clone(
        source_environment="staging", target_environment="bi"
    )
    made = [
        operation
        for operation in plan.operations
        if operation.kind == plan_pb2.OPERATION_KIND_POINTER_VIEW
    ]
    assert plan.summary.pointer_views == len(scenario.relations)
    assert [o.id for o in client.list_operations(plan)] == [
        o.id for o in plan.operations
    ]
    assert all(o.statements and o.explanation for o in made)
    assert client.get_plan(plan.name) == plan

    with pytest.raises(doppel.FailedPreconditionError) as refused:
        client.execute(doppel.PlanRef(plan.name, _UNKNOWN))
    assert refused.value.reason == "FINGERPRINT_MISMATCH"

    with client.execute(plan, validate_only=True) as checked:
        assert checked.wait() is None

    with client.execute(plan, connections=2) as stream:
        events = list(stream)
    assert events[0].WhichOneof("event") == "started"
    assert events[-1].WhichOneof("event") == "finished"
    assert [e.sequence for e in events] == list(range(1, len(events) + 1))
    result = stream.result
    assert result is not None
    assert result.status == execution_pb2.EXECUTION_STATUS_SUCCEEDED
    assert result.counts.failed == 0
    assert result.counts.succeeded + result.counts.skipped == len(
        plan.operations
    )

    with pytest.raises(doppel.FailedPreconditionError) as stale:
        client.execute(plan)
    assert stale.value.reason == "WORLD_CHANGED"
    assert stale.value.violations
    return stream.name


def watch_again(client: doppel.Client, name: str) -> None:
    """Attaches to what has ended, and asks for what is not there."""
    everything = list(client.watch(name))
    rest = list(client.watch(name, after_sequence=2))
    assert rest == everything[2:]
    execution = client.get_execution(name)
    assert execution.last_sequence == everything[-1].sequence
    assert [e.name for e in client.list_executions(execution.plan)] == [name]

    with pytest.raises(doppel.FailedPreconditionError) as ended:
        client.cancel(name)
    assert ended.value.reason == "EXECUTION_FINISHED"
    with pytest.raises(doppel.NotFoundError) as unknown:
        client.get_manifest(_UNKNOWN)
    assert unknown.value.reason == "MANIFEST_NOT_FOUND"
    with pytest.raises(doppel.InvalidArgumentError) as wrong:
        client.upload_manifest(b'{"metadata": {')
    assert wrong.value.reason == "MANIFEST_TRUNCATED"
    environment = client.get_environment("prod")
    with pytest.raises(doppel.InvalidArgumentError) as syntax:
        list(client.list_nodes(environment.manifest, select="nonsense:x"))
    assert syntax.value.reason == "SELECTION_UNKNOWN_METHOD"
    assert syntax.value.violations


def look_after(client: doppel.Client, scenario: Scenario) -> None:
    """Asks for drift and advice, and what a cleanup of bi would drop."""
    assert list(client.detect_drift("bi")) == []
    plan = client.plan_cleanup("bi", validate_only=True)
    assert plan.kind == plan_pb2.PLAN_KIND_CLEANUP
    dropped = {
        f"{operation.target.schema}.{operation.target.identifier}"
        for operation in plan.operations
        if operation.kind == plan_pb2.OPERATION_KIND_DROP
    }
    assert set(scenario.relations) <= dropped
    advice = client.advise(
        usable_by_other_tools=True,
        manifest=client.get_environment("bi").manifest,
        sources=["staging"],
    )
    assert advice.advice == planning_service_pb2.ADVICE_CLONE
    assert advice.clone_objects == len(scenario.relations)


def look_into_the_warehouse(scenario: Scenario) -> None:
    """Reads what was cloned, through nobody but DuckDB."""
    assert scenario.server.stop() == 0
    path = str(scenario.folder / "warehouse.duckdb")
    with duckdb.connect(path, read_only=True) as connection:
        rows = connection.execute(
            "SELECT table_schema || '.' || table_name "
            "FROM information_schema.tables "
            "WHERE starts_with(table_schema, 'bi_') ORDER BY 1"
        ).fetchall()
        assert [row[0] for row in rows] == scenario.relations
        for relation in scenario.relations:
            count = connection.execute(f"SELECT count(*) FROM {relation}")
            assert count.fetchone() == (3,)


async def test_scenario_with_asyncio(
    scenario: Scenario,
    manifests: dict[str, pathlib.Path],
    tmp_path: pathlib.Path,
) -> None:
    async with doppel.AsyncClient(
        scenario.server.address, insecure=True
    ) as client:
        await client.wait_until_ready(10)
        stored = {
            name: await client.upload_manifest(path)
            for name, path in manifests.items()
        }
        for name in ("prod", "staging", "bi"):
            await client.set_environment(
                name, manifest=stored[name], connection=scenario.connection
            )
        await client.set_environment("bi", description="for the analysts")
        nodes = client.list_nodes(
            stored["branch"],
            select="state:modified",
            resource_types="model",
            state=stored["prod"],
            page_size=1,
        )
        assert [node.unique_id async for node in nodes] == scenario.modified
        differing = [
            difference.unique_id
            async for difference in client.compare(
                stored["branch"], stored["prod"]
            )
        ]
        assert set(scenario.modified) <= set(differing)

        resolution = await client.resolve_deferral(
            stored["branch"], ["staging", "prod"]
        )
        state = await client.write_state_directory(resolution, tmp_path / "s")
        assert (state / "manifest.json").stat().st_size > 0

        plan = await client.plan_clone(
            source_environment="staging", target_environment="bi"
        )
        with pytest.raises(doppel.FailedPreconditionError) as refused:
            await client.execute(doppel.PlanRef(plan.name, _UNKNOWN))
        assert refused.value.reason == "FINGERPRINT_MISMATCH"
        async with await client.execute(plan) as stream:
            execution = await stream.wait()
        assert execution is not None
        assert execution.status == execution_pb2.EXECUTION_STATUS_SUCCEEDED
        events = [event async for event in client.watch(stream.name)]
        assert events[-1].finished.counts == execution.counts
        live = [
            f"{found.relation.schema}.{found.relation.identifier}"
            async for found in client.list_relations("bi")
        ]
        assert live == scenario.relations
        assert [drift async for drift in client.detect_drift("bi")] == []
        cleanup = await client.plan_cleanup("bi", validate_only=True)
        assert cleanup.summary.drops >= len(scenario.relations)
        advice = await client.advise(no_drift=True)
        assert advice.advice == planning_service_pb2.ADVICE_DEFER

        with pytest.raises(doppel.NotFoundError) as unknown:
            await client.get_manifest(_UNKNOWN)
        assert unknown.value.reason == "MANIFEST_NOT_FOUND"
