"""Asks real dbt which relation each ref reads, and records the answers.

    python -m oracle.deferral record --out FOLDER [--seed N] [--pairs N] ...
    python -m oracle.deferral pack FOLDER... --cases FILE --manifests FILE
    python -m oracle.deferral all

`all` does the others for every dbt that is asked, and writes what the tests
read. `record` runs the dbt of its own Python (1.7 or later, with dbt-duckdb) in
process. `pack` joins what several dbts recorded. A case has the form of the
oracle's deferral cases; each node besides `refs` may have `hooks`,
`foreign_keys` and `fixtures`, in the same form.

Raises:
    ValueError: where dbt contradicts itself, or an edit fits no file.
"""

# ruff: noqa: ANN401 (dbt is not typed here)
from __future__ import annotations

import argparse
import copy
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from oracle import deferral_cases, deferral_variants, environments
from oracle.deferral_cases import Ask

NAME = "deferring"
CONFORMANCE = Path(__file__).resolve().parents[1]
PROJECT = CONFORMANCE / "projects" / NAME


@dataclass(frozen=True)
class Share:
    """What one dbt is asked."""

    every: int  # every so many of the fixed questions
    most: int | None  # of those at the most
    seed: int  # of the random questions: `each` on each of `pairs`
    pairs: int
    each: int

    def asks(self, version: tuple[int, int]) -> Iterator[Ask]:
        """The questions, the fixed ones first."""
        fixed = [
            ask
            for ask in (
                *deferral_cases.scenarios(),
                *deferral_cases.grid(version),
            )
            if _is_askable(ask, version)
        ]
        yield from fixed[:: self.every][: self.most]
        drawn = deferral_cases.drawn(self.seed, self.pairs, self.each, version)
        yield from (ask for ask in drawn if _is_askable(ask, version))


SHARES = {
    "1.12": Share(1, None, 1, 10, 8),
    "1.11": Share(6, 45, 11, 8, 20),
    "1.8": Share(8, 21, 8, 12, 20),
    "1.7": Share(8, 18, 7, 9, 20),
}
# Of a manifest: what differs from one parse to the next.
_VOLATILE = re.compile(
    r'"(generated_at|invocation_started_at|run_started_at)": ?"[^"]*"'
    r'|"(invocation_id|user_id)": ?"[^"]*"'
    r'|"created_at": ?[0-9.]+'
    r'|"(root_path)": ?"[^"]*"'
)


def _firm(match: re.Match[str]) -> str:
    if match[0].startswith('"created_at"'):
        return '"created_at": 0'
    if match[1]:
        return f'"{match[1]}": "2026-01-01T00:00:00Z"'
    return f'"{match[2] or match[3]}": ""'


