#!/usr/bin/env python3
"""Write a synthetic dbt manifest (schema v12) of any size.

For benchmarks and load tests, where no published manifest is large enough. The
shapes are those that dbt 1.12 writes: layered models, generic tests on them,
seeds, sources, snapshots, exposures and some five hundred macros, in the
proportions of real projects (for 100 models: 135 tests, 5 sources, 1 seed).
dbt itself reads the result as `--state`.

The same arguments give the same bytes. `--edit K` changes the code of K models
and nothing else in the graph, which makes the other side of a comparison:

    generate_manifest.py --nodes 10000 --output old/manifest.json
    generate_manifest.py --nodes 10000 --edit 10 --output new/manifest.json

Not generated: metrics, semantic models, unit tests, functions, versioned and
disabled nodes. Needs nothing but Python's own library, and little memory:
nodes are written as they are made.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from synthetic.generator import Generator
from synthetic.plan import Counts, Options


class Sink(Protocol):
    """What a manifest is written to: a text file, or something like it."""

    def write(self, text: str, /) -> int:
        """Take the next piece of text and return its length."""
        ...


def write_manifest(options: Options, out: Sink) -> None:
    """Write a manifest as dbt does, in ASCII and on one line.

    Raises:
        ValueError: The options make no manifest.
        OSError: `out` cannot be written.
    """
    encode: Callable[[object], str] = json.JSONEncoder(
        check_circular=False
    ).encode
    opening = "{"
    for name, section in Generator(options).sections():
        out.write(f"{opening}{encode(name)}: ")
        opening = ", "
        if isinstance(section, dict):
            out.write(encode(section))
            continue
        separator = "{"
        for entry in section:
            out.write(
                f"{separator}{encode(entry['unique_id'])}: {encode(entry)}"
            )
            separator = ", "
        out.write("}" if separator == ", " else "{}")
    out.write("}")


class Meter:
    """A sink that only counts."""

    def __init__(self) -> None:
        self.size = 0

    def write(self, text: str, /) -> int:
        """Count `text`."""
        self.size += len(text)
        return len(text)


def default_size(nodes: int) -> int:
    """Return the bytes of a manifest of `nodes` nodes without padding."""
    meter = Meter()
    write_manifest(Options(nodes=nodes), meter)
    return meter.size


def padding_for(nodes: int, bytes_per_node: int) -> int:
    """Return the `model_padding` that makes a manifest about so large.

    Raises:
        ValueError: The nodes are larger than that already.
    """
    # All have the same macros, so the difference between two is nodes only.
    sample = 1000
    per_node = (default_size(2 * sample) - default_size(sample)) / sample
    if bytes_per_node < per_node:
        raise ValueError(f"--bytes-per-node must be at least {per_node:.0f}")
    models = Counts.for_nodes(nodes).models
    return round((bytes_per_node - per_node) * nodes / models)


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; on an error, argparse ends the process."""
    parser = argparse.ArgumentParser(
        description="Write a synthetic dbt manifest.json (schema v12)."
    )
    parser.add_argument(
        "--nodes",
        type=int,
        default=10_000,
        help="nodes, sources and exposures together (default: 10000)",
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="another number, another project"
    )
    parser.add_argument(
        "--edit",
        type=int,
        default=0,
        metavar="K",
        help="change the code of K models",
    )
    parser.add_argument(
        "--environment",
        default="prod",
        help="prefix of schemas (default: prod)",
    )
    parser.add_argument(
        "--bytes-per-node",
        type=int,
        help="lengthen the models' code until this (default: as it comes, "
        "about 3500)",
    )
    parser.add_argument(
        "--parsed",
        action="store_true",
        help="without compiled code, as `dbt parse` writes a manifest",
    )
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        help="the file; its folder is made",
    )
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Run the command line and return its exit code."""
    args = parse_arguments(arguments)
    started = time.monotonic()
    try:
        wanted = args.bytes_per_node
        padding = 0 if wanted is None else padding_for(args.nodes, wanted)
        options = Options(
            nodes=args.nodes,
            seed=args.seed,
            edit=args.edit,
            environment=args.environment,
            model_padding=padding,
            parsed=args.parsed,
        )
        Generator(options)  # Refuse bad options before a file is touched.
        args.output.parent.mkdir(parents=True, exist_ok=True)
        with args.output.open("w", encoding="ascii") as out:
            write_manifest(options, out)
    except (OSError, ValueError) as error:
        print(f"generate_manifest: {error}", file=sys.stderr)
        return 1
    size = args.output.stat().st_size
    seconds = time.monotonic() - started
    print(
        f"{args.output}: {args.nodes} nodes, {size / 1e6:.1f} MB, "
        f"{seconds:.1f} s",
        file=sys.stderr,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
