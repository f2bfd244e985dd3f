#include "service/deferral/existing_relations.h"

#include <string>

#include "absl/strings/string_view.h"
#include "service/manifest/relation_of.h"

namespace doppel::deferral {

ExistingRelations::ExistingRelations(std::span<const RelationName> names,
                                     const dialect::Dialect& dialect,
                                     const dialect::Quoting& quoting,
                                     absl::string_view default_database)
    : dialect_(&dialect),
      quoting_(quoting),
      default_database_(default_database) {
  keys_.reserve(names.size());
  for (RelationName name : names) {
    if (name.database.empty()) name.database = default_database_;
    keys_.insert(dialect.CatalogKey(name, quoting));
  }
}

bool ExistingRelations::Contains(const manifest::Node& node) const {
  if (keys_.empty()) return false;
  RelationName name = manifest::RelationOf(node);
  if (name.database.empty()) name.database = default_database_;
  return keys_.contains(dialect_->CatalogKey(name, quoting_));
}

}  // namespace doppel::deferral