class Laboratory:
    """A folder in which this process's dbt is run."""

    def __init__(self, folder: Path) -> None:
        # dbt is here only where something is recorded.
        from dbt.cli.main import dbtRunner
        from dbt.version import __version__

        from oracle import deferral_spy

        os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
        self.folder = folder
        self.version = str(__version__)
        major, minor = self.version.split(".")[:2]
        self.minor = (int(major), int(minor))
        self.spy = deferral_spy.install()
        self._runner = dbtRunner
        self._parsed: dict[tuple[tuple[str, ...], str], Any] = {}
        self._built: dict[tuple[tuple[str, ...], str], Path] = {}
        self._runs = 0

    def project(self, variants: tuple[str, ...]) -> Path:
        """The project's folder under those variants."""
        folder = self.folder / "+".join(variants) / "project"
        if folder.exists():
            return folder
        files = deferral_variants.project_files(PROJECT, variants, self.minor)
        for path, text in files.items():
            places = [folder / path]
            if path.startswith("packages/"):
                inside = Path(path).relative_to("packages")
                places.append(folder / "dbt_packages" / inside)
            for place in places:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text)
        return folder

    def invoke(
        self,
        project: Path,
        target: str,
        args: Iterable[str],
        database: Path,
        manifest: Any = None,
    ) -> Any:
        """Runs dbt."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.adapters.factory import reset_adapters

        os.environ["DOPPEL_ORACLE_DATABASE"] = str(database)
        reset_adapters()
        DuckDBConnectionManager._ENV = None
        result = self._runner(manifest=manifest).invoke(
            [
                "--quiet",
                "--no-use-colors",
                *args,
                "--target",
                target,
                "--project-dir",
                str(project),
                "--profiles-dir",
                str(project),
                "--target-path",
                str(project.parent / target),
                "--log-path",
                str(self.folder / "logs"),
            ]
        )
        DuckDBConnectionManager.close_all_connections()
        environment = DuckDBConnectionManager._ENV
        connection = getattr(environment, "conn", None)
        if connection is not None:
            connection.close()
        DuckDBConnectionManager._ENV = None
        return result

    def key(self, variants: tuple[str, ...], target: str) -> str:
        """The manifest's name in the pack."""
        minor = ".".join(str(part) for part in self.minor)
        return f"deferring/{minor}/{target}/{'+'.join(variants)}"

    def parsed(self, variants: tuple[str, ...], target: str) -> Any:
        """What dbt reads of the project; its text is `manifest_path`'s."""
        wanted = (variants, target)
        if wanted not in self._parsed:
            project = self.project(variants)
            result = self.invoke(
                project,
                target,
                ["parse", "--no-partial-parse"],
                self.folder / "none" / "harbour.duckdb",
            )
            if not result.success:
                raise ValueError(f"{wanted}: {result.exception}")
            kept = self.manifest_path(variants, target)
            kept.parent.mkdir(parents=True, exist_ok=True)
            text = (project.parent / target / "manifest.json").read_text()
            kept.write_text(_VOLATILE.sub(_firm, text))
            self._parsed[wanted] = result.result
        return self._parsed[wanted]

    def manifest_path(self, variants: tuple[str, ...], target: str) -> Path:
        """A folder with the manifest alone, so that it can be a state."""
        return (
            self.folder
            / "+".join(variants)
            / f"{target}_state"
            / "manifest.json"
        )

    def built(self, variants: tuple[str, ...], target: str) -> Path:
        """A warehouse in which that project was built."""
        import duckdb

        wanted = (variants, target)
        if wanted in self._built:
            return self._built[wanted]
        manifest = self.parsed(variants, target)
        database = self.folder / "+".join(variants) / target / "harbour.duckdb"
        database.parent.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(str(database)) as connection:
            connection.execute("create schema port")
            connection.execute(
                "create table port.calls as select 1 as id, 1 as ship_id"
            )
            connection.execute("create table port.tide_table as select 1 as id")
        # The hooks read what is yet to be built.
        args = ["build", "--vars", "{with_hooks: false}"]
        if self.minor >= (1, 8):
            args += ["--exclude", "test_type:unit"]
        self.invoke(
            self.project(variants),
            target,
            args,
            database,
            _copy_of(manifest),
        )
        if target == "dev":
            _make_tables_of_views(database)
        self._built[wanted] = database
        return database

    def warehouse(self, ask: Ask) -> tuple[Path, list[list[str]]]:
        """The warehouse of a case, and the relations in it."""
        import duckdb

        self._runs += 1
        database = self.folder / "runs" / str(self._runs) / "harbour.duckdb"
        database.parent.mkdir(parents=True)
        shutil.copy(self.built(ask.state, "prod"), database)
        present = self.built(ask.current, "dev")
        manifest = self.parsed(ask.current, "dev")
        with duckdb.connect(str(database)) as connection:
            connection.execute(f"attach '{present}' as present (read_only)")
            there = {
                (schema, name)
                for schema, name in connection.execute(
                    "select schema_name, table_name from duckdb_tables()"
                    " where database_name = 'present'"
                ).fetchall()
            }
            for node in manifest.nodes.values():
                name = node.unique_id.split(".", 2)[2]
                place = (node.schema, node.alias)
                if place not in there:
                    continue
                if ask.existing != ("*",) and name not in ask.existing:
                    continue
                connection.execute(
                    f'create schema if not exists harbour."{place[0]}"'
                )
                full = f'"{place[0]}"."{place[1]}"'
                connection.execute(
                    f"create table if not exists harbour.{full}"
                    f" as select * from present.{full}"
                )
            connection.execute("detach present")
            relations = connection.execute(
                "select table_catalog, table_schema, table_name, "
                "case table_type when 'VIEW' then 'view' else 'table' end"
                " from information_schema.tables"
                " where table_catalog = 'harbour' order by all"
            ).fetchall()
        return database, [list(relation) for relation in relations]

    def record(self, number: int, ask: Ask) -> dict[str, Any]:
        """What dbt answers."""
        manifest = _copy_of(self.parsed(ask.current, "dev"))
        self.parsed(ask.state, "prod")
        database, existing = self.warehouse(ask)
        args, shown = self._arguments(ask)
        self.spy.reset()
        result = self.invoke(
            self.project(ask.current), "dev", args, database, manifest
        )
        shutil.rmtree(database.parent)
        results = _results(result)
        rc = 0 if result.success else 1
        if result.exception is not None or (not result.success and not results):
            rc = 2
        operations = {i for i in self.spy.compiled if i.startswith("operation")}
        selected = self.spy.selected | self.spy.unit_tests
        return {
            "case_id": f"defer/deferring_duckdb/{self.version}/{number:04}",
            "kind": "defer",
            "project": "deferring",
            "adapter": "duckdb",
            "dbt_version": self.version,
            "args": shown,
            "setup": ",".join(ask.existing) or "empty",
            "state_manifest": self.key(ask.state, "prod"),
            "current_manifest": self.key(ask.current, "dev"),
            "existing_relations": existing,
            "rc": rc,
            "stderr_tail": str(result.exception or "")[-300:].replace(
                str(self.folder), "<W>"
            ),
            "selected": sorted(selected),
            "results": sorted(results.items()),
            "nodes": dict(
                self._nodes(
                    sorted(selected | operations),
                    results,
                    ask.command != "compile",
                )
            ),
        }

    def _arguments(self, ask: Ask) -> tuple[list[str], list[str]]:
        state = str(self.manifest_path(ask.state, "prod").parent)
        args = [ask.command]
        if ask.select:
            args += ["--select", *ask.select]
        if ask.exclude:
            args += ["--exclude", *ask.exclude]
        args.append("--defer" if ask.defer else "--no-defer")
        if ask.full_refresh:
            args.append("--full-refresh")
        if ask.favor_state:
            args.append("--favor-state")
        if ask.beside is None:
            return [*args, "--state", state], [*args, "--state", "<W>/state"]
        self.parsed(ask.beside, "prod")
        beside = str(self.manifest_path(ask.beside, "prod").parent)
        return (
            [*args, "--state", beside, "--defer-state", state],
            [*args, "--state", "<W>/beside", "--defer-state", "<W>/state"],
        )

    def _nodes(
        self, readers: list[str], results: dict[str, str], with_hooks: bool
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        heard: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for answer in self.spy.heard:
            read = heard[answer.reader, answer.usage]
            if read.setdefault(answer.node, answer.relation) != answer.relation:
                raise ValueError(f"dbt answers in two ways: {answer}")
        for reader in readers:
            if reader not in self.spy.compiled:
                continue
            # It reads what this run was to build, and did not.
            if reader.startswith("operation.") and (
                {"error", "skipped"} & set(results.values())
            ):
                continue
            # Its fixtures were not all asked for.
            if reader.startswith("unit_test.") and (
                results.get(reader) == "error"
            ):
                continue
            code = heard[reader, "code"]
            for relation in code.values():
                if relation not in self.spy.code[reader]:
                    raise ValueError(f"{reader}: {relation} is not in its code")
            node: dict[str, Any] = {"refs": _listed(_reached(heard, reader))}
            if with_hooks and results.get(reader) in ("success", "pass"):
                hooks = heard[reader, "hook"]
                if hooks:
                    node["hooks"] = _listed(hooks)
            for usage in ("foreign_key", "fixture"):
                if heard[reader, usage]:
                    node[usage + "s"] = _listed(heard[reader, usage])
            yield reader, node


def _copy_of(manifest: Any) -> Any:
    """A manifest that a run may change.

    dbt's own way to copy one leaves fields out, and so mixes up those behind;
    what it looks nodes up by, it makes again.
    """
    return type(manifest)(
        **{
            part.name: copy.deepcopy(getattr(manifest, part.name))
            for part in fields(manifest)
            if not part.name.startswith("_")
        }
    )


def _make_tables_of_views(database: Path) -> None:
    """So that each can be copied without what it reads."""
    import duckdb

    with duckdb.connect(str(database)) as connection:
        views = connection.execute(
            "select schema_name, view_name from duckdb_views()"
            " where not internal"
        ).fetchall()
        for schema, name in views:
            connection.execute(
                f'create table "{schema}"."{name}__t" as'
                f' select * from "{schema}"."{name}"'
            )
        for schema, name in views:
            connection.execute(f'drop view "{schema}"."{name}"')
            connection.execute(
                f'alter table "{schema}"."{name}__t" rename to "{name}"'
            )


def _reached(
    heard: dict[tuple[str, str], dict[str, str]], reader: str
) -> dict[str, str]:
    """What the code reads, that of inlined models with it."""
    reached: dict[str, str] = {}
    inlined = [reader]
    for node in inlined:
        for read, relation in heard[node, "code"].items():
            if relation:
                reached[read] = relation
            # A unit test's inputs are fixtures, under the inputs' names.
            elif read not in inlined and not reader.startswith("unit_test."):
                inlined.append(read)
    return reached


def _listed(read: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"unique_id": node, "relation_name": relation}
        for node, relation in sorted(read.items())
    ]


