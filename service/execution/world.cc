#include "service/execution/world.h"

#include <cstddef>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/base/status_macros.h"
#include "service/clone/plan.h"
#include "service/clone/preconditions.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/warehouse.h"

namespace doppel::execution {

absl::StatusOr<World> World::Read(warehouse::Warehouse* warehouse,
                                  const std::vector<SchemaName>& schemas,
                                  std::stop_token stop,
                                  const std::vector<DetailsWish>& wishes) {
  std::vector<CatalogEntry> entries;
  std::vector<SchemaName> existing;
  if (!schemas.empty()) {
    DOPPEL_ASSIGN_OR_RETURN(const auto open, warehouse->KeepOpen());
    DOPPEL_ASSIGN_OR_RETURN(entries, warehouse->ListRelations(schemas, stop));
    DOPPEL_ASSIGN_OR_RETURN(existing,
                            warehouse->ExistingSchemas(schemas, stop));
  }
  std::vector<RelationDetails> details;
  if (!wishes.empty()) {
    DOPPEL_ASSIGN_OR_RETURN(details, warehouse->Describe(wishes, stop));
  }
  return World(&warehouse->dialect(), warehouse->default_database(),
               std::move(entries), std::move(existing), details);
}

World::World(const dialect::Dialect* dialect, std::string default_database,
             std::vector<CatalogEntry> entries, std::vector<SchemaName> schemas,
             const std::vector<RelationDetails>& details)
    : dialect_(dialect),
      default_database_(std::move(default_database)),
      entries_(std::move(entries)),
      schemas_(std::move(schemas)) {
  for (const SchemaName& schema : schemas_) {
    schema_keys_.insert(KeyOf({schema.database, schema.schema, ""}));
  }
  for (size_t i = 0; i < entries_.size(); ++i) {
    relations_.emplace(KeyOf(entries_[i].name), i);
  }
  for (const RelationDetails& one : details) {
    versions_.emplace(KeyOf(one.name), one.versions);
  }
}

// Plans and catalogs spell names as the warehouse keeps them, as if quoted.
RelationName World::KeyOf(const RelationName& name) const {
  RelationName whole = name;
  if (whole.database.empty()) whole.database = default_database_;
  return dialect_->CatalogKey(whole, {true, true, true});
}

const CatalogEntry* World::Find(const RelationName& name) const {
  const auto found = relations_.find(KeyOf(name));
  return found == relations_.end() ? nullptr : &entries_[found->second];
}

std::vector<TableVersion> World::VersionsOf(const RelationName& name) const {
  const auto found = versions_.find(KeyOf(name));
  return found == versions_.end() ? std::vector<TableVersion>() : found->second;
}

bool World::HasSchema(const SchemaName& name) const {
  return schema_keys_.contains(KeyOf({name.database, name.schema, ""}));
}

std::vector<clone::Violation> World::Violations(const clone::Plan& plan) const {
  return clone::ViolatedPreconditions(plan, *dialect_, entries_, schemas_);
}

}  // namespace doppel::execution
