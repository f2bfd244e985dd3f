#include "service/warehouse/duckdb/instances.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/warehouse/adbc/connection.h"
#include "service/warehouse/duckdb/errors.h"

namespace doppel::warehouse::duckdb {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

Error Taken(const std::string& path) {
  return Error(absl::StatusCode::kUnavailable, Reason::kWarehouseBusy,
               absl::StrCat(path,
                            " is in use by another connection of this server, "
                            "with other settings; wait until that has ended"))
      .With("path", path);
}

absl::StatusOr<std::unique_ptr<adbc::Database>> TryOpen(
    const adbc::Driver* driver, const InstanceSpec& spec) {
  auto database = adbc::Database::Open(driver, spec.options);
  if (!database.ok()) return MapOpenError(database.status(), spec.key);
  if (spec.setup.empty()) return database;
  DOPPEL_ASSIGN_OR_RETURN(const auto connection,
                          adbc::Connection::Open(database->get()));
  for (const std::string& statement : spec.setup) {
    DOPPEL_RETURN_IF_ERROR(
        MapOpenError(connection->Execute(statement, {}), spec.key));
  }
  return database;
}

// At least once, and again while another process has the file.
absl::StatusOr<std::unique_ptr<adbc::Database>> OpenUntil(
    const adbc::Driver* driver, const InstanceSpec& spec,
    Clock::time_point deadline) {
  constexpr Milliseconds kLongestPause(200);
  Milliseconds pause(10);
  while (true) {
    auto database = TryOpen(driver, spec);
    if (database.ok() ||
        GetReason(database.status()) != Reason::kWarehouseBusy ||
        Clock::now() + pause > deadline) {
      return database;
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, kLongestPause);
  }
}

}  // namespace

Instances& Instances::Get() {
  static auto* const instances = new Instances();
  return *instances;
}

Instances::Lease::Lease(Instances* instances, std::string key,
                        adbc::Database* database)
    : instances_(instances), key_(std::move(key)), database_(database) {}

Instances::Lease::Lease(Lease&& other) noexcept
    : instances_(std::exchange(other.instances_, nullptr)),
      key_(std::move(other.key_)),
      database_(other.database_) {}

Instances::Lease::~Lease() {
  if (instances_ != nullptr) instances_->Release(key_);
}

absl::StatusOr<Instances::Lease> Instances::Acquire(const adbc::Driver* driver,
                                                    const InstanceSpec& spec) {
  const Deadline deadline =
      Clock::now() + absl::ToChronoMilliseconds(spec.lock_wait);
  DOPPEL_ASSIGN_OR_RETURN(adbc::Database * shared,
                          ShareOrReserve(spec, deadline));
  if (shared != nullptr) return Lease(this, spec.key, shared);
  auto opened = OpenUntil(driver, spec, deadline);
  MutexLock lock(mutex_);
  if (!opened.ok()) {
    Forget(spec.key);
  } else {
    shared = opened->get();
    instances_[spec.key].database = *std::move(opened);
  }
  changed_.notify_all();
  if (shared == nullptr) return opened.status();
  return Lease(this, spec.key, shared);
}

absl::StatusOr<adbc::Database*> Instances::ShareOrReserve(
    const InstanceSpec& spec, Deadline deadline) {
  std::unique_lock<Mutex> lock(mutex_);
  while (true) {
    std::string taken;
    const auto found = instances_.find(spec.key);
    if (found == instances_.end()) {
      taken = TakenFile(spec);
      if (taken.empty()) break;
    } else if (found->second.database == nullptr) {
      // Whoever opens or closes it now comes to an end.
      changed_.wait(lock);
      continue;
    } else if (found->second.spec.IsShareableWith(spec)) {
      ++found->second.users;
      return found->second.database.get();
    } else {
      taken = spec.key;
    }
    if (Clock::now() >= deadline) return Taken(taken);
    changed_.wait_until(lock, deadline);
  }
  instances_[spec.key] = {spec, 1, nullptr};
  for (const InstanceSpec::File& file : spec.files) {
    Claim& claim = claims_[file.path];
    claim.is_read_only = file.is_read_only;
    claim.keys.insert(spec.key);
  }
  return nullptr;
}

std::string Instances::TakenFile(const InstanceSpec& spec) const {
  for (const InstanceSpec::File& file : spec.files) {
    const auto found = claims_.find(file.path);
    if (found == claims_.end()) continue;
    if (!file.is_read_only || !found->second.is_read_only) return file.path;
  }
  return "";
}

void Instances::Forget(const std::string& key) {
  for (const InstanceSpec::File& file : instances_[key].spec.files) {
    const auto found = claims_.find(file.path);
    if (found == claims_.end()) continue;
    found->second.keys.erase(key);
    if (found->second.keys.empty()) claims_.erase(found);
  }
  instances_.erase(key);
}

void Instances::Release(const std::string& key) {
  std::unique_ptr<adbc::Database> unused;
  {
    MutexLock lock(mutex_);
    Instance& instance = instances_[key];
    if (--instance.users > 0) return;
    unused = std::move(instance.database);
  }
  // Writes what is in the log into the file: not under the lock.
  unused.reset();
  MutexLock lock(mutex_);
  Forget(key);
  changed_.notify_all();
}

}  // namespace doppel::warehouse::duckdb
