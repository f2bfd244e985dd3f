#include "service/execution/worker.h"

#include <memory>
#include <stop_token>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/base/error.h"
#include "service/base/relation.h"
#include "service/base/status_macros.h"
#include "service/clone/plan.h"
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
               const RetryOptions* retry, std::stop_token stop)
    : warehouse_(*warehouse),
      plan_(*plan),
      retry_(*retry),
      stop_(std::move(stop)) {}

Outcome Worker::Do(const clone::Operation& operation) {
  in_doubt_ = false;
  for (int attempts = 1;; ++attempts) {
    if (stop_.stop_requested()) {
      return {absl::CancelledError("cancelled"), true, attempts};
    }
    absl::Status status = Attempt(operation);
    if (status.ok()) return {std::move(status), false, attempts};
    if (stop_.stop_requested()) return {std::move(status), true, attempts};
    if (IsTransient(status) && attempts < retry_.max_attempts) {
      Pause(PauseAfter(attempts, retry_), retry_, stop_);
      continue;
    }
    if (in_doubt_) {
      status = Annotate(status, "whether it took effect is not known");
    }
    return {std::move(status), false, attempts};
  }
}

absl::Status Worker::Attempt(const clone::Operation& operation) {
  if (!in_doubt_) return Send(operation);
  DOPPEL_ASSIGN_OR_RETURN(const Effect effect,
                          LookUpEffect(&warehouse_, plan_, operation, stop_));
  in_doubt_ = false;
  if (effect == Effect::kDone) return absl::OkStatus();
  if (effect == Effect::kUnclear) return UnclearError();
  return Send(operation);
}

absl::Status Worker::Send(const clone::Operation& operation) {
  if (session_ == nullptr) {
    DOPPEL_ASSIGN_OR_RETURN(session_, warehouse_.Connect());
  }
  bool is_usable = true;
  const absl::Status sent =
      SendStatements(session_.get(), operation.statements, stop_, &is_usable);
  if (!is_usable) session_.reset();
  in_doubt_ = GetReason(sent) == Reason::kWarehouseUnreachable;
  return sent;
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
  DOPPEL_ASSIGN_OR_RETURN(const World world,
                          World::Read(warehouse, schemas, std::move(stop)));
  return EffectOf(plan, operation, world);
}

}  // namespace doppel::execution
