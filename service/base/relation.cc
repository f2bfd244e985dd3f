#include "service/base/relation.h"

#include "absl/strings/string_view.h"

namespace doppel {

absl::string_view RelationKindName(RelationKind kind) {
  switch (kind) {
    case RelationKind::kTable:
      return "table";
    case RelationKind::kView:
      return "view";
    case RelationKind::kMaterializedView:
      return "materialized view";
    case RelationKind::kExternal:
      return "external table";
    case RelationKind::kDynamicTable:
      return "dynamic table";
    case RelationKind::kFunction:
      return "function";
    case RelationKind::kUnknown:
      break;
  }
  return "relation";
}

}  // namespace doppel
