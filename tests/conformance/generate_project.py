#!/usr/bin/env python3
"""Write a synthetic dbt project of any size, for real dbt to read.

For benchmarks beside dbt. The shapes are those of `generate_manifest.py`: for N
models some 1.35 N generic tests, N/20 sources, N/100 seeds, N/200 exposures,
N/500 snapshots, groups, and macros that every model calls. Its adapter is
DuckDB; dbt parses it without warnings, and needs no database for that.

The same arguments give the same files. `--changed K` gives the same project
with the code of K models changed and nothing else, the other side of a
comparison:

    generate_project.py --models 5000 --output old
    generate_project.py --models 5000 --changed 10 --output new
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from synthetic.project import options_for, project_files


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; on an error, argparse ends the process."""
    parser = argparse.ArgumentParser(
        description="Write a synthetic dbt project for dbt-duckdb."
    )
    parser.add_argument(
        "--models", type=int, default=1000, help="(default: 1000)"
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="another number, another project"
    )
    parser.add_argument(
        "--changed",
        type=int,
        default=0,
        metavar="K",
        help="change the code of K models",
    )
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        help="the folder; made, or its files of these names overwritten",
    )
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Run the command line and return its exit code."""
    args = parse_arguments(arguments)
    try:
        options = options_for(args.models, args.changed, args.seed)
        count = 0
        for path, text in project_files(options):
            file = args.output / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            count += 1
    except (OSError, ValueError) as error:
        print(f"generate_project: {error}", file=sys.stderr)
        return 1
    print(
        f"{args.output}: {args.models} models, {count} files", file=sys.stderr
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
