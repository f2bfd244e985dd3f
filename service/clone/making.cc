#include "service/clone/making.h"

#include "service/base/catalog.h"

namespace doppel::clone {

dialect::Making MakingOf(const CloneInputs& inputs, const World& world,
                         const Candidate& candidate, const Decision& decision) {
  dialect::Making making;
  making.source = *candidate.source;
  making.source_quoting = candidate.source_quoting;
  making.target = *candidate.target;
  making.target_quoting = inputs.target_quoting;
  making.options = candidate.options;
  making.query = decision.closing.query;
  if (decision.kind == OperationKind::kCloneTable && inputs.as_of.has_value()) {
    making.as_of = inputs.as_of->time;
  }
  const CatalogEntry* existing = world.Find(TargetKey(inputs, candidate));
  if (existing != nullptr) {
    // A catalog that does not tell the kind lists tables.
    making.replaces = existing->kind == RelationKind::kUnknown
                          ? RelationKind::kTable
                          : existing->kind;
  }
  return making;
}

std::vector<std::string> StatementsFor(const dialect::Dialect& dialect,
                                       OperationKind kind,
                                       const dialect::Making& making) {
  switch (kind) {
    case OperationKind::kSkip:
      return {};
    case OperationKind::kCloneTable:
      return dialect.CloneTable(making);
    case OperationKind::kCopyTable:
      return dialect.CopyTable(making);
    default:
      return dialect.View(making);
  }
}

bool WasMadeSo(const dialect::Dialect& dialect, const LedgerFact& fact,
               dialect::Making view) {
  for (const RelationKind replaces :
       {RelationKind::kUnknown, RelationKind::kTable, RelationKind::kView,
        RelationKind::kMaterializedView, RelationKind::kExternal,
        RelationKind::kDynamicTable}) {
    view.replaces = replaces;
    for (const bool is_held : {false, true}) {
      view.is_held = is_held;
      for (const bool keeps_old : {false, true}) {
        view.keeps_old = keeps_old;
        if (DefinitionOf(dialect.View(view)) == fact.definition) return true;
      }
    }
  }
  return false;
}

}  // namespace doppel::clone
