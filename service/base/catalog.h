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
  // Changes with data or definition; "" if not known.
  std::string version = {};
  int64_t size_bytes = -1;
  int64_t row_count = -1;
  // What it cannot go before: views that read it, tables whose foreign keys
  // refer to it. None where the warehouse does not see to that.
  std::vector<RelationName> holders = {};
  // Of a table, where the warehouse has several, in lower case; "" else. What
  // a node's config says of it does not count then.
  std::string engine = {};
};

}  // namespace doppel

#endif  // DOPPEL_SERVICE_BASE_CATALOG_H_
