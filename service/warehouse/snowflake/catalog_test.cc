#include "service/warehouse/snowflake/catalog.h"

#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::snowflake {
namespace {

using Row = std::vector<std::optional<std::string>>;

Row RowOf(const std::string& name, const std::string& type,
          const std::string& is_dynamic) {
  return {"PROD", name,         type,         is_dynamic,  "10",
          "3",    "2026-01-01", "2026-01-02", std::nullopt};
}

std::vector<CatalogEntry> Read(const std::vector<Row>& rows) {
  Rows read;
  read.columns.resize(9);
  read.rows = rows;
  std::vector<CatalogEntry> entries;
  EXPECT_TRUE(AppendRelations(read, "SHOP", &entries).ok());
  return entries;
}

TEST(SnowflakeCatalogTest, KnowsEveryKind) {
  const auto entries = Read(
      {RowOf("t", "BASE TABLE", "NO"), RowOf("d", "BASE TABLE", "YES"),
       RowOf("v", "VIEW", "NO"), RowOf("m", "MATERIALIZED VIEW", "NO"),
       RowOf("x", "EXTERNAL TABLE", "NO"), RowOf("p", "TEMPORARY TABLE", "NO"),
       RowOf("e", "EVENT TABLE", "NO")});

  std::vector<RelationKind> kinds;
  for (const CatalogEntry& entry : entries) kinds.push_back(entry.kind);
  EXPECT_EQ(kinds, (std::vector<RelationKind>{
                       RelationKind::kTable, RelationKind::kDynamicTable,
                       RelationKind::kView, RelationKind::kMaterializedView,
                       RelationKind::kExternal, RelationKind::kTable,
                       RelationKind::kUnknown}));
  EXPECT_EQ(entries[0].name, (RelationName{"SHOP", "PROD", "t"}));
  EXPECT_EQ(entries[0].size_bytes, 10);
  EXPECT_EQ(entries[0].row_count, 3);
}

TEST(SnowflakeCatalogTest, EachFactChangesTheVersion) {
  const Row row = RowOf("t", "BASE TABLE", "NO");
  const std::string version = Read({row})[0].version;
  EXPECT_EQ(version, Read({row})[0].version);

  for (size_t column = 2; column < row.size(); ++column) {
    Row changed = row;
    changed[column] = "9";
    EXPECT_NE(Read({changed})[0].version, version) << column;
  }
}

TEST(SnowflakeCatalogTest, LetsNoSchemaEndItsQuotes) {
  const std::vector<SchemaName> schemas = {{"D", "a'b"}, {"D", "a\\"}};
  const std::string sql =
      RelationsQuery(**dialect::FindDialect("snowflake"), "D\"B", schemas);

  EXPECT_NE(sql.find("table_schema in ('a''b', 'a\\\\')"), sql.npos) << sql;
  EXPECT_NE(sql.find("\"D\"\"B\".\"INFORMATION_SCHEMA\".tables"), sql.npos)
      << sql;
}

}  // namespace
}  // namespace doppel::warehouse::snowflake
