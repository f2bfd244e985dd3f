// DuckDB's catalog: the statements that list it, and their rows as entries.
//
// Thread contract: functions of their arguments alone.
#ifndef DOPPEL_SERVICE_WAREHOUSE_DUCKDB_CATALOG_H_
#define DOPPEL_SERVICE_WAREHOUSE_DUCKDB_CATALOG_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::duckdb {

// One statement for the tables and views of all these schemas, in whichever
// attached databases they are.
std::string RelationsQuery(std::span<const SchemaName> schemas);

// Its rows, sorted by name. An entry's version covers its kind, its columns
// (a table's whole definition; a view's text) and a table's number of rows.
// DuckDB counts no changes of a table, and its object ids are given anew each
// time that the file is opened: rows that were deleted or updated, or a table
// that was made again with the same columns and as many rows, are not seen. So
// its dialect says that versions miss changes.
absl::StatusOr<std::vector<CatalogEntry>> ReadRelations(
    const Rows& rows, std::span<const SchemaName> schemas);

// One statement for the schemas of all databases.
std::string SchemasQuery();

// Those of `schemas` that its rows name, each as the caller spells it.
std::vector<SchemaName> ReadSchemas(const Rows& rows,
                                    std::span<const SchemaName> schemas);

}  // namespace doppel::warehouse::duckdb

#endif  // DOPPEL_SERVICE_WAREHOUSE_DUCKDB_CATALOG_H_
