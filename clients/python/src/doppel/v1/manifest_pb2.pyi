from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
DIFFERENCE_CAUSE_KIND_BODY: DifferenceCauseKind
DIFFERENCE_CAUSE_KIND_CONFIG: DifferenceCauseKind
DIFFERENCE_CAUSE_KIND_CONTRACT: DifferenceCauseKind
DIFFERENCE_CAUSE_KIND_FIELD: DifferenceCauseKind
DIFFERENCE_CAUSE_KIND_FQN: DifferenceCauseKind
DIFFERENCE_CAUSE_KIND_MACRO: DifferenceCauseKind
DIFFERENCE_CAUSE_KIND_NEW: DifferenceCauseKind
DIFFERENCE_CAUSE_KIND_PERSISTED_DESCRIPTION: DifferenceCauseKind
DIFFERENCE_CAUSE_KIND_RELATION: DifferenceCauseKind
DIFFERENCE_CAUSE_KIND_UNSPECIFIED: DifferenceCauseKind
DIFFERENCE_CAUSE_KIND_VAR: DifferenceCauseKind
DIFFERENCE_KIND_MODIFIED: DifferenceKind
DIFFERENCE_KIND_NEW: DifferenceKind
DIFFERENCE_KIND_REMOVED: DifferenceKind
DIFFERENCE_KIND_UNSPECIFIED: DifferenceKind
INDIRECT_SELECTION_BUILDABLE: IndirectSelection
INDIRECT_SELECTION_CAUTIOUS: IndirectSelection
INDIRECT_SELECTION_EAGER: IndirectSelection
INDIRECT_SELECTION_EMPTY: IndirectSelection
INDIRECT_SELECTION_UNSPECIFIED: IndirectSelection
RELATION_KIND_DYNAMIC_TABLE: RelationKind
RELATION_KIND_EXTERNAL: RelationKind
RELATION_KIND_FUNCTION: RelationKind
RELATION_KIND_MATERIALIZED_VIEW: RelationKind
RELATION_KIND_TABLE: RelationKind
RELATION_KIND_UNSPECIFIED: RelationKind
RELATION_KIND_VIEW: RelationKind

class ComparisonOptions(_message.Message):
    __slots__ = ["compare_more_unrendered_values", "mutes", "state_vars", "strict", "vars"]
    COMPARE_MORE_UNRENDERED_VALUES_FIELD_NUMBER: _ClassVar[int]
    MUTES_FIELD_NUMBER: _ClassVar[int]
    STATE_VARS_FIELD_NUMBER: _ClassVar[int]
    STRICT_FIELD_NUMBER: _ClassVar[int]
    VARS_FIELD_NUMBER: _ClassVar[int]
    compare_more_unrendered_values: bool
    mutes: _containers.RepeatedScalarFieldContainer[str]
    state_vars: str
    strict: bool
    vars: str
    def __init__(self, strict: bool = ..., state_vars: _Optional[str] = ..., vars: _Optional[str] = ..., mutes: _Optional[_Iterable[str]] = ..., compare_more_unrendered_values: bool = ...) -> None: ...

class Difference(_message.Message):
    __slots__ = ["causes", "kind", "muted_causes", "resource_type", "state_modified", "unique_id"]
    CAUSES_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    MUTED_CAUSES_FIELD_NUMBER: _ClassVar[int]
    RESOURCE_TYPE_FIELD_NUMBER: _ClassVar[int]
    STATE_MODIFIED_FIELD_NUMBER: _ClassVar[int]
    UNIQUE_ID_FIELD_NUMBER: _ClassVar[int]
    causes: _containers.RepeatedCompositeFieldContainer[DifferenceCause]
    kind: DifferenceKind
    muted_causes: _containers.RepeatedCompositeFieldContainer[DifferenceCause]
    resource_type: str
    state_modified: bool
    unique_id: str
    def __init__(self, unique_id: _Optional[str] = ..., resource_type: _Optional[str] = ..., kind: _Optional[_Union[DifferenceKind, str]] = ..., state_modified: bool = ..., causes: _Optional[_Iterable[_Union[DifferenceCause, _Mapping]]] = ..., muted_causes: _Optional[_Iterable[_Union[DifferenceCause, _Mapping]]] = ...) -> None: ...

