#include "service/execution/worker.h"

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/base/error.h"
#include "service/base/identifier.h"
#include "service/base/relation.h"
#include "service/base/status_macros.h"
#include "service/clone/plan.h"
#include "service/execution/guard.h"
#include "service/execution/lease.h"
#include "service/execution/preconditions.h"
#include "service/execution/recover.h"
#include "service/execution/retry.h"
#include "service/execution/statements.h"
#include "service/execution/world.h"
#include "service/warehouse/warehouse.h"

namespace doppel::execution {
namespace {

absl::Status UnclearError() {
  return Error(absl::StatusCode::kFailedPrecondition,
               Reason::kWarehouseStatementFailed,
               "the connection broke while it ran, and its target is neither "
               "as before nor as it should be; look at it and plan again");
}

}  // namespace

Worker::Worker(warehouse::Warehouse* warehouse, const clone::Plan* plan,
               const RetryOptions* retry, Guard* guard, const Lease* lease,
               NoteSession note_session, std::stop_token stop)
    : warehouse_(*warehouse),
      plan_(*plan),
      retry_(*retry),
      guard_(*guard),
      lease_(*lease),
      note_session_(std::move(note_session)),
      stop_(std::move(stop)),
      name_(NewUuid()) {}

void Worker::Disconnect() {
  if (session_ == nullptr) return;
  session_.reset();
  name_ = NewUuid();
}

Outcome Worker::Do(const clone::Operation& operation, SentBefore before) {
  in_doubt_ = before == SentBefore::kInDoubt;
  bool was_sent = before != SentBefore::kNothing;
  for (int attempts = 1;; ++attempts) {
    if (IsStopped()) return {absl::CancelledError("stopped"), true, attempts};
    absl::Status status = Attempt(operation);
    if (status.ok()) return {std::move(status), false, attempts};
    if (IsStopped()) return {std::move(status), true, attempts};
    if (IsTransient(status) && attempts < retry_.max_attempts) {
      was_sent = was_sent || in_doubt_;
      Pause(PauseAfter(attempts, retry_), retry_, stop_);
      continue;
    }
    if (was_sent && CameLate(operation)) {
      return {absl::OkStatus(), false, attempts};
    }
    if (in_doubt_) {
      status = Annotate(status, "whether it took effect is not known");
    }
    return {std::move(status), false, attempts};
  }
}

// Where something is replaced, nobody can tell the late effect from what
// somebody else did.
bool Worker::CameLate(const clone::Operation& operation) {
  if (operation.replaces.has_value()) return false;
  const absl::StatusOr<Effect> effect =
      LookUpEffect(&warehouse_, plan_, operation, stop_);
  return effect.ok() && *effect == Effect::kDone;
}

bool Worker::IsStopped() const {
  return stop_.stop_requested() || !lease_.holds();
}

absl::Status Worker::Attempt(const clone::Operation& operation) {
  const clone::Operation* const alone[] = {&operation};
  if (!in_doubt_) return Send(alone, operation.statements, SendStatements);
  if (!lost_.empty()) {
    DOPPEL_RETURN_IF_ERROR(warehouse_.EndSession(lost_, stop_));
    lost_.clear();
  }
  DOPPEL_ASSIGN_OR_RETURN(const Effect effect,
                          LookUpEffect(&warehouse_, plan_, operation, stop_));
  in_doubt_ = false;
  if (effect == Effect::kDone) return absl::OkStatus();
  if (effect == Effect::kUnclear) return UnclearError();
  return Send(alone, operation.statements, SendStatements);
}

std::optional<SentBefore> Worker::DoTogether(
    std::span<const clone::Operation* const> batch) {
  std::vector<std::string> statements = warehouse_.dialect().BeginTransaction();
  for (const clone::Operation* operation : batch) {
    statements.insert(statements.end(), operation->statements.begin(),
                      operation->statements.end());
  }
  statements.emplace_back("commit");
  in_doubt_ = false;
  if (IsStopped()) return SentBefore::kNothing;
  if (Send(batch, statements, SendTransaction).ok()) return std::nullopt;
  return in_doubt_ ? SentBefore::kInDoubt : SentBefore::kNothing;
}

absl::Status Worker::Send(std::span<const clone::Operation* const> operations,
                          std::span<const std::string> statements,
                          decltype(SendStatements) send) {
  DOPPEL_RETURN_IF_ERROR(Connect(operations));
  for (const clone::Operation* operation : operations) {
    DOPPEL_RETURN_IF_ERROR(guard_.Check(*operation, stop_));
  }
  if (!lease_.holds()) return absl::CancelledError("the lease is lost");
  bool is_usable = true;
  absl::Status sent = send(session_.get(), statements, stop_, &is_usable);
  in_doubt_ = GetReason(sent) == Reason::kWarehouseUnreachable;
  if (in_doubt_) lost_ = name_;
  if (!is_usable) Disconnect();
  return sent;
}

// Whoever comes after a crash must find what was sent on it.
absl::Status Worker::Connect(
    std::span<const clone::Operation* const> operations) {
  if (noted_ != name_) {
    DOPPEL_RETURN_IF_ERROR(note_session_(operations, name_));
    noted_ = name_;
  }
  if (session_ != nullptr) return absl::OkStatus();
  DOPPEL_ASSIGN_OR_RETURN(session_, warehouse_.ConnectAs(name_));
  return absl::OkStatus();
}

absl::StatusOr<Effect> LookUpEffect(warehouse::Warehouse* warehouse,
                                    const clone::Plan& plan,
                                    const clone::Operation& operation,
                                    std::stop_token stop) {
  std::vector<SchemaName> schemas;
  if (operation.target.has_value()) {
    schemas.push_back(operation.target->name.schema_name());
  }
  if (operation.source.has_value()) {
    schemas.push_back(operation.source->name.schema_name());
  }
  if (!operation.placements.empty()) schemas = SchemasOf(plan);
  DOPPEL_ASSIGN_OR_RETURN(
      const World world,
      World::Read(warehouse, schemas, std::move(stop), WishesOf(operation)));
  return EffectOf(plan, operation, world);
}

}  // namespace doppel::execution
