"""From the clients' arguments to requests. Pure; shared by both clients."""

from __future__ import annotations

import dataclasses
import datetime
import uuid
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, Union

from google.protobuf import timestamp_pb2

from doppel.v1 import (
    deferral_pb2,
    environment_pb2,
    environment_service_pb2,
    execution_pb2,
    execution_service_pb2,
    manifest_pb2,
    manifest_service_pb2,
    plan_pb2,
    planning_service_pb2,
)

if TYPE_CHECKING:
    from typing_extensions import TypedDict
else:
    from typing import TypedDict

ManifestRef = Union[str, manifest_pb2.Manifest]
EnvironmentRef = Union[str, environment_pb2.Environment]
ResolutionRef = Union[str, deferral_pb2.DeferResolution]
Strings = Union[str, Iterable[str]]
SourceRef = Union[
    str,
    manifest_pb2.Manifest,
    environment_pb2.Environment,
    environment_pb2.DeferSource,
]

# What UpdateEnvironment can change.
_ENVIRONMENT_FIELDS = (
    "manifest",
    "connection",
    "protected",
    "expire_time",
    "description",
)


class SelectionOptions(TypedDict, total=False):
    """Which nodes are meant, in dbt's own selection syntax.

    Attributes:
        select: as dbt's --select: one text, or several to unite.
        exclude: as dbt's --exclude.
        selector: the name of a YAML selector of the manifest.
        indirect_selection: how tests join through the nodes that they test.
        resource_types: dbt's words for types; none: all that the call is about.
        exclude_resource_types: dbt's words for types to leave out.
        selection: all of the above in one message, instead of them.
        state: the older manifest, for "state:".
        run_results: the bytes of a run_results.json, for "result:".
        context: all that the methods look at in one message, instead of state,
            run_results and comparison.
        comparison: how "state:" compares; default: as dbt does.
        dbt_version: the dbt whose answer is wanted, such as "1.8"; default:
            the newest (of a deferral's rules: the one that wrote the manifest).
    """

    select: Strings
    exclude: Strings
    selector: str
    indirect_selection: manifest_pb2.IndirectSelection
    resource_types: Strings
    exclude_resource_types: Strings
    selection: manifest_pb2.Selection
    state: ManifestRef
    run_results: bytes
    context: manifest_pb2.SelectionContext
    comparison: manifest_pb2.ComparisonOptions
    dbt_version: str


class NodeOptions(SelectionOptions, total=False):
    """What ListNodes takes.

    Attributes:
        view: how much of each node; default: id, type and name.
        page_size: nodes in one answer, at most 10,000; default: 1,000.
    """

    view: manifest_service_pb2.NodeView
    page_size: int


class DeferralOptions(SelectionOptions, total=False):
    """What ResolveDeferral takes.

    Attributes:
        favor_state: dbt's --favor-state.
        target_environment: ask its warehouse what the target has.
        target_connection: ask the warehouse of "<profile>/<target>".
        target_relations: what the target has; without one of these three:
            nothing.
        command: the dbt command that is going to run; default: build.
        view: whether the answer holds the nodes; default: yes.
    """

    favor_state: bool
    target_environment: EnvironmentRef
    target_connection: str
    target_relations: Iterable[manifest_pb2.Relation]
    command: planning_service_pb2.DbtCommand
    view: planning_service_pb2.DeferResolutionView


class EnvironmentOptions(TypedDict, total=False):
    """What an environment holds beside its name.

    Attributes:
        manifest: the manifest that describes it now.
        connection: "<profile>/<target>" of the operator's profiles.yml.
        protected: whether plans that change what doppel does not own there are
            refused.
        expire_time: when cleanup may remove what doppel made there; with a time
            zone.
        description: what people call it, at most 1,000 bytes of UTF-8.
    """

    manifest: ManifestRef
    connection: str
    protected: bool
    expire_time: datetime.datetime
    description: str


