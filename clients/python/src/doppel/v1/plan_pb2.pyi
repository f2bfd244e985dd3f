from doppel.v1 import manifest_pb2 as _manifest_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
ESCAPE_REASON_KEPT: EscapeReason
ESCAPE_REASON_NOT_IN_TARGET: EscapeReason
ESCAPE_REASON_POINTER: EscapeReason
ESCAPE_REASON_SOURCE: EscapeReason
ESCAPE_REASON_UNSPECIFIED: EscapeReason
OPERATION_KIND_CLONE_TABLE: OperationKind
OPERATION_KIND_COPY_TABLE: OperationKind
OPERATION_KIND_CREATE_SCHEMA: OperationKind
OPERATION_KIND_DROP: OperationKind
OPERATION_KIND_POINTER_VIEW: OperationKind
OPERATION_KIND_RENAME: OperationKind
OPERATION_KIND_SKIP: OperationKind
OPERATION_KIND_SWAP: OperationKind
OPERATION_KIND_UNSPECIFIED: OperationKind
OPERATION_KIND_VIEW: OperationKind
OPERATION_REASON_CLONEABLE: OperationReason
OPERATION_REASON_COPY_REQUESTED: OperationReason
OPERATION_REASON_DRIFTED: OperationReason
OPERATION_REASON_EPHEMERAL: OperationReason
OPERATION_REASON_EXPIRED: OperationReason
OPERATION_REASON_NOT_IN_SOURCE: OperationReason
OPERATION_REASON_NOT_VERIFIED: OperationReason
OPERATION_REASON_NO_NAMING_RULE: OperationReason
OPERATION_REASON_NO_ZERO_COPY: OperationReason
OPERATION_REASON_PROMOTED: OperationReason
OPERATION_REASON_RE_ROOTED: OperationReason
OPERATION_REASON_SAME_RELATION: OperationReason
OPERATION_REASON_SCHEMA_KEPT: OperationReason
OPERATION_REASON_SCHEMA_MISSING: OperationReason
OPERATION_REASON_SOURCE_MISSING: OperationReason
OPERATION_REASON_SOURCE_NOT_A_TABLE: OperationReason
OPERATION_REASON_STILL_READ: OperationReason
OPERATION_REASON_SUPERSEDED: OperationReason
OPERATION_REASON_TAKEN_OVER: OperationReason
OPERATION_REASON_TARGET_CHANGED: OperationReason
OPERATION_REASON_TARGET_EXISTS: OperationReason
OPERATION_REASON_TARGET_GONE: OperationReason
OPERATION_REASON_TARGET_TAKEN: OperationReason
OPERATION_REASON_UNSPECIFIED: OperationReason
OPERATION_REASON_UP_TO_DATE: OperationReason
OPERATION_REASON_WHOLE_SCHEMA: OperationReason
OPERATION_REASON_WITH_SCHEMA: OperationReason
PLAN_KIND_CLEANUP: PlanKind
PLAN_KIND_CLONE: PlanKind
PLAN_KIND_PROMOTION: PlanKind
PLAN_KIND_ROLLBACK: PlanKind
PLAN_KIND_UNSPECIFIED: PlanKind
PRECONDITION_KIND_ENVIRONMENT: PreconditionKind
PRECONDITION_KIND_SCHEMA: PreconditionKind
PRECONDITION_KIND_SOURCE_RELATION: PreconditionKind
PRECONDITION_KIND_TARGET_RELATION: PreconditionKind
PRECONDITION_KIND_UNSPECIFIED: PreconditionKind

