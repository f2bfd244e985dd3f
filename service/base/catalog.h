// What a warehouse's catalog says of a relation.
#ifndef DOPPEL_SERVICE_BASE_CATALOG_H_
#define DOPPEL_SERVICE_BASE_CATALOG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "service/base/relation.h"

namespace doppel {

// A relation as the catalog has it.
struct CatalogEntry {
  RelationName name;  // as the catalog spells it
  RelationKind kind = RelationKind::kUnknown;
  std::string version;  // changes with data or definition; "" if not known
  int64_t size_bytes = -1;
  int64_t row_count = -1;
  // The views that read it and that it cannot go before; none where a view does
  // not hold what it reads.
  std::vector<RelationName> readers = {};
};

}  // namespace doppel

#endif  // DOPPEL_SERVICE_BASE_CATALOG_H_
