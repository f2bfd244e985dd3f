// Whether what a plan rests on still holds.
//
// Thread contract: functions without state.
#ifndef DOPPEL_SERVICE_EXECUTION_PRECONDITIONS_H_
#define DOPPEL_SERVICE_EXECUTION_PRECONDITIONS_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/relation.h"
#include "service/clone/plan.h"
#include "service/clone/preconditions.h"
#include "service/execution/world.h"
#include "service/store/store.h"

namespace doppel::execution {

// A relation's or a schema's expected state as a precondition writes it.
struct ExpectedRelation {
  bool is_absent = false;
  std::string kind;     // "table"; "present" for a schema
  std::string version;  // "" where none was known
};
ExpectedRelation ParseExpected(absl::string_view expected);

// The schemas of all relations and schemas that the plan names.
std::vector<SchemaName> SchemasOf(const clone::Plan& plan);

// The environments among the preconditions that changed, in the plan's order.
// Errors: the store's.
absl::StatusOr<std::vector<clone::Violation>> ChangedEnvironments(
    const clone::Plan& plan, store::Store* store);

// FAILED_PRECONDITION WORLD_CHANGED with a PreconditionFailure for each; there
// is at least one.
absl::Status WorldChanged(const std::vector<clone::Violation>& changes);

// Whether a precondition is to be left out.
using LeaveOut = std::function<bool(const clone::Precondition&)>;

// FAILED_PRECONDITION WORLD_CHANGED with a PreconditionFailure for each
// precondition that does not hold; the store's errors.
absl::Status CheckPreconditions(const clone::Plan& plan, const World& world,
                                store::Store* store, const LeaveOut& leave_out);

// FAILED_PRECONDITION ENVIRONMENT_PROTECTED where the target environment is
// protected and the plan replaces or drops there what doppel does not own.
absl::Status CheckProtection(const clone::Plan& plan, const World& world,
                             store::Store* store);

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_PRECONDITIONS_H_
