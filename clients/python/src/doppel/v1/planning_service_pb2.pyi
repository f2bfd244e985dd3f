from doppel.v1 import deferral_pb2 as _deferral_pb2
from doppel.v1 import environment_pb2 as _environment_pb2
from doppel.v1 import manifest_pb2 as _manifest_pb2
from doppel.v1 import plan_pb2 as _plan_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

ADVICE_BOTH: Advice
ADVICE_CLONE: Advice
ADVICE_DEFER: Advice
ADVICE_NEITHER: Advice
ADVICE_UNSPECIFIED: Advice
DBT_COMMAND_BUILD: DbtCommand
DBT_COMMAND_COMPILE: DbtCommand
DBT_COMMAND_RUN: DbtCommand
DBT_COMMAND_SEED: DbtCommand
DBT_COMMAND_SNAPSHOT: DbtCommand
DBT_COMMAND_TEST: DbtCommand
DBT_COMMAND_UNSPECIFIED: DbtCommand
DEFER_RESOLUTION_VIEW_BASIC: DeferResolutionView
DEFER_RESOLUTION_VIEW_FULL: DeferResolutionView
DEFER_RESOLUTION_VIEW_UNSPECIFIED: DeferResolutionView
DESCRIPTOR: _descriptor.FileDescriptor
EXISTING_TARGET_KEEP: ExistingTarget
EXISTING_TARGET_RECONCILE: ExistingTarget
EXISTING_TARGET_REPLACE: ExistingTarget
EXISTING_TARGET_UNSPECIFIED: ExistingTarget
MISSING_SOURCE_FAIL: MissingSource
MISSING_SOURCE_SKIP: MissingSource
MISSING_SOURCE_UNSPECIFIED: MissingSource
NO_ZERO_COPY_COPY: NoZeroCopy
NO_ZERO_COPY_FAIL: NoZeroCopy
NO_ZERO_COPY_POINTER_VIEW: NoZeroCopy
NO_ZERO_COPY_UNSPECIFIED: NoZeroCopy
PLAN_VIEW_BASIC: PlanView
PLAN_VIEW_FULL: PlanView
PLAN_VIEW_UNSPECIFIED: PlanView
VIEWS_CLOSED: Views
VIEWS_POINTER: Views
VIEWS_UNSPECIFIED: Views

class AdviseRequest(_message.Message):
    __slots__ = ["context", "manifest", "needs", "run_results_json", "selection", "sources"]
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    MANIFEST_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    RUN_RESULTS_JSON_FIELD_NUMBER: _ClassVar[int]
    SELECTION_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    context: _manifest_pb2.SelectionContext
    manifest: str
    needs: Needs
    run_results_json: bytes
    selection: _manifest_pb2.Selection
    sources: _containers.RepeatedCompositeFieldContainer[_environment_pb2.DeferSource]
    def __init__(self, needs: _Optional[_Union[Needs, _Mapping]] = ..., manifest: _Optional[str] = ..., sources: _Optional[_Iterable[_Union[_environment_pb2.DeferSource, _Mapping]]] = ..., selection: _Optional[_Union[_manifest_pb2.Selection, _Mapping]] = ..., context: _Optional[_Union[_manifest_pb2.SelectionContext, _Mapping]] = ..., run_results_json: _Optional[bytes] = ...) -> None: ...

