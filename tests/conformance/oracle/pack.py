"""Packs of manifests: many variants of one project in one file.

A pack is a zstd stream of lines "<key>TAB<manifest>", in the order of the keys.
dbt writes a manifest on one line, so its bytes are kept as they are. The window
is so long that a variant which differs in one model costs little more than that
model.

Beside `<name>.zst` stands `<name>.files.json.gz`: key -> the files of the
project as it was then, for what looks at the file system (dbt's `path:`).
"""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

# 128 MiB, which is what every zstd decoder takes without being asked.
WINDOW_LOG = 27

# What differs from one reading of a project to the next, and what is written
# instead, so that recording again gives the same bytes.
_UNSTABLE = (
    (re.compile(rb'("created_at": ?)[0-9.e+]+'), rb"\g<1>0.0"),
    (
        re.compile(
            rb'("(?:generated_at|invocation_started_at|run_started_at)": ?)'
            rb'"[^"]*"'
        ),
        rb'\1"2026-01-01T00:00:00.000000Z"',
    ),
    (
        re.compile(rb'("(?:invocation_id|user_id)": ?)"[^"]*"'),
        rb'\1"00000000-0000-0000-0000-000000000000"',
    ),
    (re.compile(rb'("root_path": ?)"[^"]*"'), rb'\1"/project"'),
)


def stable(manifest: bytes) -> bytes:
    """Return a manifest without the times and ids of the call that wrote it."""
    for pattern, instead in _UNSTABLE:
        manifest = pattern.sub(instead, manifest)
    return manifest


def write(folder: Path, name: str, manifests: dict[str, bytes]) -> None:
    """Write `<folder>/manifests/<name>.zst`.

    Raises:
        ValueError: A key has a tab or a line end, or a manifest a line end.
    """
    import zstandard  # only where something is recorded

    lines = []
    for key in sorted(manifests):
        if "\t" in key or "\n" in key or b"\n" in manifests[key].strip():
            raise ValueError(f"{key}: not one line")
        lines.append(key.encode() + b"\t" + manifests[key].strip() + b"\n")
    parameters = zstandard.ZstdCompressionParameters.from_level(
        19, window_log=WINDOW_LOG, enable_ldm=True
    )
    compressor = zstandard.ZstdCompressor(compression_params=parameters)
    path = folder / "manifests" / f"{name}.zst"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(compressor.compress(b"".join(lines)))


def read(folder: Path, name: str) -> dict[str, bytes]:
    """Return what write() wrote; empty where there is no such pack."""
    import zstandard

    path = folder / "manifests" / f"{name}.zst"
    if not path.is_file():
        return {}
    text = (
        zstandard.ZstdDecompressor(max_window_size=1 << WINDOW_LOG)
        .decompressobj()
        .decompress(path.read_bytes())
    )
    manifests = {}
    for line in text.splitlines():
        key, _, manifest = line.partition(b"\t")
        manifests[key.decode()] = manifest
    return manifests


def write_files(folder: Path, name: str, files: dict[str, list[str]]) -> None:
    """Write `<folder>/manifests/<name>.files.json.gz`."""
    path = folder / "manifests" / f"{name}.files.json.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(files, indent=0, sort_keys=True).encode()
    path.write_bytes(gzip.compress(text, mtime=0))


def read_files(folder: Path, name: str) -> dict[str, list[str]]:
    """Return what write_files() wrote; empty where there is nothing."""
    path = folder / "manifests" / f"{name}.files.json.gz"
    if not path.is_file():
        return {}
    with gzip.open(path, "rt", encoding="utf-8") as text:
        files: dict[str, list[str]] = json.load(text)
    return files


def write_cases(
    folder: Path, name: str, cases: list[dict[str, object]]
) -> None:
    """Write `<folder>/cases/<name>.jsonl.gz`, one case a line."""
    path = folder / "cases" / f"{name}.jsonl.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        json.dumps(case, ensure_ascii=False, sort_keys=True) + "\n"
        for case in cases
    ]
    path.write_bytes(gzip.compress("".join(lines).encode(), mtime=0))


def read_cases(folder: Path, name: str) -> list[dict[str, object]]:
    """Return what write_cases() wrote; empty where there is nothing."""
    path = folder / "cases" / f"{name}.jsonl.gz"
    if not path.is_file():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
