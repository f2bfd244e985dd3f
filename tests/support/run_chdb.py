#!/usr/bin/env python3
"""Runs statements on a ClickHouse folder by chDB's own interface, not doppel's.

Usage: run_chdb.py FOLDER < STATEMENTS

Reads a JSON list of statements, runs one after the other, and writes a JSON
object: "rows", a list for each statement of its rows with their values as text
(null for null), and "seconds", how long the statements took, without the start.
The first statement that fails ends it with exit code 1 and the error.

A program of its own, since chDB opens one folder in a process, which nobody
else can open meanwhile.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import pathlib
import sys
import time

LONGEST_WAIT = 30.0  # seconds


class ChdbError(Exception):
    """A statement failed, in ClickHouse's words."""


def library() -> pathlib.Path:
    """Where tools/setup puts the library."""
    cache = os.environ.get("DOPPEL_CACHE")
    if not cache:
        base = os.environ.get("XDG_CACHE_HOME", f"{pathlib.Path.home()}/.cache")
        cache = f"{base}/doppel"
    folder = os.environ.get("DOPPEL_DRIVERS", f"{cache}/drivers")
    return pathlib.Path(folder) / "libchdb.so"


def _wait_for(lock: pathlib.Path) -> None:
    until = time.monotonic() + LONGEST_WAIT
    while lock.exists() and time.monotonic() < until:
        with lock.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0.02)
            else:
                return


class Chdb:
    """An open folder."""

    def __init__(self, folder: pathlib.Path) -> None:
        """Opens the folder, and makes it where there is none.

        Waits for whoever has it open, but not forever.

        Raises:
            ChdbError: it cannot be opened.
        """
        _wait_for(folder / "status")
        self._chdb = ctypes.CDLL(str(library()))
        self._declare()
        self._chdb.chdb_set_signal_handlers_enabled(False)
        words = (b"clickhouse", f"--path={folder}".encode())
        arguments = (ctypes.c_char_p * len(words))(*words)
        self._opened = self._chdb.chdb_connect(len(words), arguments)
        if not self._opened:
            raise ChdbError(f"{folder} cannot be opened")

    def _declare(self) -> None:
        pointer = ctypes.c_void_p
        text = ctypes.c_char_p
        opened = ctypes.POINTER(pointer)
        for name, result, *arguments in (
            ("set_signal_handlers_enabled", None, ctypes.c_bool),
            ("connect", opened, ctypes.c_int, ctypes.POINTER(text)),
            ("close_conn", None, opened),
            ("query", pointer, pointer, text, text),
            ("result_buffer", pointer, pointer),
            ("result_length", ctypes.c_size_t, pointer),
            ("result_error", text, pointer),
            ("destroy_query_result", None, pointer),
        ):
            function = getattr(self._chdb, f"chdb_{name}")
            function.restype = result
            function.argtypes = arguments

    def query(self, sql: str) -> list[list[str | None]]:
        """Runs a statement; gives its rows.

        Raises:
            ChdbError: it failed.
        """
        form = b"JSONCompactStringsEachRow"
        connection = self._opened.contents
        result = self._chdb.chdb_query(connection, sql.encode(), form)
        try:
            error = self._chdb.chdb_result_error(result)
            if error:
                raise ChdbError(f"{error.decode()}: {sql}")
            length = self._chdb.chdb_result_length(result)
            buffer = self._chdb.chdb_result_buffer(result)
            lines = ctypes.string_at(buffer, length) if length else b""
            return [json.loads(line) for line in lines.splitlines()]
        finally:
            self._chdb.chdb_destroy_query_result(result)

    def close(self) -> None:
        """Lets others open the folder."""
        self._chdb.chdb_close_conn(self._opened)


def main() -> int:
    """Reads the statements, runs them, writes what they gave."""
    statements = json.load(sys.stdin)
    try:
        chdb = Chdb(pathlib.Path(sys.argv[1]))
        began = time.monotonic()
        rows = [chdb.query(statement) for statement in statements]
        seconds = time.monotonic() - began
        chdb.close()
    except ChdbError as error:
        print(error, file=sys.stderr)
        return 1
    json.dump({"rows": rows, "seconds": seconds}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
