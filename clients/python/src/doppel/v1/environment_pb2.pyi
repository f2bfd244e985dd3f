from doppel.v1 import manifest_pb2 as _manifest_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DeferSource(_message.Message):
    __slots__ = ["environment", "manifest", "serves"]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    MANIFEST_FIELD_NUMBER: _ClassVar[int]
    SERVES_FIELD_NUMBER: _ClassVar[int]
    environment: str
    manifest: str
    serves: _manifest_pb2.Selection
    def __init__(self, environment: _Optional[str] = ..., manifest: _Optional[str] = ..., serves: _Optional[_Union[_manifest_pb2.Selection, _Mapping]] = ...) -> None: ...

class Environment(_message.Message):
    __slots__ = ["connection", "create_time", "description", "etag", "expire_time", "manifest", "name", "protected", "update_time"]
    CONNECTION_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    MANIFEST_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PROTECTED_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    connection: str
    create_time: _timestamp_pb2.Timestamp
    description: str
    etag: str
    expire_time: _timestamp_pb2.Timestamp
    manifest: str
    name: str
    protected: bool
    update_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., manifest: _Optional[str] = ..., connection: _Optional[str] = ..., protected: bool = ..., expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., description: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
