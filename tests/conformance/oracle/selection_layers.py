"""Writes the project `layers`: wide at its sources, deep at its marts.

Five systems of sources, a staging folder for each, intermediate models in three
layers, marts of six departments, a chain of thirty models through five folders,
and what hangs on them. All that dbt 1.7 to 1.12 read is written as each of them
takes it.
"""

from __future__ import annotations

import itertools
from pathlib import Path

SYSTEMS = ("billing", "crm", "fleet", "web_shop", "wms")
TABLES = ("accounts", "events", "items", "locations", "orders", "users")
DEPARTMENTS = (
    "finance", "growth", "logistics", "people", "retail", "support",
)  # fmt: skip
FOLDERS = ("alpha", "beta", "gamma", "delta", "epsilon")
CHAIN = 30

PROJECT = """\
name: layers
version: "1.0.0"
config-version: 2
profile: layers
flags:
  send_anonymous_usage_stats: false
models:
  layers:
    staging:
      +materialized: view
      +tags: [staging]
      +schema: staging
      crm:
        +tags: [personal]
    intermediate:
      +materialized: ephemeral
      +tags: [inner, "layer:2"]
    marts:
      +materialized: table
      +tags: [mart, nightly]
      finance:
        +group: finance
        +schema: money
        +meta: {owner: cfo, tier: 1}
      retail:
        +group: retail
        +meta: {owner: shops, tier: 2, regulated: true}
      people:
        +enabled: false
    chain:
      +tags: [chain]
      +meta: {deep: {deeper: {deepest: here}}}
seeds:
  layers:
    +tags: [lists]
    +quote_columns: true
    codes:
      +schema: codes
snapshots:
  layers:
    +target_schema: history
    +tags: [history]
tests:
  layers:
    +severity: warn
"""
PROFILES = """\
layers:
  target: dev
  outputs:
    dev: {type: duckdb, path: ":memory:", schema: dev, threads: 1}
"""


def write_layers(folder: Path, version: tuple[int, ...]) -> None:
    """Writes the project as the dbt of that version takes it."""
    files = {
        "dbt_project.yml": PROJECT,
        "profiles.yml": PROFILES,
        **_staging(),
        **_intermediate(),
        **_marts(),
        **_chain(),
        **_around(),
        **_metrics(),
    }
    if version >= (1, 8):
        files |= _unit_tests()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _staging() -> dict[str, str]:
    files = {}
    for system in SYSTEMS:
        place = f"models/staging/{system}"
        sources = [
            "version: 2",
            "sources:",
            f"  - name: {system}",
            f"    schema: landing_{system}",
            f"    tags: [landing, {system}_data]",
            "    meta: {loaded_by: airlift}",
            "    tables:",
        ]
        models = ["models:"]
        for table in TABLES:
            sources.append(f"      - name: {table}")
            if table == "events":
                sources.append("        tags: [streamed]")
            if table == "users":
                sources.append("        columns:")
                sources.append("          - name: id")
                sources.append("            tests: [unique]")
            name = f"stg_{system}__{table}"
            files[f"{place}/{name}.sql"] = (
                f"select 1 as id, 1 as other_id"
                f" from {{{{ source('{system}', '{table}') }}}}\n"
            )
            models.append(f"  - name: {name}")
            models.append("    columns:")
            models.append("      - name: id")
            models.append("        tests: [unique, not_null]")
            if table == "orders":
                models += [
                    "      - name: other_id",
                    "        tags: [key]",
                    "        tests:",
                    "          - relationships:",
                    f"              to: ref('stg_{system}__users')",
                    "              field: id",
                    "              severity: error",
                ]
        files[f"{place}/_{system}.yml"] = "\n".join([*sources, *models]) + "\n"
    return files


def _intermediate() -> dict[str, str]:
    files = {}
    for table in TABLES:
        refs = " union all ".join(
            f"select * from {{{{ ref('stg_{system}__{table}') }}}}"
            for system in SYSTEMS
        )
        files[f"models/intermediate/first/int_{table}_united.sql"] = refs + "\n"
        files[f"models/intermediate/second/int_{table}_counted.sql"] = (
            f"select count(*) as n from {{{{ ref('int_{table}_united') }}}}\n"
        )
    for one, other in itertools.pairwise(TABLES):
        files[f"models/intermediate/third/int_{one}_with_{other}.sql"] = (
            f"{{{{ config(materialized='view', tags=['joined']) }}}}"
            f" select 1 as id from {{{{ ref('int_{one}_counted') }}}},"
            f" {{{{ ref('int_{other}_united') }}}}\n"
        )
    return files