class ClonePlan(_message.Message):
    __slots__ = ["connection", "create_time", "escapes", "fingerprint", "keep_old", "kind", "manifest_after", "name", "operations", "preconditions", "source_environment", "source_manifest", "summary", "target_environment", "target_manifest", "warehouse", "warnings"]
    CONNECTION_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ESCAPES_FIELD_NUMBER: _ClassVar[int]
    FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    KEEP_OLD_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    MANIFEST_AFTER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    OPERATIONS_FIELD_NUMBER: _ClassVar[int]
    PRECONDITIONS_FIELD_NUMBER: _ClassVar[int]
    SOURCE_ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_MANIFEST_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    TARGET_ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    TARGET_MANIFEST_FIELD_NUMBER: _ClassVar[int]
    WAREHOUSE_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    connection: str
    create_time: _timestamp_pb2.Timestamp
    escapes: _containers.RepeatedCompositeFieldContainer[Escape]
    fingerprint: str
    keep_old: _duration_pb2.Duration
    kind: PlanKind
    manifest_after: str
    name: str
    operations: _containers.RepeatedCompositeFieldContainer[Operation]
    preconditions: _containers.RepeatedCompositeFieldContainer[Precondition]
    source_environment: str
    source_manifest: str
    summary: PlanSummary
    target_environment: str
    target_manifest: str
    warehouse: str
    warnings: _containers.RepeatedCompositeFieldContainer[_manifest_pb2.Warning]
    def __init__(self, name: _Optional[str] = ..., kind: _Optional[_Union[PlanKind, str]] = ..., source_environment: _Optional[str] = ..., target_environment: _Optional[str] = ..., source_manifest: _Optional[str] = ..., target_manifest: _Optional[str] = ..., connection: _Optional[str] = ..., warehouse: _Optional[str] = ..., operations: _Optional[_Iterable[_Union[Operation, _Mapping]]] = ..., preconditions: _Optional[_Iterable[_Union[Precondition, _Mapping]]] = ..., summary: _Optional[_Union[PlanSummary, _Mapping]] = ..., warnings: _Optional[_Iterable[_Union[_manifest_pb2.Warning, _Mapping]]] = ..., fingerprint: _Optional[str] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., manifest_after: _Optional[str] = ..., keep_old: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., escapes: _Optional[_Iterable[_Union[Escape, _Mapping]]] = ...) -> None: ...

class Escape(_message.Message):
    __slots__ = ["explanation", "reads", "reads_unique_id", "reason", "target", "unique_id"]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    READS_FIELD_NUMBER: _ClassVar[int]
    READS_UNIQUE_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    UNIQUE_ID_FIELD_NUMBER: _ClassVar[int]
    explanation: str
    reads: _manifest_pb2.Relation
    reads_unique_id: str
    reason: EscapeReason
    target: _manifest_pb2.Relation
    unique_id: str
    def __init__(self, unique_id: _Optional[str] = ..., target: _Optional[_Union[_manifest_pb2.Relation, _Mapping]] = ..., reads: _Optional[_Union[_manifest_pb2.Relation, _Mapping]] = ..., reads_unique_id: _Optional[str] = ..., reason: _Optional[_Union[EscapeReason, str]] = ..., explanation: _Optional[str] = ...) -> None: ...

class Operation(_message.Message):
    __slots__ = ["depends_on", "explanation", "id", "kind", "placements", "reason", "replaces", "source", "statements", "target", "unique_id"]
    DEPENDS_ON_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    PLACEMENTS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REPLACES_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    STATEMENTS_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    UNIQUE_ID_FIELD_NUMBER: _ClassVar[int]
    depends_on: _containers.RepeatedScalarFieldContainer[int]
    explanation: str
    id: int
    kind: OperationKind
    placements: _containers.RepeatedCompositeFieldContainer[Placement]
    reason: OperationReason
    replaces: _manifest_pb2.Relation
    source: _manifest_pb2.Relation
    statements: _containers.RepeatedScalarFieldContainer[str]
    target: _manifest_pb2.Relation
    unique_id: str
    def __init__(self, id: _Optional[int] = ..., kind: _Optional[_Union[OperationKind, str]] = ..., unique_id: _Optional[str] = ..., source: _Optional[_Union[_manifest_pb2.Relation, _Mapping]] = ..., target: _Optional[_Union[_manifest_pb2.Relation, _Mapping]] = ..., statements: _Optional[_Iterable[str]] = ..., reason: _Optional[_Union[OperationReason, str]] = ..., explanation: _Optional[str] = ..., depends_on: _Optional[_Iterable[int]] = ..., replaces: _Optional[_Union[_manifest_pb2.Relation, _Mapping]] = ..., placements: _Optional[_Iterable[_Union[Placement, _Mapping]]] = ...) -> None: ...