class CloneOptions(SelectionOptions, total=False):
    """What PlanClone takes beside source and target.

    Attributes:
        connection: of the target, where no target environment is given;
            default: the source environment's.
        existing_target: keep (default), replace or reconcile what is there.
        on_no_zero_copy: what becomes of a table that cannot be cloned without
            copying; default: a view of it.
        on_missing_source: skip (default) or fail.
        views: pointers to the source's views (default), or closed ones, which
            read the target's own relations.
        whole_schemas: clone a schema in one statement where all of it is to be
            cloned and the warehouse can; default: no.
        as_of: clone all tables as they were at this time, which has a time
            zone; default: as they are.
        overwrite_changed_targets: where targets are reconciled, replace those,
            too, that somebody changed since doppel made them.
        validate_only: plan, but keep nothing.
        view: whether the answer holds the operations; default: yes.
    """

    connection: str
    existing_target: planning_service_pb2.ExistingTarget
    on_no_zero_copy: planning_service_pb2.NoZeroCopy
    on_missing_source: planning_service_pb2.MissingSource
    views: planning_service_pb2.Views
    whole_schemas: bool
    as_of: datetime.datetime
    overwrite_changed_targets: bool
    validate_only: bool
    view: planning_service_pb2.PlanView


class AdviceOptions(SelectionOptions, total=False):
    """What Advise takes.

    Attributes:
        no_recomputing: save time and cost by not recomputing.
        usable_by_other_tools: objects that downstream tools (BI) can use.
        safe_to_modify: objects of the target may be changed safely.
        no_new_objects: no new objects in the warehouse.
        no_drift: no drift from the source's data.
        several_sources: several, dynamic sources.
        manifest: the current manifest of the case at hand; none: the needs
            alone are weighed.
        sources: where its relations may come from, in order.
        timings: the bytes of a run_results.json of a build, for the time that
            is avoided.
    """

    no_recomputing: bool
    usable_by_other_tools: bool
    safe_to_modify: bool
    no_new_objects: bool
    no_drift: bool
    several_sources: bool
    manifest: ManifestRef
    sources: Iterable[SourceRef]
    timings: bytes


class CloneEndpoints(TypedDict, total=False):
    """From where to where a clone goes: one source and one target.

    Attributes:
        source_environment: where the relations come from.
        source_manifest: the same, where there is no environment.
        target_manifest: they become those of the same nodes in this manifest.
        target_environment: the same, of the environment's manifest.
        naming: the target is named after the source by these rules.
    """

    source_environment: EnvironmentRef
    source_manifest: ManifestRef
    target_manifest: ManifestRef
    target_environment: EnvironmentRef
    naming: Iterable[planning_service_pb2.NamingRule]


class ClonePlanOptions(CloneEndpoints, CloneOptions, total=False):
    """All that PlanClone takes."""


class PromotionEndpoints(TypedDict):
    """What PlanPromotion must be told.

    Attributes:
        from_environment: the environment that was built.
        to_environment: the environment that people read.
        run_results_json: the bytes of that build's run_results.json: the gate.
    """

    from_environment: EnvironmentRef
    to_environment: EnvironmentRef
    run_results_json: bytes


class PromotionOptions(PromotionEndpoints, total=False):
    """All that PlanPromotion takes.

    Attributes:
        tests: the tests that must have passed, in dbt's selection syntax;
            default: all.
        max_age: results older than this close the gate; default: any age.
        select: nodes to promote, as dbt's --select; default: all.
        exclude: nodes to leave out, as dbt's --exclude.
        keep_old: how long the old side is kept; default: 7 days.
        require_atomic: fail unless all relations take their places in one
            step; default: one after the other where the warehouse has no more.
        validate_only: plan, but keep nothing.
    """

    tests: Strings
    max_age: datetime.timedelta
    select: Strings
    exclude: Strings
    keep_old: datetime.timedelta
    require_atomic: bool
    validate_only: bool


def new_request_id() -> str:
    """A name for one wish, so that asking twice does it once."""
    return str(uuid.uuid4())


