"""Records again what is recorded, elsewhere, and shows what differs.

In tests/conformance, `python -m oracle.check [NAME]...` does so for every name
that cases/ has (`ages`, `deferring`, `selection_layers`, `state_models`, ...),
or for those that are given. Ends with 1 where something differs. Needs
`tools/setup --only dbt --only oracle --only ages`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from oracle import ages, deferral, pack, selection, state
from oracle.selection_projects import ALL

CONFORMANCE = Path(__file__).resolve().parent.parent
# Writes a recording of that name into a folder.
Record = Callable[[str, Path], None]


def recorded() -> list[str]:
    """The names of what is recorded."""
    return sorted(
        path.name.removesuffix(".jsonl.gz")
        for path in (CONFORMANCE / "cases").glob("*.jsonl.gz")
    )


def record(name: str, folder: Path) -> None:
    """Records what is of that name into a folder.

    Raises:
        ValueError: Nothing that is recorded has that name.
    """
    if name == ages.NAME:
        ages.record_manifests(folder, "")
        ages.record_cases(folder, "")
    elif name == deferral.NAME:
        deferral.record_all(folder)
    elif name.startswith("selection_"):
        by_name = {f"selection_{project.name}": project for project in ALL}
        selection.record(by_name[name], folder)
    elif name.startswith("state_"):
        state.recordings()[name]().write(folder)
    else:
        raise ValueError(f"nobody records {name}")


def differences(name: str, was: Path, now: Path) -> list[str]:
    """Names what is not the same in two recordings of one name."""
    found = []
    before, after = pack.read(was, name), pack.read(now, name)
    found += [
        f"manifest {key}"
        for key in sorted(before.keys() | after.keys())
        if json.loads(before.get(key, b"{}"))
        != json.loads(after.get(key, b"{}"))
    ]
    old, new = (
        {str(case["case_id"]): case for case in pack.read_cases(folder, name)}
        for folder in (was, now)
    )
    for case_id in sorted(old.keys() | new.keys()):
        if old.get(case_id) != new.get(case_id):
            found.append(
                f"case {case_id}:\n  was {old.get(case_id)}\n"
                f"  is  {new.get(case_id)}"
            )
    return found


def check(name: str) -> int:
    """Records it again, elsewhere; how many differences that shows."""
    with tempfile.TemporaryDirectory() as scratch:
        again = Path(scratch)
        record(name, again)
        found = differences(name, CONFORMANCE, again)
    for difference in found:
        print(difference)
    print(f"{name}: {len(found)} differences from what was recorded")
    return len(found)


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    names = parser.parse_args().names or recorded()
    found = [name for name in names if check(name) > 0]
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
