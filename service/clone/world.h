// The live catalog, for asking what stands where.
//
// Thread contract: immutable once made; views of the catalog it was made from.
#ifndef DOPPEL_SERVICE_CLONE_WORLD_H_
#define DOPPEL_SERVICE_CLONE_WORLD_H_

#include <optional>
#include <span>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/dialect/dialect.h"

namespace doppel::clone {

class World {
 public:
  World(const dialect::Dialect& dialect, std::span<const CatalogEntry> catalog,
        std::span<const SchemaName> schemas);

  // What the catalog has under the key that Dialect::CatalogKey gives.
  const CatalogEntry* Find(const RelationName& key) const;
  // The schema as the catalog spells it; by a key whose identifier is "".
  std::optional<SchemaName> FindSchema(const RelationName& key) const;

 private:
  absl::flat_hash_map<RelationName, const CatalogEntry*> relations_;
  absl::flat_hash_map<RelationName, SchemaName> schemas_;
};

// What a precondition expects of a relation: "table@<version>", "table" where
// the warehouse has no versions, "absent" for nullptr.
std::string ExpectedOf(const CatalogEntry* entry);

inline constexpr char kAbsent[] = "absent";
inline constexpr char kPresent[] = "present";

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_WORLD_H_
