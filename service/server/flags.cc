#include "service/server/flags.h"

#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/usage.h"
#include "absl/flags/usage_config.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/server/host.h"

// --- where ---
ABSL_FLAG(std::string, listen, "127.0.0.1:7433",
          "address to serve on, host:port; port 0 takes a free one, which the "
          "log names");
ABSL_FLAG(std::string, store_dir, "",
          "folder for all that is kept; made if it is not there (default: "
          "$XDG_DATA_HOME/doppel, else ~/.local/share/doppel)");
ABSL_FLAG(std::string, profiles_dir, "",
          "folder of dbt's profiles.yml, whose targets are the connections "
          "(default: $DBT_PROFILES_DIR, the current folder, ~/.dbt)");
ABSL_FLAG(std::string, driver_dir, "",
          "folder of the warehouses' ADBC drivers (default: $DOPPEL_DRIVERS, "
          "then where tools/setup puts them)");

// --- who may talk to it ---
ABSL_FLAG(std::string, tls_certificate, "",
          "PEM file of the server's certificate chain; with --tls_key");
ABSL_FLAG(std::string, tls_key, "",
          "PEM file of the certificate's private key");
ABSL_FLAG(bool, insecure_plaintext, false,
          "serve without TLS on an address other than loopback, as behind a "
          "mesh's sidecar");
ABSL_FLAG(bool, reflection, true,
          "serve gRPC reflection, which tools such as grpcurl use");

// --- limits ---
ABSL_FLAG(int64_t, max_manifest_bytes, int64_t{1} << 30,
          "largest manifest that is read, in bytes; 4 GiB at most");
ABSL_FLAG(int64_t, max_manifest_nodes, 1'000'000,
          "most nodes of a manifest that is read");
ABSL_FLAG(int32_t, max_connections, 16,
          "most connections that one execution works with");
ABSL_FLAG(int32_t, max_warehouse_connections, 16,
          "most connections to one warehouse, of all executions together");
ABSL_FLAG(int32_t, max_batch, 64,
          "most small operations (new views and schemas) that are done in one "
          "transaction, where the warehouse has transactions for them; 1: none "
          "are");
ABSL_FLAG(
    int32_t, max_receive_bytes, 64 << 20,
    "largest request message, in bytes (run_results.json travels in one)");
ABSL_FLAG(int64_t, cache_bytes, int64_t{512} << 20,
          "memory of lately used manifests, in bytes");
ABSL_FLAG(int32_t, worker_threads, 8, "threads that work for calls");
ABSL_FLAG(int32_t, worker_queue, 256,
          "calls that wait for a thread before more are refused");

// --- coming and going ---
ABSL_FLAG(bool, auto_resume, false,
          "go on with executions that an earlier process left, without "
          "waiting for ResumeExecution");
ABSL_FLAG(absl::Duration, drain_delay, absl::Seconds(0),
          "after SIGTERM, how long calls are still let in while health says "
          "NOT_SERVING; as long as your load balancer needs to notice");
ABSL_FLAG(absl::Duration, drain_grace, absl::Seconds(10),
          "after that, how long calls under way may take to end");

namespace doppel::server {
namespace {

constexpr char kUsage[] =
    "The doppel service: answers which dbt models must be built, which can be\n"
    "borrowed from another environment and which should be copied, and does\n"
    "the copying.\n\n"
    "  doppeld --profiles_dir=$HOME/.dbt --store_dir=/var/lib/doppel\n\n"
    "SIGTERM and SIGINT end it cleanly; a second one at once.";

absl::StatusOr<std::string> StoreDir() {
  const std::string given = absl::GetFlag(FLAGS_store_dir);
  if (!given.empty()) return given;
  const char* const data = std::getenv("XDG_DATA_HOME");
  if (data != nullptr && *data != '\0') return absl::StrCat(data, "/doppel");
  const char* const home = std::getenv("HOME");
  if (home != nullptr && *home != '\0') {
    return absl::StrCat(home, "/.local/share/doppel");
  }
  return absl::InvalidArgumentError(
      "--store_dir: neither it nor $XDG_DATA_HOME nor $HOME is set; say where "
      "to keep manifests and plans");
}

bool IsLoopback(absl::string_view listen) {
  return absl::StartsWith(listen, "127.") ||
         absl::StartsWith(listen, "localhost:") ||
         absl::StartsWith(listen, "[::1]:") ||
         absl::StartsWith(listen, "unix:");
}

absl::Status CheckTransport(const HostOptions& options) {
  if (options.tls_certificate.empty() != options.tls_key.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--tls_certificate and --tls_key go together; ",
        options.tls_key.empty() ? "--tls_key" : "--tls_certificate",
        " is missing"));
  }
  if (options.tls_key.empty() && !IsLoopback(options.listen) &&
      !absl::GetFlag(FLAGS_insecure_plaintext)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--listen=", options.listen,
        " is not loopback and there is no TLS; "
        "give --tls_certificate and --tls_key, or --insecure_plaintext if "
        "something in front of it encrypts"));
  }
  return absl::OkStatus();
}

