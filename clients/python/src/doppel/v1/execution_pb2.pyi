from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.rpc import status_pb2 as _status_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
EXECUTION_STATUS_CANCELLED: ExecutionStatus
EXECUTION_STATUS_FAILED: ExecutionStatus
EXECUTION_STATUS_INTERRUPTED: ExecutionStatus
EXECUTION_STATUS_QUEUED: ExecutionStatus
EXECUTION_STATUS_RUNNING: ExecutionStatus
EXECUTION_STATUS_SUCCEEDED: ExecutionStatus
EXECUTION_STATUS_UNSPECIFIED: ExecutionStatus
OPERATION_STATUS_CANCELLED: OperationStatus
OPERATION_STATUS_FAILED: OperationStatus
OPERATION_STATUS_PENDING: OperationStatus
OPERATION_STATUS_RUNNING: OperationStatus
OPERATION_STATUS_SKIPPED: OperationStatus
OPERATION_STATUS_SUCCEEDED: OperationStatus
OPERATION_STATUS_UNSPECIFIED: OperationStatus

class Execution(_message.Message):
    __slots__ = ["counts", "create_time", "end_time", "error", "last_sequence", "name", "operations", "plan", "start_time", "status", "target_environment"]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    LAST_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    OPERATIONS_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    TARGET_ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    counts: ExecutionCounts
    create_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    error: _status_pb2.Status
    last_sequence: int
    name: str
    operations: _containers.RepeatedCompositeFieldContainer[OperationState]
    plan: str
    start_time: _timestamp_pb2.Timestamp
    status: ExecutionStatus
    target_environment: str
    def __init__(self, name: _Optional[str] = ..., plan: _Optional[str] = ..., status: _Optional[_Union[ExecutionStatus, str]] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., start_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., last_sequence: _Optional[int] = ..., counts: _Optional[_Union[ExecutionCounts, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ..., operations: _Optional[_Iterable[_Union[OperationState, _Mapping]]] = ..., target_environment: _Optional[str] = ...) -> None: ...

class ExecutionCounts(_message.Message):
    __slots__ = ["cancelled", "failed", "pending", "running", "skipped", "succeeded"]
    CANCELLED_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    PENDING_FIELD_NUMBER: _ClassVar[int]
    RUNNING_FIELD_NUMBER: _ClassVar[int]
    SKIPPED_FIELD_NUMBER: _ClassVar[int]
    SUCCEEDED_FIELD_NUMBER: _ClassVar[int]
    cancelled: int
    failed: int
    pending: int
    running: int
    skipped: int
    succeeded: int
    def __init__(self, pending: _Optional[int] = ..., running: _Optional[int] = ..., succeeded: _Optional[int] = ..., failed: _Optional[int] = ..., skipped: _Optional[int] = ..., cancelled: _Optional[int] = ...) -> None: ...

class ExecutionEvent(_message.Message):
    __slots__ = ["execution", "finished", "operation_finished", "operation_started", "resumed", "sequence", "started", "time"]
    EXECUTION_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    OPERATION_FINISHED_FIELD_NUMBER: _ClassVar[int]
    OPERATION_STARTED_FIELD_NUMBER: _ClassVar[int]
    RESUMED_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    STARTED_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    execution: str
    finished: Execution
    operation_finished: OperationState
    operation_started: OperationState
    resumed: ExecutionResumed
    sequence: int
    started: ExecutionStarted
    time: _timestamp_pb2.Timestamp
    def __init__(self, execution: _Optional[str] = ..., sequence: _Optional[int] = ..., time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., started: _Optional[_Union[ExecutionStarted, _Mapping]] = ..., operation_started: _Optional[_Union[OperationState, _Mapping]] = ..., operation_finished: _Optional[_Union[OperationState, _Mapping]] = ..., finished: _Optional[_Union[Execution, _Mapping]] = ..., resumed: _Optional[_Union[ExecutionResumed, _Mapping]] = ...) -> None: ...

class ExecutionResumed(_message.Message):
    __slots__ = ["operations"]
    OPERATIONS_FIELD_NUMBER: _ClassVar[int]
    operations: int
    def __init__(self, operations: _Optional[int] = ...) -> None: ...

class ExecutionStarted(_message.Message):
    __slots__ = ["connections", "operations", "plan"]
    CONNECTIONS_FIELD_NUMBER: _ClassVar[int]
    OPERATIONS_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    connections: int
    operations: int
    plan: str
    def __init__(self, plan: _Optional[str] = ..., operations: _Optional[int] = ..., connections: _Optional[int] = ...) -> None: ...

class OperationState(_message.Message):
    __slots__ = ["attempts", "end_time", "error", "operation_id", "start_time", "status", "target", "unique_id"]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    OPERATION_ID_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    UNIQUE_ID_FIELD_NUMBER: _ClassVar[int]
    attempts: int
    end_time: _timestamp_pb2.Timestamp
    error: _status_pb2.Status
    operation_id: int
    start_time: _timestamp_pb2.Timestamp
    status: OperationStatus
    target: str
    unique_id: str
    def __init__(self, operation_id: _Optional[int] = ..., status: _Optional[_Union[OperationStatus, str]] = ..., unique_id: _Optional[str] = ..., target: _Optional[str] = ..., attempts: _Optional[int] = ..., start_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class ExecutionStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class OperationStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
