// PostgreSQL's catalog: the statements that list it, and their rows as entries.
//
// Thread contract: functions of their arguments alone.
#ifndef DOPPEL_SERVICE_WAREHOUSE_POSTGRES_CATALOG_H_
#define DOPPEL_SERVICE_WAREHOUSE_POSTGRES_CATALOG_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::postgres {

// One statement for the tables, views, materialized views and foreign tables
// of these schemas, all of them of the connection's own database, and for what,
// in any schema, holds them. It waits for no lock. How large a relation is, and
// how many rows it has, is known once it was analyzed or vacuumed.
std::string RelationsQuery(std::span<const SchemaName> schemas);

// Its rows, sorted by name. A relation's version covers which one it is (one
// that was made again is another), its columns, a view's text, where a table's
// or a materialized view's rows are (TRUNCATE and VACUUM FULL move them) and
// how many were ever inserted, updated and deleted. A session tells the server
// of these up to ten seconds after, and at the latest when it ends; with
// `track_counts` off nobody counts, and the version is "". A foreign table has
// none.
absl::StatusOr<std::vector<CatalogEntry>> ReadRelations(
    const Rows& rows, absl::string_view database);

// One statement for the names of the schemas of the connection's database.
std::string SchemasQuery();

// Those of `schemas` that are of that database and that its rows name.
std::vector<SchemaName> ReadSchemas(const Rows& rows,
                                    std::span<const SchemaName> schemas,
                                    absl::string_view database);

}  // namespace doppel::warehouse::postgres

#endif  // DOPPEL_SERVICE_WAREHOUSE_POSTGRES_CATALOG_H_
