#include "service/promotion/catalog_view.h"

#include "service/promotion/statements.h"

namespace doppel::promotion {

CatalogView::CatalogView(const dialect::Dialect& dialect,
                         std::span<const CatalogEntry> catalog,
                         std::span<const SchemaName> schemas,
                         std::span<const RelationDetails> details)
    : dialect_(dialect), world_(dialect, catalog, schemas) {
  for (const RelationDetails& one : details) {
    details_.emplace(Key(one.name), &one);
  }
}

RelationName CatalogView::Key(const RelationName& name) const {
  return dialect_.CatalogKey(name, kAsSpelled);
}

RelationName CatalogView::Spelled(const RelationName& name,
                                  const dialect::Quoting& quoting) const {
  const RelationName key = dialect_.CatalogKey(name, quoting);
  if (const CatalogEntry* entry = world_.Find(key)) return entry->name;
  return dialect_.folding(/*quoted=*/true) == dialect::Folding::kKeep ? key
                                                                      : name;
}

const CatalogEntry* CatalogView::Find(const RelationName& name) const {
  return world_.Find(Key(name));
}

bool CatalogView::HasSchema(const SchemaName& schema) const {
  return world_.FindSchema(Key({schema.database, schema.schema, ""}))
      .has_value();
}

RelationDetails CatalogView::DetailsOf(const RelationName& name) const {
  const auto found = details_.find(Key(name));
  if (found != details_.end()) return *found->second;
  RelationDetails nothing;
  nothing.name = name;
  return nothing;
}

clone::PlannedRelation CatalogView::Planned(const RelationName& name,
                                            RelationKind kind) const {
  return {name, kind, dialect_.Render(name, kAsSpelled)};
}

clone::Precondition CatalogView::Expect(clone::PreconditionKind kind,
                                        const RelationName& name) const {
  return {kind, dialect_.Render(name, kAsSpelled),
          clone::ExpectedOf(Find(name)), name};
}

}  // namespace doppel::promotion
