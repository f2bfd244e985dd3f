"""C++ from .proto files, with Debian's protoc and gRPC plugin."""

load("@rules_cc//cc:defs.bzl", "cc_library")

# The well-known types (google/protobuf/*.proto) stand here.
_SYSTEM_PROTOS = "/usr/include"

def _under(root, proto):
    return proto[len(root) + 1:] if root else proto

def _stem(proto):
    if not proto.endswith(".proto"):
        fail("%s is not a .proto file" % proto)
    return proto[:-len(".proto")]

def doppel_proto_cc(
        name,
        protos,
        root,
        services = [],
        imports = [],
        deps = [],
        visibility = None):
    """Makes one cc_library of the C++ that protoc writes for the files.

    Args:
      name: the library. Its headers are included as the protos are imported:
        "doppel/v1/plan.proto" gives "doppel/v1/plan.pb.h".
      protos: the .proto files, relative to this package.
      root: the import root of the protos, from the root of the repository to
        this package; "" at the root of an outside repository. It must be the
        package's own path.
      services: those of `protos` that define a service. Each gives a
        "....grpc.pb.h" as well.
      imports: labels of filegroups of protos that `protos` import, other than
        the well-known types. Their import root is their repository's root.
      deps: the doppel_proto_cc libraries of `imports`.
      visibility: as everywhere in Bazel.
    """
    if root != native.package_name():
        fail("root is %s, but the package is %s" % (root, native.package_name()))
    headers = [_stem(proto) + ".pb.h" for proto in protos]
    sources = [_stem(proto) + ".pb.cc" for proto in protos]
    headers += [_stem(proto) + ".grpc.pb.h" for proto in services]
    sources += [_stem(proto) + ".grpc.pb.cc" for proto in services]

    # $(RULEDIR) is where the outputs go. The first proto's path, less its own
    # name under the package, is the import root.
    first = protos[0]
    include = "source='$(location %s)'; root=$${source%%'%s'}; root=$${root:-.}; " % (first, first)
    for label in imports:
        include += "for one in $(locations %s); do extra=\"-I$${one%%%%google/*}\"; done; " % label
    command = "protoc -I\"$$root\" $${extra:-} -I%s --cpp_out=$(RULEDIR) " % _SYSTEM_PROTOS
    commands = [command + "%s" % " ".join(protos)]
    if services:
        commands.append(
            command.replace("--cpp_out", "--grpc_out") +
            "--plugin=protoc-gen-grpc=/usr/bin/grpc_cpp_plugin " +
            " ".join(services),
        )
    native.genrule(
        name = name + "_generated",
        srcs = protos + imports,
        outs = headers + sources,
        cmd = include + " && ".join(commands),
        message = "Generating C++ from protos of",
        visibility = ["//visibility:private"],
    )
    cc_library(
        name = name,
        srcs = sources,
        hdrs = headers,
        # Not this project's code: its warnings are nobody's to fix here.
        copts = ["-w"],
        includes = ["."],
        visibility = visibility,
        deps = deps + ["@system//:grpc", "@system//:protobuf"],
    )