class DifferenceCause(_message.Message):
    __slots__ = ["detail", "from_environment", "kind", "path", "subject"]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    FROM_ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    detail: str
    from_environment: bool
    kind: DifferenceCauseKind
    path: _containers.RepeatedScalarFieldContainer[str]
    subject: str
    def __init__(self, kind: _Optional[_Union[DifferenceCauseKind, str]] = ..., subject: _Optional[str] = ..., path: _Optional[_Iterable[str]] = ..., detail: _Optional[str] = ..., from_environment: bool = ...) -> None: ...

class Manifest(_message.Message):
    __slots__ = ["adapter_type", "create_time", "dbt_version", "findings", "generated_at", "invocation_id", "macro_count", "name", "node_counts", "project_name", "schema_version", "selectors", "size_bytes"]
    ADAPTER_TYPE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DBT_VERSION_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    GENERATED_AT_FIELD_NUMBER: _ClassVar[int]
    INVOCATION_ID_FIELD_NUMBER: _ClassVar[int]
    MACRO_COUNT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NODE_COUNTS_FIELD_NUMBER: _ClassVar[int]
    PROJECT_NAME_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_VERSION_FIELD_NUMBER: _ClassVar[int]
    SELECTORS_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    adapter_type: str
    create_time: _timestamp_pb2.Timestamp
    dbt_version: str
    findings: _containers.RepeatedScalarFieldContainer[str]
    generated_at: _timestamp_pb2.Timestamp
    invocation_id: str
    macro_count: int
    name: str
    node_counts: _containers.RepeatedCompositeFieldContainer[NodeCount]
    project_name: str
    schema_version: int
    selectors: _containers.RepeatedScalarFieldContainer[str]
    size_bytes: int
    def __init__(self, name: _Optional[str] = ..., size_bytes: _Optional[int] = ..., schema_version: _Optional[int] = ..., dbt_version: _Optional[str] = ..., project_name: _Optional[str] = ..., adapter_type: _Optional[str] = ..., generated_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., invocation_id: _Optional[str] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., node_counts: _Optional[_Iterable[_Union[NodeCount, _Mapping]]] = ..., macro_count: _Optional[int] = ..., selectors: _Optional[_Iterable[str]] = ..., findings: _Optional[_Iterable[str]] = ...) -> None: ...

class Node(_message.Message):
    __slots__ = ["depends_on", "fqn", "latest_version", "materialized", "name", "original_file_path", "package_name", "relation", "resource_type", "tags", "unique_id", "version"]
    DEPENDS_ON_FIELD_NUMBER: _ClassVar[int]
    FQN_FIELD_NUMBER: _ClassVar[int]
    LATEST_VERSION_FIELD_NUMBER: _ClassVar[int]
    MATERIALIZED_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ORIGINAL_FILE_PATH_FIELD_NUMBER: _ClassVar[int]
    PACKAGE_NAME_FIELD_NUMBER: _ClassVar[int]
    RELATION_FIELD_NUMBER: _ClassVar[int]
    RESOURCE_TYPE_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    UNIQUE_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    depends_on: _containers.RepeatedScalarFieldContainer[str]
    fqn: _containers.RepeatedScalarFieldContainer[str]
    latest_version: str
    materialized: str
    name: str
    original_file_path: str
    package_name: str
    relation: Relation
    resource_type: str
    tags: _containers.RepeatedScalarFieldContainer[str]
    unique_id: str
    version: str
    def __init__(self, unique_id: _Optional[str] = ..., resource_type: _Optional[str] = ..., name: _Optional[str] = ..., package_name: _Optional[str] = ..., fqn: _Optional[_Iterable[str]] = ..., tags: _Optional[_Iterable[str]] = ..., original_file_path: _Optional[str] = ..., materialized: _Optional[str] = ..., relation: _Optional[_Union[Relation, _Mapping]] = ..., depends_on: _Optional[_Iterable[str]] = ..., version: _Optional[str] = ..., latest_version: _Optional[str] = ...) -> None: ...

