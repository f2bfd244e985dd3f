#include "service/server/host.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/health_check_service_interface.h"
#include "service/base/clock.h"
#include "service/base/digest.h"
#include "service/base/status_macros.h"
#include "service/execution/executor.h"
#include "service/rpc/capabilities_rpc.h"
#include "service/rpc/drain_signal.h"
#include "service/rpc/environment_rpc.h"
#include "service/rpc/execution_rpc.h"
#include "service/rpc/manifest_rpc.h"
#include "service/rpc/planning_rpc.h"
#include "service/rpc/services.h"
#include "service/rpc/worker_pool.h"
#include "service/server/credentials.h"
#include "service/server/files.h"
#include "service/store/manifest_library.h"
#include "service/store/sqlite/sqlite_store.h"
#include "service/warehouse/connections.h"

namespace doppel::server {
namespace {

// Each gRPC service by name, for the health service: a probe may ask for one.
constexpr const char* kServiceNames[] = {
    "",
    "doppel.v1.ManifestService",
    "doppel.v1.EnvironmentService",
    "doppel.v1.PlanningService",
    "doppel.v1.ExecutionService",
    "doppel.v1.CapabilitiesService",
};

}  // namespace

// In the order in which they are made; they go in the reverse.
struct Host::Parts {
  HostOptions options;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<store::ManifestLibrary> library;
  std::unique_ptr<warehouse::Connections> connections;
  std::unique_ptr<execution::Executor> executor;
  rpc::Services services;
  rpc::DrainSignal drain;
  std::unique_ptr<rpc::WorkerPool> pool;
  std::unique_ptr<rpc::ManifestHandlers> manifest_handlers;
  std::unique_ptr<rpc::EnvironmentHandlers> environment_handlers;
  std::unique_ptr<rpc::PlanningHandlers> planning_handlers;
  std::unique_ptr<rpc::ExecutionHandlers> execution_handlers;
  std::unique_ptr<rpc::CapabilitiesHandlers> capabilities_handlers;
  std::unique_ptr<rpc::ManifestRpc> manifest_rpc;
  std::unique_ptr<rpc::EnvironmentRpc> environment_rpc;
  std::unique_ptr<rpc::PlanningRpc> planning_rpc;
  std::unique_ptr<rpc::ExecutionRpc> execution_rpc;
  std::unique_ptr<rpc::CapabilitiesRpc> capabilities_rpc;
  std::unique_ptr<grpc::Server> server;
  std::string address;
  int adopted = 0;  // under names that were made up

