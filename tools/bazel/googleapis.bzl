"""The google.rpc protos as the repository @googleapis."""

load("//tools/bazel:cache.bzl", "CACHE_ENVIRON", "doppel_cache", "require_path")

_PROTOS = [
    "google/rpc/code.proto",
    "google/rpc/error_details.proto",
    "google/rpc/status.proto",
]

_BUILD = """
load("@doppel//tools/bazel:proto.bzl", "doppel_proto_cc")

package(default_visibility = ["//visibility:public"])

filegroup(
    name = "protos",
    srcs = {protos},
)

doppel_proto_cc(
    name = "rpc_cc",
    protos = {protos},
    root = "",
)
"""

def _googleapis_repository_impl(repository_ctx):
    root = doppel_cache(repository_ctx) + "/googleapis/"
    for proto in _PROTOS:
        repository_ctx.symlink(require_path(repository_ctx, root + proto), proto)
    repository_ctx.file("BUILD.bazel", _BUILD.format(protos = repr(_PROTOS)))

googleapis_repository = repository_rule(
    implementation = _googleapis_repository_impl,
    doc = "Offers @googleapis//:rpc_cc (C++) and @googleapis//:protos.",
    environ = CACHE_ENVIRON,
    local = True,
)