def resource_name(collection: str, resource: object) -> str:
    """The full name of a resource, from its id, its name or itself.

    Raises:
        ValueError: it is empty, or of another collection.
    """
    name = (
        resource if isinstance(resource, str) else getattr(resource, "name", "")
    )
    if not isinstance(name, str) or not name:
        raise ValueError(f"the name of one of the {collection} is empty")
    if "/" not in name:
        return f"{collection}/{name}"
    if not name.startswith(f"{collection}/"):
        raise ValueError(f"'{name}' is not one of the {collection}")
    return name


def defer_source(
    source: SourceRef, *, serves: manifest_pb2.Selection | None = None
) -> environment_pb2.DeferSource:
    """A source of deferral, with what it may serve (default: all).

    A text is an environment's id or name, or a manifest's name.

    Raises:
        ValueError: the source has no name.
    """
    if isinstance(source, environment_pb2.DeferSource):
        result = environment_pb2.DeferSource()
        result.CopyFrom(source)
    else:
        name = source if isinstance(source, str) else source.name
        is_manifest = isinstance(
            source, manifest_pb2.Manifest
        ) or name.startswith("manifests/")
        result = (
            environment_pb2.DeferSource(
                manifest=resource_name("manifests", name)
            )
            if is_manifest
            else environment_pb2.DeferSource(
                environment=resource_name("environments", name)
            )
        )
    if serves is not None:
        result.serves.CopyFrom(serves)
    return result


def _strings(values: Strings | None) -> Sequence[str]:
    if values is None:
        return ()
    return (values,) if isinstance(values, str) else tuple(values)


def selection(
    select: Strings | None = None,
    exclude: Strings | None = None,
    *,
    selector: str = "",
    indirect_selection: manifest_pb2.IndirectSelection | None = None,
    resource_types: Strings | None = None,
    exclude_resource_types: Strings | None = None,
) -> manifest_pb2.Selection:
    """A selection in dbt's own syntax; see SelectionOptions."""
    return manifest_pb2.Selection(
        select=_strings(select),
        exclude=_strings(exclude),
        selector=selector,
        indirect_selection=indirect_selection,
        resource_types=_strings(resource_types),
        exclude_resource_types=_strings(exclude_resource_types),
    )


_SELECTION_KEYS = (
    "select",
    "exclude",
    "selector",
    "indirect_selection",
    "resource_types",
    "exclude_resource_types",
)


def _take_selection(options: dict[str, Any]) -> dict[str, Any]:
    """Takes out what SelectionOptions holds; gives the request's fields."""
    parts = {key: options.pop(key) for key in _SELECTION_KEYS if key in options}
    whole = options.pop("selection", None)
    if whole is not None and parts:
        raise ValueError(f"give selection, or {', '.join(parts)}, not both")
    if parts:
        whole = selection(**parts)
    looked_at = {
        "state_manifest": options.pop("state", None),
        "run_results_json": options.pop("run_results", None),
        "comparison": options.pop("comparison", None),
    }
    given = {key: it for key, it in looked_at.items() if it is not None}
    context = options.pop("context", None)
    if context is not None and given:
        raise ValueError(
            "give context, or state, run_results and comparison, not both"
        )
    if "state_manifest" in given:
        given["state_manifest"] = resource_name(
            "manifests", given["state_manifest"]
        )
    if given or "dbt_version" in options:
        given["dbt_version"] = options.pop("dbt_version", "")
        whole_context = manifest_pb2.SelectionContext()
        if context is not None:
            whole_context.CopyFrom(context)
        whole_context.MergeFrom(manifest_pb2.SelectionContext(**given))
        context = whole_context
    return {"selection": whole, "context": context}


def list_nodes(
    manifest: ManifestRef, options: NodeOptions
) -> manifest_service_pb2.ListNodesRequest:
    """Makes a ListNodesRequest."""
    rest: dict[str, Any] = dict(options)
    return manifest_service_pb2.ListNodesRequest(
        manifest=resource_name("manifests", manifest),
        **_take_selection(rest),
        **rest,
    )