def _results(result: Any) -> dict[str, str]:
    found = getattr(result.result, "results", None) or []
    return {
        item.node.unique_id: str(item.status)
        for item in found
        if hasattr(item, "node")
    }


def record(arguments: argparse.Namespace) -> None:
    """Writes cases.jsonl and manifests/ into the folder."""
    with tempfile.TemporaryDirectory() as folder:
        laboratory = Laboratory(Path(folder))
        share = Share(
            arguments.every,
            arguments.most,
            arguments.seed,
            arguments.pairs,
            arguments.each,
        )
        arguments.out.mkdir(parents=True, exist_ok=True)
        with (arguments.out / "cases.jsonl").open("w") as file:
            for number, ask in enumerate(share.asks(laboratory.minor)):
                case = laboratory.record(number, ask)
                file.write(json.dumps(case) + "\n")
                for variants, target in (
                    (ask.current, "dev"),
                    (ask.state, "prod"),
                ):
                    key = laboratory.key(variants, target)
                    place = arguments.out / "manifests" / f"{key}.json"
                    place.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(
                        laboratory.manifest_path(variants, target), place
                    )
                print(number, case["rc"], case["args"], file=sys.stderr)


def record_all(to: Path) -> None:
    """Writes cases/ and manifests/ of that folder, asking every dbt."""
    (to / "cases").mkdir(parents=True, exist_ok=True)
    (to / "manifests").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folders = []
        for minor, share in SHARES.items():
            folders.append(Path(scratch) / minor)
            most = [] if share.most is None else [f"--most={share.most}"]
            subprocess.run(
                [
                    str(environments.python_of(minor)),
                    "-m",
                    "oracle.deferral",
                    "record",
                    f"--out={folders[-1]}",
                    f"--seed={share.seed}",
                    f"--pairs={share.pairs}",
                    f"--each={share.each}",
                    f"--every={share.every}",
                    *most,
                ],
                cwd=CONFORMANCE,
                env={**os.environ, "PYTHONHASHSEED": "0"},
                check=True,
            )
        join(
            folders,
            to / "cases" / f"{NAME}.jsonl.gz",
            to / "manifests" / f"{NAME}.zst",
        )