template <typename T>
absl::Status CheckRange(absl::string_view flag, T value, T least, T most) {
  if (value >= least && value <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "--", flag, "=", value, ": must be from ", least, " to ", most));
}

absl::Status CheckLimits() {
  for (const absl::Status& status : {
           CheckRange<int64_t>("max_manifest_bytes",
                               absl::GetFlag(FLAGS_max_manifest_bytes), 1,
                               int64_t{4} << 30),
           CheckRange<int64_t>("max_manifest_nodes",
                               absl::GetFlag(FLAGS_max_manifest_nodes), 1,
                               100'000'000),
           CheckRange<int32_t>("max_connections",
                               absl::GetFlag(FLAGS_max_connections), 1, 256),
           CheckRange<int32_t>("max_warehouse_connections",
                               absl::GetFlag(FLAGS_max_warehouse_connections),
                               1, 1024),
           CheckRange<int32_t>("max_batch", absl::GetFlag(FLAGS_max_batch), 1,
                               1024),
           CheckRange<int32_t>("max_receive_bytes",
                               absl::GetFlag(FLAGS_max_receive_bytes), 4 << 20,
                               1 << 30),
           CheckRange<int64_t>("cache_bytes", absl::GetFlag(FLAGS_cache_bytes),
                               0, int64_t{1} << 40),
           CheckRange<int32_t>("worker_threads",
                               absl::GetFlag(FLAGS_worker_threads), 1, 1024),
           CheckRange<int32_t>("worker_queue",
                               absl::GetFlag(FLAGS_worker_queue), 1, 1 << 20),
       }) {
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

void SetUpFlags() {
  absl::SetProgramUsageMessage(kUsage);
  absl::FlagsUsageConfig config;
  const auto ours = [](absl::string_view file) {
    return file == "doppeld";  // as normalize_filename below has it
  };
  config.contains_helpshort_flags = ours;
  config.contains_help_flags = ours;
  config.contains_helppackage_flags = ours;
  config.version_string = [] {
    return absl::StrCat("doppeld ", kVersion, "\n");
  };
  config.normalize_filename = [](absl::string_view) {
    return std::string("doppeld");
  };
  absl::SetFlagsUsageConfig(config);
}

absl::StatusOr<HostOptions> OptionsFromFlags() {
  if (absl::Status limits = CheckLimits(); !limits.ok()) return limits;
  HostOptions options;
  options.listen = absl::GetFlag(FLAGS_listen);
  options.tls_certificate = absl::GetFlag(FLAGS_tls_certificate);
  options.tls_key = absl::GetFlag(FLAGS_tls_key);
  if (absl::Status status = CheckTransport(options); !status.ok())
    return status;
  absl::StatusOr<std::string> store_dir = StoreDir();
  if (!store_dir.ok()) return store_dir.status();
  options.store_dir = *std::move(store_dir);
  options.profiles_dir = absl::GetFlag(FLAGS_profiles_dir);
  options.driver_dir = absl::GetFlag(FLAGS_driver_dir);
  options.reflection = absl::GetFlag(FLAGS_reflection);
  options.limits.max_manifest_bytes = absl::GetFlag(FLAGS_max_manifest_bytes);
  options.limits.max_manifest_nodes = absl::GetFlag(FLAGS_max_manifest_nodes);
  options.limits.max_connections = absl::GetFlag(FLAGS_max_connections);
  options.max_warehouse_connections =
      absl::GetFlag(FLAGS_max_warehouse_connections);
  options.max_batch = absl::GetFlag(FLAGS_max_batch);
  options.max_receive_bytes = absl::GetFlag(FLAGS_max_receive_bytes);
  options.cache_bytes = static_cast<size_t>(absl::GetFlag(FLAGS_cache_bytes));
  options.worker_threads = absl::GetFlag(FLAGS_worker_threads);
  options.worker_queue = static_cast<size_t>(absl::GetFlag(FLAGS_worker_queue));
  options.auto_resume = absl::GetFlag(FLAGS_auto_resume);
  return options;
}

absl::Duration DrainDelay() { return absl::GetFlag(FLAGS_drain_delay); }
absl::Duration DrainGrace() { return absl::GetFlag(FLAGS_drain_grace); }

}  // namespace doppel::server