def compare(
    current: ManifestRef, older: ManifestRef, options: SelectionOptions
) -> manifest_service_pb2.CompareManifestsRequest:
    """Makes a CompareManifestsRequest.

    Raises:
        ValueError: a context is given; the older manifest is all there is.
    """
    rest: dict[str, Any] = dict(options)
    how = {
        key: rest.pop(key)
        for key in ("comparison", "dbt_version")
        if key in rest
    }
    fields = _take_selection(rest)
    if fields.pop("context") is not None:
        raise ValueError("a comparison takes no state, run_results or context")
    return manifest_service_pb2.CompareManifestsRequest(
        current=resource_name("manifests", current),
        older=resource_name("manifests", older),
        **fields,
        **how,
    )


def _target_catalog(
    options: dict[str, Any],
) -> planning_service_pb2.TargetCatalog | None:
    environment = options.pop("target_environment", None)
    connection = options.pop("target_connection", None)
    relations = options.pop("target_relations", None)
    if (
        sum(given is not None for given in (environment, connection, relations))
        > 1
    ):
        raise ValueError(
            "give one of target_environment, target_connection and "
            "target_relations"
        )
    if environment is not None:
        name = resource_name("environments", environment)
        return planning_service_pb2.TargetCatalog(environment=name)
    if connection is not None:
        return planning_service_pb2.TargetCatalog(connection=connection)
    if relations is not None:
        listed = planning_service_pb2.RelationList(relations=relations)
        return planning_service_pb2.TargetCatalog(relations=listed)
    return None


def resolve_deferral(
    manifest: ManifestRef,
    sources: Iterable[SourceRef],
    options: DeferralOptions,
) -> planning_service_pb2.ResolveDeferralRequest:
    """Makes a ResolveDeferralRequest."""
    rest: dict[str, Any] = dict(options)
    return planning_service_pb2.ResolveDeferralRequest(
        manifest=resource_name("manifests", manifest),
        sources=[defer_source(source) for source in sources],
        target=_target_catalog(rest),
        dbt_version=rest.get("dbt_version", ""),
        **_take_selection(rest),
        **rest,
    )