def _marts() -> dict[str, str]:
    files = {}
    for number, department in enumerate(DEPARTMENTS):
        place = f"models/marts/{department}"
        table = TABLES[number]
        following = TABLES[(number + 1) % len(TABLES)]
        files[f"{place}/{department}_{table}.sql"] = (
            f"select 1 as id from {{{{ ref('int_{table}_counted') }}}}"
        )
        files[f"{place}/{department}_summary.sql"] = (
            "{{ config(materialized='incremental', unique_key='id',"
            " on_schema_change='fail') }}"
            f" select 1 as id from {{{{ ref('{department}_{table}') }}}},"
            f" {{{{ ref('int_{following}_united') }}}}"
        )
        files[f"{place}/reports/{department}_report.sql"] = (
            f"select 1 as id from {{{{ ref('{department}_summary') }}}},"
            " {{ ref('countries') }}"
        )
        files[f"{place}/{department}.yml"] = _mart_properties(
            department, table, number
        )
    files["models/marts/retail/prices_v1.sql"] = "select 1 as id"
    files["models/marts/retail/prices_v2.sql"] = (
        "select 2 as id from {{ ref('retail_orders') }}"
    )
    files["models/marts/retail/prices_v3.sql"] = "select 3 as id"
    files["models/marts/retail/prices_v10.sql"] = (
        "select 10 as id from {{ ref('prices', v=2) }}"
    )
    files["models/marts/growth/funnel_vspring.sql"] = "select 1 as id"
    files["models/marts/growth/funnel_vautumn.sql"] = "select 1 as id"
    files["models/marts/growth/funnel_use.sql"] = (
        "select 1 as id from {{ ref('funnel', v='spring') }},"
        " {{ ref('prices') }}"
    )
    return files


def _mart_properties(department: str, table: str, number: int) -> str:
    access = ("public", "protected", "private")[number % 3]
    if department not in ("finance", "retail"):
        access = "public" if access == "public" else "protected"
    lines = [
        "version: 2",
        "models:",
        f"  - name: {department}_{table}",
        f"    access: {access}",
        "    columns:",
        "      - name: id",
        "        tests:",
        "          - unique",
        "          - not_null: {severity: error, tags: [strict]}",
        f"  - name: {department}_summary",
        "    tests:",
        "      - all_there:",
        f"          against: ref('{department}_{table}')",
        f"  - name: {department}_report",
        f"    config: {{tags: [report, {department}_only],"
        f" meta: {{rank: {number}, ratio: {number}.5}}}}",
    ]
    if department == "retail":
        lines += [
            "  - name: prices",
            "    latest_version: 2",
            "    columns: [{name: id, tests: [unique]}]",
            "    versions: [{v: 1}, {v: 2}, {v: 3}, {v: 10}]",
        ]
    if department == "growth":
        lines += [
            "  - name: funnel",
            "    latest_version: spring",
            "    versions: [{v: spring}, {v: autumn}]",
        ]
    lines += [
        "exposures:",
        f"  - name: {department}_board",
        f"    type: {'dashboard' if number % 2 else 'notebook'}",
        f"    tags: [boards, {department}_only]",
        f"    meta: {{owner: {department}}}",
        f"    owner: {{email: {department}@layers.example}}",
        "    depends_on:",
    ]
    if department == "people":  # its models are disabled
        lines.append("      - ref('int_users_counted')")
    else:
        lines.append(f"      - ref('{department}_report')")
    if department in ("finance", "retail"):
        lines += [
            "groups:",
            f"  - name: {department}",
            f"    owner: {{name: {department}}}",
        ]
    return "\n".join(lines) + "\n"


def _chain() -> dict[str, str]:
    files = {}
    for number in range(1, CHAIN + 1):
        depth = (number - 1) * len(FOLDERS) // CHAIN + 1
        place = "/".join(("models/chain", *FOLDERS[:depth]))
        before = f"ref('link_{number - 1:02}')"
        if number == 1:
            before = "ref('stg_fleet__items')"
        files[f"{place}/link_{number:02}.sql"] = (
            f"select 1 as id from {{{{ {before} }}}}"
        )
    files["models/chain/chain.yml"] = (
        "version: 2\nmodels:\n"
        + "".join(
            f"  - name: link_{number:02}\n"
            f"    columns: [{{name: id, tests: [not_null]}}]\n"
            for number in range(5, CHAIN + 1, 5)
        )
        + "  - name: link_30\n".replace("link_30", "link_01")
        + "    tests:\n      - all_there: {against: ref('link_30')}\n"
    )
    return files


