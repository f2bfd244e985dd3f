// What must be so before an execution begins, or goes on.
//
// Thread contract: functions without state.
#ifndef DOPPEL_SERVICE_EXECUTION_PREPARATION_H_
#define DOPPEL_SERVICE_EXECUTION_PREPARATION_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/clone/plan.h"
#include "service/execution/journal.h"
#include "service/store/store.h"
#include "service/warehouse/warehouse.h"

namespace doppel::execution {

// A stored plan. NOT_FOUND PLAN_NOT_FOUND; INTERNAL where what is stored is not
// what was put there.
absl::StatusOr<clone::Plan> LoadPlan(store::Store* store, absl::string_view id);

// FAILED_PRECONDITION FINGERPRINT_MISMATCH.
absl::Status CheckFingerprint(const clone::Plan& plan,
                              absl::string_view fingerprint);

// Whether the plan can begin: errors of CheckPreconditions and CheckProtection,
// and the warehouse's.
absl::Status CheckWorld(const clone::Plan& plan,
                        warehouse::Warehouse* warehouse, store::Store* store);

// How an interrupted execution goes on.
struct Resumption {
  // As they stand once it is known what was under way: none is running.
  std::vector<store::OperationRecord> operations;
  // What was found out: operations that took effect after all, with what the
  // ledger gains by them, those that are pending again, and those of which
  // nobody can tell.
  Journal::Entry found;
};

// Looks up what was under way, and checks the preconditions of what is left.
// Errors: as CheckWorld.
absl::StatusOr<Resumption> PrepareResumption(
    const clone::Plan& plan, const store::ExecutionRecord& execution,
    const std::vector<store::OperationRecord>& known,
    warehouse::Warehouse* warehouse, store::Store* store, absl::Time now);

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_PREPARATION_H_
