"""The client for code that waits for each answer."""

from __future__ import annotations

import os
import pathlib
import time
from collections.abc import Iterable, Sequence
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
from doppel._pages import ItemT, Pager, PageT
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
from doppel._stream import ExecutionStream
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


class Client:
    """Talks to a doppel server.

    Thread-safe. Wherever a resource is named, its name ("environments/prod"),
    its id ("prod") or the message itself will do. Every method raises
    DoppelError where the server rejects the call or cannot be reached, and
    ValueError where the arguments contradict each other.
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
            self._channel = grpc.insecure_channel(target, all_options)
        else:
            self._channel = grpc.secure_channel(
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

    def __enter__(self) -> Client:
        """Gives itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes the channel."""
        self.close()

    @property
    def channel(self) -> grpc.Channel:
        """The channel, for calls that have no method here."""
        return self._channel

    def close(self) -> None:
        """Closes the channel; calls that are under way end."""
        self._channel.close()

    def wait_until_ready(self, timeout: float) -> None:
        """Waits for a connection, at most so many seconds.

        Raises:
            TimeoutError: there was none.
        """
        try:
            grpc.channel_ready_future(self._channel).result(timeout=timeout)
        except grpc.FutureTimeoutError as error:
            raise TimeoutError(f"no connection after {timeout} s") from error

    # --- the server ---

    def capabilities(self) -> capabilities_service_pb2.GetCapabilitiesResponse:
        """Tells what the server is and can do."""
        return self._call(
            self._capabilities.GetCapabilities,
            capabilities_service_pb2.GetCapabilitiesRequest(),
        )

    # --- manifests ---

    def upload_manifest(
        self, manifest: ManifestSource, progress: Progress | None = None
    ) -> manifest_pb2.Manifest:
        """Uploads a manifest.json, unless the server has it already.

        An upload that breaks off goes on where the server lost it.

        Args:
            manifest: the path of the file, or its bytes.
            progress: called with the bytes that were sent and those of the
                whole, in a thread of gRPC's; last with both the same.

        Raises:
            OSError: the file cannot be read.
            InvalidArgumentError: it is no manifest that doppel reads; the
                reason says why.
        """
        upload = Upload(manifest, progress)
        while True:
            found = self._call(
                self._manifests.FindMissingManifests, upload.find_request()
            )
            offset = upload.offset(found)
            if offset is None:
                upload.done()
                return self.get_manifest(upload.name)
            try:
                stored = self._call(
                    self._manifests.UploadManifest,
                    upload.requests(offset),
                    "transfer",
                )
            except DoppelError as error:
                time.sleep(upload.delay_after(error, offset))
            else:
                upload.done()
                return stored.manifest

    def get_manifest(self, manifest: ManifestRef) -> manifest_pb2.Manifest:
        """Describes a manifest.

        Raises:
            NotFoundError: it is not there (MANIFEST_NOT_FOUND).
        """
        request = manifest_service_pb2.GetManifestRequest(
            name=resource_name("manifests", manifest)
        )
        return self._call(self._manifests.GetManifest, request).manifest

    def list_manifests(
        self,
    ) -> Pager[
        manifest_service_pb2.ListManifestsResponse, manifest_pb2.Manifest
    ]:
        """Lists manifests, the newest first."""
        return self._pages(
            self._manifests.ListManifests,
            manifest_service_pb2.ListManifestsRequest(),
            lambda page: page.manifests,
        )

    def delete_manifest(self, manifest: ManifestRef) -> None:
        """Forgets a manifest.

        Raises:
            FailedPreconditionError: an environment points to it
                (MANIFEST_IN_USE).
        """
        request = manifest_service_pb2.DeleteManifestRequest(
            name=resource_name("manifests", manifest),
            request_id=new_request_id(),
        )
        self._call(self._manifests.DeleteManifest, request)

    def list_nodes(
        self, manifest: ManifestRef, **options: Unpack[NodeOptions]
    ) -> Pager[manifest_service_pb2.ListNodesResponse, manifest_pb2.Node]:
        """Lists the nodes of a selection by unique id, as `dbt ls` does.

        Args:
            manifest: what is selected from.
            **options: see NodeOptions.

        Raises:
            InvalidArgumentError: the selection is not well formed; violations
                name the column.
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
    ) -> Pager[
        manifest_service_pb2.CompareManifestsResponse, manifest_pb2.Difference
    ]:
        """Lists the nodes that differ, each with every cause.

        Args:
            current: the manifest that is looked at.
            older: the one that it is compared with.
            **options: which nodes of the current one; see SelectionOptions.
        """
        return self._pages(
            self._manifests.CompareManifests,
            _requests.compare(current, older, options),
            lambda page: page.differences,
            "work",
        )

    # --- environments ---

    def create_environment(
        self, name: EnvironmentRef, **options: Unpack[EnvironmentOptions]
    ) -> environment_pb2.Environment:
        """Makes an environment; see EnvironmentOptions.

        Raises:
            AlreadyExistsError: there is one of that name (ENVIRONMENT_EXISTS).
        """
        request = _requests.create_environment(name, options)
        return self._call(
            self._environments.CreateEnvironment, request
        ).environment

    def get_environment(
        self, name: EnvironmentRef
    ) -> environment_pb2.Environment:
        """Reads an environment.

        Raises:
            NotFoundError: there is none of that name (ENVIRONMENT_NOT_FOUND).
        """
        request = environment_service_pb2.GetEnvironmentRequest(
            name=resource_name("environments", name)
        )
        return self._call(
            self._environments.GetEnvironment, request
        ).environment

    def list_environments(
        self,
    ) -> Pager[
        environment_service_pb2.ListEnvironmentsResponse,
        environment_pb2.Environment,
    ]:
        """Lists environments by name."""
        return self._pages(
            self._environments.ListEnvironments,
            environment_service_pb2.ListEnvironmentsRequest(),
            lambda page: page.environments,
        )

    def update_environment(
        self,
        name: EnvironmentRef,
        *,
        etag: str = "",
        **options: Unpack[EnvironmentOptions],
    ) -> environment_pb2.Environment:
        """Changes just what is given; see EnvironmentOptions.

        Args:
            name: which environment.
            etag: the one that was read; empty: overwrite whatever is there.
            **options: what to change.

        Raises:
            AbortedError: it changed since it was read (ETAG_MISMATCH).
        """
        request = _requests.update_environment(name, etag, options)
        return self._call(
            self._environments.UpdateEnvironment, request
        ).environment

    def set_environment(
        self, name: EnvironmentRef, **options: Unpack[EnvironmentOptions]
    ) -> environment_pb2.Environment:
        """Makes the environment, or changes just what is given.

        Begins again where somebody else changes it at the same time.
        """
        for attempt in range(1, _SET_ATTEMPTS + 1):
            try:
                try:
                    there = self.get_environment(name)
                except NotFoundError:
                    return self.create_environment(name, **options)
                if not options:
                    return there
                return self.update_environment(name, etag=there.etag, **options)
            except (AbortedError, AlreadyExistsError):
                if attempt == _SET_ATTEMPTS:
                    raise
        raise AssertionError("every way out of the loop returns or raises")

    def delete_environment(
        self, name: EnvironmentRef, *, etag: str = ""
    ) -> None:
        """Forgets an environment; its relations stay where they are.

        Raises:
            FailedPreconditionError: it is protected (ENVIRONMENT_PROTECTED).
            AbortedError: it changed since it was read (ETAG_MISMATCH).
        """
        request = environment_service_pb2.DeleteEnvironmentRequest(
            name=resource_name("environments", name),
            etag=etag,
            request_id=new_request_id(),
        )
        self._call(self._environments.DeleteEnvironment, request)

    def list_relations(
        self,
        environment: EnvironmentRef,
        schemas: Iterable[environment_service_pb2.SchemaName] = (),
    ) -> Pager[
        environment_service_pb2.ListRelationsResponse,
        environment_service_pb2.LiveRelation,
    ]:
        """Lists what is in the environment's warehouse now.

        Args:
            environment: whose warehouse.
            schemas: where to look; default: the schemas of its manifest.
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
    ) -> Pager[
        environment_service_pb2.DetectDriftResponse,
        environment_service_pb2.Drift,
    ]:
        """Lists what is no longer as doppel left it in an environment.

        What changed or went at the source or at the target, and what is new at
        the source; by unique id and target.

        Args:
            environment: which one.
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

    def resolve_deferral(
        self,
        manifest: ManifestRef,
        sources: Iterable[SourceRef],
        **options: Unpack[DeferralOptions],
    ) -> deferral_pb2.DeferResolution:
        """Says of each ref of the selected nodes which relation it reads.

        Args:
            manifest: whose refs.
            sources: environments or manifests to borrow from, asked in this
                order; defer_source() says what one may serve.
            **options: see DeferralOptions.
        """
        request = _requests.resolve_deferral(manifest, sources, options)
        return self._call(
            self._planning.ResolveDeferral, request, "work"
        ).resolution

    def list_node_resolutions(
        self, resolution: ResolutionRef
    ) -> Pager[
        planning_service_pb2.ListNodeResolutionsResponse,
        deferral_pb2.NodeResolution,
    ]:
        """Lists the nodes of a resolution by unique id."""
        return self._pages(
            self._planning.ListNodeResolutions,
            planning_service_pb2.ListNodeResolutionsRequest(
                resolution=resource_name("resolutions", resolution)
            ),
            lambda page: page.nodes,
        )

    def write_state_directory(
        self, resolution: ResolutionRef, directory: str | os.PathLike[str]
    ) -> pathlib.Path:
        """Writes what `dbt build --defer --state DIR` wants; gives DIR.

        The manifest.json there is replaced in one step, after its digest was
        checked. A download that breaks begins again.

        Raises:
            NotFoundError: the resolution is not there any more
                (RESOLUTION_NOT_FOUND); resolve again.
            DataLossError: what arrived is not what was announced.
            OSError: the directory cannot be written.
        """
        request = planning_service_pb2.DownloadDeferralStateRequest(
            resolution=resource_name("resolutions", resolution)
        )
        backoff = Backoff()
        while True:
            try:
                return self._download(request, directory)
            except DoppelError as error:
                time.sleep(backoff.next_delay(error))

    def advise(
        self, **options: Unpack[AdviceOptions]
    ) -> planning_service_pb2.AdviseResponse:
        """Defer or clone? From what is needed, and from the case at hand.

        Args:
            **options: see AdviceOptions.
        """
        request = _requests.advise(options)
        return self._call(self._planning.Advise, request, "work")

    # --- plans ---

    def plan_clone(
        self, **options: Unpack[ClonePlanOptions]
    ) -> plan_pb2.ClonePlan:
        """Plans a clone; changes nothing in the warehouse.

        Args:
            **options: one source_..., one target (target_... or naming), and
                more: see ClonePlanOptions.
        """
        request = _requests.plan_clone(options)
        return self._call(self._planning.PlanClone, request, "work").plan

    def plan_promotion(
        self, **options: Unpack[PromotionOptions]
    ) -> plan_pb2.ClonePlan:
        """Plans a promotion; changes nothing in the warehouse.

        Args:
            **options: from where to where, the gate, and more: see
                PromotionOptions.

        Raises:
            FailedPreconditionError: a test did not pass (GATE_CLOSED), or the
                promotion cannot be done (PLAN_HAS_ERRORS, each place in its
                violations).
        """
        request = _requests.plan_promotion(options)
        return self._call(self._planning.PlanPromotion, request, "work").plan

    def plan_rollback(
        self,
        execution: str | execution_pb2.Execution,
        *,
        validate_only: bool = False,
    ) -> plan_pb2.ClonePlan:
        """Plans the way back from a promotion; changes nothing by itself.

        Raises:
            FailedPreconditionError: later changes would be lost
                (WORLD_CHANGED, each in its violations).
        """
        request = _requests.plan_rollback(execution, validate_only)
        return self._call(self._planning.PlanRollback, request, "work").plan

    def plan_cleanup(
        self,
        environment: EnvironmentRef | None = None,
        *,
        validate_only: bool = False,
    ) -> plan_pb2.ClonePlan:
        """Plans to drop what doppel made; changes nothing in the warehouse.

        What somebody changed, replaced, made or reads is left, and the plan
        says why.

        Args:
            environment: which one, expired or not; none: all that have expired
                and are not protected.
            validate_only: keep nothing: the plan cannot be executed.

        Raises:
            FailedPreconditionError: it is protected (ENVIRONMENT_PROTECTED), or
                doppel owns nothing there (PLAN_EMPTY).
        """
        request = _requests.plan_cleanup(environment, validate_only)
        return self._call(self._planning.PlanCleanup, request, "work").plan

    def get_plan(
        self,
        name: str,
        view: planning_service_pb2.PlanView | None = None,
    ) -> plan_pb2.ClonePlan:
        """Reads a plan.

        Raises:
            NotFoundError: there is none of that name (PLAN_NOT_FOUND).
        """
        request = planning_service_pb2.GetPlanRequest(
            name=resource_name("plans", name), view=view
        )
        return self._call(self._planning.GetPlan, request).plan

    def list_plans(
        self,
    ) -> Pager[planning_service_pb2.ListPlansResponse, plan_pb2.ClonePlan]:
        """Lists plans without their operations, the newest first."""
        return self._pages(
            self._planning.ListPlans,
            planning_service_pb2.ListPlansRequest(),
            lambda page: page.plans,
        )

    def list_operations(
        self, plan: str | plan_pb2.ClonePlan
    ) -> Pager[planning_service_pb2.ListOperationsResponse, plan_pb2.Operation]:
        """Lists the operations of a plan by id."""
        return self._pages(
            self._planning.ListOperations,
            planning_service_pb2.ListOperationsRequest(
                plan=resource_name("plans", plan)
            ),
            lambda page: page.operations,
        )

    # --- executions ---

    def execute(
        self,
        plan: plan_pb2.ClonePlan | PlanRef,
        *,
        connections: int = 0,
        validate_only: bool = False,
    ) -> ExecutionStream:
        """Begins to execute a plan, and tells of it.

        Gives the stream once the execution has a name. The execution goes on
        whatever becomes of the stream.

        Args:
            plan: what was reviewed: its name and fingerprint.
            connections: how many work at once; default: the server's.
            validate_only: check the plan against the world, do nothing; the
                stream is then empty.

        Raises:
            FailedPreconditionError: it is not the plan that was reviewed
                (FINGERPRINT_MISMATCH), or the world changed (WORLD_CHANGED; see
                violations).
            AbortedError: another execution writes there (ENVIRONMENT_LEASED).
        """
        request = _requests.execute_plan(plan, connections, validate_only)
        stream = ExecutionStream(Follower(request), self._open_stream)
        stream.begin()
        return stream

    def watch(
        self, execution: str, *, after_sequence: int = 0
    ) -> ExecutionStream:
        """Tells of an execution from any event on; what was, then what comes.

        Args:
            execution: "executions/{uuid}".
            after_sequence: the last event that is known; 0: from the first.
        """
        request = execution_service_pb2.WatchExecutionRequest(
            name=resource_name("executions", execution),
            after_sequence=after_sequence,
        )
        return ExecutionStream(Follower(request), self._open_stream)

    def get_execution(self, execution: str) -> execution_pb2.Execution:
        """Reads an execution, with the state of each operation.

        Raises:
            NotFoundError: there is none of that name (EXECUTION_NOT_FOUND).
        """
        request = execution_service_pb2.GetExecutionRequest(
            name=resource_name("executions", execution)
        )
        return self._call(self._executions.GetExecution, request).execution

    def list_executions(
        self, plan: str | plan_pb2.ClonePlan = ""
    ) -> Pager[
        execution_service_pb2.ListExecutionsResponse, execution_pb2.Execution
    ]:
        """Lists executions, the newest first; of one plan, if given."""
        return self._pages(
            self._executions.ListExecutions,
            execution_service_pb2.ListExecutionsRequest(
                plan=resource_name("plans", plan) if plan else ""
            ),
            lambda page: page.executions,
        )

    def cancel(
        self, execution: str, *, cause: str = ""
    ) -> execution_pb2.Execution:
        """Stops an execution; answers before it has ended.

        Args:
            execution: "executions/{uuid}".
            cause: why, for those who look at it later.

        Raises:
            FailedPreconditionError: it has ended (EXECUTION_FINISHED).
        """
        request = execution_service_pb2.CancelExecutionRequest(
            name=resource_name("executions", execution),
            request_id=new_request_id(),
            cause=cause,
        )
        return self._call(self._executions.CancelExecution, request).execution

    def resume(self, execution: str) -> execution_pb2.Execution:
        """Goes on with an interrupted execution; watch() tells of it.

        Raises:
            FailedPreconditionError: there is nothing to go on with
                (EXECUTION_NOT_RESUMABLE).
        """
        request = execution_service_pb2.ResumeExecutionRequest(
            name=resource_name("executions", execution),
            request_id=new_request_id(),
        )
        return self._call(
            self._executions.ResumeExecution, request, "work"
        ).execution

    # --- how calls are made ---

    def _call(
        self,
        method: Callable[..., _ResponseT],
        request: object,
        kind: TimeoutKind = "call",
    ) -> _ResponseT:
        timeout = self._timeouts.of(kind)
        try:
            return method(request, timeout=timeout, metadata=self._metadata)
        except grpc.RpcError as error:
            raise from_rpc_error(error) from error

    def _pages(
        self,
        method: grpc.UnaryUnaryMultiCallable[_RequestT, PageT],
        request: _RequestT,
        items: Callable[[PageT], Sequence[ItemT]],
        kind: TimeoutKind = "call",
    ) -> Pager[PageT, ItemT]:
        def fetch(token: str) -> PageT:
            return self._call(method, _requests.at_page(request, token), kind)

        return Pager(fetch, items)

    def _open_stream(self, request: FollowRequest) -> Any:
        method: Any = self._executions.WatchExecution
        if isinstance(request, execution_service_pb2.ExecutePlanRequest):
            method = self._executions.ExecutePlan
        return method(
            request, timeout=self._timeouts.watch, metadata=self._metadata
        )

    def _download(
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
                for message in call:
                    file.add(message)
            except grpc.RpcError as error:
                raise from_rpc_error(error) from error
            finally:
                call.cancel()
            return file.commit()
