// Plans the way back from a promotion: what stood in each place before is put
// there again, and what was promoted goes to where it came from.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_PROMOTION_ROLLBACK_H_
#define DOPPEL_SERVICE_PROMOTION_ROLLBACK_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/base/relation_details.h"
#include "service/clone/plan.h"
#include "service/dialect/dialect.h"

namespace doppel::promotion {

struct RollbackInputs {
  const clone::Plan* promotion = nullptr;
  // The promotion was done to its end; else it may be done in part.
  bool is_done = false;
  const dialect::Dialect* dialect = nullptr;
  // What is in the schemas that SchemasOf names, and which of them exist.
  std::span<const CatalogEntry> catalog;
  std::span<const SchemaName> existing_schemas;
  // What was found out of what WishesOf names.
  std::span<const RelationDetails> details;
  // Tells what this rollback puts aside from others'; of [0-9a-f].
  std::string tag;
};

std::vector<SchemaName> SchemasOf(const RollbackInputs& inputs);
std::vector<DetailsWish> WishesOf(const RollbackInputs& inputs);

// The plan, without its id, environments and connection. What was promoted
// goes back to its own name where that is free, and a copy goes away where its
// source is as it was; else it is kept aside for as long as the promotion kept
// the old side.
//
// Errors: FAILED_PRECONDITION
//   PLAN_EMPTY: nothing of the promotion took effect.
//   WORLD_CHANGED: what was promoted or what was kept has changed since, or is
//     gone; a PreconditionFailure for each.
//   PLAN_HAS_ERRORS: each place is a PreconditionFailure.
absl::StatusOr<clone::Plan> PlanRollback(const RollbackInputs& inputs);

}  // namespace doppel::promotion

#endif  // DOPPEL_SERVICE_PROMOTION_ROLLBACK_H_
