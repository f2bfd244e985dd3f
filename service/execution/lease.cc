#include "service/execution/lease.h"

#include <unistd.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/error.h"
#include "service/base/failpoint.h"
#include "service/base/log.h"
#include "service/base/mutex.h"
#include "service/base/relation.h"
#include "service/base/status_macros.h"
#include "service/clone/plan.h"
#include "service/dialect/dialect.h"
#include "service/execution/changes.h"
#include "service/execution/retry.h"
#include "service/store/lease_error.h"
#include "service/store/store.h"

namespace doppel::execution {
namespace {

std::string ThisProcess() {
  char host[256] = {};
  if (gethostname(host, sizeof(host) - 1) != 0) host[0] = '\0';
  return absl::StrCat("process ", getpid(), " on ",
                      host[0] == '\0' ? "this machine" : host);
}

LeaseOptions WithHolder(LeaseOptions options) {
  if (options.holder.empty()) options.holder = ThisProcess();
  return options;
}

}  // namespace

// --- one lease ---

Lease::Lease(Leases* leases, int64_t token, absl::Time until)
    : leases_(*leases), token_(token), until_(absl::ToUnixNanos(until)) {}

Lease::~Lease() {
  leases_.Remove(this);
  if (is_forgotten_.load()) return;
  const absl::Status released = leases_.store_->ReleaseLease(token_);
  if (released.ok()) return;
  LogWarning("cannot give a lease back; it ends by itself",
             {{"cause", std::string(released.message())}});
}

bool Lease::holds() const {
  return absl::ToUnixNanos(leases_.options_.clock()) < until_.load();
}

void Lease::OnLoss(std::function<void()> on_loss) {
  MutexLock lock(leases_.mutex_);
  on_loss_ = std::move(on_loss);
}

// --- all of them ---

Leases::Leases(store::Store* store, LeaseOptions options)
    : store_(store),
      options_(WithHolder(std::move(options))),
      thread_([this](std::stop_token stop) { KeepRenewing(std::move(stop)); }) {
}

absl::StatusOr<std::unique_ptr<Lease>> Leases::Take(
    const std::vector<std::string>& names, absl::string_view execution) {
  const absl::Time now = options_.clock();
  DOPPEL_FAILPOINT("lease.acquire.before");
  DOPPEL_ASSIGN_OR_RETURN(
      const int64_t token,
      store_->AcquireLease(
          {names, std::string(execution), options_.holder, options_.lifetime}));
  DOPPEL_FAILPOINT("lease.acquire.after");
  auto lease = std::unique_ptr<Lease>(new Lease(this, token, EndOf(now)));
  MutexLock lock(mutex_);
  taken_.insert(lease.get());
  return lease;
}

absl::Time Leases::EndOf(absl::Time renewed) const {
  return renewed + options_.lifetime * 2 / 3;
}

void Leases::KeepRenewing(std::stop_token stop) {
  while (WaitFor(options_.lifetime / 3, stop)) Renew();
}

void Leases::Renew() {
  for (const int64_t token : Tokens()) {
    const absl::Time now = options_.clock();
    DOPPEL_FAILPOINT("lease.renew.before");
    const absl::Status renewed = store_->RenewLease(token, options_.lifetime);
    DOPPEL_FAILPOINT("lease.renew.after");
    if (renewed.ok()) {
      Extend(token, EndOf(now));
    } else if (GetReason(renewed) == Reason::kEnvironmentLeased) {
      Extend(token, absl::InfinitePast());
    } else {
      LogWarning("cannot renew a lease",
                 {{"cause", std::string(renewed.message())}});
    }
  }
  TellLosses();
}

std::vector<int64_t> Leases::Tokens() {
  MutexLock lock(mutex_);
  std::vector<int64_t> tokens;
  for (const Lease* lease : taken_) tokens.push_back(lease->token_);
  return tokens;
}

void Leases::Extend(int64_t token, absl::Time until) {
  MutexLock lock(mutex_);
  for (Lease* lease : taken_) {
    if (lease->token_ == token) lease->until_.store(absl::ToUnixNanos(until));
  }
}

void Leases::TellLosses() {
  MutexLock lock(mutex_);
  for (Lease* lease : taken_) {
    if (lease->holds() || !lease->on_loss_) continue;
    lease->on_loss_();
    lease->on_loss_ = nullptr;
  }
}

void Leases::Remove(Lease* lease) {
  MutexLock lock(mutex_);
  taken_.erase(lease);
}

// --- names ---

std::vector<std::string> LeaseNames(const clone::Plan& plan,
                                    const dialect::Dialect& dialect,
                                    absl::string_view default_database) {
  std::set<std::string> names;
  if (!plan.target_environment.empty()) {
    names.insert(absl::StrCat("environments/", plan.target_environment));
  }
  for (const clone::Operation& operation : plan.operations) {
    for (const clone::PlannedRelation* relation : ChangedBy(operation)) {
      RelationName schema = relation->name;
      schema.identifier.clear();
      if (schema.database.empty())
        schema.database = std::string(default_database);
      schema = dialect.CatalogKey(schema, {true, true, true});
      names.insert(absl::StrCat("schema ", schema.database, ".", schema.schema,
                                " of connection ", plan.connection));
    }
  }
  return {names.begin(), names.end()};
}

absl::Status CheckFree(store::Store* store,
                       const std::vector<std::string>& names) {
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<store::LeaseRecord> held,
                          store->FindLeases(names));
  return held.empty() ? absl::OkStatus() : store::LeasedError(held.front());
}

}  // namespace doppel::execution
