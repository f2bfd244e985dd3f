from doppel.v1 import manifest_pb2 as _manifest_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
NAME_CASE_KEPT: NameCase
NAME_CASE_LOWER: NameCase
NAME_CASE_UNSPECIFIED: NameCase
NAME_CASE_UPPER: NameCase
SWAP_STEP_NONE: SwapStep
SWAP_STEP_RELATIONS: SwapStep
SWAP_STEP_RENAME: SwapStep
SWAP_STEP_SCHEMAS: SwapStep
SWAP_STEP_TRANSACTION: SwapStep
SWAP_STEP_UNSPECIFIED: SwapStep
SWAP_STEP_VERSIONS: SwapStep

class Connection(_message.Message):
    __slots__ = ["name", "warehouse"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    WAREHOUSE_FIELD_NUMBER: _ClassVar[int]
    name: str
    warehouse: str
    def __init__(self, name: _Optional[str] = ..., warehouse: _Optional[str] = ...) -> None: ...

class GetCapabilitiesRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class GetCapabilitiesResponse(_message.Message):
    __slots__ = ["api_versions", "connections", "dbt_rules", "limits", "max_manifest_version", "min_manifest_version", "server_version", "warehouses"]
    API_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    CONNECTIONS_FIELD_NUMBER: _ClassVar[int]
    DBT_RULES_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    MAX_MANIFEST_VERSION_FIELD_NUMBER: _ClassVar[int]
    MIN_MANIFEST_VERSION_FIELD_NUMBER: _ClassVar[int]
    SERVER_VERSION_FIELD_NUMBER: _ClassVar[int]
    WAREHOUSES_FIELD_NUMBER: _ClassVar[int]
    api_versions: _containers.RepeatedScalarFieldContainer[str]
    connections: _containers.RepeatedCompositeFieldContainer[Connection]
    dbt_rules: str
    limits: Limits
    max_manifest_version: int
    min_manifest_version: int
    server_version: str
    warehouses: _containers.RepeatedCompositeFieldContainer[Warehouse]
    def __init__(self, server_version: _Optional[str] = ..., api_versions: _Optional[_Iterable[str]] = ..., min_manifest_version: _Optional[int] = ..., max_manifest_version: _Optional[int] = ..., dbt_rules: _Optional[str] = ..., limits: _Optional[_Union[Limits, _Mapping]] = ..., warehouses: _Optional[_Iterable[_Union[Warehouse, _Mapping]]] = ..., connections: _Optional[_Iterable[_Union[Connection, _Mapping]]] = ...) -> None: ...

class Limits(_message.Message):
    __slots__ = ["max_artifact_bytes", "max_chunk_bytes", "max_connections", "max_manifest_bytes", "max_manifest_nodes", "max_page_size", "max_sources"]
    MAX_ARTIFACT_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_CHUNK_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_CONNECTIONS_FIELD_NUMBER: _ClassVar[int]
    MAX_MANIFEST_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_MANIFEST_NODES_FIELD_NUMBER: _ClassVar[int]
    MAX_PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    MAX_SOURCES_FIELD_NUMBER: _ClassVar[int]
    max_artifact_bytes: int
    max_chunk_bytes: int
    max_connections: int
    max_manifest_bytes: int
    max_manifest_nodes: int
    max_page_size: int
    max_sources: int
    def __init__(self, max_manifest_bytes: _Optional[int] = ..., max_manifest_nodes: _Optional[int] = ..., max_chunk_bytes: _Optional[int] = ..., max_artifact_bytes: _Optional[int] = ..., max_page_size: _Optional[int] = ..., max_sources: _Optional[int] = ..., max_connections: _Optional[int] = ...) -> None: ...

class Warehouse(_message.Message):
    __slots__ = ["clone_statement", "cloneable_kinds", "clones_schemas", "deepest_clone", "executable", "longest_time_travel", "notes", "quoted_case", "quoted_name", "swap", "time_travel", "transactional_ddl", "type", "unavailable_cause", "unquoted_case", "zero_copy_clone"]
    CLONEABLE_KINDS_FIELD_NUMBER: _ClassVar[int]
    CLONES_SCHEMAS_FIELD_NUMBER: _ClassVar[int]
    CLONE_STATEMENT_FIELD_NUMBER: _ClassVar[int]
    DEEPEST_CLONE_FIELD_NUMBER: _ClassVar[int]
    EXECUTABLE_FIELD_NUMBER: _ClassVar[int]
    LONGEST_TIME_TRAVEL_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    QUOTED_CASE_FIELD_NUMBER: _ClassVar[int]
    QUOTED_NAME_FIELD_NUMBER: _ClassVar[int]
    SWAP_FIELD_NUMBER: _ClassVar[int]
    TIME_TRAVEL_FIELD_NUMBER: _ClassVar[int]
    TRANSACTIONAL_DDL_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    UNAVAILABLE_CAUSE_FIELD_NUMBER: _ClassVar[int]
    UNQUOTED_CASE_FIELD_NUMBER: _ClassVar[int]
    ZERO_COPY_CLONE_FIELD_NUMBER: _ClassVar[int]
    clone_statement: str
    cloneable_kinds: _containers.RepeatedScalarFieldContainer[_manifest_pb2.RelationKind]
    clones_schemas: bool
    deepest_clone: int
    executable: bool
    longest_time_travel: _duration_pb2.Duration
    notes: str
    quoted_case: NameCase
    quoted_name: str
    swap: SwapStep
    time_travel: bool
    transactional_ddl: bool
    type: str
    unavailable_cause: str
    unquoted_case: NameCase
    zero_copy_clone: bool
    def __init__(self, type: _Optional[str] = ..., executable: bool = ..., unavailable_cause: _Optional[str] = ..., zero_copy_clone: bool = ..., transactional_ddl: bool = ..., time_travel: bool = ..., notes: _Optional[str] = ..., cloneable_kinds: _Optional[_Iterable[_Union[_manifest_pb2.RelationKind, str]]] = ..., clone_statement: _Optional[str] = ..., deepest_clone: _Optional[int] = ..., clones_schemas: bool = ..., longest_time_travel: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., swap: _Optional[_Union[SwapStep, str]] = ..., quoted_name: _Optional[str] = ..., quoted_case: _Optional[_Union[NameCase, str]] = ..., unquoted_case: _Optional[_Union[NameCase, str]] = ...) -> None: ...

class NameCase(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class SwapStep(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
