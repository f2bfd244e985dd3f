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
"""

def _drivers_repository_impl(repository_ctx):
    for library in ["libduckdb.so", "libadbc_driver_postgresql.so"]:
        path = require_path(
            repository_ctx,
            doppel_cache(repository_ctx) + "/drivers/" + library,
        )
        repository_ctx.symlink(path, library)
    repository_ctx.file("BUILD.bazel", _BUILD)

drivers_repository = repository_rule(
    implementation = _drivers_repository_impl,
    doc = "Offers @drivers//:duckdb and :postgres, for the data of tests.",
    environ = CACHE_ENVIRON,
    local = True,
)
