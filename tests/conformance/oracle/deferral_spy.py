"""What real dbt resolves refs to, heard inside dbt itself.

The spy stands in dbt's own resolvers of ref(), source() and function(), in its
compiler of foreign keys, and in the adapter that a unit test's fixtures ask for
columns. It changes nothing; each answer goes to the caller as dbt gave it.
Serves dbt 1.7 and later. One thread (`threads: 1`).
"""

# ruff: noqa: ANN401 (dbt is not typed here)
from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dbt import compilation, selected_resources
from dbt.adapters.duckdb.impl import DuckDBAdapter
from dbt.context import providers


@dataclass(frozen=True)
class Heard:
    """One answer of dbt's."""

    reader: str  # unique id of the node whose code (or hook, key, ...) it is
    usage: str  # code, hook, foreign_key or fixture
    node: str  # unique id of what is read
    relation: str  # as dbt renders it; "" for what is inlined


@dataclass
class Spy:
    """All that was heard since the last reset."""

    heard: list[Heard] = field(default_factory=list)
    # Nodes whose code dbt compiled to the end.
    compiled: set[str] = field(default_factory=set)
    code: dict[str, str] = field(default_factory=dict)
    selected: set[str] = field(default_factory=set)
    # `dbt build` selects its unit tests apart, and before the rest.
    unit_tests: set[str] = field(default_factory=set)
    # Nodes that are being compiled, the innermost last.
    stack: list[Any] = field(default_factory=list)
    # In a unit test: relation of an input -> its unique id.
    inputs: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def reset(self) -> None:
        """Forgets everything."""
        self.heard.clear()
        self.compiled.clear()
        self.code.clear()
        self.selected = set()
        self.unit_tests = set()
        self.stack.clear()
        self.inputs.clear()

    def is_in_unit_test(self) -> bool:
        """Whether what is being compiled is for a unit test."""
        return bool(self.stack) and str(self.stack[0].unique_id).startswith(
            "unit_test."
        )

    def hear(self, reader: Any, node: Any, relation: Any) -> None:
        """Remembers what a resolver answered to the reader's code."""
        is_code = bool(self.stack) and any(
            self.stack[i].unique_id == reader.unique_id
            for i in range(len(self.stack))
        )
        ephemeral = getattr(node, "is_ephemeral_model", False)
        self.heard.append(
            Heard(
                reader.unique_id,
                "code" if is_code else "hook",
                node.unique_id,
                "" if ephemeral else str(relation),
            )
        )


def _after(owner: Any, name: str, then: Callable[..., None]) -> None:
    """Calls `then(result, self, *arguments)` after each call of a method."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def wrapped(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(self, *args, **kwargs)
        then(result, self, *args, **kwargs)
        return result

    setattr(owner, name, wrapped)


def _spy_on_refs(spy: Spy) -> None:
    def ref(result: Any, resolver: Any, node: Any) -> None:
        spy.hear(resolver.model, node, result)

    def source(
        result: Any, resolver: Any, source_name: str, table_name: str
    ) -> None:
        node = resolver.manifest.resolve_source(
            source_name,
            table_name,
            resolver.current_project,
            resolver.model.package_name,
        )
        spy.hear(resolver.model, node, result)

    def function(
        result: Any, resolver: Any, name: str, package: str | None = None
    ) -> None:
        node = resolver.manifest.resolve_function(
            name, package, resolver.current_project, resolver.model.package_name
        )
        spy.hear(resolver.model, node, result)

    _after(providers.RuntimeRefResolver, "create_relation", ref)
    _after(providers.RuntimeSourceResolver, "resolve", source)
    if hasattr(providers, "RuntimeFunctionResolver"):
        _after(providers.RuntimeFunctionResolver, "resolve", function)


def _spy_on_compiler(spy: Spy) -> None:
    compiler: Any = compilation.Compiler
    original = compiler._compile_code

    @functools.wraps(original)
    def compile_code(self: Any, node: Any, *args: Any, **kwargs: Any) -> Any:
        spy.stack.append(node)
        try:
            result = original(self, node, *args, **kwargs)
            # A fixture has the unique id of what it stands for.
            if not spy.is_in_unit_test() or node is spy.stack[0]:
                spy.compiled.add(node.unique_id)
                spy.code[node.unique_id] = result.compiled_code or ""
            return result
        finally:
            spy.stack.pop()

    compiler._compile_code = compile_code

    def foreign_key(
        result: Any, compiler: Any, manifest: Any, node: Any, to: str
    ) -> None:
        target = manifest.find_node_from_ref_or_source(to)
        spy.heard.append(
            Heard(node.unique_id, "foreign_key", target.unique_id, str(result))
        )

    name = "_compile_relation_for_foreign_key_constraint_to"
    if hasattr(compiler, name):
        _after(compiler, name, foreign_key)

    compile_node = compiler.compile_node

    # The fixtures are inlined into the unit test whose compilation began.
    @functools.wraps(compile_node)
    def whole_node(self: Any, node: Any, *args: Any, **kwargs: Any) -> Any:
        spy.stack.append(node)
        try:
            return compile_node(self, node, *args, **kwargs)
        finally:
            spy.stack.pop()

    compiler.compile_node = whole_node


def _spy_on_fixtures(spy: Spy) -> None:
    try:
        from dbt.parser import unit_tests
    except ImportError:  # before dbt 1.8
        return

    def original_input(result: Any, *_: Any, **__: Any) -> None:
        key = (result.database, result.schema, result.identifier)
        spy.inputs[key] = result.unique_id

    _after(
        unit_tests.UnitTestManifestLoader,
        "_get_original_input_node",
        original_input,
    )

    def columns(_: Any, __: Any, relation: Any) -> None:
        if len(spy.stack) < 2 or not spy.is_in_unit_test():
            return
        fixture = spy.stack[-1]
        key = (fixture.database, fixture.schema, fixture.identifier)
        spy.heard.append(
            Heard(
                spy.stack[0].unique_id,
                "fixture",
                spy.inputs[key],
                str(relation),
            )
        )

    _after(DuckDBAdapter, "get_columns_in_relation", columns)


def _spy_on_selection(spy: Spy) -> None:
    module: Any = selected_resources
    original = module.set_selected_resources

    def set_selected_resources(selected: set[str]) -> None:
        spy.selected = set(selected)
        original(selected)

    module.set_selected_resources = set_selected_resources
    try:
        from dbt.task.build import BuildTask
    except ImportError:
        return
    if not hasattr(BuildTask, "build_model_to_unit_test_map"):
        return
    build_map: Any = BuildTask.build_model_to_unit_test_map

    def with_unit_tests(self: Any, selected_unit_tests: set[str]) -> None:
        build_map(self, selected_unit_tests)
        spy.unit_tests = set(selected_unit_tests)

    BuildTask.build_model_to_unit_test_map = with_unit_tests  # type: ignore[method-assign]


def install() -> Spy:
    """Puts a spy into this process's dbt, for good."""
    spy = Spy()
    _spy_on_refs(spy)
    _spy_on_compiler(spy)
    _spy_on_fixtures(spy)
    _spy_on_selection(spy)
    return spy
