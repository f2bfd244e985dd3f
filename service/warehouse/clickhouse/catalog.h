// ClickHouse's catalog: the statements that list it, and their rows as entries.
// Its databases are schemas here.
//
// Thread contract: functions of their arguments alone.
#ifndef DOPPEL_SERVICE_WAREHOUSE_CLICKHOUSE_CATALOG_H_
#define DOPPEL_SERVICE_WAREHOUSE_CLICKHOUSE_CATALOG_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::clickhouse {

// A string literal: a backslash escapes in it.
std::string Quoted(absl::string_view text);

// One statement for the relations of all these schemas. Not empty.
std::string RelationsQuery(std::span<const SchemaName> schemas);

// Its rows, sorted by name. A dictionary is an external relation; the tables
// inside materialized views are not there.
//
// A view's version covers its definition. A table's covers its definition, its
// identity (a table that was made again is another one), and for MergeTree the
// rows: of each partition the blocks that were inserted, the last mutation and
// the number of rows, all of which stay when parts are merged in the background
// (unless rows of a lightweight DELETE, or those that the engine replaces or
// sums up, go only then). Of another engine it covers rows and bytes.
absl::StatusOr<std::vector<CatalogEntry>> ReadRelations(const Rows& rows);

// One statement for all databases.
std::string SchemasQuery();

// Those of `schemas` that its rows name.
std::vector<SchemaName> ReadSchemas(const Rows& rows,
                                    std::span<const SchemaName> schemas);

}  // namespace doppel::warehouse::clickhouse

#endif  // DOPPEL_SERVICE_WAREHOUSE_CLICKHOUSE_CATALOG_H_
