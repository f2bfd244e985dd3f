"""What the tests share."""

from __future__ import annotations

import dataclasses
import json
import pathlib
import subprocess
import sys
from collections.abc import Iterator

import doppeld
import pytest

_MAKE_SCENARIO = (
    pathlib.Path(__file__).resolve().parents[3]
    / "tests/support/client_scenario.py"
)


@dataclasses.dataclass
class Scenario:
    """What tests/support/client_scenario.py made, and a server on it."""

    folder: pathlib.Path
    server: doppeld.Server
    modified: list[str]
    relations: list[str]
    connection: str


@pytest.fixture
def scenario(tmp_path: pathlib.Path) -> Iterator[Scenario]:
    """A warehouse with two environments, and a server of its own."""
    folder = tmp_path / "scenario"
    subprocess.run(
        [sys.executable, str(_MAKE_SCENARIO), str(folder)], check=True
    )
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    with doppeld.serving(tmp_path, folder) as server:
        yield Scenario(folder, server, **facts)
