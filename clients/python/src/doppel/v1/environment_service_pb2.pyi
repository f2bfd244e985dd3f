from doppel.v1 import environment_pb2 as _environment_pb2
from doppel.v1 import manifest_pb2 as _manifest_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
DRIFT_KIND_NEW_IN_SOURCE: DriftKind
DRIFT_KIND_SOURCE_CHANGED: DriftKind
DRIFT_KIND_SOURCE_DROPPED: DriftKind
DRIFT_KIND_TARGET_CHANGED: DriftKind
DRIFT_KIND_TARGET_DROPPED: DriftKind
DRIFT_KIND_UNKNOWN: DriftKind
DRIFT_KIND_UNSPECIFIED: DriftKind

class CreateEnvironmentRequest(_message.Message):
    __slots__ = ["environment", "request_id", "validate_only"]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    environment: _environment_pb2.Environment
    request_id: str
    validate_only: bool
    def __init__(self, environment: _Optional[_Union[_environment_pb2.Environment, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: bool = ...) -> None: ...

class CreateEnvironmentResponse(_message.Message):
    __slots__ = ["environment"]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    environment: _environment_pb2.Environment
    def __init__(self, environment: _Optional[_Union[_environment_pb2.Environment, _Mapping]] = ...) -> None: ...

class DeleteEnvironmentRequest(_message.Message):
    __slots__ = ["etag", "name", "request_id", "validate_only"]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    etag: str
    name: str
    request_id: str
    validate_only: bool
    def __init__(self, name: _Optional[str] = ..., etag: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: bool = ...) -> None: ...

class DeleteEnvironmentResponse(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class DetectDriftRequest(_message.Message):
    __slots__ = ["environment", "page_size", "page_token"]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    environment: str
    page_size: int
    page_token: str
    def __init__(self, environment: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class DetectDriftResponse(_message.Message):
    __slots__ = ["drifts", "next_page_token"]
    DRIFTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    drifts: _containers.RepeatedCompositeFieldContainer[Drift]
    next_page_token: str
    def __init__(self, drifts: _Optional[_Iterable[_Union[Drift, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class Drift(_message.Message):
    __slots__ = ["explanation", "kind", "made_time", "source", "target", "unique_id"]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    MADE_TIME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    UNIQUE_ID_FIELD_NUMBER: _ClassVar[int]
    explanation: str
    kind: DriftKind
    made_time: _timestamp_pb2.Timestamp
    source: _manifest_pb2.Relation
    target: _manifest_pb2.Relation
    unique_id: str
    def __init__(self, target: _Optional[_Union[_manifest_pb2.Relation, _Mapping]] = ..., source: _Optional[_Union[_manifest_pb2.Relation, _Mapping]] = ..., unique_id: _Optional[str] = ..., kind: _Optional[_Union[DriftKind, str]] = ..., explanation: _Optional[str] = ..., made_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class GetEnvironmentRequest(_message.Message):
    __slots__ = ["name"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class GetEnvironmentResponse(_message.Message):
    __slots__ = ["environment"]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    environment: _environment_pb2.Environment
    def __init__(self, environment: _Optional[_Union[_environment_pb2.Environment, _Mapping]] = ...) -> None: ...

class ListEnvironmentsRequest(_message.Message):
    __slots__ = ["page_size", "page_token"]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListEnvironmentsResponse(_message.Message):
    __slots__ = ["environments", "next_page_token"]
    ENVIRONMENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    environments: _containers.RepeatedCompositeFieldContainer[_environment_pb2.Environment]
    next_page_token: str
    def __init__(self, environments: _Optional[_Iterable[_Union[_environment_pb2.Environment, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListRelationsRequest(_message.Message):
    __slots__ = ["environment", "page_size", "page_token", "schemas"]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SCHEMAS_FIELD_NUMBER: _ClassVar[int]
    environment: str
    page_size: int
    page_token: str
    schemas: _containers.RepeatedCompositeFieldContainer[SchemaName]
    def __init__(self, environment: _Optional[str] = ..., schemas: _Optional[_Iterable[_Union[SchemaName, _Mapping]]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListRelationsResponse(_message.Message):
    __slots__ = ["next_page_token", "relations", "total_size"]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    RELATIONS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    next_page_token: str
    relations: _containers.RepeatedCompositeFieldContainer[LiveRelation]
    total_size: int
    def __init__(self, relations: _Optional[_Iterable[_Union[LiveRelation, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ...) -> None: ...

class LiveRelation(_message.Message):
    __slots__ = ["relation", "row_count", "size_bytes", "unique_id", "version"]
    RELATION_FIELD_NUMBER: _ClassVar[int]
    ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    UNIQUE_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    relation: _manifest_pb2.Relation
    row_count: int
    size_bytes: int
    unique_id: str
    version: str
    def __init__(self, relation: _Optional[_Union[_manifest_pb2.Relation, _Mapping]] = ..., version: _Optional[str] = ..., size_bytes: _Optional[int] = ..., row_count: _Optional[int] = ..., unique_id: _Optional[str] = ...) -> None: ...

class SchemaName(_message.Message):
    __slots__ = ["database", "schema"]
    DATABASE_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_FIELD_NUMBER: _ClassVar[int]
    database: str
    schema: str
    def __init__(self, database: _Optional[str] = ..., schema: _Optional[str] = ...) -> None: ...

class UpdateEnvironmentRequest(_message.Message):
    __slots__ = ["environment", "request_id", "update_mask", "validate_only"]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    environment: _environment_pb2.Environment
    request_id: str
    update_mask: _field_mask_pb2.FieldMask
    validate_only: bool
    def __init__(self, environment: _Optional[_Union[_environment_pb2.Environment, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: bool = ...) -> None: ...

class UpdateEnvironmentResponse(_message.Message):
    __slots__ = ["environment"]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    environment: _environment_pb2.Environment
    def __init__(self, environment: _Optional[_Union[_environment_pb2.Environment, _Mapping]] = ...) -> None: ...

class DriftKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
