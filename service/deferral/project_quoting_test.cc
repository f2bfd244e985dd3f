#include "service/deferral/project_quoting.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "service/manifest/parse.h"

namespace doppel::deferral {
namespace {

using dialect::Quoting;

Quoting Of(absl::string_view metadata, absl::string_view relation_names) {
  std::string nodes;
  int number = 0;
  for (const absl::string_view name :
       absl::StrSplit(relation_names, ' ', absl::SkipEmpty())) {
    absl::StrAppend(
        &nodes, nodes.empty() ? "" : ",", "\"model.p.m", number,
        R"(": {"resource_type": "model", "unique_id": "model.p.m)", number,
        R"(", "name": "orders", "alias": "orders", "package_name": "p",
            "database": "Db", "schema": "prod", "relation_name": ")",
        name, "\"}");
    ++number;
  }
  const std::string json = absl::StrCat(
      R"({"metadata": {"dbt_schema_version":
          "https://schemas.getdbt.com/dbt/manifest/v11.json",
          "adapter_type": "snowflake")",
      metadata, R"(}, "nodes": {)", nodes, "}}");
  const auto manifest =
      manifest::ParseManifest(manifest::Text::Copy(json), "digest");
  EXPECT_TRUE(manifest.ok()) << manifest.status();
  return QuotingOf(**manifest, **dialect::FindDialect("snowflake"));
}

TEST(ProjectQuotingTest, IsWhatTheMetadataSays) {
  EXPECT_EQ(Of(R"(, "quoting": {"database": true, "schema": null})",
               "Db.prod.orders"),
            (Quoting{true, false, false}));
}

TEST(ProjectQuotingTest, IsReadOffTheNamesOfAnOlderManifest) {
  EXPECT_EQ(Of("", R"(Db.prod.\"orders\")"), (Quoting{false, false, true}));
  EXPECT_EQ(Of("", R"(\"Db\".\"prod\".\"orders\")"),
            (Quoting{true, true, true}));
}

TEST(ProjectQuotingTest, IsTheDefaultWhereNothingTells) {
  EXPECT_EQ(Of("", ""), (Quoting{false, false, false}));
  EXPECT_EQ(Of("", "Db.prod.orders"), (Quoting{false, false, false}));
  EXPECT_EQ(Of("", "read_csv(x)"), (Quoting{false, false, false}));
}

TEST(ProjectQuotingTest, PassesOverANameThatNoQuotingMakes) {
  EXPECT_EQ(Of("", R"(elsewhere Db.prod.\"orders\")"),
            (Quoting{false, false, true}));
}

}  // namespace
}  // namespace doppel::deferral
