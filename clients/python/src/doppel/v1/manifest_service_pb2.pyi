from doppel.v1 import manifest_pb2 as _manifest_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
NODE_VIEW_BASIC: NodeView
NODE_VIEW_FULL: NodeView
NODE_VIEW_UNSPECIFIED: NodeView

class CompareManifestsRequest(_message.Message):
    __slots__ = ["comparison", "current", "dbt_version", "older", "page_size", "page_token", "selection"]
    COMPARISON_FIELD_NUMBER: _ClassVar[int]
    CURRENT_FIELD_NUMBER: _ClassVar[int]
    DBT_VERSION_FIELD_NUMBER: _ClassVar[int]
    OLDER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SELECTION_FIELD_NUMBER: _ClassVar[int]
    comparison: _manifest_pb2.ComparisonOptions
    current: str
    dbt_version: str
    older: str
    page_size: int
    page_token: str
    selection: _manifest_pb2.Selection
    def __init__(self, current: _Optional[str] = ..., older: _Optional[str] = ..., selection: _Optional[_Union[_manifest_pb2.Selection, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., dbt_version: _Optional[str] = ..., comparison: _Optional[_Union[_manifest_pb2.ComparisonOptions, _Mapping]] = ...) -> None: ...

class CompareManifestsResponse(_message.Message):
    __slots__ = ["differences", "next_page_token", "total_size", "warnings"]
    DIFFERENCES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    differences: _containers.RepeatedCompositeFieldContainer[_manifest_pb2.Difference]
    next_page_token: str
    total_size: int
    warnings: _containers.RepeatedCompositeFieldContainer[_manifest_pb2.Warning]
    def __init__(self, differences: _Optional[_Iterable[_Union[_manifest_pb2.Difference, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ..., warnings: _Optional[_Iterable[_Union[_manifest_pb2.Warning, _Mapping]]] = ...) -> None: ...

class DeleteManifestRequest(_message.Message):
    __slots__ = ["name", "request_id", "validate_only"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    name: str
    request_id: str
    validate_only: bool
    def __init__(self, name: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: bool = ...) -> None: ...

class DeleteManifestResponse(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class FindMissingManifestsRequest(_message.Message):
    __slots__ = ["names"]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    names: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, names: _Optional[_Iterable[str]] = ...) -> None: ...

class FindMissingManifestsResponse(_message.Message):
    __slots__ = ["missing"]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    missing: _containers.RepeatedCompositeFieldContainer[MissingManifest]
    def __init__(self, missing: _Optional[_Iterable[_Union[MissingManifest, _Mapping]]] = ...) -> None: ...

class GetManifestRequest(_message.Message):
    __slots__ = ["name"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class GetManifestResponse(_message.Message):
    __slots__ = ["manifest"]
    MANIFEST_FIELD_NUMBER: _ClassVar[int]
    manifest: _manifest_pb2.Manifest
    def __init__(self, manifest: _Optional[_Union[_manifest_pb2.Manifest, _Mapping]] = ...) -> None: ...

class ListManifestsRequest(_message.Message):
    __slots__ = ["page_size", "page_token"]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListManifestsResponse(_message.Message):
    __slots__ = ["manifests", "next_page_token"]
    MANIFESTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    manifests: _containers.RepeatedCompositeFieldContainer[_manifest_pb2.Manifest]
    next_page_token: str
    def __init__(self, manifests: _Optional[_Iterable[_Union[_manifest_pb2.Manifest, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListNodesRequest(_message.Message):
    __slots__ = ["context", "manifest", "page_size", "page_token", "selection", "view"]
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    MANIFEST_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SELECTION_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    context: _manifest_pb2.SelectionContext
    manifest: str
    page_size: int
    page_token: str
    selection: _manifest_pb2.Selection
    view: NodeView
    def __init__(self, manifest: _Optional[str] = ..., selection: _Optional[_Union[_manifest_pb2.Selection, _Mapping]] = ..., context: _Optional[_Union[_manifest_pb2.SelectionContext, _Mapping]] = ..., view: _Optional[_Union[NodeView, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListNodesResponse(_message.Message):
    __slots__ = ["next_page_token", "nodes", "total_size", "warnings"]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    next_page_token: str
    nodes: _containers.RepeatedCompositeFieldContainer[_manifest_pb2.Node]
    total_size: int
    warnings: _containers.RepeatedCompositeFieldContainer[_manifest_pb2.Warning]
    def __init__(self, nodes: _Optional[_Iterable[_Union[_manifest_pb2.Node, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ..., warnings: _Optional[_Iterable[_Union[_manifest_pb2.Warning, _Mapping]]] = ...) -> None: ...

class MissingManifest(_message.Message):
    __slots__ = ["committed_bytes", "name"]
    COMMITTED_BYTES_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    committed_bytes: int
    name: str
    def __init__(self, name: _Optional[str] = ..., committed_bytes: _Optional[int] = ...) -> None: ...

class UploadHeader(_message.Message):
    __slots__ = ["name", "offset", "size_bytes"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    name: str
    offset: int
    size_bytes: int
    def __init__(self, name: _Optional[str] = ..., size_bytes: _Optional[int] = ..., offset: _Optional[int] = ...) -> None: ...

class UploadManifestRequest(_message.Message):
    __slots__ = ["chunk", "header"]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    HEADER_FIELD_NUMBER: _ClassVar[int]
    chunk: bytes
    header: UploadHeader
    def __init__(self, header: _Optional[_Union[UploadHeader, _Mapping]] = ..., chunk: _Optional[bytes] = ...) -> None: ...

class UploadManifestResponse(_message.Message):
    __slots__ = ["already_present", "manifest"]
    ALREADY_PRESENT_FIELD_NUMBER: _ClassVar[int]
    MANIFEST_FIELD_NUMBER: _ClassVar[int]
    already_present: bool
    manifest: _manifest_pb2.Manifest
    def __init__(self, manifest: _Optional[_Union[_manifest_pb2.Manifest, _Mapping]] = ..., already_present: bool = ...) -> None: ...

class NodeView(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
