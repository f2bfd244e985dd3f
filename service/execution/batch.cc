#include "service/execution/batch.h"

#include <algorithm>

#include "absl/time/time.h"
#include "service/clone/plan.h"
#include "service/dialect/dialect.h"

namespace doppel::execution {
namespace {

// A batch that takes no longer may grow; one that takes twice as long shrinks.
constexpr absl::Duration kUnnoticed = absl::Milliseconds(50);

bool MakesSmallThing(const clone::Operation& operation) {
  return (operation.kind == clone::OperationKind::kPointerView ||
          operation.kind == clone::OperationKind::kView ||
          operation.kind == clone::OperationKind::kCreateSchema) &&
         operation.target.has_value() && !operation.replaces.has_value() &&
         operation.statements.size() == 1;
}

}  // namespace

bool CanShareBatch(const dialect::Dialect& dialect,
                   const clone::Operation& first,
                   const clone::Operation& next) {
  return !dialect.BeginTransaction().empty() && MakesSmallThing(first) &&
         MakesSmallThing(next) &&
         first.target->name.database == next.target->name.database;
}

void BatchSize::Record(absl::Duration took) {
  if (took <= kUnnoticed) {
    now_ = std::min(2 * now_, most_);
  } else if (took > 2 * kUnnoticed) {
    now_ = std::max(now_ / 2, 1);
  }
}

}  // namespace doppel::execution
