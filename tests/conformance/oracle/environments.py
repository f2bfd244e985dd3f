"""Which Python has which dbt.

`tools/setup --only oracle` makes them: dbt 1.12 in the project's own
environment, the older ones beside it. DOPPEL_CACHE names the folder, as it does
for tools/setup.
"""

from __future__ import annotations

import os
from pathlib import Path

# The minor versions whose answers are recorded, the reference first.
MINORS = ("1.12", "1.11", "1.8", "1.7")


def cache() -> Path:
    """Return the folder that tools/setup fills."""
    named = os.environ.get("DOPPEL_CACHE")
    if named:
        return Path(named)
    home = os.environ.get("XDG_CACHE_HOME")
    return Path(home) / "doppel" if home else Path.home() / ".cache" / "doppel"


def python_of(minor: str) -> Path:
    """Return the Python that has the dbt of that minor version.

    Raises:
        FileNotFoundError: It is not there; the text says what to do.
    """
    folder = "venv" if minor == MINORS[0] else f"dbt-{minor}"
    python = cache() / folder / "bin" / "python"
    if not python.is_file():
        raise FileNotFoundError(
            f"dbt {minor} is not there: run tools/setup --only oracle"
        )
    return python
