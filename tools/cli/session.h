// What a command talks to: a server (--server) or the service within this very
// process, through the same stubs.
//
// Wherever a manifest is named, a file does as well. A server gets it uploaded;
// within the process it is read where it is, and stored only by commands that
// make something that lasts refer to it (KeepManifest).
//
// Thread contract: one thread at a time.
#ifndef DOPPEL_TOOLS_CLI_SESSION_H_
#define DOPPEL_TOOLS_CLI_SESSION_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "doppel/v1/capabilities_service.grpc.pb.h"
#include "doppel/v1/environment_service.grpc.pb.h"
#include "doppel/v1/execution_service.grpc.pb.h"
#include "doppel/v1/manifest_service.grpc.pb.h"
#include "doppel/v1/planning_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "service/server/host.h"
#include "tools/cli/console.h"

namespace doppel::cli {

// Flags that every command takes.
struct GlobalFlags {
  std::string server;
  std::string tls_ca;  // PEM file; "" with a server: plain text
  std::string store_dir;
  std::string profiles_dir;
  std::string driver_dir;
  std::string output = "text";  // or "json"
};

class Session {
 public:
  // Connects, or starts the service; with a store of its own, gone with it,
  // where the command keeps nothing. UNAVAILABLE when the server does not
  // answer or another process holds the store.
  static absl::StatusOr<std::unique_ptr<Session>> Open(const GlobalFlags& flags,
                                                       bool keeps_nothing,
                                                       Console* console);
  ~Session();

  // Ends the process with that exit code where the command kept nothing: the
  // system takes back at once what would take long to put away. Returns
  // otherwise.
  void ExitIfNothingIsKept(int code);

  v1::ManifestService::Stub& manifests() { return *manifests_; }
  v1::EnvironmentService::Stub& environments() { return *environments_; }
  v1::PlanningService::Stub& planning() { return *planning_; }
  v1::ExecutionService::Stub& executions() { return *executions_; }
  v1::CapabilitiesService::Stub& capabilities() { return *capabilities_; }

  // "manifests/{sha256}" for a name of that form or for a file; a file may get
  // a name of its own where the session keeps nothing. NOT_FOUND for text that
  // is neither; what is wrong within a file, the calls that name it say.
  absl::StatusOr<std::string> UseManifest(absl::string_view name_or_file);
  // The same, and the manifest is in the store when it returns.
  absl::StatusOr<std::string> KeepManifest(absl::string_view name_or_file);

 private:
  explicit Session(Console* console) : console_(console) {}

  void RemoveTemporaryStore();
  void MakeStubs(const std::shared_ptr<grpc::Channel>& channel);
  absl::StatusOr<std::string> Upload(const std::string& path);

  Console* const console_;
  std::unique_ptr<server::Host> host_;  // nullptr with --server
  std::string temporary_store_;         // "" where the store is to stay
  std::unique_ptr<v1::ManifestService::Stub> manifests_;
  std::unique_ptr<v1::EnvironmentService::Stub> environments_;
  std::unique_ptr<v1::PlanningService::Stub> planning_;
  std::unique_ptr<v1::ExecutionService::Stub> executions_;
  std::unique_ptr<v1::CapabilitiesService::Stub> capabilities_;
};

// The whole file. NOT_FOUND or PERMISSION_DENIED, naming it.
absl::StatusOr<std::string> ReadFile(const std::string& path);

}  // namespace doppel::cli

#endif  // DOPPEL_TOOLS_CLI_SESSION_H_
