#include "service/warehouse/spark_connect/catalog.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::spark_connect {
namespace {

const dialect::Dialect& Spark() { return **dialect::FindDialect("spark"); }
const dialect::Dialect& Databricks() {
  return **dialect::FindDialect("databricks");
}

const SchemaName kSchema = {"", "s"};

Rows Shown(std::vector<std::vector<std::optional<std::string>>> rows) {
  return {{"namespace", "tableName", "isTemporary", "information"},
          std::move(rows)};
}

std::string TableInformation(const std::string& location) {
  return absl::StrCat(
      "Catalog: spark_catalog\nDatabase: s\nTable: t\nCreated Time: Fri Nov 27 "
      "06:38:16 UTC 2026\nLast Access: UNKNOWN\nType: MANAGED\nProvider: "
      "delta\nLocation: ",
      location, "\n");
}

std::string ViewInformation(const std::string& text,
                            const std::string& accessed) {
  return absl::StrCat("Table: v\nLast Access: ", accessed,
                      "\nType: VIEW\nView Text: ", text,
                      "\nType: MANAGED\nProvider: delta\n");
}

TEST(SparkCatalog, ReadsTablesAndViews) {
  const auto listed = ReadShownTables(
      Shown({{"s", "t", "false", TableInformation("file:/w/s.db/t")},
             {"s", "v", "false", ViewInformation("select 1", "UNKNOWN")},
             {"", "temporary", "true", ViewInformation("x", "UNKNOWN")},
             {"s", "p", "false", "Type: EXTERNAL\nProvider: parquet\n"}}),
      kSchema);

  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_EQ(listed->size(), 3u);
  EXPECT_EQ((*listed)[0].entry.name, (RelationName{"", "s", "t"}));
  EXPECT_EQ((*listed)[0].entry.kind, RelationKind::kTable);
  EXPECT_EQ((*listed)[0].location, "file:/w/s.db/t");
  EXPECT_EQ((*listed)[1].entry.kind, RelationKind::kView);
  EXPECT_EQ((*listed)[1].location, "");
  EXPECT_FALSE((*listed)[1].entry.version.empty());
  EXPECT_EQ((*listed)[2].entry.kind, RelationKind::kTable);
  EXPECT_EQ((*listed)[2].entry.version, "");
}

TEST(SparkCatalog, AViewsVersionIsItsTextAndNotWhoLookedAtIt) {
  const auto version = [](const std::string& text,
                          const std::string& accessed) {
    return ReadShownTables(
               Shown({{"s", "v", "false", ViewInformation(text, accessed)}}),
               kSchema)
        ->front()
        .entry.version;
  };
  EXPECT_EQ(version("select 1", "UNKNOWN"), version("select 1", "today"));
  EXPECT_NE(version("select 1", "UNKNOWN"), version("select 2", "UNKNOWN"));
}

TEST(SparkCatalog, ATablesVersionIsItsNewestCommit) {
  const auto listed = ReadShownTables(
      Shown({{"s", "t", "false", TableInformation("file:/w/s.db/t")},
             {"s", "u", "false", TableInformation("file:/w/s.db/u")}}),
      kSchema);
  ASSERT_TRUE(listed.ok()) << listed.status();
  absl::btree_map<std::string, std::string> commits;
  ReadCommits({{"location", "commit"}, {{"file:/w/s.db/t", "00002.json 5"}}},
              &commits);

  const auto entries = WithVersions(*listed, commits);

  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].version, "Fri Nov 27 06:38:16 UTC 2026 00002.json 5");
  EXPECT_EQ(entries[1].version, "");
}

TEST(SparkCatalog, AsksForCommitsOnceForEachFolder) {
  const auto listed = ReadShownTables(
      Shown({{"s", "a", "false", TableInformation("file:/w/s.db/a")},
             {"s", "b", "false", TableInformation("file:/w/s.db/b")},
             {"s", "c", "false", TableInformation("s3://lake/c")},
             {"s", "d", "false", TableInformation("s3://la`ke/d")},
             {"s", "e", "false", TableInformation("s3://la*ke/e")}}),
      kSchema);
  ASSERT_TRUE(listed.ok()) << listed.status();

  const auto statements = NewestCommits(*listed);

  ASSERT_EQ(statements.size(), 2u);
  EXPECT_NE(statements[0].find("binaryFile.`file:/w/s.db/*/_delta_log/*.json`"),
            std::string::npos);
  EXPECT_NE(statements[1].find("binaryFile.`s3://lake/*/_delta_log/*.json`"),
            std::string::npos);
}

TEST(SparkCatalog, QuotesWhatItAsksFor) {
  EXPECT_EQ(ShowTables(Spark(), {"", "s"}),
            "show table extended in `s` like '*'");
  EXPECT_EQ(ShowTables(Databricks(), {"hive_metastore", "a`b"}),
            "show table extended in `hive_metastore`.`a``b` like '*'");
  EXPECT_EQ(ShowSchemas(Spark(), ""), "show schemas");
  EXPECT_EQ(ShowSchemas(Databricks(), "a`b"), "show schemas in `a``b`");
}

TEST(UnityCatalog, IsAskedOnceForADatabase) {
  const std::vector<std::string> schemas = {"One", "it's", "b\\"};

  const std::string asked = InformationSchema(Databricks(), "main", schemas);

  EXPECT_NE(asked.find("from `main`.information_schema.tables t"),
            std::string::npos)
      << asked;
  EXPECT_NE(asked.find("in ('one', 'it\\'s', 'b\\\\')"), std::string::npos)
      << asked;
}

TEST(UnityCatalog, ReadsKinds) {
  const auto entries = ReadInformationSchema(
      {{"table_schema", "table_name", "table_type", "definition"},
       {{"s", "v", "VIEW", "abc"},
        {"s", "t", "MANAGED", std::nullopt},
        {"s", "m", "MATERIALIZED_VIEW", std::nullopt},
        {"s", "c", "MANAGED_SHALLOW_CLONE", std::nullopt},
        {"s", "f", "FOREIGN", std::nullopt}}},
      "main");

  ASSERT_TRUE(entries.ok()) << entries.status();
  std::vector<RelationKind> kinds;
  for (const CatalogEntry& entry : *entries) kinds.push_back(entry.kind);
  EXPECT_EQ(kinds, (std::vector<RelationKind>{
                       RelationKind::kTable, RelationKind::kExternal,
                       RelationKind::kMaterializedView, RelationKind::kTable,
                       RelationKind::kView}));
  EXPECT_EQ(entries->back().version, "abc");
  EXPECT_EQ(entries->front().name, (RelationName{"main", "s", "c"}));
}

TEST(UnityCatalog, IsNotTheOldMetastore) {
  EXPECT_TRUE(IsUnityCatalog("main"));
  EXPECT_FALSE(IsUnityCatalog("hive_metastore"));
  EXPECT_FALSE(IsUnityCatalog(""));
}

}  // namespace
}  // namespace doppel::warehouse::spark_connect
