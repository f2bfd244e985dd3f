// The service in one object: store, library, connections, executor, handlers
// and their gRPC faces. doppeld serves it on an address; the command line runs
// it inside its own process.
//
// Thread contract: Start, Drain and destruction from one thread; channels from
// any.
#ifndef DOPPEL_SERVICE_SERVER_HOST_H_
#define DOPPEL_SERVICE_SERVER_HOST_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "service/rpc/limits.h"

namespace doppel::server {

inline constexpr char kVersion[] = "0.1.0";

struct HostOptions {
  // Where all that is kept stands; made if it is not there.
  std::string store_dir;
  // Whether that has to outlive this process.
  bool durable_store = true;
  // Where profiles.yml is; "": where dbt looks.
  std::string profiles_dir;
  // Where warehouse drivers are; "": where tools/setup puts them.
  std::string driver_dir;
  // "": serves in this process alone. Else "host:port"; port 0 takes a free
  // one.
  std::string listen;
  // PEM files; both or none. None: plain text.
  std::string tls_certificate;
  std::string tls_key;
  bool reflection = true;
  rpc::Limits limits;
  // Memory of manifests that are kept although nobody uses them.
  size_t cache_bytes = size_t{512} << 20;
  // Threads that work for calls, and calls that may wait for one.
  int worker_threads = 8;
  size_t worker_queue = 256;
  // The largest request message, in bytes.
  int max_receive_bytes = 64 << 20;
  // Of all executions on one warehouse together.
  int max_warehouse_connections = 16;
  // Operations that are done in one transaction; 1: none are.
  int max_batch = 64;
  // Whether executions that an earlier process left go on by themselves.
  bool auto_resume = false;
};

class Host {
 public:
  // Errors: FAILED_PRECONDITION or UNAVAILABLE when the store, the certificate
  // or the address cannot be had.
  static absl::StatusOr<std::unique_ptr<Host>> Start(HostOptions options);

  // Drains at once if that was not done.
  ~Host();

  // The address that is served, with its port; "" without one.
  const std::string& address() const;

  // A channel to the service within this process.
  std::shared_ptr<grpc::Channel> InProcessChannel();

  // What an adopted manifest is known by. A digest takes a look at every byte;
  // a name is made up, so that nothing that lasts may hold it.
  enum class Adoption { kByDigest, kByName };

  // Reads a manifest file (or DIR/manifest.json) where it is, without storing
  // it: calls on this host know it from then on by what this returns, 64
  // hexadecimal digits. For the command line, whose questions about files need
  // not outlive it. Returns as soon as the file is open; calls wait for the
  // rest, and give the errors of its content.
  absl::StatusOr<std::string> AdoptManifest(const std::string& path,
                                            Adoption adoption);

  // Goes away cleanly: health says NOT_SERVING; after `delay`, in which load
  // balancers notice, new calls are refused; executions stop at the next
  // operation, their streams are told, calls under way have `grace` to end.
  void Drain(absl::Duration delay, absl::Duration grace);

 private:
  struct Parts;

  explicit Host(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace doppel::server

#endif  // DOPPEL_SERVICE_SERVER_HOST_H_
