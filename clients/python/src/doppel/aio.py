"""The client for asyncio; the same methods as doppel.Client."""

from __future__ import annotations

import asyncio
import os
import pathlib
from collections.abc import Awaitable, Iterable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, TypeVar

import grpc

from doppel import _requests
from doppel._channel import (
    Metadata,
    TimeoutKind,
    Timeouts,
    call_metadata,
    channel_options,
)
from doppel._follow import Follower, FollowRequest
from doppel._pages import AsyncPager, ItemT, PageT
from doppel._requests import (
    AdviceOptions,
    ClonePlanOptions,
    DeferralOptions,
    EnvironmentOptions,
    EnvironmentRef,
    ManifestRef,
    NodeOptions,
    PlanRef,
    PromotionOptions,
    ResolutionRef,
    SelectionOptions,
    SourceRef,
    new_request_id,
    resource_name,
)
from doppel._retry import Backoff
from doppel._state import StateFile
from doppel._stream import AsyncExecutionStream
from doppel._upload import ManifestSource, Progress, Upload
from doppel.errors import (
    AbortedError,
    AlreadyExistsError,
    DoppelError,
    NotFoundError,
    from_rpc_error,
)
from doppel.v1 import (
    capabilities_service_pb2,
    capabilities_service_pb2_grpc,
    deferral_pb2,
    environment_pb2,
    environment_service_pb2,
    environment_service_pb2_grpc,
    execution_pb2,
    execution_service_pb2,
    execution_service_pb2_grpc,
    manifest_pb2,
    manifest_service_pb2,
    manifest_service_pb2_grpc,
    plan_pb2,
    planning_service_pb2,
    planning_service_pb2_grpc,
)

if TYPE_CHECKING:
    from typing_extensions import Unpack

_RequestT = TypeVar("_RequestT")
_ResponseT = TypeVar("_ResponseT")

# How often set_environment begins again when somebody else was faster.
_SET_ATTEMPTS = 5


