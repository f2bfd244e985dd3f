// Plans a promotion: the relations of one environment take the places of the
// same nodes in another, and what stood there is kept for a while.
//
// What is promoted is moved where the warehouse can move a relation into
// another schema, else copied; where tables keep their earlier versions, it
// becomes the next version of the table that stands there. Views are right
// afterwards: those that a warehouse keeps by name are written anew with the
// names of their new places (DuckDB), those that it keeps by what they read
// (PostgreSQL) go with it, and those of others that read what stood there are
// bound anew by name.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_PROMOTION_PLANNER_H_
#define DOPPEL_SERVICE_PROMOTION_PLANNER_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/base/relation_details.h"
#include "service/clone/plan.h"
#include "service/dialect/dialect.h"
#include "service/manifest/manifest.h"
#include "service/promotion/places.h"

namespace doppel::promotion {

struct PromotionInputs {
  const manifest::Manifest* from = nullptr;
  // What PlacesOf gave.
  std::span<const Place> places;
  // Ids of `from`, ascending. Those that have a place are promoted.
  std::span<const manifest::NodeId> selected;
  const dialect::Dialect* dialect = nullptr;
  dialect::Quoting from_quoting;
  dialect::Quoting to_quoting;
  // What is in the schemas that SchemasOf names, and which of them exist.
  std::span<const CatalogEntry> catalog;
  std::span<const SchemaName> existing_schemas;
  // What was found out of what WishesOf names.
  std::span<const RelationDetails> details;
  // Tells this promotion's old side from others'; of [0-9a-f].
  std::string tag;
  // How long the old side is to be kept.
  int64_t keep_seconds = 0;
  // Nothing is planned unless it is done in one step.
  bool must_be_atomic = false;
};

// The schemas that the plan has to know: those of all places, each once.
std::vector<SchemaName> SchemasOf(const PromotionInputs& inputs);

// What the plan has to know of single relations; needs the catalog.
std::vector<DetailsWish> WishesOf(const PromotionInputs& inputs);

// The plan, without its id, environments, connection, and manifest_after.
//
// Errors: FAILED_PRECONDITION
//   PLAN_EMPTY: no model, seed or snapshot is selected.
//   SELF_CLONE: both sides are the same for all that was selected.
//   WAREHOUSE_UNSUPPORTED: it puts no relation in another's place, or not all
//     of them in one step where that is asked for.
//   PLAN_HAS_ERRORS: each place is a PreconditionFailure.
absl::StatusOr<clone::Plan> PlanPromotion(const PromotionInputs& inputs);

// Equal for relations that are made of the same and have the same rows; for
// warehouses whose versions do not tell.
std::string ContentOf(const dialect::Dialect& dialect,
                      absl::string_view definition, absl::string_view content);

}  // namespace doppel::promotion

#endif  // DOPPEL_SERVICE_PROMOTION_PLANNER_H_
