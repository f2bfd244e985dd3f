#include "service/warehouse/adbc/instances.h"

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

namespace doppel::warehouse::adbc {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

Error InUse(const std::string& what) {
  return Error(absl::StatusCode::kUnavailable, Reason::kWarehouseBusy,
               absl::StrCat(what,
                            " is in use by another connection of this server, "
                            "with other settings; wait until that has ended"))
      .With("in_use", what);
}

}  // namespace

Instances& Instances::Get() {
  static auto* const instances = new Instances();
  return *instances;
}

Instances::Lease::Lease(Instances* instances, std::string key,
                        Database* database)
    : instances_(instances), key_(std::move(key)), database_(database) {}

Instances::Lease::Lease(Lease&& other) noexcept
    : instances_(std::exchange(other.instances_, nullptr)),
      key_(std::move(other.key_)),
      database_(other.database_) {}

Instances::Lease::~Lease() {
  if (instances_ != nullptr) instances_->Release(key_);
}

absl::StatusOr<Instances::Opened> Instances::TryOpen(const Driver* driver,
                                                     const InstanceSpec& spec) {
  const auto mapped = [&](const absl::Status& status) {
    return spec.map_open_error(status, spec.key);
  };
  auto database = Database::Open(driver, spec.options);
  if (!database.ok()) return mapped(database.status());
  auto connection = Connection::Open(database->get());
  if (!connection.ok()) return mapped(connection.status());
  for (const std::string& statement : spec.setup) {
    DOPPEL_RETURN_IF_ERROR(mapped((*connection)->Execute(statement, {})));
  }
  return Opened{*std::move(database), *std::move(connection)};
}

absl::StatusOr<Instances::Opened> Instances::OpenUntil(const Driver* driver,
                                                       const InstanceSpec& spec,
                                                       Deadline deadline) {
  constexpr Milliseconds kLongestPause(200);
  Milliseconds pause(10);
  while (true) {
    auto opened = TryOpen(driver, spec);
    if (opened.ok() || GetReason(opened.status()) != Reason::kWarehouseBusy ||
        Clock::now() + pause > deadline) {
      return opened;
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, kLongestPause);
  }
}

absl::StatusOr<Instances::Lease> Instances::Acquire(const Driver* driver,
                                                    const InstanceSpec& spec) {
  const Deadline deadline =
      Clock::now() + absl::ToChronoMilliseconds(spec.lock_wait);
  DOPPEL_ASSIGN_OR_RETURN(Database * shared, ShareOrReserve(spec, deadline));
  if (shared != nullptr) return Lease(this, spec.key, shared);
  auto opened = OpenUntil(driver, spec, deadline);
  MutexLock lock(mutex_);
  if (!opened.ok()) {
    Forget(spec.key);
  } else {
    shared = opened->database.get();
    instances_[spec.key].opened = *std::move(opened);
  }
  changed_.notify_all();
  if (shared == nullptr) return opened.status();
  return Lease(this, spec.key, shared);
}

absl::StatusOr<Database*> Instances::ShareOrReserve(const InstanceSpec& spec,
                                                    Deadline deadline) {
  std::unique_lock<Mutex> lock(mutex_);
  while (true) {
    std::string taken;
    const auto found = instances_.find(spec.key);
    if (found == instances_.end()) {
      taken = Taken(spec);
      if (taken.empty()) break;
    } else if (found->second.opened.database == nullptr) {
      // Whoever opens or closes it now comes to an end.
      changed_.wait(lock);
      continue;
    } else if (found->second.spec.IsShareableWith(spec)) {
      ++found->second.users;
      return found->second.opened.database.get();
    } else {
      taken = spec.key;
    }
    if (Clock::now() >= deadline) return InUse(taken);
    changed_.wait_until(lock, deadline);
  }
  instances_[spec.key] = {spec, 1, {}};
  for (const InstanceSpec::Claim& claim : spec.claims) {
    Claimed& claimed = claims_[claim.what];
    claimed.is_shared = claim.is_shared;
    claimed.keys.insert(spec.key);
  }
  return nullptr;
}

std::string Instances::Taken(const InstanceSpec& spec) const {
  for (const InstanceSpec::Claim& claim : spec.claims) {
    const auto found = claims_.find(claim.what);
    if (found == claims_.end()) continue;
    if (!claim.is_shared || !found->second.is_shared) return claim.what;
  }
  return "";
}

void Instances::Forget(const std::string& key) {
  for (const InstanceSpec::Claim& claim : instances_[key].spec.claims) {
    const auto found = claims_.find(claim.what);
    if (found == claims_.end()) continue;
    found->second.keys.erase(key);
    if (found->second.keys.empty()) claims_.erase(found);
  }
  instances_.erase(key);
}

void Instances::Release(const std::string& key) {
  Opened unused;
  {
    MutexLock lock(mutex_);
    Instance& instance = instances_[key];
    if (--instance.users > 0) return;
    unused = std::move(instance.opened);
  }
  // Writes what is in the log into the file: not under the lock.
  unused.connection.reset();
  unused.database.reset();
  MutexLock lock(mutex_);
  Forget(key);
  changed_.notify_all();
}

}  // namespace doppel::warehouse::adbc
