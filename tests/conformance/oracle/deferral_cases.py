"""Which questions of deferral real dbt is asked.

A case is a pair of projects (the current one and the state), what exists in the
target, and dbt's arguments. The scenarios are fixed; the others are drawn with
a seed, so that the same seed asks the same questions.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from oracle.deferral_variants import BY_NAME, VARIANTS


@dataclass(frozen=True)
class Ask:
    """One question."""

    current: tuple[str, ...]  # variants
    state: tuple[str, ...]
    command: str
    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    # Names of nodes whose relations exist in the target; ("*",) is all.
    existing: tuple[str, ...] = ()
    favor_state: bool = False
    defer: bool = True
    # The state is given as --defer-state, and this is --state beside it.
    beside: tuple[str, ...] | None = None
    full_refresh: bool = False


_BASE = ("base",)
_ALL = ("*",)
_NONE: tuple[str, ...] = ()


def scenarios() -> Iterator[Ask]:
    """What the reference names, on the unchanged project."""
    two = ("dim_ships", "stg_ships")
    for existing in (_NONE, ("stg_ships",), ("raw_ships", "stg_berths"), _ALL):
        for favor in (False, True):
            yield Ask(_BASE, _BASE, "compile", two, (), existing, favor)
            yield Ask(_BASE, _BASE, "compile", (), (), existing, favor)
            yield Ask(_BASE, _BASE, "run", ("stg_ships+",), (), existing, favor)
            yield Ask(_BASE, _BASE, "build", two, (), existing, favor)
            yield Ask(_BASE, _BASE, "test", ("dim_ships",), (), existing, favor)
            yield Ask(_BASE, _BASE, "test", (), (), existing, favor)
    for existing in (_NONE, ("raw_ships",)):
        yield Ask(_BASE, _BASE, "run", ("stg_ships",), (), existing)
        yield Ask(_BASE, _BASE, "run", ("stg_ships",), (), existing, True)
        yield Ask(_BASE, _BASE, "build", ("raw_ships+1",), (), existing, True)
        yield Ask(_BASE, _BASE, "seed", ("raw_ships",), (), existing, True)
        yield Ask(_BASE, _BASE, "snapshot", (), (), existing)
        yield Ask(_BASE, _BASE, "snapshot", (), (), existing, True)
    yield Ask(_BASE, _BASE, "compile", two, defer=False)
    yield Ask(_BASE, _BASE, "compile", two, favor_state=True, defer=False)
    yield Ask(_BASE, _BASE, "run", ("fct_calls",), full_refresh=True)


# Changes that stand against the base, with what shows them.
_SHOWN = {
    "added": ("new_stage", "new_mart", "new_top"),
    "removed": ("stg_moving", "moving_report"),
    "renamed": ("stg_cranes", "moving_report"),
    "disabled": ("once_off", "reads_once_off"),
    "berths_ephemeral": ("stg_berths", "dim_ships", "by_macro", "key_home"),
    "berths_view": ("stg_berths", "dim_ships"),
    "tariffs_table": ("eph_tariffs", "fct_calls", "history_has_ships"),
    "fees_and_dues_view": ("eph_fees", "fct_calls", "fct_dues"),
    "alias_and_schema": ("ship_list", "port_report", "reads_names"),
    "schema_of_staging": ("stg_ships", "dim_ships", "fct_calls"),
    "latest_is_one": ("tallies", "latest_tallies", "pinned_tallies"),
    "latest_is_three": ("tallies", "latest_tallies", "pinned_tallies"),
    "unversioned": ("tallies", "latest_tallies", "pinned_tallies"),
    "roster_in_harbour": ("pilot_roster", "on_watch", "both_watches"),
    "moving_is_a_model": ("raw_moving", "stg_moving", "moving_report"),
    "history_is_a_model": ("ship_history", "reads_history"),
    "history_elsewhere": ("ship_history", "reads_history"),
    "not_quoted": ("dim_ships", "reads_names", "with_dues", "stg_tides"),
    "identifier_not_quoted": ("reads_names", "fct_dues", "stg_tides"),
    "functions_moved": ("dues_with_tax", "with_dues"),
    "functions_removed": ("dues_with_tax", "with_dues", "counted"),
    "no_functions": ("dues_of", "with_dues", "counted"),
    "key_home_ephemeral": ("key_home", "key_only", "key_and_code"),
    "key_home_elsewhere": ("key_home", "key_only", "key_and_code"),
    "keys_point_to_tables": ("key_only", "key_and_code", "ship_list"),
    "hooks_on_all": ("dim_ships", "hooked"),
}


def grid(version: tuple[int, int]) -> Iterator[Ask]:
    """Each change alone, in both directions: what exists, what is selected."""
    for name, nodes in _SHOWN.items():
        if version < BY_NAME[name].since:
            continue
        readers = nodes[1:]
        for pair in (((name,), _BASE), (_BASE, (name,))):
            yield Ask(*pair, "compile", (), (), _NONE)
            yield Ask(*pair, "compile", readers, (), (nodes[0],))
            yield Ask(*pair, "compile", readers, (), (nodes[0],), True)
            yield Ask(*pair, "compile", nodes, (), _NONE, True)
            yield Ask(*pair, "build", nodes, (), _NONE)
            yield Ask(*pair, "build", readers, (), _ALL, True)


_COMMANDS = (
    ("compile", 40),
    ("run", 15),
    ("build", 25),
    ("test", 15),
    ("seed", 1),
    ("snapshot", 4),
)
_NAMES = (
    *sorted({n for nodes in _SHOWN.values() for n in nodes}),
    "raw_berths",
    "raw_ships",
    "raw_tariffs",
    "stg_calls",
    "hooked",
    "audit",
    "key_many",
    "dues_have_calls",
)
_METHODS = (
    "resource_type:model",
    "resource_type:test",
    "resource_type:snapshot",
    "resource_type:seed",
    "test_type:unit",
    "test_type:generic",
    "path:models/marts",
    "path:models/keys",
    "package:pilots",
    "config.materialized:table",
    "state:modified+",
    "state:new",
)


def _combination(
    draw: random.Random, version: tuple[int, int]
) -> tuple[str, ...]:
    """Up to three variants that touch different files, or the base."""
    chosen: list[str] = []
    touched: set[str] = set()
    for variant in draw.sample(VARIANTS, draw.choice((0, 1, 1, 2, 3))):
        if version < variant.since or touched & variant.touches():
            continue
        chosen.append(variant.name)
        touched |= variant.touches()
    return tuple(sorted(chosen)) or _BASE


def _criterion(draw: random.Random) -> str:
    if draw.random() < 0.25:
        return draw.choice(_METHODS)
    name = draw.choice(_NAMES)
    return draw.choice(("", "", "+", "1+", "@")) + name + draw.choice(("", "+"))


def _selection(draw: random.Random) -> tuple[str, ...]:
    count = draw.choice((0, 1, 1, 2, 3, 4))
    return tuple(_criterion(draw).replace("@", "@", 1) for _ in range(count))


def drawn(
    seed: int, pairs: int, each: int, version: tuple[int, int]
) -> Iterator[Ask]:
    """Random questions: `each` of them on each of `pairs` pairs of projects."""
    draw = random.Random(seed)
    for _ in range(pairs):
        current = _combination(draw, version)
        state = _combination(draw, version)
        for _ in range(each):
            share = draw.choice((0.0, 0.2, 0.5, 0.8, 1.0))
            select = tuple(
                c.rstrip("+") if c.startswith("@") else c
                for c in _selection(draw)
            )
            yield Ask(
                current,
                state,
                draw.choices(*zip(*_COMMANDS, strict=True))[0],
                select,
                (draw.choice(_NAMES),) if draw.random() < 0.2 else (),
                _ALL
                if share == 1.0
                else tuple(n for n in _EXISTING if draw.random() < share),
                draw.random() < 0.5,
                draw.random() < 0.95,
                _BASE if draw.random() < 0.15 else None,
            )


_EXISTING = tuple(
    sorted(
        set(_NAMES)
        | {
            "stg_tides",
            "on_watch",
            "watch_list",
            "fct_dues",
            "tallies.v1",
            "tallies.v2",
            "tallies.v3",
            "key_many",
        }
    )
)