class NodeCount(_message.Message):
    __slots__ = ["count", "resource_type"]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    RESOURCE_TYPE_FIELD_NUMBER: _ClassVar[int]
    count: int
    resource_type: str
    def __init__(self, resource_type: _Optional[str] = ..., count: _Optional[int] = ...) -> None: ...

class Relation(_message.Message):
    __slots__ = ["database", "identifier", "kind", "rendered", "schema"]
    DATABASE_FIELD_NUMBER: _ClassVar[int]
    IDENTIFIER_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    RENDERED_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_FIELD_NUMBER: _ClassVar[int]
    database: str
    identifier: str
    kind: RelationKind
    rendered: str
    schema: str
    def __init__(self, database: _Optional[str] = ..., schema: _Optional[str] = ..., identifier: _Optional[str] = ..., kind: _Optional[_Union[RelationKind, str]] = ..., rendered: _Optional[str] = ...) -> None: ...

class Selection(_message.Message):
    __slots__ = ["exclude", "exclude_resource_types", "indirect_selection", "resource_types", "select", "selector"]
    EXCLUDE_FIELD_NUMBER: _ClassVar[int]
    EXCLUDE_RESOURCE_TYPES_FIELD_NUMBER: _ClassVar[int]
    INDIRECT_SELECTION_FIELD_NUMBER: _ClassVar[int]
    RESOURCE_TYPES_FIELD_NUMBER: _ClassVar[int]
    SELECTOR_FIELD_NUMBER: _ClassVar[int]
    SELECT_FIELD_NUMBER: _ClassVar[int]
    exclude: _containers.RepeatedScalarFieldContainer[str]
    exclude_resource_types: _containers.RepeatedScalarFieldContainer[str]
    indirect_selection: IndirectSelection
    resource_types: _containers.RepeatedScalarFieldContainer[str]
    select: _containers.RepeatedScalarFieldContainer[str]
    selector: str
    def __init__(self, select: _Optional[_Iterable[str]] = ..., exclude: _Optional[_Iterable[str]] = ..., selector: _Optional[str] = ..., indirect_selection: _Optional[_Union[IndirectSelection, str]] = ..., resource_types: _Optional[_Iterable[str]] = ..., exclude_resource_types: _Optional[_Iterable[str]] = ...) -> None: ...

class SelectionContext(_message.Message):
    __slots__ = ["comparison", "dbt_version", "run_results_json", "sources_json", "state_manifest", "state_sources_json"]
    COMPARISON_FIELD_NUMBER: _ClassVar[int]
    DBT_VERSION_FIELD_NUMBER: _ClassVar[int]
    RUN_RESULTS_JSON_FIELD_NUMBER: _ClassVar[int]
    SOURCES_JSON_FIELD_NUMBER: _ClassVar[int]
    STATE_MANIFEST_FIELD_NUMBER: _ClassVar[int]
    STATE_SOURCES_JSON_FIELD_NUMBER: _ClassVar[int]
    comparison: ComparisonOptions
    dbt_version: str
    run_results_json: bytes
    sources_json: bytes
    state_manifest: str
    state_sources_json: bytes
    def __init__(self, state_manifest: _Optional[str] = ..., run_results_json: _Optional[bytes] = ..., state_sources_json: _Optional[bytes] = ..., sources_json: _Optional[bytes] = ..., dbt_version: _Optional[str] = ..., comparison: _Optional[_Union[ComparisonOptions, _Mapping]] = ...) -> None: ...

class Warning(_message.Message):
    __slots__ = ["message", "name"]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    message: str
    name: str
    def __init__(self, name: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...

class RelationKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class IndirectSelection(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class DifferenceKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class DifferenceCauseKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
