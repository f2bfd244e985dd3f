"""The projects of which selections are asked, as they are and as they were."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from oracle.ages import number, write_generated_files
from oracle.mutations import apply_edit, copy_project, read_mutations
from oracle.selection_layers import write_layers

CONFORMANCE = Path(__file__).resolve().parent.parent
PROJECTS = CONFORMANCE / "projects"


@dataclass(frozen=True)
class Project:
    """A project that can be laid anywhere."""

    name: str
    # Writes it as it is, for the dbt of that version.
    lay: Callable[[Path, str], None]
    # Makes of it what the state is.
    age: Callable[[Path], None]
    versions: tuple[str, ...] = ("1.12",)
    # Whether it is asked with every wrong selectors.yml, too.
    wrong_selectors: bool = False
    # Of the forms, every so many is asked; and where that is not each, no
    # selectors.yml but the project's own.
    every: int = 1
    # What it is asked besides, after `dbt ls --select`.
    besides: tuple[str, ...] = ()


def _lay_everything(folder: Path, version: str) -> None:
    del version
    copy_project(PROJECTS / "everything", folder)


def _age_everything(folder: Path) -> None:
    wanted = (
        "body_word", "config_call_value", "macro_inner", "added_with_tests",
        "group_renamed", "doc_block", "project_seed_config",
        "contract_type_changed", "alias_yaml",
    )  # fmt: skip
    by_name = {mutation.name: mutation for mutation in read_mutations()}
    for name in wanted:
        for edit in by_name[name].edits:
            apply_edit(edit, folder)


def _lay_velohire(folder: Path, version: str) -> None:
    del version
    shutil.copytree(CONFORMANCE.parent / "data" / "velohire", folder)
    write_generated_files(folder)
    shutil.copytree(PROJECTS / "velohire_more", folder, dirs_exist_ok=True)


def _age_velohire(folder: Path) -> None:
    staging = "models/staging"
    for edit in (
        {"append": f"{staging}/stg_bikes.sql", "text": "\n-- aged\n"},
        {"append": "macros/money.sql", "text": "\n{# aged #}\n"},
        {
            "in": "macros/calendar.sql",
            "replace": "macro ",
            "with": "macro  ",
        },
        {
            "in": "dbt_project.yml",
            "replace": "+schema: finance",
            "with": "+schema: billing",
        },
        {
            "in": "models/marts/core/core.yml",
            "replace": "        data_type: decimal(12, 2)",
            "with": "        data_type: integer",
        },
        {
            "in": "models/marts/operations/operations.yml",
            "replace": "type: notebook",
            "with": "type: analysis",
        },
        {"append": "seeds/raw_tariffs.csv", "text": "AGED,1,1,1,1\n"},
        {"delete": "analyses/longest_rides.sql"},
        {"delete": "tests/payments_follow_rides.sql"},
        {"add": "models/marts/core/gone.sql", "text": "select 1 as x"},
        {"delete": "tests/bikes_are_known.sql"},
    ):
        apply_edit(edit, folder)


def _lay_layers(folder: Path, version: str) -> None:
    write_layers(folder, number(version))


def _age_layers(folder: Path) -> None:
    for edit in (
        {"append": "models/staging/crm/stg_crm__users.sql", "text": "-- aged"},
        {"append": "models/chain/alpha/link_03.sql", "text": " -- aged"},
        {"write": "seeds/countries.csv", "text": "code\nbe\n"},
        {
            "in": "dbt_project.yml",
            "replace": "+tags: [mart, nightly]",
            "with": "+tags: [mart]",
        },
        {
            "in": "tests/generic/all_there.sql",
            "replace": "select 1",
            "with": "select 2",
        },
        {
            "in": "models/marts/retail/retail.yml",
            "replace": "latest_version: 2",
            "with": "latest_version: 1",
        },
        {"delete": "models/names/Upper.sql"},
        {"delete": "tests/money/no_debts.sql"},
        {"add": "models/names/gone.sql", "text": "select 1 as x"},
        {
            "in": "models/staging/wms/_wms.yml",
            "replace": "schema: landing_wms",
            "with": "schema: landing_warehouse",
        },
    ):
        apply_edit(edit, folder)


def _lay_packages(folder: Path, version: str) -> None:
    del version
    shutil.copytree(PROJECTS / "packages", folder)


def _age_packages(folder: Path) -> None:
    for edit in (
        {
            "append": "packages/north/models/staging/customers.sql",
            "text": "-- aged",
        },
        {
            "in": "packages/shared/macros/wording.sql",
            "replace": "upper",
            "with": "lower",
        },
        {
            "in": "dbt_project.yml",
            "replace": "+schema: north",
            "with": "+schema: upper",
        },
        {"delete": "models/marts/ports.sql"},
    ):
        apply_edit(edit, folder)


def _lay_orchard(folder: Path, version: str) -> None:
    del version
    shutil.copytree(PROJECTS / "orchard", folder)


def _age_orchard(folder: Path) -> None:
    for edit in (
        {"append": "models/core/basket.sql", "text": "-- aged"},
        {
            "in": "models/vers/vers.yml",
            "replace": "latest_version: 2",
            "with": "latest_version: 1",
        },
        {
            "in": "models/core/_core.yml",
            "replace": "varchar( 10 )",
            "with": "varchar(12)",
        },
        {
            "in": "models/core/_core.yml",
            "replace": "access: public",
            "with": "access: protected",
        },
        {
            "in": "models/sem/sem.yml",
            "replace": "maturity: high",
            "with": "maturity: low",
        },
        {
            "in": "models/inn/_inn.yml",
            "replace": 'identifier: "Picked Fruit"',
            "with": "identifier: Picked",
        },
        {
            "in": "macros/names.sql",
            "replace": "| length",
            "with": "| length ",
        },
        {
            "in": "dbt_project.yml",
            "replace": "level: 2",
            "with": "level: 3",
        },
        {
            "in": "seeds/apples.csv",
            "replace": "Boskoop",
            "with": "Elstar",
        },
        {"delete": "checks/source_only.sql"},
        {"add": "models/core/gone.sql", "text": "select 1 as x"},
    ):
        apply_edit(edit, folder)


ALL = (
    Project("everything", _lay_everything, _age_everything),
    Project("layers", _lay_layers, _age_layers, ("1.12", "1.11", "1.8", "1.7")),
    Project(
        "orchard",
        _lay_orchard,
        _age_orchard,
        every=6,
        besides=(
            "path:seeds/described.yml",
            "path:seeds/*.yml",
            "path:**/*.yml",
            "path:models/of_packages",
            "path:models/of_packages/*.yml",
            "path:tests",
            "path:tests/*.sql",
            "path:dbt_project.yml",
        ),
    ),
    Project(
        "packages",
        _lay_packages,
        _age_packages,
        ("1.12", "1.11", "1.8", "1.7"),
        wrong_selectors=True,
    ),
    Project("velohire", _lay_velohire, _age_velohire),
)
