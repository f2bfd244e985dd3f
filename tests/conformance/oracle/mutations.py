"""The mutations of the project `everything`: small named edits of its files.

They stand in `mutations/*.yml`, one list for each kind of node. A mutation has

    name      unique; the manifest's key is `everything/<name>`
    edits     each one of
                {in: FILE, replace: TEXT, with: TEXT}   TEXT must be there
                {append: FILE, text: TEXT}, {write: FILE, text: TEXT}
                {add: FILE, text: TEXT}                 FILE must not be there
                {delete: FILE}, {move: FILE, to: FILE}, {copy: FILE, to: FILE}
                {crlf: FILE}, {lf: FILE}                line ends
    vars, env, target, flags
              how dbt is called on it: `--vars`, environment variables,
              `--target`, and flags of dbt_project.yml
    since     the first dbt that knows what the mutation is about

What doppel must give as the causes stands beside them in `causes.json`:
manifest -> unique id -> "kind:subject".

An edit that does not fit its file is a ValueError: a mutation never passes by
changing nothing.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent / "projects" / "everything"


@dataclass(frozen=True)
class Mutation:
    """One named change of a project, or of how dbt is called on it."""

    name: str
    edits: list[dict[str, str]] = field(default_factory=list)
    vars: dict[str, Any] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    target: str = ""
    flags: dict[str, Any] = field(default_factory=dict)
    since: str = "1.0"
    # The file that it stands in, without ".yml".
    group: str = ""

    def applies_to(self, version: str) -> bool:
        """Whether the dbt of that version ("1.8", "1.12.6") knows it."""
        return minor_of(version) >= minor_of(self.since)


def minor_of(version: str) -> tuple[int, int]:
    """(1, 12) of "1.12.6"."""
    major, minor = version.split(".")[:2]
    return int(major), int(minor)


def read_mutations(folder: Path = HERE / "mutations") -> list[Mutation]:
    """Every mutation, in the order of the files' names; names are unique."""
    mutations = [
        Mutation(**entry, group=path.stem)
        for path in sorted(folder.glob("*.yml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    names = [mutation.name for mutation in mutations]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"mutations of one name: {sorted(twice)}")
    return mutations


def copy_project(source: Path, destination: Path) -> None:
    """Copies a project and writes the files of its generated_files.json."""
    shutil.copytree(source, destination)
    description = destination / "generated_files.json"
    if not description.exists():
        return
    for name, content in json.loads(description.read_text()).items():
        lines = [content["header"]]
        lines += [content["line"].format(n=n) for n in range(content["lines"])]
        (destination / name).write_text("\n".join(lines) + "\n")


def apply(mutation: Mutation, project: Path) -> None:
    """Edits a copy of the project in place."""
    for edit in mutation.edits:
        try:
            apply_edit(edit, project)
        except (OSError, ValueError) as error:
            raise ValueError(f"mutation {mutation.name}: {error}") from error
    if mutation.flags:
        set_flags(project, mutation.flags)


def set_flags(project: Path, flags: dict[str, Any]) -> None:
    """Sets flags of dbt_project.yml, which has a `flags:` section."""
    path = project / "dbt_project.yml"
    lines = path.read_text(encoding="utf-8").split("\n")
    for flag, value in flags.items():
        kept = [line for line in lines if not line.startswith(f"  {flag}:")]
        kept.insert(kept.index("flags:") + 1, f"  {flag}: {json.dumps(value)}")
        lines = kept
    path.write_text("\n".join(lines), encoding="utf-8")


def apply_edit(edit: dict[str, str], project: Path) -> None:
    """Makes one edit; ValueError where it does not fit the project."""
    verb = next(iter(edit))
    path = project / edit[verb]
    if verb in ("move", "copy"):
        to = project / edit["to"]
        to.parent.mkdir(parents=True, exist_ok=True)
        (shutil.move if verb == "move" else shutil.copyfile)(path, to)
    elif verb == "delete":
        path.unlink()
    elif verb == "in":
        text = path.read_text(encoding="utf-8")
        if edit["replace"] not in text:
            raise ValueError(f"{edit['in']} has no {edit['replace']!r}")
        _write(path, text.replace(edit["replace"], edit["with"], 1))
    elif verb == "append":
        _write(path, path.read_text(encoding="utf-8") + edit["text"])
    elif verb == "add":
        if path.exists():
            raise ValueError(f"{edit['add']} is there already")
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, edit["text"])
    elif verb == "write":
        _write(path, edit["text"])
    elif verb in ("crlf", "lf"):
        lines = path.read_bytes().replace(b"\r\n", b"\n")
        path.write_bytes(
            lines.replace(b"\n", b"\r\n") if verb == "crlf" else lines
        )
    else:
        raise ValueError(f"no edit {verb!r}")


def _write(path: Path, text: str) -> None:
    """Writes text with the line ends that it has."""
    path.write_text(text, encoding="utf-8", newline="")