class AdviseResponse(_message.Message):
    __slots__ = ["advice", "clone_objects", "clone_rebuilding_avoided", "clone_statements", "defer_relations", "reasons", "rebuilding_avoided"]
    ADVICE_FIELD_NUMBER: _ClassVar[int]
    CLONE_OBJECTS_FIELD_NUMBER: _ClassVar[int]
    CLONE_REBUILDING_AVOIDED_FIELD_NUMBER: _ClassVar[int]
    CLONE_STATEMENTS_FIELD_NUMBER: _ClassVar[int]
    DEFER_RELATIONS_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    REBUILDING_AVOIDED_FIELD_NUMBER: _ClassVar[int]
    advice: Advice
    clone_objects: int
    clone_rebuilding_avoided: _duration_pb2.Duration
    clone_statements: int
    defer_relations: int
    reasons: _containers.RepeatedScalarFieldContainer[str]
    rebuilding_avoided: _duration_pb2.Duration
    def __init__(self, advice: _Optional[_Union[Advice, str]] = ..., reasons: _Optional[_Iterable[str]] = ..., clone_objects: _Optional[int] = ..., clone_statements: _Optional[int] = ..., rebuilding_avoided: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., defer_relations: _Optional[int] = ..., clone_rebuilding_avoided: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class DownloadDeferralStateRequest(_message.Message):
    __slots__ = ["resolution"]
    RESOLUTION_FIELD_NUMBER: _ClassVar[int]
    resolution: str
    def __init__(self, resolution: _Optional[str] = ...) -> None: ...

class DownloadDeferralStateResponse(_message.Message):
    __slots__ = ["chunk", "header"]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    HEADER_FIELD_NUMBER: _ClassVar[int]
    chunk: bytes
    header: DownloadHeader
    def __init__(self, header: _Optional[_Union[DownloadHeader, _Mapping]] = ..., chunk: _Optional[bytes] = ...) -> None: ...

class DownloadHeader(_message.Message):
    __slots__ = ["sha256", "size_bytes"]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    sha256: str
    size_bytes: int
    def __init__(self, sha256: _Optional[str] = ..., size_bytes: _Optional[int] = ...) -> None: ...

class Gate(_message.Message):
    __slots__ = ["max_age", "run_results_json", "selection"]
    MAX_AGE_FIELD_NUMBER: _ClassVar[int]
    RUN_RESULTS_JSON_FIELD_NUMBER: _ClassVar[int]
    SELECTION_FIELD_NUMBER: _ClassVar[int]
    max_age: _duration_pb2.Duration
    run_results_json: bytes
    selection: _manifest_pb2.Selection
    def __init__(self, run_results_json: _Optional[bytes] = ..., selection: _Optional[_Union[_manifest_pb2.Selection, _Mapping]] = ..., max_age: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class GetPlanRequest(_message.Message):
    __slots__ = ["name", "view"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    name: str
    view: PlanView
    def __init__(self, name: _Optional[str] = ..., view: _Optional[_Union[PlanView, str]] = ...) -> None: ...

class GetPlanResponse(_message.Message):
    __slots__ = ["plan"]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    plan: _plan_pb2.ClonePlan
    def __init__(self, plan: _Optional[_Union[_plan_pb2.ClonePlan, _Mapping]] = ...) -> None: ...

class ListNodeResolutionsRequest(_message.Message):
    __slots__ = ["page_size", "page_token", "resolution"]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    RESOLUTION_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    resolution: str
    def __init__(self, resolution: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListNodeResolutionsResponse(_message.Message):
    __slots__ = ["next_page_token", "nodes"]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    next_page_token: str
    nodes: _containers.RepeatedCompositeFieldContainer[_deferral_pb2.NodeResolution]
    def __init__(self, nodes: _Optional[_Iterable[_Union[_deferral_pb2.NodeResolution, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListOperationsRequest(_message.Message):
    __slots__ = ["page_size", "page_token", "plan"]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    plan: str
    def __init__(self, plan: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListOperationsResponse(_message.Message):
    __slots__ = ["next_page_token", "operations"]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    OPERATIONS_FIELD_NUMBER: _ClassVar[int]
    next_page_token: str
    operations: _containers.RepeatedCompositeFieldContainer[_plan_pb2.Operation]
    def __init__(self, operations: _Optional[_Iterable[_Union[_plan_pb2.Operation, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListPlansRequest(_message.Message):
    __slots__ = ["page_size", "page_token"]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListPlansResponse(_message.Message):
    __slots__ = ["next_page_token", "plans"]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    PLANS_FIELD_NUMBER: _ClassVar[int]
    next_page_token: str
    plans: _containers.RepeatedCompositeFieldContainer[_plan_pb2.ClonePlan]
    def __init__(self, plans: _Optional[_Iterable[_Union[_plan_pb2.ClonePlan, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class NamingRule(_message.Message):
    __slots__ = ["database", "database_pattern", "identifier", "schema", "schema_pattern"]
    DATABASE_FIELD_NUMBER: _ClassVar[int]
    DATABASE_PATTERN_FIELD_NUMBER: _ClassVar[int]
    IDENTIFIER_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_PATTERN_FIELD_NUMBER: _ClassVar[int]
    database: str
    database_pattern: str
    identifier: str
    schema: str
    schema_pattern: str
    def __init__(self, database_pattern: _Optional[str] = ..., schema_pattern: _Optional[str] = ..., database: _Optional[str] = ..., schema: _Optional[str] = ..., identifier: _Optional[str] = ...) -> None: ...

class NamingRules(_message.Message):
    __slots__ = ["rules"]
    RULES_FIELD_NUMBER: _ClassVar[int]
    rules: _containers.RepeatedCompositeFieldContainer[NamingRule]
    def __init__(self, rules: _Optional[_Iterable[_Union[NamingRule, _Mapping]]] = ...) -> None: ...

class Needs(_message.Message):
    __slots__ = ["no_drift", "no_new_objects", "no_recomputing", "safe_to_modify", "several_sources", "usable_by_other_tools"]
    NO_DRIFT_FIELD_NUMBER: _ClassVar[int]
    NO_NEW_OBJECTS_FIELD_NUMBER: _ClassVar[int]
    NO_RECOMPUTING_FIELD_NUMBER: _ClassVar[int]
    SAFE_TO_MODIFY_FIELD_NUMBER: _ClassVar[int]
    SEVERAL_SOURCES_FIELD_NUMBER: _ClassVar[int]
    USABLE_BY_OTHER_TOOLS_FIELD_NUMBER: _ClassVar[int]
    no_drift: bool
    no_new_objects: bool
    no_recomputing: bool
    safe_to_modify: bool
    several_sources: bool
    usable_by_other_tools: bool
    def __init__(self, no_recomputing: bool = ..., usable_by_other_tools: bool = ..., safe_to_modify: bool = ..., no_new_objects: bool = ..., no_drift: bool = ..., several_sources: bool = ...) -> None: ...

class PlanCleanupRequest(_message.Message):
    __slots__ = ["environment", "request_id", "validate_only", "view"]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    environment: str
    request_id: str
    validate_only: bool
    view: PlanView
    def __init__(self, environment: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: bool = ..., view: _Optional[_Union[PlanView, str]] = ...) -> None: ...

class PlanCleanupResponse(_message.Message):
    __slots__ = ["plan"]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    plan: _plan_pb2.ClonePlan
    def __init__(self, plan: _Optional[_Union[_plan_pb2.ClonePlan, _Mapping]] = ...) -> None: ...

class PlanCloneRequest(_message.Message):
    __slots__ = ["as_of", "connection", "context", "existing_target", "naming", "on_missing_source", "on_no_zero_copy", "overwrite_changed_targets", "request_id", "selection", "source_environment", "source_manifest", "target_environment", "target_manifest", "validate_only", "view", "views", "whole_schemas"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    CONNECTION_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    EXISTING_TARGET_FIELD_NUMBER: _ClassVar[int]
    NAMING_FIELD_NUMBER: _ClassVar[int]
    ON_MISSING_SOURCE_FIELD_NUMBER: _ClassVar[int]
    ON_NO_ZERO_COPY_FIELD_NUMBER: _ClassVar[int]
    OVERWRITE_CHANGED_TARGETS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SELECTION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_MANIFEST_FIELD_NUMBER: _ClassVar[int]
    TARGET_ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    TARGET_MANIFEST_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    VIEWS_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    WHOLE_SCHEMAS_FIELD_NUMBER: _ClassVar[int]
    as_of: _timestamp_pb2.Timestamp
    connection: str
    context: _manifest_pb2.SelectionContext
    existing_target: ExistingTarget
    naming: NamingRules
    on_missing_source: MissingSource
    on_no_zero_copy: NoZeroCopy
    overwrite_changed_targets: bool
    request_id: str
    selection: _manifest_pb2.Selection
    source_environment: str
    source_manifest: str
    target_environment: str
    target_manifest: str
    validate_only: bool
    view: PlanView
    views: Views
    whole_schemas: bool
    def __init__(self, source_environment: _Optional[str] = ..., source_manifest: _Optional[str] = ..., target_manifest: _Optional[str] = ..., target_environment: _Optional[str] = ..., naming: _Optional[_Union[NamingRules, _Mapping]] = ..., connection: _Optional[str] = ..., selection: _Optional[_Union[_manifest_pb2.Selection, _Mapping]] = ..., context: _Optional[_Union[_manifest_pb2.SelectionContext, _Mapping]] = ..., existing_target: _Optional[_Union[ExistingTarget, str]] = ..., on_no_zero_copy: _Optional[_Union[NoZeroCopy, str]] = ..., on_missing_source: _Optional[_Union[MissingSource, str]] = ..., request_id: _Optional[str] = ..., validate_only: bool = ..., view: _Optional[_Union[PlanView, str]] = ..., as_of: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., views: _Optional[_Union[Views, str]] = ..., whole_schemas: bool = ..., overwrite_changed_targets: bool = ...) -> None: ...

class PlanCloneResponse(_message.Message):
    __slots__ = ["plan"]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    plan: _plan_pb2.ClonePlan
    def __init__(self, plan: _Optional[_Union[_plan_pb2.ClonePlan, _Mapping]] = ...) -> None: ...

class PlanPromotionRequest(_message.Message):
    __slots__ = ["from_environment", "gate", "keep_old", "request_id", "require_atomic", "selection", "to_environment", "validate_only"]
    FROM_ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    GATE_FIELD_NUMBER: _ClassVar[int]
    KEEP_OLD_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    REQUIRE_ATOMIC_FIELD_NUMBER: _ClassVar[int]
    SELECTION_FIELD_NUMBER: _ClassVar[int]
    TO_ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    from_environment: str
    gate: Gate
    keep_old: _duration_pb2.Duration
    request_id: str
    require_atomic: bool
    selection: _manifest_pb2.Selection
    to_environment: str
    validate_only: bool
    def __init__(self, from_environment: _Optional[str] = ..., to_environment: _Optional[str] = ..., gate: _Optional[_Union[Gate, _Mapping]] = ..., selection: _Optional[_Union[_manifest_pb2.Selection, _Mapping]] = ..., keep_old: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: bool = ..., require_atomic: bool = ...) -> None: ...

class PlanPromotionResponse(_message.Message):
    __slots__ = ["plan"]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    plan: _plan_pb2.ClonePlan
    def __init__(self, plan: _Optional[_Union[_plan_pb2.ClonePlan, _Mapping]] = ...) -> None: ...

class PlanRollbackRequest(_message.Message):
    __slots__ = ["execution", "request_id", "validate_only"]
    EXECUTION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    execution: str
    request_id: str
    validate_only: bool
    def __init__(self, execution: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: bool = ...) -> None: ...

class PlanRollbackResponse(_message.Message):
    __slots__ = ["plan"]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    plan: _plan_pb2.ClonePlan
    def __init__(self, plan: _Optional[_Union[_plan_pb2.ClonePlan, _Mapping]] = ...) -> None: ...

class RelationList(_message.Message):
    __slots__ = ["relations"]
    RELATIONS_FIELD_NUMBER: _ClassVar[int]
    relations: _containers.RepeatedCompositeFieldContainer[_manifest_pb2.Relation]
    def __init__(self, relations: _Optional[_Iterable[_Union[_manifest_pb2.Relation, _Mapping]]] = ...) -> None: ...

class ResolveDeferralRequest(_message.Message):
    __slots__ = ["command", "context", "dbt_version", "favor_state", "manifest", "selection", "sources", "target", "view"]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    DBT_VERSION_FIELD_NUMBER: _ClassVar[int]
    FAVOR_STATE_FIELD_NUMBER: _ClassVar[int]
    MANIFEST_FIELD_NUMBER: _ClassVar[int]
    SELECTION_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    command: DbtCommand
    context: _manifest_pb2.SelectionContext
    dbt_version: str
    favor_state: bool
    manifest: str
    selection: _manifest_pb2.Selection
    sources: _containers.RepeatedCompositeFieldContainer[_environment_pb2.DeferSource]
    target: TargetCatalog
    view: DeferResolutionView
    def __init__(self, manifest: _Optional[str] = ..., sources: _Optional[_Iterable[_Union[_environment_pb2.DeferSource, _Mapping]]] = ..., selection: _Optional[_Union[_manifest_pb2.Selection, _Mapping]] = ..., context: _Optional[_Union[_manifest_pb2.SelectionContext, _Mapping]] = ..., favor_state: bool = ..., target: _Optional[_Union[TargetCatalog, _Mapping]] = ..., command: _Optional[_Union[DbtCommand, str]] = ..., dbt_version: _Optional[str] = ..., view: _Optional[_Union[DeferResolutionView, str]] = ...) -> None: ...

class ResolveDeferralResponse(_message.Message):
    __slots__ = ["resolution"]
    RESOLUTION_FIELD_NUMBER: _ClassVar[int]
    resolution: _deferral_pb2.DeferResolution
    def __init__(self, resolution: _Optional[_Union[_deferral_pb2.DeferResolution, _Mapping]] = ...) -> None: ...

class TargetCatalog(_message.Message):
    __slots__ = ["connection", "environment", "relations"]
    CONNECTION_FIELD_NUMBER: _ClassVar[int]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    RELATIONS_FIELD_NUMBER: _ClassVar[int]
    connection: str
    environment: str
    relations: RelationList
    def __init__(self, relations: _Optional[_Union[RelationList, _Mapping]] = ..., environment: _Optional[str] = ..., connection: _Optional[str] = ...) -> None: ...

class DbtCommand(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class DeferResolutionView(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class ExistingTarget(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class NoZeroCopy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class MissingSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class Views(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class PlanView(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class Advice(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
