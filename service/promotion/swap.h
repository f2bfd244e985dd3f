// The statements and operations that put relations in the place of others,
// forwards and back: as one transaction where the warehouse has such, else one
// relation after the other; see versions.h for tables that keep their versions.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_PROMOTION_SWAP_H_
#define DOPPEL_SERVICE_PROMOTION_SWAP_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "service/base/relation.h"
#include "service/base/relation_details.h"
#include "service/clone/plan.h"
#include "service/dialect/dialect.h"
#include "service/dialect/sql_names.h"
#include "service/state/cause.h"

namespace doppel::promotion {

// One place and what becomes of it. Names are spelled as the catalog does.
struct Exchange {
  clone::Placement placement;
  // What stands at the place now; not set: nothing.
  std::optional<clone::PlannedRelation> standing;
  // Names alone where nothing more is known.
  RelationDetails source_details;
  RelationDetails standing_details;
  // Statements for while what stands there is still in its place, if that is
  // kept.
  std::vector<std::string> beforehand;
  // Statements for when the source is in its place; where it has none, and
  // something stands there that stays, those that change that.
  std::vector<std::string> afterwards;
  // The version that the table in the place becomes again.
  std::optional<int64_t> restores;
};

// A view that keeps its name and reads by name anew what it reads: it would
// follow its sources to where they are kept.
struct Rebinding {
  RelationName view;  // as it is called once all is in its place
  std::string definition;
};

// What cannot be done, and why.
struct Fault {
  std::string subject;
  std::string description;
};

struct Swap {
  const dialect::Dialect* dialect = nullptr;
  std::vector<Exchange> exchanges;  // parents first
  std::vector<SchemaName> missing_schemas;
  std::vector<Rebinding> rebindings;
  // Schemas in which nothing is left, and that go; in one transaction alone.
  std::vector<SchemaName> emptied_schemas;
  // What the names in a definition that is copied become.
  dialect::NameMap reroot;
  // What histories call the versions that are made, and how long those before
  // are to be kept; where tables keep versions.
  std::string mark;
  int64_t keep_seconds = 0;
};

struct SwapOperations {
  std::vector<clone::Operation> operations;  // ids from 1
  std::vector<Fault> faults;
  std::vector<state::Warning> warnings;
};

// Whether the warehouse does all of it in one step.
bool IsAtomic(const dialect::Dialect& dialect);

// What a table's history calls a version: "doppel promotion 0a1b2c3d".
std::string MarkOf(absl::string_view what, absl::string_view tag);

// Whether tables get new versions of themselves.
bool MakesVersions(const dialect::Dialect& dialect);

// Whether the relation itself can go there; else a copy can.
bool CanMove(const dialect::Dialect& dialect,
             const clone::PlannedRelation& relation, const RelationName& to);

// Where a relation goes that leaves its place: into a schema of its own, where
// it can be moved there in the same step, since its indexes then keep their
// names; else beside its place. "<name>__doppel_<what>" in either case.
RelationName AsideName(const dialect::Dialect& dialect,
                       const RelationName& name, absl::string_view what);

// One operation with all placements where IsAtomic; else operations for each
// exchange, with its placement at the last of them.
SwapOperations OperationsOf(const Swap& swap);

}  // namespace doppel::promotion

#endif  // DOPPEL_SERVICE_PROMOTION_SWAP_H_
