// The DuckDB databases that this process has open, each once.
//
// A DuckDB file belongs to one process at a time, and within a process to one
// instance: the lock on the file does not hold against the process that has
// it, and two instances destroy the file. So all connections of the program
// share this registry, and an instance claims its file and the files that it
// attaches. When nobody uses an instance any more it is closed at once, for
// dbt, which runs in another process between doppel's steps, must be able to
// open the file. (Nothing else here may open and close the file: closing any
// descriptor gives up the process's lock on it.)
//
// Thread contract: thread-safe; a Lease is thread-compatible.
#ifndef DOPPEL_SERVICE_WAREHOUSE_DUCKDB_INSTANCES_H_
#define DOPPEL_SERVICE_WAREHOUSE_DUCKDB_INSTANCES_H_

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/base/mutex.h"
#include "service/warehouse/adbc/database.h"
#include "service/warehouse/adbc/driver.h"

namespace doppel::warehouse::duckdb {

// What one instance is opened with. Equal keys mean the same instance, which
// can only be shared between equal specs.
struct InstanceSpec {
  struct File {
    std::string path;
    bool is_read_only = false;

    friend bool operator==(const File&, const File&) = default;
  };

  std::string key;  // the file's path; anything of its own for one in memory
  std::vector<File> files;          // that it has open
  adbc::Database::Options options;  // of the database, with its path
  std::vector<std::string> setup;   // statements, once it is open
  absl::Duration lock_wait = absl::Seconds(5);

  bool IsShareableWith(const InstanceSpec& other) const {
    return key == other.key && files == other.files &&
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

    adbc::Database* database() const { return database_; }

   private:
    friend class Instances;
    Lease(Instances* instances, std::string key, adbc::Database* database);

    Instances* instances_;  // null: moved from
    std::string key_;
    adbc::Database* database_;
  };

  // The open instance, or a new one. Waits up to `lock_wait` for whoever has
  // its files open. UNAVAILABLE WAREHOUSE_BUSY after that; and the errors of
  // MapOpenError.
  absl::StatusOr<Lease> Acquire(const adbc::Driver* driver,
                                const InstanceSpec& spec);

 private:
  using Deadline = std::chrono::steady_clock::time_point;

  struct Instance {
    InstanceSpec spec;
    int users = 0;
    std::unique_ptr<adbc::Database> database;  // null: opening or closing
  };
  struct Claim {
    std::set<std::string> keys;
    bool is_read_only = false;
  };

  // Waits until the instance can be shared, or nothing is in the way of a new
  // one; then null, and its place is taken.
  absl::StatusOr<adbc::Database*> ShareOrReserve(const InstanceSpec& spec,
                                                 Deadline deadline);
  // The path that another instance has; "" for none.
  std::string TakenFile(const InstanceSpec& spec) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Forget(const std::string& key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Release(const std::string& key);

  Mutex mutex_;
  CondVar changed_;
  std::map<std::string, Instance> instances_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Claim> claims_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace doppel::warehouse::duckdb

#endif  // DOPPEL_SERVICE_WAREHOUSE_DUCKDB_INSTANCES_H_
