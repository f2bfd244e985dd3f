#include "service/warehouse/spark_connect/details.h"

#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "service/base/relation.h"
#include "service/base/relation_details.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::spark_connect {
namespace {

using Texts = std::vector<std::string>;

const dialect::Dialect& Spark() { return **dialect::FindDialect("spark"); }

// As Spark 4.2 answers.
Rows TableRows() {
  return {{"col_name", "data_type", "comment"},
          {{"Type", "int", "a column of that name"},
           {"c`d", "int", std::nullopt},
           {"# Partition Information", "", ""},
           {"# col_name", "data_type", "comment"},
           {"`c``d`", "int", std::nullopt},
           {"", "", ""},
           {"# Detailed Table Information", "", ""},
           {"Catalog", "spark_catalog", ""},
           {"Type", "MANAGED", ""},
           {"Comment", "what was\nsold", ""},
           {"Provider", "delta", ""}}};
}

TEST(SparkDetails, ReadsADeltaTable) {
  const Described described = ReadDescribed(TableRows());
  RelationDetails details;
  ReadDefinition(Spark(), described,
                 {{"key", "value"}, {{"delta.appendOnly", "false"}}},
                 {{"Type", "c`d"}, {}, {true, false}}, &details);

  EXPECT_EQ(described.kind, RelationKind::kTable);
  EXPECT_TRUE(described.is_delta);
  EXPECT_EQ(described.comment, "what was\nsold");
  EXPECT_EQ(details.layout, "partitioned by (`c``d`)");
  EXPECT_EQ(details.properties.size(), 1u);
  EXPECT_EQ(details.not_selected, (Texts{"that the column Type is not null"}));
}

TEST(SparkDetails, ReadsClustersAndWhatIsGenerated) {
  RelationDetails details;
  ReadDefinition(Spark(), {},
                 {{"key", "value"},
                  {{"clusteringColumns", R"([["c`d"],["s","x"]])"},
                   {"delta.feature.generatedColumns", "supported"}}},
                 {}, &details);

  EXPECT_EQ(details.layout, "cluster by (`c``d`, `s`.`x`)");
  EXPECT_EQ(details.not_selected, (Texts{"how columns are generated"}));
}

TEST(SparkDetails, KnowsAView) {
  const Described described = ReadDescribed(
      {{"col_name", "data_type", "comment"},
       {{"id", "int", "vid"},
        {"", "", ""},
        {"# Detailed Table Information", "", ""},
        {"Type", "VIEW", ""},
        {"View Catalog and Namespace", "spark_catalog.default", ""}}});

  EXPECT_EQ(described.kind, RelationKind::kView);
  EXPECT_EQ(described.namespace_of_text, "spark_catalog.default");
}

TEST(SparkDetails, VersionsAreThoseThatChangedSomething) {
  const Rows history = {
      {"version", "timestamp", "operation", "userMetadata"},
      {{"9", "t", "VACUUM END", std::nullopt},
       {"8", "t", "VACUUM START", std::nullopt},
       {"7", "t", "OPTIMIZE", std::nullopt},
       {"6", "t", "CREATE OR REPLACE TABLE AS SELECT", "doppel 1f"},
       {"5", "t", "WRITE", std::nullopt}}};

  EXPECT_EQ(ReadHistory(history),
            (std::vector<TableVersion>{{6, "doppel 1f"}, {5, ""}}));
  EXPECT_TRUE(ReadHistory({}).empty());
}

}  // namespace
}  // namespace doppel::warehouse::spark_connect
