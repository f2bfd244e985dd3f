#include "service/clone/world.h"

#include "absl/strings/str_cat.h"

namespace doppel::clone {
namespace {

// A catalog spells names as they are.
constexpr dialect::Quoting kAsSpelled = {true, true, true};

}  // namespace

World::World(const dialect::Dialect& dialect,
             std::span<const CatalogEntry> catalog,
             std::span<const SchemaName> schemas) {
  relations_.reserve(catalog.size());
  for (const CatalogEntry& entry : catalog) {
    relations_.emplace(dialect.CatalogKey(entry.name, kAsSpelled), &entry);
  }
  for (const SchemaName& schema : schemas) {
    schemas_.emplace(
        dialect.CatalogKey({schema.database, schema.schema, ""}, kAsSpelled),
        schema);
  }
}

const CatalogEntry* World::Find(const RelationName& key) const {
  const auto found = relations_.find(key);
  return found == relations_.end() ? nullptr : found->second;
}

std::optional<SchemaName> World::FindSchema(const RelationName& key) const {
  const auto found = schemas_.find(key);
  if (found == schemas_.end()) return std::nullopt;
  return found->second;
}

std::string ExpectedOf(const CatalogEntry* entry) {
  if (entry == nullptr) return kAbsent;
  const absl::string_view kind = RelationKindName(entry->kind);
  if (entry->version.empty()) return std::string(kind);
  return absl::StrCat(kind, "@", entry->version);
}

}  // namespace doppel::clone