def _around() -> dict[str, str]:
    return {
        "models/link_list.py": (
            "def model(dbt, session):\n"
            "    dbt.config(materialized='table')\n"
            "    return dbt.ref('link_02')\n"
        ),
        "models/metricflow_time_spine.sql": (
            "select date '2026-01-01' as date_day"
        ),
        "models/names/dotted.name.sql": "select 1 as id",
        "models/names/Upper.sql": "select 1 as id",
        "models/names/marts.sql": "select 1 as id",
        "models/names/crm/orders.sql": "select 1 as id",
        "models/names/übersicht.sql": "{{ config(tags=['größe']) }} select 1",
        "models/names/external.sql": "",
        "seeds/countries.csv": "code\nnl\n",
        "seeds/codes/currencies.csv": "code\neur\n",
        "seeds/codes/old/colours.csv": "code\nred\n",
        "seeds/seeds.yml": (
            "version: 2\nseeds:\n  - name: countries\n"
            "    columns: [{name: code, tests: [unique,"
            " {accepted_values: {values: [nl, de]}}]}]\n"
        ),
        "snapshots/users_history.sql": (
            "{% snapshot users_history %}{{ config(unique_key='id',"
            " strategy='check', check_cols='all') }}"
            "select * from {{ ref('stg_crm__users') }}{% endsnapshot %}\n"
        ),
        "snapshots/more/histories.sql": (
            "{% snapshot items_history %}{{ config(unique_key='id',"
            " strategy='timestamp', updated_at='id', enabled=false) }}"
            "select * from {{ ref('stg_wms__items') }}{% endsnapshot %}\n"
            "{% snapshot orders_history %}{{ config(unique_key='id',"
            " strategy='timestamp', updated_at='id') }}"
            "select * from {{ source('wms', 'orders') }}{% endsnapshot %}\n"
        ),
        "tests/totals_agree.sql": (
            "select 1 from {{ ref('finance_summary') }},"
            " {{ ref('retail_summary') }}"
        ),
        "tests/money/no_debts.sql": (
            "{{ config(severity='error', tags=['money']) }}"
            "select 1 from {{ ref('finance_accounts') }}"
        ),
        "tests/off.sql": (
            "{{ config(enabled=false) }}select 1 from {{ ref('countries') }}"
        ),
        "tests/generic/all_there.sql": (
            "{% test all_there(model, against) %}"
            "select 1 from {{ model }}, {{ against }}{% endtest %}\n"
        ),
        "macros/helpers.sql": "{% macro nothing() %}{% endmacro %}\n",
        "analyses/what_if.sql": "select 1 from {{ ref('finance_summary') }}",
        "analyses/old/never.sql": "{{ config(tags=['nightly']) }}select 1",
    }


def _metrics() -> dict[str, str]:
    return {
        "models/marts/finance/metrics.yml": """\
version: 2
semantic_models:
  - name: accounts
    model: ref('finance_accounts')
    defaults: {agg_time_dimension: opened}
    entities: [{name: account, type: primary, expr: id}]
    dimensions:
      - {name: opened, type: time, type_params: {time_granularity: day}}
    measures:
      - {name: accounts_opened, agg: count, expr: id}
      - {name: accounts_total, agg: sum, expr: id}
metrics:
  - name: accounts_opened
    label: Opened
    type: simple
    type_params: {measure: accounts_opened}
    config: {group: finance}
  - name: accounts_total
    label: Total
    type: simple
    type_params: {measure: accounts_total}
  - name: mean_account
    label: Mean
    type: ratio
    type_params: {numerator: accounts_total, denominator: accounts_opened}
  - name: no_longer
    label: No longer
    type: simple
    config: {enabled: false}
    type_params: {measure: accounts_total}
saved_queries:
  - name: monthly_accounts
    query_params:
      metrics: [accounts_opened, mean_account]
      group_by: ["TimeDimension('account__opened', 'month')"]
"""
    }


def _unit_tests() -> dict[str, str]:
    return {
        "models/marts/unit_tests.yml": """\
unit_tests:
  - name: prices_hold
    model: prices
    versions: {include: [2]}
    given: [{input: ref('retail_orders'), rows: [{id: 1}]}]
    expect: {rows: [{id: 2}]}
  - name: reports_are_empty
    model: finance_report
    config: {tags: [nightly, quick]}
    given:
      - {input: ref('finance_summary'), rows: []}
      - {input: ref('countries'), rows: []}
    expect: {rows: []}
"""
    }
