// Plans a clone: which relation of the source becomes which one of the target,
// by which statements, and why.
//
// The decisions are those of dbt's materialization "clone" (dbt-adapters,
// macros/materializations/models/clone/clone.sql), made before anything runs
// and in the order in which dbt 1.9 and later dispatch: by unique id. Where dbt
// harms its users the plan differs: it never clones a relation onto itself,
// onto another one's source or onto a target that another node has taken, looks
// whether sources exist, and says of each pointer view why it is one.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_CLONE_PLANNER_H_
#define DOPPEL_SERVICE_CLONE_PLANNER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/clone/naming.h"
#include "service/clone/plan.h"
#include "service/clone/time_travel.h"
#include "service/dialect/dialect.h"
#include "service/manifest/manifest.h"

namespace doppel::clone {

// What to do with a target that exists.
enum class ExistingTarget : uint8_t { kKeep, kReplace, kReconcile };
// What to make of a table that cannot be cloned zero-copy.
enum class NoZeroCopy : uint8_t { kPointerView, kCopy, kFail };
// What to do about a source relation that is not in the warehouse.
enum class MissingSource : uint8_t { kSkip, kFail };

// What to make of a view of the source.
enum class Views : uint8_t {
  kPointer,
  // A view of the same query that reads the target's own relations; a pointer
  // where that cannot be made.
  kClosed,
};

struct CloneOptions {
  ExistingTarget existing_target = ExistingTarget::kKeep;
  NoZeroCopy on_no_zero_copy = NoZeroCopy::kPointerView;
  MissingSource on_missing_source = MissingSource::kSkip;
  Views views = Views::kPointer;
  // Clones a schema in one statement where all of it is to be cloned.
  bool whole_schemas = false;
  // With kReconcile: make anew, too, what somebody changed in the target.
  bool overwrite_changed_targets = false;
};

// What the ledger says of a relation that doppel made: from what, and the
// version of that when it was made ("" where the warehouse has none).
struct LedgerFact {
  RelationName target;
  RelationName source;
  std::string source_version;
  // kPointerView, for a view of any query, or kCloneTable.
  OperationKind made_by = OperationKind::kCloneTable;
  std::string definition = "";  // DefinitionOf; "" where it is not known
  // Its own version as it was seen once it was made; "" where nobody looked.
  std::string target_version = {};
};

struct CloneInputs {
  const manifest::Manifest* source = nullptr;
  // The manifest whose relations are the targets; nullptr: `rules` name them.
  const manifest::Manifest* target = nullptr;
  std::span<const NamingRule> rules;
  // Ids of the target manifest if there is one, else of the source's,
  // ascending. Models, seeds and snapshots are planned, others ignored.
  std::span<const manifest::NodeId> selected;
  const dialect::Dialect* dialect = nullptr;
  // The projects' quoting. A source node whose relation_name shows another one
  // is read with that.
  dialect::Quoting source_quoting;
  dialect::Quoting target_quoting;
  // The database of relations that name none; "" where there are none.
  std::string default_database;
  // What is in the schemas that SchemasOf names, and which of them exist.
  std::span<const CatalogEntry> catalog;
  std::span<const SchemaName> existing_schemas;
  std::span<const LedgerFact> ledger;
  CloneOptions options;
  // Clones tables as they were at one time; not set: as they are.
  std::optional<PointInTime> as_of;
};

// The schemas that the plan has to know: those of the sources and the targets,
// each once, sorted; with closed views those of what the views read, too. Needs
// neither catalog nor schemas. Errors: as PlanClone's of naming rules.
absl::StatusOr<std::vector<SchemaName>> SchemasOf(const CloneInputs& inputs);

// The plan, without its id, environments and connection.
//
// Errors:
//   INVALID_ARGUMENT
//     NAMING_RULE_INVALID (rule and field named).
//     INVALID_ARGUMENT: `as_of` is yet to come.
//   FAILED_PRECONDITION
//     WAREHOUSE_UNSUPPORTED: `as_of` is set, and it has no time travel.
//     PLAN_EMPTY: no model, seed or snapshot is selected.
//     SELF_CLONE: source and target are the same for all that was selected.
//     PLAN_HAS_ERRORS: each place is a PreconditionFailure. So is each table
//       that no longer knows what it was at `as_of`.
absl::StatusOr<Plan> PlanClone(const CloneInputs& inputs);

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_PLANNER_H_
