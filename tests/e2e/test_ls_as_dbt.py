"""doppel ls prints what real dbt ls prints."""

from __future__ import annotations

import json
import subprocess

import pytest
from conftest import Shop

SELECTIONS = [
    [],
    ["--select", "state:modified+"],
    ["--select", "state:modified", "--exclude", "tag:marts"],
    ["--select", "+revenue_daily", "1+fct_rides+1"],
    ["--select", "@stg_rides", "--indirect-selection", "cautious"],
    ["--select", "tag:marts,config.materialized:incremental"],
    ["--select", "path:models/marts/finance", "--resource-type", "model"],
    ["--select", "source:*+", "--exclude", "test_type:unit"],
    ["--select", "dim_riders.v2+", "exposure:*"],
    ["--selector", "slim_ci"],
    ["--selector", "nightly", "--indirect-selection", "empty"],
]


@pytest.fixture(scope="module")
def dbt_answers(built: Shop) -> list[list[str]]:
    """What dbt says to each selection, from one process."""
    asked = json.dumps(
        [
            [
                *("ls", "--output", "json", "--output-keys", "unique_id"),
                *words,
                *("--target", "ci", "--state", "../target-prod"),
                *("--target-path", "../target-ls", "--quiet"),
            ]
            for words in SELECTIONS
        ]
    )
    script = (
        "import json,sys\n"
        "from dbt.cli.main import dbtRunner\n"
        "runner = dbtRunner()\n"
        "answers = []\n"
        f"for words in json.loads({asked!r}):\n"
        "    done = runner.invoke(words)\n"
        "    assert done.success, done.exception\n"
        "    answers.append([json.loads(r)['unique_id']"
        " for r in done.result])\n"
        "print('ANSWERS ' + json.dumps(answers))\n"
    )
    done = subprocess.run(
        ["python3", "-c", script],
        cwd=built.project,
        env=built.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    line = [
        text for text in done.stdout.splitlines() if text.startswith("ANSWERS ")
    ]
    answers: list[list[str]] = json.loads(line[0].removeprefix("ANSWERS "))
    return answers


@pytest.mark.parametrize("index", range(len(SELECTIONS)))
def test_prints_what_dbt_prints(
    built: Shop, dbt_answers: list[list[str]], index: int
) -> None:
    """The same unique ids in the same order."""
    nodes = built.json(
        "ls",
        "--manifest",
        str(built.manifest("ci")),
        "--state",
        str(built.manifest("prod")),
        *SELECTIONS[index],
    )

    assert [node["unique_id"] for node in nodes] == dbt_answers[index]
