// Snowflake's catalog: the statements that list it, and their rows as entries.
//
// Thread contract: functions of their arguments alone.
#ifndef DOPPEL_SERVICE_WAREHOUSE_SNOWFLAKE_CATALOG_H_
#define DOPPEL_SERVICE_WAREHOUSE_SNOWFLAKE_CATALOG_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::snowflake {

// One statement for all relations of these schemas of one database.
std::string RelationsQuery(const dialect::Dialect& dialect,
                           absl::string_view database,
                           std::span<const SchemaName> schemas);

// Appends its rows. A version covers when the relation was made and last
// altered (which Snowflake says of rows and of definitions, and sometimes when
// it only tidied up), its kind, rows and bytes, and a view's text where the
// role may read it. Transient and Iceberg tables are tables.
absl::Status AppendRelations(const Rows& rows, absl::string_view database,
                             std::vector<CatalogEntry>* entries);

// One statement for the names of a database's schemas.
std::string SchemasQuery(const dialect::Dialect& dialect,
                         absl::string_view database);

}  // namespace doppel::warehouse::snowflake

#endif  // DOPPEL_SERVICE_WAREHOUSE_SNOWFLAKE_CATALOG_H_
