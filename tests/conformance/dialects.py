"""Asks doppel's dialects for statements, and reads those as the warehouse does.

The statements come from //tests/conformance:dialect_probe, which
DOPPEL_DIALECT_PROBE names (default: what bazel built). sqlglot reads them: its
tokenizers know how each warehouse quotes and escapes, its parsers most of what
is said.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import Token, TokenType, exp
from sqlglot.errors import ParseError

REPOSITORY = Path(__file__).resolve().parents[2]
PROBE = os.environ.get(
    "DOPPEL_DIALECT_PROBE",
    str(REPOSITORY / "bazel-bin/tests/conformance/dialect_probe"),
)

# dbt's adapter type -> sqlglot's dialect.
DIALECTS = {
    "athena": "athena",
    "bigquery": "bigquery",
    "clickhouse": "clickhouse",
    "databricks": "databricks",
    "duckdb": "duckdb",
    "fabric": "fabric",
    "postgres": "postgres",
    "redshift": "redshift",
    "snowflake": "snowflake",
    "spark": "spark",
    "sqlserver": "tsql",
    "trino": "trino",
}

Question = dict[str, Any]
Name = tuple[str, ...]

# sqlglot warns of what it reads as a command; the tests look for that.
logging.getLogger("sqlglot").setLevel(logging.ERROR)


def ask(questions: Iterable[Question]) -> list[list[str]]:
    """Returns the statements of each question, which the probe documents."""
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    done = subprocess.run(
        [PROBE], input=lines, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@dataclass(frozen=True)
class Read:
    """A statement as the warehouse's tokenizer reads it."""

    # Its words in lower case, "N" for a name and "S" for a text in quotes.
    form: str
    names: tuple[Name, ...]
    texts: tuple[str, ...]


def _tokens(dialect: str, sql: str) -> list[Token]:
    tokens = sqlglot.tokenize(sql, read=DIALECTS[dialect])
    tokens = [
        one
        for one in tokens
        if one.token_type is not TokenType.HIVE_TOKEN_STREAM
    ]
    if tokens and tokens[0].token_type is TokenType.COMMAND and len(tokens) > 1:
        # The rest stands there as one text.
        return [tokens[0], *_tokens(dialect, tokens[1].text)]
    return tokens


def read(dialect: str, sql: str) -> Read:
    """Returns what the tokenizer finds, names unescaped."""
    words: list[str] = []
    names: list[Name] = []
    texts: list[str] = []
    in_name = False
    for token in _tokens(dialect, sql):
        kind = token.token_type
        if kind is TokenType.IDENTIFIER:
            if in_name:
                names[-1] = (*names[-1], token.text)
            else:
                words.append("N")
                names.append((token.text,))
            in_name = False
        elif kind is TokenType.DOT:
            in_name = True
        elif kind in (TokenType.STRING, TokenType.NATIONAL_STRING):
            words.append("S")
            texts.append(token.text)
        else:
            words.append(token.text.lower())
    return Read(" ".join(words), tuple(names), tuple(texts))


@dataclass(frozen=True)
class Parsed:
    """A statement as the warehouse's parser reads it."""

    kind: str  # "create table", "alter view", "drop table", "begin", ...
    clone: bool
    names: tuple[Name, ...]


def _parts(table: exp.Table) -> Name:
    return tuple(part.name for part in table.parts)


def parse(dialect: str, sql: str) -> Parsed | None:
    """Returns the one statement; nothing where sqlglot knows no such form.

    Raises:
        AssertionError: It is not one statement.
    """
    try:
        trees = sqlglot.parse(sql, read=DIALECTS[dialect])
    except ParseError:
        return None
    assert len(trees) == 1, sql
    tree = trees[0]
    assert tree is not None, sql
    if isinstance(tree, exp.Command | exp.Execute | exp.IfBlock):
        return None
    kind = tree.args.get("kind")
    clone = tree.args.get("clone")
    return Parsed(
        kind=f"{type(tree).__name__} {kind or ''}".strip().lower(),
        clone=isinstance(clone, exp.Clone),
        names=tuple(_parts(table) for table in tree.find_all(exp.Table)),
    )