class AsyncClient:
    """Talks to a doppel server, for asyncio.

    Belongs to the event loop that it is used in. Takes, gives and raises what
    Client does; what is awaited here returns there. Files are read and written
    in the event loop, a MiB at a time.
    """

    def __init__(
        self,
        target: str,
        *,
        credentials: grpc.ChannelCredentials | None = None,
        insecure: bool = False,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 (it cannot be changed)
        metadata: Metadata = (),
        options: Sequence[tuple[str, Any]] = (),
    ) -> None:
        """Prepares the channel; the connection is made with the first call.

        Args:
            target: "host:port", or any other target of gRPC's.
            credentials: of the channel; default: TLS with the system's roots.
            insecure: no TLS, as on loopback or behind a mesh's sidecar.
            timeouts: how long calls may take.
            metadata: sent with every call.
            options: of the channel, beside this client's own; they win.

        Raises:
            ValueError: credentials are given and insecure is set.
        """
        if insecure and credentials is not None:
            raise ValueError("credentials are of no use where insecure is set")
        all_options = channel_options(options)
        if insecure:
            self._channel = grpc.aio.insecure_channel(target, all_options)
        else:
            self._channel = grpc.aio.secure_channel(
                target,
                credentials or grpc.ssl_channel_credentials(),
                all_options,
            )
        self._timeouts = timeouts
        self._metadata = call_metadata(metadata)
        channel = self._channel
        self._capabilities = (
            capabilities_service_pb2_grpc.CapabilitiesServiceStub(channel)
        )
        self._manifests = manifest_service_pb2_grpc.ManifestServiceStub(channel)
        self._environments = (
            environment_service_pb2_grpc.EnvironmentServiceStub(channel)
        )
        self._planning = planning_service_pb2_grpc.PlanningServiceStub(channel)
        self._executions = execution_service_pb2_grpc.ExecutionServiceStub(
            channel
        )

    async def __aenter__(self) -> AsyncClient:
        """Gives itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes the channel."""
        await self.close()

    @property
    def channel(self) -> grpc.aio.Channel:
        """The channel, for calls that have no method here."""
        return self._channel

    async def close(self) -> None:
        """Closes the channel; calls that are under way end."""
        await self._channel.close()

    async def wait_until_ready(self, timeout: float) -> None:
        """Waits for a connection, at most so many seconds.

        Raises:
            TimeoutError: there was none.
        """
        try:
            await asyncio.wait_for(self._channel.channel_ready(), timeout)
        except asyncio.TimeoutError as error:
            raise TimeoutError(f"no connection after {timeout} s") from error

    # --- the server ---

    async def capabilities(
        self,
    ) -> capabilities_service_pb2.GetCapabilitiesResponse:
        """Tells what the server is and can do.

        See Client.capabilities.
        """
        return await self._call(
            self._capabilities.GetCapabilities,
            capabilities_service_pb2.GetCapabilitiesRequest(),
        )

    # --- manifests ---

    async def upload_manifest(
        self, manifest: ManifestSource, progress: Progress | None = None
    ) -> manifest_pb2.Manifest:
        """Uploads a manifest.json, unless the server has it already.

        See Client.upload_manifest.
        """
        upload = await asyncio.to_thread(Upload, manifest, progress)
        while True:
            found = await self._call(
                self._manifests.FindMissingManifests, upload.find_request()
            )
            offset = upload.offset(found)
            if offset is None:
                upload.done()
                return await self.get_manifest(upload.name)
            try:
                stored = await self._call(
                    self._manifests.UploadManifest,
                    upload.requests(offset),
                    "transfer",
                )
            except asyncio.CancelledError:
                # What asyncio makes of a file that cannot be read.
                upload.raise_failure()
                raise
            except DoppelError as error:
                await asyncio.sleep(upload.delay_after(error, offset))
            else:
                upload.done()
                return stored.manifest

    async def get_manifest(
        self, manifest: ManifestRef
    ) -> manifest_pb2.Manifest:
        """Describes a manifest.

        See Client.get_manifest.
        """
        request = manifest_service_pb2.GetManifestRequest(
            name=resource_name("manifests", manifest)
        )
        return (await self._call(self._manifests.GetManifest, request)).manifest

    def list_manifests(
        self,
    ) -> AsyncPager[
        manifest_service_pb2.ListManifestsResponse, manifest_pb2.Manifest
    ]:
        """Lists manifests, the newest first.

        See Client.list_manifests.
        """
        return self._pages(
            self._manifests.ListManifests,
            manifest_service_pb2.ListManifestsRequest(),
            lambda page: page.manifests,
        )

    async def delete_manifest(self, manifest: ManifestRef) -> None:
        """Forgets a manifest.

        See Client.delete_manifest.
        """
        request = manifest_service_pb2.DeleteManifestRequest(
            name=resource_name("manifests", manifest),
            request_id=new_request_id(),
        )
        await self._call(self._manifests.DeleteManifest, request)

    def list_nodes(
        self, manifest: ManifestRef, **options: Unpack[NodeOptions]
    ) -> AsyncPager[manifest_service_pb2.ListNodesResponse, manifest_pb2.Node]:
        """Lists the nodes of a selection by unique id, as `dbt ls` does.

        See Client.list_nodes.
        """
        return self._pages(
            self._manifests.ListNodes,
            _requests.list_nodes(manifest, options),
            lambda page: page.nodes,
            "work",
        )

    def compare(
        self,
        current: ManifestRef,
        older: ManifestRef,
        **options: Unpack[SelectionOptions],
    ) -> AsyncPager[
        manifest_service_pb2.CompareManifestsResponse, manifest_pb2.Difference
    ]:
        """Lists the nodes that differ, each with every cause.

        See Client.compare.
        """
        return self._pages(
            self._manifests.CompareManifests,
            _requests.compare(current, older, options),
            lambda page: page.differences,
            "work",
        )

    # --- environments ---

    async def create_environment(
        self, name: EnvironmentRef, **options: Unpack[EnvironmentOptions]
    ) -> environment_pb2.Environment:
        """Makes an environment; see EnvironmentOptions.

        See Client.create_environment.
        """
        request = _requests.create_environment(name, options)
        return (
            await self._call(self._environments.CreateEnvironment, request)
        ).environment

    async def get_environment(
        self, name: EnvironmentRef
    ) -> environment_pb2.Environment:
        """Reads an environment.

        See Client.get_environment.
        """
        request = environment_service_pb2.GetEnvironmentRequest(
            name=resource_name("environments", name)
        )
        return (
            await self._call(self._environments.GetEnvironment, request)
        ).environment

    def list_environments(
        self,
    ) -> AsyncPager[
        environment_service_pb2.ListEnvironmentsResponse,
        environment_pb2.Environment,
    ]:
        """Lists environments by name.

        See Client.list_environments.
        """
        return self._pages(
            self._environments.ListEnvironments,
            environment_service_pb2.ListEnvironmentsRequest(),
            lambda page: page.environments,
        )

    async def update_environment(
        self,
        name: EnvironmentRef,
        *,
        etag: str = "",
        **options: Unpack[EnvironmentOptions],
    ) -> environment_pb2.Environment:
        """Changes just what is given; see EnvironmentOptions.

        See Client.update_environment.
        """
        request = _requests.update_environment(name, etag, options)
        return (
            await self._call(self._environments.UpdateEnvironment, request)
        ).environment

    async def set_environment(
        self, name: EnvironmentRef, **options: Unpack[EnvironmentOptions]
    ) -> environment_pb2.Environment:
        """Makes the environment, or changes just what is given.

        See Client.set_environment.
        """
        for attempt in range(1, _SET_ATTEMPTS + 1):
            try:
                try:
                    there = await self.get_environment(name)
                except NotFoundError:
                    return await self.create_environment(name, **options)
                if not options:
                    return there
                return await self.update_environment(
                    name, etag=there.etag, **options
                )
            except (AbortedError, AlreadyExistsError):
                if attempt == _SET_ATTEMPTS:
                    raise
        raise AssertionError("every way out of the loop returns or raises")

    async def delete_environment(
        self, name: EnvironmentRef, *, etag: str = ""
    ) -> None:
        """Forgets an environment; its relations stay where they are.

        See Client.delete_environment.
        """
        request = environment_service_pb2.DeleteEnvironmentRequest(
            name=resource_name("environments", name),
            etag=etag,
            request_id=new_request_id(),
        )
        await self._call(self._environments.DeleteEnvironment, request)

    def list_relations(
        self,
        environment: EnvironmentRef,
        schemas: Iterable[environment_service_pb2.SchemaName] = (),
    ) -> AsyncPager[
        environment_service_pb2.ListRelationsResponse,
        environment_service_pb2.LiveRelation,
    ]:
        """Lists what is in the environment's warehouse now.

        See Client.list_relations.
        """
        request = environment_service_pb2.ListRelationsRequest(
            environment=resource_name("environments", environment),
            schemas=schemas,
        )
        return self._pages(
            self._environments.ListRelations,
            request,
            lambda page: page.relations,
            "work",
        )

    def detect_drift(
        self, environment: EnvironmentRef
    ) -> AsyncPager[
        environment_service_pb2.DetectDriftResponse,
        environment_service_pb2.Drift,
    ]:
        """Lists what is no longer as doppel left it in an environment.

        See Client.detect_drift.
        """
        request = environment_service_pb2.DetectDriftRequest(
            environment=resource_name("environments", environment)
        )
        return self._pages(
            self._environments.DetectDrift,
            request,
            lambda page: page.drifts,
            "work",
        )

    # --- deferral ---

    async def resolve_deferral(
        self,
        manifest: ManifestRef,
        sources: Iterable[SourceRef],
        **options: Unpack[DeferralOptions],
    ) -> deferral_pb2.DeferResolution:
        """Says of each ref of the selected nodes which relation it reads.

        See Client.resolve_deferral.
        """
        request = _requests.resolve_deferral(manifest, sources, options)
        return (
            await self._call(self._planning.ResolveDeferral, request, "work")
        ).resolution

    def list_node_resolutions(
        self, resolution: ResolutionRef
    ) -> AsyncPager[
        planning_service_pb2.ListNodeResolutionsResponse,
        deferral_pb2.NodeResolution,
    ]:
        """Lists the nodes of a resolution by unique id.

        See Client.list_node_resolutions.
        """
        return self._pages(
            self._planning.ListNodeResolutions,
            planning_service_pb2.ListNodeResolutionsRequest(
                resolution=resource_name("resolutions", resolution)
            ),
            lambda page: page.nodes,
        )

    async def write_state_directory(
        self, resolution: ResolutionRef, directory: str | os.PathLike[str]
    ) -> pathlib.Path:
        """Writes what `dbt build --defer --state DIR` wants; gives DIR.

        See Client.write_state_directory.
        """
        request = planning_service_pb2.DownloadDeferralStateRequest(
            resolution=resource_name("resolutions", resolution)
        )
        backoff = Backoff()
        while True:
            try:
                return await self._download(request, directory)
            except DoppelError as error:
                await asyncio.sleep(backoff.next_delay(error))

    async def advise(
        self, **options: Unpack[AdviceOptions]
    ) -> planning_service_pb2.AdviseResponse:
        """Defer or clone? From what is needed, and from the case at hand.

        See Client.advise.
        """
        request = _requests.advise(options)
        return await self._call(self._planning.Advise, request, "work")

    # --- plans ---

    async def plan_clone(
        self, **options: Unpack[ClonePlanOptions]
    ) -> plan_pb2.ClonePlan:
        """Plans a clone; changes nothing in the warehouse.

        See Client.plan_clone.
        """
        request = _requests.plan_clone(options)
        return (
            await self._call(self._planning.PlanClone, request, "work")
        ).plan

    async def plan_promotion(
        self, **options: Unpack[PromotionOptions]
    ) -> plan_pb2.ClonePlan:
        """Plans a promotion; changes nothing in the warehouse.

        See Client.plan_promotion.
        """
        request = _requests.plan_promotion(options)
        return (
            await self._call(self._planning.PlanPromotion, request, "work")
        ).plan

    async def plan_rollback(
        self,
        execution: str | execution_pb2.Execution,
        *,
        validate_only: bool = False,
    ) -> plan_pb2.ClonePlan:
        """Plans the way back from a promotion; changes nothing by itself.

        See Client.plan_rollback.
        """
        request = _requests.plan_rollback(execution, validate_only)
        return (
            await self._call(self._planning.PlanRollback, request, "work")
        ).plan

    async def plan_cleanup(
        self,
        environment: EnvironmentRef | None = None,
        *,
        validate_only: bool = False,
    ) -> plan_pb2.ClonePlan:
        """Plans to drop what doppel made; changes nothing in the warehouse.

        See Client.plan_cleanup.
        """
        request = _requests.plan_cleanup(environment, validate_only)
        return (
            await self._call(self._planning.PlanCleanup, request, "work")
        ).plan

    async def get_plan(
        self,
        name: str,
        view: planning_service_pb2.PlanView | None = None,
    ) -> plan_pb2.ClonePlan:
        """Reads a plan.

        See Client.get_plan.
        """
        request = planning_service_pb2.GetPlanRequest(
            name=resource_name("plans", name), view=view
        )
        return (await self._call(self._planning.GetPlan, request)).plan

    def list_plans(
        self,
    ) -> AsyncPager[planning_service_pb2.ListPlansResponse, plan_pb2.ClonePlan]:
        """Lists plans without their operations, the newest first.

        See Client.list_plans.
        """
        return self._pages(
            self._planning.ListPlans,
            planning_service_pb2.ListPlansRequest(),
            lambda page: page.plans,
        )

    def list_operations(
        self, plan: str | plan_pb2.ClonePlan
    ) -> AsyncPager[
        planning_service_pb2.ListOperationsResponse, plan_pb2.Operation
    ]:
        """Lists the operations of a plan by id.

        See Client.list_operations.
        """
        return self._pages(
            self._planning.ListOperations,
            planning_service_pb2.ListOperationsRequest(
                plan=resource_name("plans", plan)
            ),
            lambda page: page.operations,
        )

    # --- executions ---

    async def execute(
        self,
        plan: plan_pb2.ClonePlan | PlanRef,
        *,
        connections: int = 0,
        validate_only: bool = False,
    ) -> AsyncExecutionStream:
        """Begins to execute a plan, and tells of it.

        See Client.execute.
        """
        request = _requests.execute_plan(plan, connections, validate_only)
        stream = AsyncExecutionStream(Follower(request), self._open_stream)
        await stream.begin()
        return stream

    def watch(
        self, execution: str, *, after_sequence: int = 0
    ) -> AsyncExecutionStream:
        """Tells of an execution from any event on; what was, then what comes.

        See Client.watch.
        """
        request = execution_service_pb2.WatchExecutionRequest(
            name=resource_name("executions", execution),
            after_sequence=after_sequence,
        )
        return AsyncExecutionStream(Follower(request), self._open_stream)

    async def get_execution(self, execution: str) -> execution_pb2.Execution:
        """Reads an execution, with the state of each operation.

        See Client.get_execution.
        """
        request = execution_service_pb2.GetExecutionRequest(
            name=resource_name("executions", execution)
        )
        return (
            await self._call(self._executions.GetExecution, request)
        ).execution

    def list_executions(
        self, plan: str | plan_pb2.ClonePlan = ""
    ) -> AsyncPager[
        execution_service_pb2.ListExecutionsResponse, execution_pb2.Execution
    ]:
        """Lists executions, the newest first; of one plan, if given.

        See Client.list_executions.
        """
        return self._pages(
            self._executions.ListExecutions,
            execution_service_pb2.ListExecutionsRequest(
                plan=resource_name("plans", plan) if plan else ""
            ),
            lambda page: page.executions,
        )

    async def cancel(
        self, execution: str, *, cause: str = ""
    ) -> execution_pb2.Execution:
        """Stops an execution; answers before it has ended.

        See Client.cancel.
        """
        request = execution_service_pb2.CancelExecutionRequest(
            name=resource_name("executions", execution),
            request_id=new_request_id(),
            cause=cause,
        )
        return (
            await self._call(self._executions.CancelExecution, request)
        ).execution

    async def resume(self, execution: str) -> execution_pb2.Execution:
        """Goes on with an interrupted execution; watch() tells of it.

        See Client.resume.
        """
        request = execution_service_pb2.ResumeExecutionRequest(
            name=resource_name("executions", execution),
            request_id=new_request_id(),
        )
        return (
            await self._call(self._executions.ResumeExecution, request, "work")
        ).execution

    # --- how calls are made ---

    async def _call(
        self,
        method: Callable[..., Awaitable[_ResponseT]],
        request: object,
        kind: TimeoutKind = "call",
    ) -> _ResponseT:
        timeout = self._timeouts.of(kind)
        try:
            return await method(
                request, timeout=timeout, metadata=self._metadata
            )
        except grpc.RpcError as error:
            raise from_rpc_error(error) from error

    def _pages(
        self,
        method: grpc.aio.UnaryUnaryMultiCallable[_RequestT, PageT],
        request: _RequestT,
        items: Callable[[PageT], Sequence[ItemT]],
        kind: TimeoutKind = "call",
    ) -> AsyncPager[PageT, ItemT]:
        async def fetch(token: str) -> PageT:
            return await self._call(
                method, _requests.at_page(request, token), kind
            )

        return AsyncPager(fetch, items)

    def _open_stream(self, request: FollowRequest) -> Any:
        method: Any = self._executions.WatchExecution
        if isinstance(request, execution_service_pb2.ExecutePlanRequest):
            method = self._executions.ExecutePlan
        return method(
            request, timeout=self._timeouts.watch, metadata=self._metadata
        )

    async def _download(
        self,
        request: planning_service_pb2.DownloadDeferralStateRequest,
        directory: str | os.PathLike[str],
    ) -> pathlib.Path:
        with StateFile(directory) as file:
            call = self._planning.DownloadDeferralState(
                request,
                timeout=self._timeouts.transfer,
                metadata=self._metadata,
            )
            try:
                async for message in call:
                    file.add(message)
            except grpc.RpcError as error:
                raise from_rpc_error(error) from error
            finally:
                call.cancel()
            return file.commit()
