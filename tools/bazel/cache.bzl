"""Finds the folder that tools/setup fills."""

# The variables that decide where the folder is. A repository rule that calls
# doppel_cache() must list them in `environ`.
CACHE_ENVIRON = [
    "DOPPEL_CACHE",
    "HOME",
    "XDG_CACHE_HOME",
]

def doppel_cache(repository_ctx):
    """Returns the cache folder, as tools/lib.sh finds it.

    Args:
      repository_ctx: the context of the repository rule that asks.

    Returns:
      The absolute path of the folder, as a string. It may not exist.
    """
    environ = repository_ctx.os.environ
    if environ.get("DOPPEL_CACHE"):
        return environ["DOPPEL_CACHE"]
    if environ.get("XDG_CACHE_HOME"):
        return environ["XDG_CACHE_HOME"] + "/doppel"
    return environ.get("HOME", "/root") + "/.cache/doppel"

def require_path(repository_ctx, path):
    """Returns the path, and fails with what to do where nothing is there.

    Args:
      repository_ctx: the context of the repository rule that asks.
      path: the absolute path, as a string.

    Returns:
      The path object.
    """
    found = repository_ctx.path(path)
    if not found.exists:
        fail("%s is missing: run tools/setup, then build again." % path)
    return found
