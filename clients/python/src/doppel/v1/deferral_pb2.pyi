from doppel.v1 import manifest_pb2 as _manifest_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

CONSIDERED_OUTCOME_ABSENT: ConsideredOutcome
CONSIDERED_OUTCOME_CHOSEN: ConsideredOutcome
CONSIDERED_OUTCOME_EPHEMERAL: ConsideredOutcome
CONSIDERED_OUTCOME_MAY_NOT_SERVE: ConsideredOutcome
CONSIDERED_OUTCOME_NOT_NEEDED: ConsideredOutcome
CONSIDERED_OUTCOME_UNSPECIFIED: ConsideredOutcome
DESCRIPTOR: _descriptor.FileDescriptor
REF_ORIGIN_INLINED: RefOrigin
REF_ORIGIN_SOURCE: RefOrigin
REF_ORIGIN_TARGET: RefOrigin
REF_ORIGIN_UNSPECIFIED: RefOrigin
REF_RULE_BUILT_BY_THIS_RUN: RefRule
REF_RULE_EPHEMERAL: RefRule
REF_RULE_EXISTS_IN_TARGET: RefRule
REF_RULE_FAVOR_STATE: RefRule
REF_RULE_FOREIGN_KEY: RefRule
REF_RULE_MISSING_IN_TARGET: RefRule
REF_RULE_NOT_DEFERRED: RefRule
REF_RULE_NOT_IN_SOURCES: RefRule
REF_RULE_SELECTED: RefRule
REF_RULE_SOURCE_DEFINITION: RefRule
REF_RULE_UNSPECIFIED: RefRule
REF_USAGE_CODE: RefUsage
REF_USAGE_FIXTURE: RefUsage
REF_USAGE_FOREIGN_KEY: RefUsage
REF_USAGE_HOOK: RefUsage
REF_USAGE_UNSPECIFIED: RefUsage

class ConsideredSource(_message.Message):
    __slots__ = ["outcome", "relation", "source"]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    RELATION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    outcome: ConsideredOutcome
    relation: _manifest_pb2.Relation
    source: str
    def __init__(self, source: _Optional[str] = ..., outcome: _Optional[_Union[ConsideredOutcome, str]] = ..., relation: _Optional[_Union[_manifest_pb2.Relation, _Mapping]] = ...) -> None: ...

class DeferResolution(_message.Message):
    __slots__ = ["create_time", "dbt_rules", "manifest", "name", "nodes", "sources", "summary", "warnings"]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DBT_RULES_FIELD_NUMBER: _ClassVar[int]
    MANIFEST_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    create_time: _timestamp_pb2.Timestamp
    dbt_rules: str
    manifest: str
    name: str
    nodes: _containers.RepeatedCompositeFieldContainer[NodeResolution]
    sources: _containers.RepeatedCompositeFieldContainer[ResolvedSource]
    summary: DeferralSummary
    warnings: _containers.RepeatedCompositeFieldContainer[_manifest_pb2.Warning]
    def __init__(self, name: _Optional[str] = ..., manifest: _Optional[str] = ..., sources: _Optional[_Iterable[_Union[ResolvedSource, _Mapping]]] = ..., nodes: _Optional[_Iterable[_Union[NodeResolution, _Mapping]]] = ..., summary: _Optional[_Union[DeferralSummary, _Mapping]] = ..., warnings: _Optional[_Iterable[_Union[_manifest_pb2.Warning, _Mapping]]] = ..., dbt_rules: _Optional[str] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class DeferralSummary(_message.Message):
    __slots__ = ["borrowed_relations", "deferred_refs", "inlined_refs", "refs", "selected_nodes", "target_refs", "unresolved_refs"]
    BORROWED_RELATIONS_FIELD_NUMBER: _ClassVar[int]
    DEFERRED_REFS_FIELD_NUMBER: _ClassVar[int]
    INLINED_REFS_FIELD_NUMBER: _ClassVar[int]
    REFS_FIELD_NUMBER: _ClassVar[int]
    SELECTED_NODES_FIELD_NUMBER: _ClassVar[int]
    TARGET_REFS_FIELD_NUMBER: _ClassVar[int]
    UNRESOLVED_REFS_FIELD_NUMBER: _ClassVar[int]
    borrowed_relations: int
    deferred_refs: int
    inlined_refs: int
    refs: int
    selected_nodes: int
    target_refs: int
    unresolved_refs: int
    def __init__(self, selected_nodes: _Optional[int] = ..., refs: _Optional[int] = ..., deferred_refs: _Optional[int] = ..., target_refs: _Optional[int] = ..., inlined_refs: _Optional[int] = ..., borrowed_relations: _Optional[int] = ..., unresolved_refs: _Optional[int] = ...) -> None: ...

class NodeResolution(_message.Message):
    __slots__ = ["refs", "relation", "resource_type", "unique_id"]
    REFS_FIELD_NUMBER: _ClassVar[int]
    RELATION_FIELD_NUMBER: _ClassVar[int]
    RESOURCE_TYPE_FIELD_NUMBER: _ClassVar[int]
    UNIQUE_ID_FIELD_NUMBER: _ClassVar[int]
    refs: _containers.RepeatedCompositeFieldContainer[RefResolution]
    relation: _manifest_pb2.Relation
    resource_type: str
    unique_id: str
    def __init__(self, unique_id: _Optional[str] = ..., resource_type: _Optional[str] = ..., relation: _Optional[_Union[_manifest_pb2.Relation, _Mapping]] = ..., refs: _Optional[_Iterable[_Union[RefResolution, _Mapping]]] = ...) -> None: ...

class RefResolution(_message.Message):
    __slots__ = ["considered", "explanation", "origin", "relation", "rule", "through", "unique_id", "usage"]
    CONSIDERED_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    RELATION_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    THROUGH_FIELD_NUMBER: _ClassVar[int]
    UNIQUE_ID_FIELD_NUMBER: _ClassVar[int]
    USAGE_FIELD_NUMBER: _ClassVar[int]
    considered: _containers.RepeatedCompositeFieldContainer[ConsideredSource]
    explanation: str
    origin: RefOrigin
    relation: _manifest_pb2.Relation
    rule: RefRule
    through: str
    unique_id: str
    usage: RefUsage
    def __init__(self, unique_id: _Optional[str] = ..., origin: _Optional[_Union[RefOrigin, str]] = ..., relation: _Optional[_Union[_manifest_pb2.Relation, _Mapping]] = ..., rule: _Optional[_Union[RefRule, str]] = ..., explanation: _Optional[str] = ..., considered: _Optional[_Iterable[_Union[ConsideredSource, _Mapping]]] = ..., through: _Optional[str] = ..., usage: _Optional[_Union[RefUsage, str]] = ..., **kwargs) -> None: ...

class ResolvedSource(_message.Message):
    __slots__ = ["environment", "manifest", "servable_nodes", "served_refs"]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    MANIFEST_FIELD_NUMBER: _ClassVar[int]
    SERVABLE_NODES_FIELD_NUMBER: _ClassVar[int]
    SERVED_REFS_FIELD_NUMBER: _ClassVar[int]
    environment: str
    manifest: str
    servable_nodes: int
    served_refs: int
    def __init__(self, environment: _Optional[str] = ..., manifest: _Optional[str] = ..., servable_nodes: _Optional[int] = ..., served_refs: _Optional[int] = ...) -> None: ...

class RefUsage(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class RefOrigin(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class RefRule(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class ConsideredOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