def plan_clone(
    options: ClonePlanOptions,
) -> planning_service_pb2.PlanCloneRequest:
    """Makes a PlanCloneRequest.

    Raises:
        ValueError: not exactly one source or not exactly one target is given,
            or as_of has no time zone.
    """
    rest: dict[str, Any] = dict(options)
    if rest.get("as_of") is not None:
        rest["as_of"] = _timestamp("as_of", rest["as_of"])
    fields: dict[str, Any] = {}
    for end, names in (
        ("source", ("source_environment", "source_manifest")),
        ("target", ("target_manifest", "target_environment", "naming")),
    ):
        given = [name for name in names if rest.get(name) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one {end}: {' or '.join(names)}")
        value = rest.pop(given[0])
        if given[0] == "naming":
            fields["naming"] = planning_service_pb2.NamingRules(rules=value)
        else:
            kind = given[0].split("_")[1] + "s"
            fields[given[0]] = resource_name(kind, value)
    return planning_service_pb2.PlanCloneRequest(
        request_id=new_request_id(), **fields, **_take_selection(rest), **rest
    )


def advise(options: AdviceOptions) -> planning_service_pb2.AdviseRequest:
    """Makes an AdviseRequest."""
    rest: dict[str, Any] = dict(options)
    manifest = rest.pop("manifest", None)
    sources = rest.pop("sources", ())
    timings = rest.pop("timings", None)
    selected = _take_selection(rest)
    return planning_service_pb2.AdviseRequest(
        needs=planning_service_pb2.Needs(**rest),
        manifest=resource_name("manifests", manifest) if manifest else "",
        sources=[defer_source(source) for source in sources],
        run_results_json=timings,
        **selected,
    )


def plan_promotion(
    options: PromotionOptions,
) -> planning_service_pb2.PlanPromotionRequest:
    """Makes a PlanPromotionRequest.

    Raises:
        ValueError: keep_old is not of whole seconds.
    """
    gate = planning_service_pb2.Gate(
        run_results_json=options["run_results_json"]
    )
    if tests := options.get("tests"):
        gate.selection.select.extend(_strings(tests))
    if (max_age := options.get("max_age")) is not None:
        gate.max_age.FromTimedelta(max_age)
    request = planning_service_pb2.PlanPromotionRequest(
        from_environment=resource_name(
            "environments", options["from_environment"]
        ),
        to_environment=resource_name("environments", options["to_environment"]),
        gate=gate,
        request_id=new_request_id(),
        require_atomic=options.get("require_atomic", False),
        validate_only=options.get("validate_only", False),
    )
    if select := options.get("select"):
        request.selection.select.extend(_strings(select))
    if exclude := options.get("exclude"):
        request.selection.exclude.extend(_strings(exclude))
    if (keep_old := options.get("keep_old")) is not None:
        if keep_old.microseconds:
            raise ValueError("keep_old is not of whole seconds")
        request.keep_old.FromTimedelta(keep_old)
    return request


def plan_rollback(
    execution: str | execution_pb2.Execution, validate_only: bool
) -> planning_service_pb2.PlanRollbackRequest:
    """Makes a PlanRollbackRequest."""
    return planning_service_pb2.PlanRollbackRequest(
        execution=resource_name("executions", execution),
        request_id=new_request_id(),
        validate_only=validate_only,
    )


def plan_cleanup(
    environment: EnvironmentRef | None,
    validate_only: bool,
) -> planning_service_pb2.PlanCleanupRequest:
    """Makes a PlanCleanupRequest."""
    return planning_service_pb2.PlanCleanupRequest(
        environment=resource_name("environments", environment)
        if environment
        else "",
        request_id=new_request_id(),
        validate_only=validate_only,
    )


def _timestamp(field: str, time: datetime.datetime) -> timestamp_pb2.Timestamp:
    if time.tzinfo is None:
        raise ValueError(f"{field} has no time zone")
    stamp = timestamp_pb2.Timestamp()
    stamp.FromDatetime(time)
    return stamp


def environment(
    name: EnvironmentRef, options: EnvironmentOptions
) -> environment_pb2.Environment:
    """Makes an Environment.

    Raises:
        ValueError: expire_time has no time zone.
    """
    fields: dict[str, Any] = dict(options)
    if fields.get("manifest"):
        fields["manifest"] = resource_name("manifests", fields["manifest"])
    if fields.get("expire_time") is not None:
        fields["expire_time"] = _timestamp("expire_time", fields["expire_time"])
    return environment_pb2.Environment(
        name=resource_name("environments", name), **fields
    )


def create_environment(
    name: EnvironmentRef, options: EnvironmentOptions
) -> environment_service_pb2.CreateEnvironmentRequest:
    """Makes a CreateEnvironmentRequest."""
    return environment_service_pb2.CreateEnvironmentRequest(
        environment=environment(name, options), request_id=new_request_id()
    )


def update_environment(
    name: EnvironmentRef, etag: str, options: EnvironmentOptions
) -> environment_service_pb2.UpdateEnvironmentRequest:
    """Makes an UpdateEnvironmentRequest that changes just what is given."""
    changed = environment(name, options)
    changed.etag = etag
    request = environment_service_pb2.UpdateEnvironmentRequest(
        environment=changed, request_id=new_request_id()
    )
    given: dict[str, Any] = dict(options)
    request.update_mask.paths.extend(
        field for field in _ENVIRONMENT_FIELDS if field in given
    )
    return request


@dataclasses.dataclass(frozen=True)
class PlanRef:
    """A plan and the fingerprint of what was reviewed."""

    name: str
    fingerprint: str


def execute_plan(
    plan: plan_pb2.ClonePlan | PlanRef, connections: int, validate_only: bool
) -> execution_service_pb2.ExecutePlanRequest:
    """Makes an ExecutePlanRequest."""
    return execution_service_pb2.ExecutePlanRequest(
        plan=resource_name("plans", plan),
        fingerprint=plan.fingerprint,
        request_id=new_request_id(),
        validate_only=validate_only,
        connections=connections,
    )


_RequestT = TypeVar("_RequestT", bound=Any)


def at_page(request: _RequestT, token: str) -> _RequestT:
    """The same request for another page."""
    result: _RequestT = type(request)()
    result.CopyFrom(request)
    result.page_token = token
    return result
