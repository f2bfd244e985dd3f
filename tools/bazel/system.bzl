"""Debian's libraries as the repository @system."""

# Target -> the packages that pkg-config knows it by.
_PACKAGES = {
    "benchmark": ["benchmark"],
    "crypto": ["libcrypto"],
    "gmock": ["gmock"],
    "gtest": ["gtest"],
    "gtest_main": ["gtest_main"],
    "protobuf": ["protobuf"],
    "re2": ["re2"],
    "simdjson": ["simdjson"],
    "sqlite3": ["sqlite3"],
    "xxhash": ["libxxhash"],
    "yaml_cpp": ["yaml-cpp"],
    "zlib": ["zlib"],
    "zstd": ["libzstd"],
}

# What a target needs beyond pkg-config's answer.
_DEPS = {
    "gmock": [":gtest"],
    "gtest_main": [":gtest"],
}

_LIBRARY = """
cc_library(
    name = "{name}",
    defines = {defines},
    linkopts = {linkopts},
    deps = {deps},
)
"""

def _pkg_config(repository_ctx, flags, packages):
    result = repository_ctx.execute(["pkg-config"] + flags + packages)
    if result.return_code != 0:
        fail("pkg-config %s: %s\nRun tools/setup, then build again." %
             (" ".join(flags + packages), result.stderr))
    return [word for word in result.stdout.split(" ") if word.strip()]

def _unique(words):
    """Drops repeats. The libraries are shared ones: their order is free."""
    seen = {}
    for word in words:
        seen[word.strip()] = True
    return seen.keys()

def _library(name, cflags, linkopts, deps = []):
    return _LIBRARY.format(
        name = name,
        defines = repr([flag[2:] for flag in cflags if flag.startswith("-D")]),
        linkopts = repr(_unique(linkopts)),
        deps = repr(deps),
    )

def _abseil_packages(repository_ctx):
    listed = repository_ctx.execute(["pkg-config", "--list-package-names"])
    if listed.return_code != 0:
        fail("pkg-config is missing: run tools/setup, then build again.")
    found = [name for name in listed.stdout.split("\n") if name.startswith("absl_")]
    if not found:
        fail("Abseil is missing: run tools/setup, then build again.")
    return sorted(found)

# Not linked from their archives: their corrections must reach what was built
# before.
_ALWAYS_SHARED = ["crypto", "ssl"]

def _archives(repository_ctx, packages):
    """Linker options for the archives of packages, and of what they need."""
    folder = _pkg_config(repository_ctx, ["--variable=libdir"], ["protobuf"])[0].strip()
    names = ["grpc++_reflection"] + [
        flag.strip()[2:]
        for flag in _pkg_config(repository_ctx, ["--static", "--libs"], packages)
        if flag.startswith("-l")
    ]
    found = [
        "-l:lib{}.a".format(name)
        for name in names
        if name not in _ALWAYS_SHARED and
           repository_ctx.path("{}/lib{}.a".format(folder, name)).exists
    ]
    return ["-Wl,--start-group"] + _unique(found) + ["-Wl,--end-group", "-Wl,--as-needed"]

def _system_libraries_impl(repository_ctx):
    build = ["package(default_visibility = [\"//visibility:public\"])\n"]

    # Abseil has one package for each part. The linker keeps only what is used.
    abseil = _abseil_packages(repository_ctx)
    build.append(_library(
        "absl",
        [],
        ["-Wl,--as-needed"] + _pkg_config(repository_ctx, ["--libs"], abseil),
    ))

    # No pkg-config file says how to link reflection.
    build.append(_library(
        "grpc",
        [],
        ["-Wl,--as-needed", "-lgrpc++_reflection"] +
        _pkg_config(repository_ctx, ["--libs"], ["grpc++"]),
        [":absl", ":protobuf"],
    ))

    # Headers alone.
    build.append(_library("cli11", [], []))
    build.append(_library("dl", [], ["-ldl"]))
    build.append(_library("pthread", [], ["-pthread"]))
    for name, packages in sorted(_PACKAGES.items()):
        build.append(_library(
            name,
            _pkg_config(repository_ctx, ["--cflags"], packages),
            _pkg_config(repository_ctx, ["--libs"], packages),
            _DEPS.get(name, []),
        ))
    repository_ctx.file("BUILD.bazel", "".join(build))

    # As linkopts of a program they come before all those libraries, of which
    # the shared ones are then not needed: to load them takes longer than many a
    # command does.
    repository_ctx.file("archives.bzl", "GRPC_ARCHIVES = " + repr(
        _archives(repository_ctx, ["grpc++", "protobuf"] + abseil),
    ))

system_libraries = repository_rule(
    implementation = _system_libraries_impl,
    doc = "One cc_library for each of Debian's libraries that doppel uses.",
    environ = ["PKG_CONFIG_PATH"],
    local = True,
)