  absl::Status OpenRooms();
  void MakeServices();
  absl::Status Serve();
  void SetHealth(bool serving);
};

absl::Status Host::Parts::OpenRooms() {
  store::SqliteStoreOptions store_options;
  store_options.directory = options.store_dir;
  store_options.durable = options.durable_store;
  DOPPEL_ASSIGN_OR_RETURN(store,
                          store::OpenSqliteStore(std::move(store_options)));
  store::ManifestLibraryOptions library_options;
  library_options.cache_bytes = options.cache_bytes;
  library_options.parse.max_bytes =
      static_cast<size_t>(options.limits.max_manifest_bytes);
  library_options.parse.max_nodes =
      static_cast<size_t>(options.limits.max_manifest_nodes);
  library =
      std::make_unique<store::ManifestLibrary>(store.get(), library_options);
  warehouse::ConnectionsOptions connection_options;
  connection_options.profiles_dir = options.profiles_dir;
  connection_options.driver_dir = options.driver_dir;
  connections =
      std::make_unique<warehouse::Connections>(std::move(connection_options));
  execution::ExecutorOptions executor_options;
  executor_options.max_connections = options.limits.max_connections;
  executor_options.max_warehouse_connections =
      options.max_warehouse_connections;
  executor_options.max_batch = options.max_batch;
  executor_options.auto_resume = options.auto_resume;
  DOPPEL_ASSIGN_OR_RETURN(executor, execution::Executor::Create(
                                        executor_options, store.get(),
                                        [this](absl::string_view connection) {
                                          return connections->Open(connection);
                                        }));
  return absl::OkStatus();
}

void Host::Parts::MakeServices() {
  services = rpc::Services{store.get(),    library.get(), connections.get(),
                           executor.get(), RealClock(),   options.limits,
                           kVersion};
  pool = std::make_unique<rpc::WorkerPool>(options.worker_threads,
                                           options.worker_queue);
  const rpc::CallEnvironment environment{pool.get(), &drain};
  manifest_handlers = std::make_unique<rpc::ManifestHandlers>(&services);
  environment_handlers = std::make_unique<rpc::EnvironmentHandlers>(&services);
  planning_handlers = std::make_unique<rpc::PlanningHandlers>(&services);
  execution_handlers = std::make_unique<rpc::ExecutionHandlers>(&services);
  capabilities_handlers =
      std::make_unique<rpc::CapabilitiesHandlers>(&services);
  manifest_rpc =
      std::make_unique<rpc::ManifestRpc>(environment, manifest_handlers.get());
  environment_rpc = std::make_unique<rpc::EnvironmentRpc>(
      environment, environment_handlers.get());
  planning_rpc =
      std::make_unique<rpc::PlanningRpc>(environment, planning_handlers.get());
  execution_rpc = std::make_unique<rpc::ExecutionRpc>(environment,
                                                      execution_handlers.get());
  capabilities_rpc = std::make_unique<rpc::CapabilitiesRpc>(
      environment, capabilities_handlers.get());
}

absl::Status Host::Parts::Serve() {
  grpc::EnableDefaultHealthCheckService(true);
  if (options.reflection && !options.listen.empty()) {
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  }
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(options.max_receive_bytes);
  builder.RegisterService(manifest_rpc.get());
  builder.RegisterService(environment_rpc.get());
  builder.RegisterService(planning_rpc.get());
  builder.RegisterService(execution_rpc.get());
  builder.RegisterService(capabilities_rpc.get());
  // A client may ping twice a minute without being taken for an attacker.
  builder.AddChannelArgument("grpc.http2.min_ping_interval_without_data_ms",
                             20'000);
  builder.AddChannelArgument("grpc.http2.max_ping_strikes", 0);
  // Two servers on one address would each get some of the calls.
  builder.AddChannelArgument("grpc.so_reuseport", 0);
  int port = 0;
  if (!options.listen.empty()) {
    DOPPEL_ASSIGN_OR_RETURN(
        std::shared_ptr<grpc::ServerCredentials> credentials,
        ServerCredentials(options.tls_certificate, options.tls_key));
    builder.AddListeningPort(options.listen, std::move(credentials), &port);
  }
  server = builder.BuildAndStart();
  if (server == nullptr || (!options.listen.empty() && port == 0)) {
    return absl::UnavailableError(absl::StrCat(
        "cannot serve on ", options.listen,
        ": is the address this machine's, and is no other server there?"));
  }
  if (!options.listen.empty()) {
    const size_t colon = options.listen.rfind(':');
    address = absl::StrCat(options.listen.substr(0, colon), ":", port);
  }
  SetHealth(true);
  return absl::OkStatus();
}

void Host::Parts::SetHealth(bool serving) {
  grpc::HealthCheckServiceInterface* const health =
      server->GetHealthCheckService();
  if (health == nullptr) return;
  for (const char* const name : kServiceNames) {
    health->SetServingStatus(name, serving);
  }
}

absl::StatusOr<std::unique_ptr<Host>> Host::Start(HostOptions options) {
  auto parts = std::make_unique<Parts>();
  parts->options = std::move(options);
  DOPPEL_RETURN_IF_ERROR(parts->OpenRooms());
  parts->MakeServices();
  DOPPEL_RETURN_IF_ERROR(parts->Serve());
  return std::unique_ptr<Host>(new Host(std::move(parts)));
}

Host::Host(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Host::~Host() {
  if (!parts_->drain.calls.stop_requested()) {
    Drain(absl::ZeroDuration(), absl::ZeroDuration());
  }
}

const std::string& Host::address() const { return parts_->address; }

std::shared_ptr<grpc::Channel> Host::InProcessChannel() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);  // it never leaves the process
  return parts_->server->InProcessChannel(arguments);
}

absl::StatusOr<std::string> Host::AdoptManifest(const std::string& path,
                                                Adoption adoption) {
  DOPPEL_ASSIGN_OR_RETURN(manifest::Text text, MapFile(path));
  const std::string name =
      adoption == Adoption::kByDigest
          ? Sha256Hex(text.view())
          : Sha256Hex(absl::StrCat("adopted ", parts_->adopted++));
  parts_->library->Adopt(name, std::move(text));
  return name;
}

void Host::Drain(absl::Duration delay, absl::Duration grace) {
  Parts& parts = *parts_;
  parts.SetHealth(false);
  if (delay > absl::ZeroDuration()) absl::SleepFor(delay);
  parts.drain.calls.request_stop();
  parts.executor->Drain(grace / 2);
  // Streams have told all that happened; the rest is for the next start.
  parts.drain.streams.request_stop();
  parts.server->Shutdown(
      absl::ToChronoTime(absl::Now() + grace / 2 + absl::Seconds(1)));
  parts.server->Wait();
}

}  // namespace doppel::server
