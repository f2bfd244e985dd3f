// The relations that exist in the target, for asking whether one is among them.
//
// As dbt's relation cache compares: by database, schema and identifier, each
// folded where the project does not quote it; the kind does not matter.
//
// Thread contract: immutable once made.
#ifndef DOPPEL_SERVICE_DEFERRAL_EXISTING_RELATIONS_H_
#define DOPPEL_SERVICE_DEFERRAL_EXISTING_RELATIONS_H_

#include <span>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "service/base/relation.h"
#include "service/dialect/dialect.h"
#include "service/manifest/node.h"

namespace doppel::deferral {

class ExistingRelations {
 public:
  // None.
  ExistingRelations() = default;

  // `names` as a catalog spells them; `quoting` is that of the project whose
  // nodes are asked for. A name without a database is in `default_database`.
  ExistingRelations(std::span<const RelationName> names,
                    const dialect::Dialect& dialect,
                    const dialect::Quoting& quoting,
                    absl::string_view default_database);

  bool Contains(const manifest::Node& node) const;
  size_t size() const { return keys_.size(); }

 private:
  const dialect::Dialect* dialect_ = nullptr;
  dialect::Quoting quoting_;
  std::string default_database_;
  absl::flat_hash_set<RelationName> keys_;
};

}  // namespace doppel::deferral

#endif  // DOPPEL_SERVICE_DEFERRAL_EXISTING_RELATIONS_H_