class Placement(_message.Message):
    __slots__ = ["copied", "expires", "followers", "kept_as", "kept_version", "source", "target", "unique_id"]
    COPIED_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_FIELD_NUMBER: _ClassVar[int]
    FOLLOWERS_FIELD_NUMBER: _ClassVar[int]
    KEPT_AS_FIELD_NUMBER: _ClassVar[int]
    KEPT_VERSION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    UNIQUE_ID_FIELD_NUMBER: _ClassVar[int]
    copied: bool
    expires: bool
    followers: _containers.RepeatedCompositeFieldContainer[_manifest_pb2.Relation]
    kept_as: _manifest_pb2.Relation
    kept_version: int
    source: _manifest_pb2.Relation
    target: _manifest_pb2.Relation
    unique_id: str
    def __init__(self, unique_id: _Optional[str] = ..., source: _Optional[_Union[_manifest_pb2.Relation, _Mapping]] = ..., copied: bool = ..., target: _Optional[_Union[_manifest_pb2.Relation, _Mapping]] = ..., kept_as: _Optional[_Union[_manifest_pb2.Relation, _Mapping]] = ..., expires: bool = ..., followers: _Optional[_Iterable[_Union[_manifest_pb2.Relation, _Mapping]]] = ..., kept_version: _Optional[int] = ...) -> None: ...

class PlanSummary(_message.Message):
    __slots__ = ["clones", "copies", "drops", "escapes", "pointer_views", "renames", "replaced_relations", "schemas", "skips", "statements", "views"]
    CLONES_FIELD_NUMBER: _ClassVar[int]
    COPIES_FIELD_NUMBER: _ClassVar[int]
    DROPS_FIELD_NUMBER: _ClassVar[int]
    ESCAPES_FIELD_NUMBER: _ClassVar[int]
    POINTER_VIEWS_FIELD_NUMBER: _ClassVar[int]
    RENAMES_FIELD_NUMBER: _ClassVar[int]
    REPLACED_RELATIONS_FIELD_NUMBER: _ClassVar[int]
    SCHEMAS_FIELD_NUMBER: _ClassVar[int]
    SKIPS_FIELD_NUMBER: _ClassVar[int]
    STATEMENTS_FIELD_NUMBER: _ClassVar[int]
    VIEWS_FIELD_NUMBER: _ClassVar[int]
    clones: int
    copies: int
    drops: int
    escapes: int
    pointer_views: int
    renames: int
    replaced_relations: int
    schemas: int
    skips: int
    statements: int
    views: int
    def __init__(self, clones: _Optional[int] = ..., pointer_views: _Optional[int] = ..., copies: _Optional[int] = ..., skips: _Optional[int] = ..., schemas: _Optional[int] = ..., drops: _Optional[int] = ..., renames: _Optional[int] = ..., replaced_relations: _Optional[int] = ..., statements: _Optional[int] = ..., views: _Optional[int] = ..., escapes: _Optional[int] = ...) -> None: ...

class Precondition(_message.Message):
    __slots__ = ["expected", "kind", "subject"]
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    expected: str
    kind: PreconditionKind
    subject: str
    def __init__(self, kind: _Optional[_Union[PreconditionKind, str]] = ..., subject: _Optional[str] = ..., expected: _Optional[str] = ...) -> None: ...

class PlanKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class OperationKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class OperationReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class EscapeReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class PreconditionKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
