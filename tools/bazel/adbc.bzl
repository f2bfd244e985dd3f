"""The ADBC header as the repository @adbc."""

load("//tools/bazel:cache.bzl", "CACHE_ENVIRON", "doppel_cache", "require_path")

_BUILD = """
package(default_visibility = ["//visibility:public"])

cc_library(
    name = "adbc",
    hdrs = ["include/arrow-adbc/adbc.h"],
    includes = ["include"],
)
"""

def _adbc_repository_impl(repository_ctx):
    header = require_path(
        repository_ctx,
        doppel_cache(repository_ctx) + "/adbc/include/arrow-adbc/adbc.h",
    )
    repository_ctx.symlink(header, "include/arrow-adbc/adbc.h")
    repository_ctx.file("BUILD.bazel", _BUILD)

adbc_repository = repository_rule(
    implementation = _adbc_repository_impl,
    doc = "Offers @adbc//:adbc: #include \"arrow-adbc/adbc.h\".",
    environ = CACHE_ENVIRON,
    local = True,
)
