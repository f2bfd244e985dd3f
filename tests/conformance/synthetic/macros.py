"""The macros of a synthetic manifest."""

from __future__ import annotations

import random
from collections.abc import Iterator

from synthetic.plan import PROJECT
from synthetic.shapes import CREATED_AT, SHOWN, Json

MACRO_COUNT = 500
PROJECT_MACRO_COUNT = 24
GENERIC_TESTS = ("not_null", "unique", "accepted_values", "relationships")


def macro_node(package: str, name: str, body: str, uses: list[str]) -> Json:
    """Return one entry of the manifest's `macros`."""
    path = f"macros/{name.split('_')[0]}/{name}.sql"
    return {
        "name": name,
        "resource_type": "macro",
        "package_name": package,
        "path": path,
        "original_file_path": path,
        "unique_id": f"macro.{package}.{name}",
        "macro_sql": body,
        "depends_on": {"macros": uses},
        "description": "",
        "meta": {},
        "docs": SHOWN,
        "config": {"meta": {}, "docs": SHOWN},
        "patch_path": None,
        "arguments": [{"name": "relation", "type": None, "description": ""}],
        "created_at": CREATED_AT,
        "supported_languages": None,
    }


def macro_body(rng: random.Random, name: str, calls: list[str]) -> str:
    """Return a macro's source; lengths are spread as dbt's own are."""
    length = min(int(rng.lognormvariate(5.3, 1.0)), 8000)
    lines = [f"  {{{{ {call.split('.')[-1]}(relation) }}}}" for call in calls]
    line = (
        "  {%- set part_{0} = adapter.quote(relation.identifier ~ '_{0}') -%}"
    )
    lines += [line.replace("{0}", str(i)) for i in range(length // len(line))]
    inner = "\n".join([*lines, "  {{ return(relation) }}"])
    return f"{{% macro {name}(relation) -%}}\n{inner}\n{{%- endmacro %}}"


def generate_macros(rng: random.Random) -> Iterator[Json]:
    """Yield the macros of dbt, of an adapter and of the project itself.

    A macro calls only macros of its own package that come before it.
    """
    for generic in GENERIC_TESTS:
        name = f"test_{generic}"
        yield macro_node("dbt", name, macro_body(rng, name, []), [])
    own = PROJECT_MACRO_COUNT
    adapter = MACRO_COUNT // 6
    rest = MACRO_COUNT - own - adapter - len(GENERIC_TESTS)
    for package, count in (
        ("dbt", rest),
        ("dbt_duckdb", adapter),
        (PROJECT, own),
    ):
        before: list[str] = []
        for index in range(count):
            name = f"helper_{index:03d}"
            calls = rng.sample(
                before, min(len(before), rng.choice((0, 0, 1, 1, 3)))
            )
            yield macro_node(package, name, macro_body(rng, name, calls), calls)
            before.append(f"macro.{package}.{name}")
