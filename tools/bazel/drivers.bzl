"""The warehouses' ADBC drivers as the repository @drivers."""

load("//tools/bazel:cache.bzl", "CACHE_ENVIRON", "doppel_cache", "require_path")

_BUILD = """
package(default_visibility = ["//visibility:public"])

# As `data` of a test it stands at ../drivers/libduckdb.so when the test runs.
filegroup(
    name = "duckdb",
    srcs = ["libduckdb.so"],
)

filegroup(
    name = "postgres",
    srcs = ["libadbc_driver_postgresql.so"],
)

# Empty where they are not installed: their tests are skipped then.
filegroup(
    name = "chdb",
    srcs = glob(["libchdb.so"]),
)

filegroup(
    name = "snowflake",
    srcs = glob(["libadbc_driver_snowflake.so"]),
)

filegroup(
    name = "bigquery",
    srcs = glob(["libadbc_driver_bigquery.so"]),
)

filegroup(
    name = "fakesnow",
    srcs = glob(["fakesnow_python"]),
)
"""

# A virtual environment does not work through a link.
_PYTHON = """#!/bin/sh
exec "%s" "$@"
"""

_OPTIONAL = [
    "libchdb.so",
    "libadbc_driver_snowflake.so",
    "libadbc_driver_bigquery.so",
]

def _drivers_repository_impl(repository_ctx):
    for library in ["libduckdb.so", "libadbc_driver_postgresql.so"]:
        path = require_path(
            repository_ctx,
            doppel_cache(repository_ctx) + "/drivers/" + library,
        )
        repository_ctx.symlink(path, library)
    for library in _OPTIONAL:
        path = repository_ctx.path(
            doppel_cache(repository_ctx) + "/drivers/" + library,
        )
        if path.exists:
            repository_ctx.symlink(path, library)
    python = repository_ctx.path(
        doppel_cache(repository_ctx) + "/fakesnow/bin/python",
    )
    if python.exists:
        repository_ctx.file("fakesnow_python", _PYTHON % python)
    repository_ctx.file("BUILD.bazel", _BUILD)

drivers_repository = repository_rule(
    implementation = _drivers_repository_impl,
    doc = "Offers @drivers//:duckdb and others, for the data of tests.",
    environ = CACHE_ENVIRON,
    local = True,
)
