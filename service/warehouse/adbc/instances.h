// The databases that run inside this process, each open once.
//
// A DuckDB file belongs to one process at a time, and within a process to one
// instance: the lock on the file does not hold against the process that has
// it, and two instances destroy the file. chDB opens a single folder at a time.
// So all connections of the program share this registry, and an instance claims
// what nobody else may have. When nobody uses an instance any more it is closed
// at once, for dbt, which runs in another process between doppel's steps, must
// be able to open the same files. (Nothing else here may open and close a
// DuckDB file: closing any descriptor gives up the process's lock on it.)
//
// Thread contract: thread-safe; a Lease is thread-compatible.
#ifndef DOPPEL_SERVICE_WAREHOUSE_ADBC_INSTANCES_H_
#define DOPPEL_SERVICE_WAREHOUSE_ADBC_INSTANCES_H_

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/mutex.h"
#include "service/warehouse/adbc/connection.h"
#include "service/warehouse/adbc/database.h"
#include "service/warehouse/adbc/driver.h"

namespace doppel::warehouse::adbc {

// What one instance is opened with. Equal keys mean the same instance, which
// can only be shared between equal specs.
struct InstanceSpec {
  struct Claim {
    std::string what;        // a path, or the engine
    bool is_shared = false;  // with claims that are shared, too

    friend bool operator==(const Claim&, const Claim&) = default;
  };

  // Its file's or folder's path; anything of its own for one in memory.
  std::string key;
  std::vector<Claim> claims;
  Database::Options options;       // of the database, with its path
  std::vector<std::string> setup;  // statements, once it is open
  absl::Duration lock_wait = absl::Seconds(5);
  // The error of opening what is at `path`, from that of a call.
  // UNAVAILABLE WAREHOUSE_BUSY: another process has it.
  absl::Status (*map_open_error)(const absl::Status& status,
                                 absl::string_view path) = nullptr;

  bool IsShareableWith(const InstanceSpec& other) const {
    return key == other.key && claims == other.claims &&
           options == other.options && setup == other.setup;
  }
};

class Instances {
 public:
  // The program's own registry.
  static Instances& Get();

  // Keeps an instance open.
  class Lease {
   public:
    Lease(Lease&& other) noexcept;
    Lease& operator=(Lease&&) = delete;
    ~Lease();

    Database* database() const { return database_; }

   private:
    friend class Instances;
    Lease(Instances* instances, std::string key, Database* database);

    Instances* instances_;  // null: moved from
    std::string key_;
    Database* database_;
  };

  // The open instance, or a new one. Waits up to `lock_wait` for whoever has
  // what it claims. UNAVAILABLE WAREHOUSE_BUSY after that; and the errors of
  // `map_open_error`.
  absl::StatusOr<Lease> Acquire(const Driver* driver, const InstanceSpec& spec);

 private:
  using Deadline = std::chrono::steady_clock::time_point;

  // A database, and the connection that keeps it open: some engines are open
  // only while there is one.
  struct Opened {
    std::unique_ptr<Database> database;
    std::unique_ptr<Connection> connection;  // goes first
  };
  struct Instance {
    InstanceSpec spec;
    int users = 0;
    Opened opened;  // null: opening or closing
  };
  struct Claimed {
    std::set<std::string> keys;
    bool is_shared = false;
  };

  static absl::StatusOr<Opened> TryOpen(const Driver* driver,
                                        const InstanceSpec& spec);
  // At least once, and again while another process has it.
  static absl::StatusOr<Opened> OpenUntil(const Driver* driver,
                                          const InstanceSpec& spec,
                                          Deadline deadline);

  // Waits until the instance can be shared, or nothing is in the way of a new
  // one; then null, and its place is taken.
  absl::StatusOr<Database*> ShareOrReserve(const InstanceSpec& spec,
                                           Deadline deadline);
  // The claim that another instance has; "" for none.
  std::string Taken(const InstanceSpec& spec) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Forget(const std::string& key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Release(const std::string& key);

  Mutex mutex_;
  CondVar changed_;
  std::map<std::string, Instance> instances_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Claimed> claims_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace doppel::warehouse::adbc

#endif  // DOPPEL_SERVICE_WAREHOUSE_ADBC_INSTANCES_H_