def _is_askable(ask: Ask, version: tuple[int, int]) -> bool:
    words = " ".join((*ask.select, *ask.exclude))
    return version >= (1, 8) or "test_type:unit" not in words


def join(folders: list[Path], cases: Path, pack: Path) -> None:
    """Joins recordings into the two files that the tests read."""
    import zstandard

    lines: list[str] = []
    manifests: dict[str, str] = {}
    for folder in folders:
        # Where dbt gave up (rc 2), it has no answer for each node.
        for line in (folder / "cases.jsonl").read_text().splitlines():
            if json.loads(line)["rc"] != 2:
                lines.append(line)
        for path in sorted((folder / "manifests").rglob("*.json")):
            key = str(path.relative_to(folder / "manifests"))[: -len(".json")]
            manifests[key] = path.read_text().replace("\n", " ")
    with gzip.GzipFile(cases, "wb", mtime=0) as file:
        file.write("".join(line + "\n" for line in lines).encode())
    parameters = zstandard.ZstdCompressionParameters.from_level(
        19, window_log=27, enable_ldm=True
    )
    text = "".join(f"{k}\t{v}\n" for k, v in sorted(manifests.items()))
    compressor = zstandard.ZstdCompressor(compression_params=parameters)
    pack.write_bytes(compressor.compress(text.encode()))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    recording = commands.add_parser("record")
    recording.add_argument("--out", type=Path, required=True)
    recording.add_argument("--seed", type=int, default=1)
    recording.add_argument("--pairs", type=int, default=20)
    recording.add_argument("--each", type=int, default=10)
    recording.add_argument("--every", type=int, default=1)
    recording.add_argument("--most", type=int)
    recording.set_defaults(run=record)
    packing = commands.add_parser("pack")
    packing.add_argument("folders", type=Path, nargs="+")
    packing.add_argument("--cases", type=Path, required=True)
    packing.add_argument("--manifests", type=Path, required=True)
    packing.set_defaults(
        run=lambda of: join(of.folders, of.cases, of.manifests)
    )
    everything = commands.add_parser("all")
    everything.set_defaults(run=lambda _: record_all(CONFORMANCE))
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
