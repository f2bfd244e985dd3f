// What is in a warehouse now, as far as a plan is concerned: read in as few
// statements as the engine allows, then asked by name.
//
// Thread contract: immutable once read.
#ifndef DOPPEL_SERVICE_EXECUTION_WORLD_H_
#define DOPPEL_SERVICE_EXECUTION_WORLD_H_

#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/base/relation_details.h"
#include "service/clone/plan.h"
#include "service/clone/preconditions.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/warehouse.h"

namespace doppel::execution {

class World {
 public:
  // Reads all relations of these schemas, and what is wished to know of single
  // ones. Errors: the warehouse's.
  static absl::StatusOr<World> Read(
      warehouse::Warehouse* warehouse, const std::vector<SchemaName>& schemas,
      std::stop_token stop, const std::vector<DetailsWish>& wishes = {});

  // A world of what is given, for tests and for what was read elsewhere.
  World(const dialect::Dialect* dialect, std::string default_database,
        std::vector<CatalogEntry> entries, std::vector<SchemaName> schemas,
        const std::vector<RelationDetails>& details = {});

  // What has that name; null for nothing.
  const CatalogEntry* Find(const RelationName& name) const;
  // The versions of a table that keeps them, the newest first; none where that
  // was not wished to know.
  std::vector<TableVersion> VersionsOf(const RelationName& name) const;
  bool HasSchema(const SchemaName& name) const;

  // Preconditions of the plan that do not hold, but for environments.
  std::vector<clone::Violation> Violations(const clone::Plan& plan) const;

  // Equal for names of the same relation.
  RelationName KeyOf(const RelationName& name) const;

 private:
  const dialect::Dialect* dialect_;
  std::string default_database_;
  std::vector<CatalogEntry> entries_;  // with their databases
  std::vector<SchemaName> schemas_;
  absl::flat_hash_map<RelationName, size_t> relations_;  // -> entries_
  absl::flat_hash_set<RelationName> schema_keys_;        // without identifier
  absl::flat_hash_map<RelationName, std::vector<TableVersion>> versions_;
};

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_WORLD_H_
