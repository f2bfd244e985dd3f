// What it takes to list the catalog of any warehouse.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_WAREHOUSE_LISTING_H_
#define DOPPEL_SERVICE_WAREHOUSE_LISTING_H_

#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"

namespace doppel::warehouse {

// A string literal in standard SQL, where a backslash is a backslash.
std::string Literal(absl::string_view text);

// The same schemas; those without a database in the default one.
std::vector<SchemaName> WithDatabases(std::span<const SchemaName> schemas,
                                      absl::string_view default_database);

void SortByName(std::vector<CatalogEntry>& entries);

}  // namespace doppel::warehouse

#endif  // DOPPEL_SERVICE_WAREHOUSE_LISTING_H_
