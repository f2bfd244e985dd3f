#include "service/warehouse/bigquery/catalog.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::bigquery {
namespace {

using Row = std::vector<std::optional<std::string>>;

const dialect::Dialect& TheDialect() {
  return **dialect::FindDialect("bigquery");
}

Row RowOf(const std::string& name, const std::string& type) {
  return {"d", name, type, "10", "3", "1700000000000", "1700000000001"};
}

std::vector<CatalogEntry> Read(const std::vector<Row>& rows) {
  Rows read;
  read.columns.resize(7);
  read.rows = rows;
  std::vector<CatalogEntry> entries;
  EXPECT_TRUE(AppendRelations(read, "p", &entries).ok());
  return entries;
}

TEST(BigQueryCatalogTest, KnowsEveryKind) {
  const auto entries =
      Read({RowOf("t", "BASE TABLE"), RowOf("c", "CLONE"),
            RowOf("s", "SNAPSHOT"), RowOf("v", "VIEW"),
            RowOf("m", "MATERIALIZED VIEW"), RowOf("x", "EXTERNAL")});

  std::vector<RelationKind> kinds;
  for (const CatalogEntry& entry : entries) kinds.push_back(entry.kind);
  EXPECT_EQ(kinds,
            (std::vector<RelationKind>{
                RelationKind::kTable, RelationKind::kTable,
                RelationKind::kTable, RelationKind::kView,
                RelationKind::kMaterializedView, RelationKind::kExternal}));
  EXPECT_EQ(entries[0].name, (RelationName{"p", "d", "t"}));
  EXPECT_EQ(entries[0].size_bytes, 10);
  EXPECT_EQ(entries[0].row_count, 3);
}

TEST(BigQueryCatalogTest, EachFactChangesTheVersion) {
  const Row row = RowOf("t", "BASE TABLE");
  const std::string version = Read({row})[0].version;
  EXPECT_EQ(version, Read({row})[0].version);

  for (size_t column = 2; column < row.size(); ++column) {
    Row changed = row;
    changed[column] = "9";
    EXPECT_NE(Read({changed})[0].version, version) << column;
  }
}

TEST(BigQueryCatalogTest, ListsManyDatasetsInOneStatement) {
  const std::vector<SchemaName> datasets = {{"p", "a"}, {"p", "b"}};

  EXPECT_EQ(
      RelationsQuery(TheDialect(), datasets),
      "select t.table_schema, t.table_name, t.table_type, s.size_bytes, "
      "s.row_count, s.creation_time, s.last_modified_time from "
      "`p`.`a`.INFORMATION_SCHEMA.TABLES t left join `p`.`a`.__TABLES__ s on "
      "s.table_id = t.table_name union all "
      "select t.table_schema, t.table_name, t.table_type, s.size_bytes, "
      "s.row_count, s.creation_time, s.last_modified_time from "
      "`p`.`b`.INFORMATION_SCHEMA.TABLES t left join `p`.`b`.__TABLES__ s on "
      "s.table_id = t.table_name");
  EXPECT_EQ(DatasetsQuery(TheDialect(), "p", "us"),
            "select schema_name from "
            "`p`.`region-us`.INFORMATION_SCHEMA.SCHEMATA");
}

}  // namespace
}  // namespace doppel::warehouse::bigquery
