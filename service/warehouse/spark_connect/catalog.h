// The catalog of Spark with Delta Lake, and of Databricks: the statements that
// list it, and their rows as entries.
//
// Spark has one statement for a schema, SHOW TABLE EXTENDED (as dbt-spark);
// Unity Catalog has one for a database, its information_schema.
//
// Thread contract: functions of their arguments alone.
#ifndef DOPPEL_SERVICE_WAREHOUSE_SPARK_CONNECT_CATALOG_H_
#define DOPPEL_SERVICE_WAREHOUSE_SPARK_CONNECT_CATALOG_H_

#include <span>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::spark_connect {

// A relation, and where a Delta table of Spark's has its files; "" for others.
struct Listed {
  CatalogEntry entry;
  std::string location;
};

// "show table extended in `s` like '*'".
std::string ShowTables(const dialect::Dialect& dialect,
                       const SchemaName& schema);

// Its rows. A view's version covers its text, a table's when it was made;
// AddTableVersions adds the rest.
absl::StatusOr<std::vector<Listed>> ReadShownTables(const Rows& rows,
                                                    const SchemaName& schema);

// The statements that list the newest commit of each Delta table that stands
// beside these: one for each folder in which tables stand, so mostly one for a
// schema. They read file names, no files. A table in a folder whose name has
// characters that mean something in a pattern is left out.
std::vector<std::string> NewestCommits(std::span<const Listed> tables);

// The rows of such a statement, added to `commits`: location -> the commit.
void ReadCommits(const Rows& rows,
                 absl::btree_map<std::string, std::string>* commits);

// The entries, sorted. A Delta table's version is when it was made and its
// newest commit; "" where that is not known.
std::vector<CatalogEntry> WithVersions(
    std::vector<Listed> listed,
    const absl::btree_map<std::string, std::string>& commits);

// One statement for these schemas of one catalog of Unity Catalog, and its
// rows. Tables have no version there: nothing says when rows changed.
std::string InformationSchema(const dialect::Dialect& dialect,
                              absl::string_view database,
                              std::span<const std::string> schemas);
absl::StatusOr<std::vector<CatalogEntry>> ReadInformationSchema(
    const Rows& rows, absl::string_view database);

// "show schemas", in a catalog where it is not "".
std::string ShowSchemas(const dialect::Dialect& dialect,
                        absl::string_view database);

// Whether a database of Databricks is one of Unity Catalog.
bool IsUnityCatalog(absl::string_view database);

}  // namespace doppel::warehouse::spark_connect

#endif  // DOPPEL_SERVICE_WAREHOUSE_SPARK_CONNECT_CATALOG_H_
