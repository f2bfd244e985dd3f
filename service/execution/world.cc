#include "service/execution/world.h"

#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "service/base/relation.h"
#include "service/base/status_macros.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/warehouse.h"

namespace doppel::execution {

absl::StatusOr<World> World::Read(warehouse::Warehouse* warehouse,
                                  const std::vector<SchemaName>& schemas,
                                  std::stop_token stop) {
  std::vector<warehouse::CatalogEntry> entries;
  std::vector<SchemaName> existing;
  if (!schemas.empty()) {
    DOPPEL_ASSIGN_OR_RETURN(entries, warehouse->ListRelations(schemas, stop));
    DOPPEL_ASSIGN_OR_RETURN(existing,
                            warehouse->ExistingSchemas(schemas, stop));
  }
  return World(&warehouse->dialect(), warehouse->default_database(),
               std::move(entries), existing);
}

World::World(const dialect::Dialect* dialect, std::string default_database,
             std::vector<warehouse::CatalogEntry> entries,
             const std::vector<SchemaName>& schemas)
    : dialect_(dialect), default_database_(std::move(default_database)) {
  for (const SchemaName& schema : schemas) {
    schemas_.insert(KeyOf({schema.database, schema.schema, ""}));
  }
  for (warehouse::CatalogEntry& entry : entries) {
    schemas_.insert(KeyOf({entry.name.database, entry.name.schema, ""}));
    RelationName key = KeyOf(entry.name);
    relations_.emplace(std::move(key), std::move(entry));
  }
}

// Plans and catalogs spell names as the warehouse keeps them, as if quoted.
RelationName World::KeyOf(const RelationName& name) const {
  RelationName whole = name;
  if (whole.database.empty()) whole.database = default_database_;
  return dialect_->CatalogKey(whole, {true, true, true});
}

const warehouse::CatalogEntry* World::Find(const RelationName& name) const {
  const auto found = relations_.find(KeyOf(name));
  return found == relations_.end() ? nullptr : &found->second;
}

bool World::HasSchema(const SchemaName& name) const {
  return schemas_.contains(KeyOf({name.database, name.schema, ""}));
}

}  // namespace doppel::execution
