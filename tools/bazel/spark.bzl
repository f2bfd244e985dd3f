"""A Spark Connect server's jars as the repository @spark."""

load("//tools/bazel:cache.bzl", "CACHE_ENVIRON", "doppel_cache")

_BUILD = """
# As `data` of a test they stand at ../spark/jars when the test runs. There are
# none where tools/setup was run without Spark: then the tests are skipped.
filegroup(
    name = "jars",
    srcs = glob(["jars/*.jar"], allow_empty = True),
    visibility = ["//visibility:public"],
)
"""

def _spark_repository_impl(repository_ctx):
    jars = repository_ctx.path(doppel_cache(repository_ctx) + "/spark/jars")
    if jars.exists:
        repository_ctx.symlink(jars, "jars")
    repository_ctx.file("BUILD.bazel", _BUILD)

spark_repository = repository_rule(
    implementation = _spark_repository_impl,
    doc = "Offers @spark//:jars, for the data of tests.",
    environ = CACHE_ENVIRON,
    local = True,
)
