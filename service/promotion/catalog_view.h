// The live catalog with the details of some of its relations, for plans that
// take names as the catalog spells them.
//
// Thread contract: immutable once made; views of what it was made from.
#ifndef DOPPEL_SERVICE_PROMOTION_CATALOG_VIEW_H_
#define DOPPEL_SERVICE_PROMOTION_CATALOG_VIEW_H_

#include <span>

#include "absl/container/flat_hash_map.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/base/relation_details.h"
#include "service/clone/plan.h"
#include "service/clone/world.h"
#include "service/dialect/dialect.h"

namespace doppel::promotion {

class CatalogView {
 public:
  CatalogView(const dialect::Dialect& dialect,
              std::span<const CatalogEntry> catalog,
              std::span<const SchemaName> schemas,
              std::span<const RelationDetails> details);

  // Equal for names of the same relation.
  RelationName Key(const RelationName& name) const;

  // A name of a manifest as the catalog spells it, or would.
  RelationName Spelled(const RelationName& name,
                       const dialect::Quoting& quoting) const;

  const CatalogEntry* Find(const RelationName& name) const;
  bool HasSchema(const SchemaName& schema) const;
  // The name alone where nothing more is known.
  RelationDetails DetailsOf(const RelationName& name) const;

  clone::PlannedRelation Planned(const RelationName& name,
                                 RelationKind kind) const;
  // That the relation is as it is now.
  clone::Precondition Expect(clone::PreconditionKind kind,
                             const RelationName& name) const;

 private:
  const dialect::Dialect& dialect_;
  const clone::World world_;
  absl::flat_hash_map<RelationName, const RelationDetails*> details_;
};

}  // namespace doppel::promotion

#endif  // DOPPEL_SERVICE_PROMOTION_CATALOG_VIEW_H_
