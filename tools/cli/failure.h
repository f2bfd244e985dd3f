// How a command fails: an absl::Status that prints well.
//
// A gRPC error keeps its google.rpc details, so that the reason, the place in
// the input and what to do reach the person, or the program with --output json.
//
// Thread contract: pure functions.
#ifndef DOPPEL_TOOLS_CLI_FAILURE_H_
#define DOPPEL_TOOLS_CLI_FAILURE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace doppel::cli {

// Exit codes of `doppel`.
enum ExitCode {
  kExitOk = 0,
  kExitFailed = 1,    // the call failed, or the execution did
  kExitUsage = 2,     // the command line is wrong
  kExitAborted = 130  // stopped with Ctrl-C
};

absl::Status FromGrpc(const grpc::Status& status);

// A mistake in the command line: exits with kExitUsage.
absl::Status UsageError(absl::string_view message);

// The error as google.rpc.Status, with the details that came from the server.
google::rpc::Status ToRpc(const absl::Status& status);

// Whether the server gave that reason, such as "PLAN_EMPTY".
bool HasReason(const absl::Status& status, absl::string_view reason);

// For people: "error: ..." and a line for each detail that says more.
std::string DescribeFailure(const absl::Status& status);

ExitCode ExitCodeOf(const absl::Status& status);

}  // namespace doppel::cli

#endif  // DOPPEL_TOOLS_CLI_FAILURE_H_
