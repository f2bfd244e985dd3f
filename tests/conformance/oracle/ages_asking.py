"""Asks the dbt of this Python what it lists, of a project it reads once.

Takes on standard input one JSON object: `project` (a folder with its
profiles.yml), `target` (of that profile, "" for its own choice), where the
project is not to be read `manifest` (a manifest.json of it), and `questions`, a
list of objects with `state` (a folder, or null), `args` (after `dbt ls`) and
perhaps `files` (path in the project -> text, or null where no file is to be),
which are written before and stay until the next question has others. Gives
on standard output one JSON object a line, an answer for each question in their
order, with the fields of a case. Works with dbt 1.7 to 1.12. Fails where dbt
does not take the project.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any, Protocol

from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest

# Warnings that dbt gives of the project's spelling, whatever is asked.
UNRELATED = ("DeprecationsSummary", "DeprecatedModel", "ConfigFolderDirectory")

# How much is kept of what dbt says: it may say a whole manifest.
TOLD = 300


class Info(Protocol):
    """What is told of every event of dbt's."""

    name: str
    level: str
    msg: str


class Event(Protocol):
    """An event of dbt's."""

    info: Info


def is_unrelated(warning: str) -> bool:
    """Whether a warning is about the spelling of a project or of a flag."""
    return warning in UNRELATED or warning.endswith("Deprecation")


def write_files(project: str, files: dict[str, str | None]) -> None:
    """Writes files of the project; those without a text are removed."""
    for name, text in files.items():
        path = Path(project) / name
        if text is None:
            path.unlink(missing_ok=True)
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")


def read_manifest(path: str) -> Manifest:
    """A manifest from its file, as what dbt works with."""
    from dbt.artifacts.schemas.manifest import WritableManifest

    written = WritableManifest.read_and_check_versions(path)
    return Manifest.from_writable_manifest(written)


class Asker:
    """A project that dbt has read."""

    def __init__(self, project: str, target: str, manifest: str | None) -> None:
        """Reads it, or the manifest that another dbt wrote of it.

        Raises:
            RuntimeError: dbt does not take the project.
        """
        self._where = ["--project-dir", project, "--profiles-dir", project]
        self._where += ["--no-partial-parse"]
        if target:
            self._where += ["--target", target]
        self._project = project
        read = self._invoke(["parse"], None, [])
        if not read.success:
            raise RuntimeError(f"dbt does not read {project}: {read.exception}")
        if not isinstance(read.result, Manifest):
            raise TypeError("`dbt parse` gave no manifest")
        # What dbt makes of a manifest depends on flags that it has now set.
        self._manifest = read_manifest(manifest) if manifest else read.result

    def ask(self, state: str | None, args: list[str]) -> dict[str, Any]:
        """What `dbt ls` answers, as the fields of a case."""
        events: list[dict[str, str]] = []
        command = [
            "ls",
            "--output",
            "json",
            "--output-keys",
            "unique_id",
            *args,
        ]
        if state is not None:
            command += ["--state", state]
        answer = self._invoke(command, self._manifest, events)
        listed = answer.result if isinstance(answer.result, list) else []
        ids = sorted(json.loads(line)["unique_id"] for line in listed)
        return {
            "rc": 0 if answer.success else 2,
            "expected_unique_ids": ids,
            "stderr_tail": self._told(answer.exception, state),
            "warnings": events if answer.success else [],
        }

    def _told(self, exception: BaseException | None, state: str | None) -> str:
        """What dbt says of its refusal, without this machine's folders."""
        if exception is None:
            return ""
        text = f"{type(exception).__name__}: {exception}"
        for folder in (state, self._project):
            if folder:
                text = text.replace(folder, "/project")
        return text if len(text) < TOLD else text[:TOLD] + " ..."

    def _invoke(
        self,
        command: list[str],
        manifest: Manifest | None,
        events: list[dict[str, str]],
    ) -> dbtRunnerResult:
        def note(event: Event) -> None:
            info = event.info
            if info.level != "warn" or is_unrelated(info.name):
                return
            warning = {"name": info.name, "level": "warn", "msg": info.msg}
            if warning not in events:
                events.append(warning)

        callbacks: list[Any] = [note]
        with contextlib.redirect_stdout(io.StringIO()):
            return dbtRunner(manifest=manifest, callbacks=callbacks).invoke(
                ["--quiet", "--no-use-colors", *command, *self._where]
            )


def main() -> None:
    """Answers all that standard input asks."""
    asked = json.load(sys.stdin)
    asker = Asker(asked["project"], asked["target"], asked.get("manifest"))
    for question in asked["questions"]:
        write_files(asked["project"], question.get("files", {}))
        answer = asker.ask(question["state"], question["args"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
