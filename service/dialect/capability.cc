#include "service/dialect/capability.h"

#include <string>
#include <vector>

namespace doppel::dialect {

std::vector<RelationKind> CloneableKinds(const Dialect& dialect) {
  std::vector<RelationKind> kinds;
  if (dialect.capabilities().zero_copy_clone) {
    kinds.push_back(RelationKind::kTable);
  }
  if (dialect.capabilities().clones_dynamic_tables) {
    kinds.push_back(RelationKind::kDynamicTable);
  }
  return kinds;
}

std::string CloneExample(const Dialect& dialect) {
  Making making;
  making.source = {"", "prod", "orders"};
  making.target = {"", "dev", "orders"};
  making.source_quoting = dialect.default_quoting();
  making.target_quoting = dialect.default_quoting();
  const std::vector<std::string> statements = dialect.CloneTable(making);
  return statements.empty() ? "" : statements.front();
}

}  // namespace doppel::dialect
