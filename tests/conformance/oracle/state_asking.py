"""Asks the dbt of this Python about two manifests, without its command line.

`dbt ls` spends nearly all of its time on what does not change between two
questions: reading the project, and reading the state's manifest. Here a project
is parsed once, each state is read once, and then dbt's own selector is asked as
often as wanted. That the answers are those of `dbt ls` is checked by recording
a part of the questions through the command line as well.

Works with dbt-core 1.7 to 1.12. One process serves one thread.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner
from dbt.compilation import Linker
from dbt.contracts.graph.manifest import Manifest
from dbt.contracts.state import PreviousState
from dbt.events.types import NoNodesSelected
from dbt.flags import get_flags
from dbt.graph import Graph, ResourceTypeSelector, parse_difference
from dbt.node_types import NodeType
from dbt_common.events.functions import fire_event

from oracle import pack

STATE_FLAG = "state_modified_compare_more_unrendered_values"

# All that `dbt ls --resource-type all` shows.
LISTED = {
    NodeType(name)
    for name in (
        "model", "snapshot", "seed", "test", "source", "exposure", "metric",
        "saved_query", "semantic_model", "unit_test", "function", "analysis",
    )
    if name in {kind.value for kind in NodeType}
}  # fmt: skip


@dataclass
class Parsed:
    """A project as dbt read it, and the manifest.json that dbt wrote."""

    manifest: Manifest
    graph: Graph
    text: bytes


@dataclass
class Answer:
    """What dbt selected, or why it would not, and what it warned of."""

    unique_ids: list[str] = field(default_factory=list)
    error: str = ""
    warnings: list[dict[str, str]] = field(default_factory=list)


class ParseError(Exception):
    """dbt cannot read the project."""


def parse(
    project: Path,
    arguments: list[str] | None = None,
    env: dict[str, str] | None = None,
) -> Parsed:
    """Reads a project from its files; ParseError where dbt does not take it."""
    with _environment(env or {}), contextlib.redirect_stdout(io.StringIO()):
        folder = ["--project-dir", str(project), "--profiles-dir", str(project)]
        result = dbtRunner().invoke(
            [
                "--quiet",
                "--no-partial-parse",
                "parse",
                *folder,
                *(arguments or []),
            ]
        )
    if not result.success or not isinstance(result.result, Manifest):
        raise ParseError(str(result.exception))
    text = (project / "target" / "manifest.json").read_bytes()
    return Parsed(result.result, _graph_of(result.result), pack.stable(text))


def read_state(folder: Path) -> PreviousState:
    """The state that stands in a folder, as `--state` reads it.

    What dbt makes of an older dbt's manifest depends on the state flag.
    """
    return PreviousState(
        state_path=folder, target_path=Path("target"), project_root=Path("/")
    )


def ask(
    current: Parsed, state: PreviousState | None, args: list[str]
) -> Answer:
    """What `dbt ls --resource-type all ARGS` selects."""
    lists = _split(args)
    answer = Answer()
    indirect = (lists["--indirect-selection"] or ["eager"])[0]
    with _flag("INDIRECT_SELECTION", indirect), _warnings(answer.warnings):
        try:
            selector = ResourceTypeSelector(
                graph=current.graph,
                manifest=current.manifest,
                previous_state=state,
                resource_types=list(LISTED),
                include_empty_nodes=True,
            )
            spec = parse_difference(lists["--select"], lists["--exclude"])
            answer.unique_ids = sorted(selector.get_selected(spec))
            if not answer.unique_ids:
                fire_event(NoNodesSelected(), force_warn_or_error_handling=True)
        except Exception as error:  # dbt raises all sorts of things
            answer.error = f"{type(error).__name__}: {error}"
    return answer


def state_flag(value: bool) -> contextlib.AbstractContextManager[None]:
    """Sets dbt's flag of that name for what is asked inside."""
    return _flag(STATE_FLAG, value)


@contextlib.contextmanager
def _flag(name: str, value: object) -> Iterator[None]:
    flags: Any = get_flags()
    before = getattr(flags, name, None)
    object.__setattr__(flags, name, value)
    try:
        yield
    finally:
        object.__setattr__(flags, name, before)


def _graph_of(manifest: Manifest) -> Graph:
    linker = Linker()
    linker.link_graph(manifest)
    return Graph(linker.graph)


def _split(args: list[str]) -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {
        flag: [] for flag in ("--select", "--exclude", "--indirect-selection")
    }
    flag = ""
    for arg in args:
        if arg in lists:
            flag = arg
        else:
            lists[flag].append(arg)
    return lists


@contextlib.contextmanager
def _environment(env: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(env)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def _warnings(into: list[dict[str, str]]) -> Iterator[None]:
    """Collects dbt's warnings, each once, in their order."""
    from dbt_common.events.event_manager_client import get_event_manager

    def note(event: Any) -> None:  # noqa: ANN401, protobuf made at run time
        if event.info.level != "warn":
            return
        message = re.sub("\x1b\\[[0-9;]*m", "", event.info.msg)
        warning = {"name": event.info.name, "level": "warn", "msg": message}
        if warning not in into:
            into.append(warning)

    manager = get_event_manager()
    manager.callbacks.append(note)
    try:
        yield
    finally:
        manager.callbacks.remove(note)
