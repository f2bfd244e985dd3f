// Plans a cleanup: what doppel made in environments that are to go, and nobody
// took over since, is dropped; everything else stays, with the reason.
//
// The ledger is the one source of what may be dropped. A relation of it is left
// where its kind or its version is not the one that was seen when it was made,
// where that was never seen, and where something that stays depends on it. A
// schema of it is dropped where nothing is left in it.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_CLEANUP_CLEANUP_H_
#define DOPPEL_SERVICE_CLEANUP_CLEANUP_H_

#include <set>
#include <span>
#include <string>
#include <vector>

#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/clone/plan.h"
#include "service/dialect/dialect.h"

namespace doppel::cleanup {

// A line of the ledger.
struct Owned {
  RelationName name;  // as the catalog spells it; of a schema: no identifier
  RelationKind kind = RelationKind::kUnknown;
  std::string version;  // as it was seen once it was made; "" if it was not
  std::string environment;
  std::string unique_id;
  std::string execution;
  RelationName source;
  // Its own time is over, whatever its environment's: an old side that a
  // promotion kept.
  bool is_due = false;
};

struct CleanupInputs;

// Whether it is to go: with its environment, or since it is due.
bool IsToGo(const Owned& owned, const CleanupInputs& inputs);

struct CleanupInputs {
  const dialect::Dialect* dialect = nullptr;
  // All that doppel owns on the connection: what it made for others may read
  // what is to go.
  std::span<const Owned> owned;
  // Ids of the environments that are to go.
  std::set<std::string> environments;
  // What is in the schemas that SchemasOf names, and which of them exist.
  std::span<const CatalogEntry> catalog;
  std::span<const SchemaName> existing_schemas;
};

// The schemas that the plan has to know, each once, sorted. Needs neither
// catalog nor schemas.
std::vector<SchemaName> SchemasOf(const CleanupInputs& inputs);

// The plan, without its id, connection and what its environments have to be.
// Views come before tables, schemas last; each name once. No operations where
// the environments own nothing.
clone::Plan PlanCleanup(const CleanupInputs& inputs);

}  // namespace doppel::cleanup

#endif  // DOPPEL_SERVICE_CLEANUP_CLEANUP_H_
