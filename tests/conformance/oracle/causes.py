"""Writes `mutations/causes.json` anew: the causes that doppel gives today.

The file states what doppel must give, so whoever runs this reads the difference
before it is committed. In tests/conformance:

    python -m oracle.causes ../../bazel-bin/tests/conformance/state_probe
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from oracle import pack
from oracle.state import BASE, CONFORMANCE, PAIRS, RENDERED

CAUSES = CONFORMANCE / "oracle" / "mutations" / "causes.json"

# Unique id -> "kind:subject".
Causes = dict[str, list[str]]


def causes_of(probe: Path, name: str, folder: Path) -> dict[str, Causes]:
    """Return what doppel says of each variant in a pack, beside its base."""
    files = {}
    for key, manifest in pack.read(CONFORMANCE, name).items():
        files[key] = folder / key.replace("/", "__")
        files[key].write_bytes(manifest)
    base = files.pop(f"{name}/{BASE}")
    asked = "".join(f"{file}\t{base}\t\t1\n" for file in files.values())
    done = subprocess.run(
        [probe], input=asked, stdout=subprocess.PIPE, text=True, check=True
    )
    answers = (json.loads(line)["causes"] for line in done.stdout.splitlines())
    return dict(zip(files, answers, strict=True))


def main() -> None:
    """Write the file."""
    probe = Path(sys.argv[1]).resolve()
    causes: dict[str, Causes] = {}
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted((CONFORMANCE / "manifests").glob("state_*.zst")):
            if path.stem not in (RENDERED, PAIRS):
                causes |= causes_of(probe, path.stem, Path(folder))
    text = json.dumps(causes, indent=1, sort_keys=True, ensure_ascii=False)
    CAUSES.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
