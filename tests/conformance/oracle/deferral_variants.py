"""How the harbour project changes between a state and now.

A variant is a set of edits of `projects/deferring`. Any variant can be the
current project or the state, and variants that touch different files can be
combined.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

# Path -> the new text; None deletes the file.
Edit = Mapping[str, str | None]
# Path -> pairs of old and new text.
Replacement = Mapping[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Variant:
    """One change of the project."""

    name: str
    edit: Edit = field(default_factory=dict)
    replace: Replacement = field(default_factory=dict)
    # The dbt version from which on it parses.
    since: tuple[int, int] = (1, 7)

    def touches(self) -> set[str]:
        """The files that it changes."""
        return set(self.edit) | set(self.replace)


def _model(body: str, **config: str) -> str:
    settings = ", ".join(f"{key}='{value}'" for key, value in config.items())
    return f"{{{{ config({settings}) }}}}\n{body}\n"


_BERTHS = "models/staging/stg_berths.sql"
_ROSTER = "packages/pilots/models/pilot_roster.sql"
_FUNCTIONS = "functions/functions.yml"
_TAXED = "select id, 0 as due, 0 as with_tax from {{ ref('raw_berths') }}"

VARIANTS = (
    Variant("base"),
    Variant(
        "added",
        {
            "models/added/new_stage.sql": _model(
                "select id from {{ ref('raw_ships') }}", materialized="table"
            ),
            "models/added/new_mart.sql": _model(
                "select n.id from {{ ref('new_stage') }} n"
                " join {{ ref('dim_ships') }} s on s.id = n.id",
                materialized="table",
            ),
            "models/added/new_eph.sql": _model(
                "select id from {{ ref('new_stage') }}"
                " union all select id from {{ ref('fct_calls') }}",
                materialized="ephemeral",
            ),
            "models/added/new_top.sql": "select id from {{ ref('new_eph') }}",
        },
    ),
    Variant(
        "removed",
        {
            "models/marts/moving_report.sql": None,
            "models/staging/stg_moving.sql": None,
        },
    ),
    Variant(
        "renamed",
        {
            "models/staging/stg_moving.sql": None,
            "models/staging/stg_cranes.sql": _model(
                "select id, kind from {{ ref('raw_moving') }}",
                materialized="view",
            ),
            "models/marts/moving_report.sql": (
                "select id from {{ ref('stg_cranes') }}"
            ),
        },
    ),
    Variant(
        "disabled",
        {
            "models/marts/once_off.sql": (
                "{{ config(enabled=false) }} select 1 as id"
            ),
            "models/marts/reads_once_off.sql": None,
        },
    ),
    Variant(
        "berths_ephemeral",
        {
            _BERTHS: _model(
                "select id, quay from {{ ref('raw_berths') }}",
                materialized="ephemeral",
            ),
            # A hook cannot read what is inlined, nor can a function's body.
            "models/marts/hooked.sql": _model(
                "select id from {{ ref('dim_ships') }}", materialized="table"
            ),
        },
    ),
    Variant(
        "berths_view",
        {
            _BERTHS: _model(
                "select id, quay from {{ ref('raw_berths') }}",
                materialized="view",
            )
        },
    ),
    Variant(
        "tariffs_table",
        {
            "models/staging/eph_tariffs.sql": _model(
                "select id, fee from {{ ref('raw_tariffs') }}",
                materialized="table",
            )
        },
    ),
    Variant(
        "fees_and_dues_view",
        {
            "models/staging/eph_fees.sql": _model(
                "select t.id, t.fee, c.ship_id from {{ ref('eph_tariffs') }} t"
                " join {{ ref('stg_calls') }} c on c.id = t.id",
                materialized="view",
            ),
            "models/staging/eph_dues.sql": _model(
                "select id, fee * 2 as due, ship_id from {{ ref('eph_fees') }}",
                materialized="view",
            ),
        },
    ),
    Variant(
        "alias_and_schema",
        {
            "models/marts/ship_list.sql": _model(
                "select id from {{ ref('dim_ships') }}",
                materialized="table",
                alias="old_print",
                schema="paper",
            ),
            "models/marts/port_report.sql": _model(
                "select id from {{ ref('fct_calls') }}",
                materialized="view",
                alias="portreport_old",
            ),
        },
    ),
    Variant(
        "schema_of_staging",
        replace={"dbt_project.yml": (("+schema: prep", "+schema: stage"),)},
    ),
    Variant(
        "latest_is_one",
        replace={
            "models/versions/versions.yml": (
                ("latest_version: 2", "latest_version: 1"),
            )
        },
    ),
    Variant(
        "latest_is_three",
        replace={
            "models/versions/versions.yml": (
                ("latest_version: 2", "latest_version: 3"),
                ("alias: tallies_two", "alias: tallies_second"),
            )
        },
    ),
    Variant(
        "unversioned",
        {
            "models/versions/versions.yml": None,
            "models/versions/tallies_v1.sql": None,
            "models/versions/tallies_next.sql": None,
            "models/versions/tallies_v2.sql": None,
            "models/versions/tallies.sql": _model(
                "select id, quay from {{ ref('stg_berths') }}",
                materialized="table",
            ),
            "models/versions/pinned_tallies.sql": _model(
                "select id from {{ ref('tallies') }}", materialized="table"
            ),
            "models/keys/key_many.sql": None,
            "models/keys/keys.yml": "version: 2\n",
        },
        {
            "models/units/units.yml": (
                ("ref('tallies', v=1)", "ref('tallies')"),
                (
                    "      - input: ref('tallies', version=3)\n"
                    "        rows:\n"
                    "          - {id: 1, extra: 4}\n",
                    "",
                ),
            )
        },
    ),
    Variant(
        "roster_in_harbour",
        {
            _ROSTER: None,
            "models/packages/pilot_roster.sql": _model(
                "select 1 as id, 'Ines' as name", materialized="table"
            ),
            "models/packages/on_watch.sql": _model(
                "select id from {{ ref('pilot_roster') }}", materialized="table"
            ),
        },
        {
            "models/keys/keys.yml": (
                ("ref('pilots', 'pilot_roster')", "ref('pilot_roster')"),
            )
        },
    ),
    Variant(
        "moving_is_a_model",
        {
            "seeds/raw_moving.csv": None,
            "models/staging/raw_moving.sql": _model(
                "select 1 as id, 'crane' as kind", materialized="table"
            ),
        },
    ),
    Variant(
        "history_is_a_model",
        {
            "snapshots/ship_history.sql": None,
            "models/marts/ship_history.sql": _model(
                "select id, name from {{ ref('dim_ships') }}",
                materialized="table",
            ),
        },
    ),
    Variant(
        "history_elsewhere",
        replace={
            "snapshots/ship_history.sql": (
                ("target.schema ~ '_history'", "target.schema ~ '_archive'"),
            )
        },
    ),
    Variant(
        "not_quoted",
        replace={
            "dbt_project.yml": (
                (
                    "models:\n",
                    "quoting:\n  identifier: false\n  schema: false\n"
                    "  database: false\nmodels:\n",
                ),
            )
        },
    ),
    Variant(
        "identifier_not_quoted",
        replace={
            "dbt_project.yml": (
                ("models:\n", "quoting:\n  identifier: false\nmodels:\n"),
            )
        },
    ),
    Variant(
        "functions_moved",
        replace={
            _FUNCTIONS: (
                ("alias: dues_with_vat", "alias: taxed_dues"),
                ("schema: formulas", "schema: old_formulas"),
            )
        },
        since=(1, 11),
    ),
    Variant(
        "functions_removed",
        {
            "functions/dues_with_tax.sql": None,
            "functions/functions.yml": (
                "functions:\n"
                "  - name: dues_of\n"
                "    config:\n"
                "      alias: dues_plain\n"
                "    arguments:\n"
                "      - {name: amount, data_type: integer}\n"
                "    returns: {data_type: integer}\n"
                "  - name: berth_count\n"
                "    arguments:\n"
                "      - {name: amount, data_type: integer}\n"
                "    returns: {data_type: integer}\n"
            ),
            "models/functions/with_dues.sql": _model(
                "select id, {{ function('dues_of') }}(id) as due, 0 as with_tax"
                " from {{ ref('raw_berths') }}",
                materialized="table",
            ),
        },
        since=(1, 11),
    ),
    Variant(
        "no_functions",
        {
            "functions/dues_with_tax.sql": None,
            "functions/dues_of.sql": None,
            "functions/berth_count.sql": None,
            "functions/functions.yml": None,
            "models/functions/with_dues.sql": _model(
                _TAXED, materialized="table"
            ),
            "models/functions/eph_counted.sql": _model(
                "select id, 1 as berths from {{ ref('raw_ships') }}",
                materialized="ephemeral",
            ),
        },
        {"models/functions/functions.yml": (("due: 8", "due: 0"),)},
        since=(1, 11),
    ),
    Variant(
        "key_home_ephemeral",
        {
            "models/keys/key_home.sql": _model(
                "select id from {{ ref('stg_berths') }}",
                materialized="ephemeral",
            )
        },
        since=(1, 9),
    ),
    Variant(
        "key_home_elsewhere",
        {
            "models/keys/key_home.sql": _model(
                "select id from {{ ref('stg_berths') }}",
                materialized="table",
                alias="key_house",
            )
        },
        since=(1, 9),
    ),
    Variant(
        "keys_point_to_tables",
        {
            "models/keys/keys.yml": (
                "version: 2\n"
                "models:\n"
                "  - name: key_only\n"
                "    constraints:\n"
                "      - {type: foreign_key, columns: [id],"
                " to: \"ref('dim_ships')\", to_columns: [id]}\n"
                "      - {type: foreign_key, columns: [id],"
                " to: \"ref('ship_history')\", to_columns: [id]}\n"
                "      - {type: foreign_key, columns: [id],"
                " to: \"ref('raw_berths')\", to_columns: [id]}\n"
                "  - name: key_and_code\n"
                "    constraints:\n"
                "      - {type: foreign_key, columns: [id],"
                " to: \"ref('ship_list')\", to_columns: [id]}\n"
                "      - {type: foreign_key, columns: [id],"
                " to: \"ref('harbour', 'on_watch')\", to_columns: [id]}\n"
            )
        },
        since=(1, 9),
    ),
    Variant(
        "hooks_on_all",
        replace={
            "dbt_project.yml": (
                (
                    "  harbour:\n    staging:",
                    "  harbour:\n"
                    "    marts:\n"
                    '      +post-hook: "select count(*) from'
                    " {{ ref('raw_tariffs') }}\"\n"
                    "    staging:",
                ),
            )
        },
    ),
)

BY_NAME = {variant.name: variant for variant in VARIANTS}

# What an older dbt cannot parse: folders of the project, by the version from
# which on they are there.
SINCE = {
    "models/units": (1, 8),
    "models/keys": (1, 9),
    "functions": (1, 11),
    "macros/functions": (1, 11),
    "models/functions": (1, 11),
}


def _is_there(path: str, version: tuple[int, int]) -> bool:
    return all(
        version >= since or not path.startswith(folder + "/")
        for folder, since in SINCE.items()
    )


def project_files(
    project: Path, names: tuple[str, ...], version: tuple[int, int]
) -> dict[str, str]:
    """The project under those variants, as that dbt version can parse it."""
    files = {
        str(path.relative_to(project)): path.read_text()
        for path in sorted(project.rglob("*"))
        if path.is_file()
    }
    for name in names:
        variant = BY_NAME[name]
        for path, text in variant.edit.items():
            if text is None:
                files.pop(path, None)
            else:
                files[path] = text
        for path, pairs in variant.replace.items():
            for old, new in pairs:
                if path not in files:
                    continue
                if old not in files[path]:
                    raise ValueError(f"{name}: {path} has no {old!r}")
                files[path] = files[path].replace(old, new)
    return {
        path: text for path, text in files.items() if _is_there(path, version)
    }
