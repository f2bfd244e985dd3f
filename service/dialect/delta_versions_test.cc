#include "service/dialect/delta_versions.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "service/base/relation.h"
#include "service/base/relation_details.h"
#include "service/dialect/dialect.h"

namespace doppel::dialect {
namespace {

using Texts = std::vector<std::string>;

constexpr Quoting kQuoted = {true, true, true};

const Dialect& Of(absl::string_view type) { return **FindDialect(type); }

Making ToProd(RelationKind replaces) {
  Making making;
  making.source = {"db", "blue", "t"};
  making.source_quoting = kQuoted;
  making.target = {"db", "prod", "t"};
  making.target_quoting = kQuoted;
  making.replaces = replaces;
  return making;
}

RelationDetails Blue() {
  RelationDetails details;
  details.layout = "partitioned by (`day`)";
  details.comment = "it's \\ new";
  details.properties = {{"clusteringColumns", "[]"},
                        {"delta.constraints.pos", "id >= 0"},
                        {"delta.feature.allowColumnDefaults", "supported"},
                        {"delta.feature.invariants", "supported"},
                        {"delta.minReaderVersion", "1"},
                        {"team", "blue"}};
  details.not_selected = {"that the column id is not null"};
  return details;
}

RelationDetails Prod() {
  RelationDetails details;
  details.comment = "old";
  details.properties = {
      {"delta.columnMapping.mode", "name"},
      {"delta.constraints.old", "id < 9"},
      {"delta.deletedFileRetentionDuration", "interval 3 days"},
      {"team", "prod"}};
  return details;
}

TEST(MakeVersionTest, SparkWritesTheRowsAgainAndTheDefinitionWithThem) {
  const NewVersion version = Of("spark").MakeVersion(
      ToProd(RelationKind::kTable), Blue(), Prod(), "doppel promotion 1f");

  EXPECT_EQ(
      version.statements,
      (Texts{"set spark.databricks.delta.commitInfo.userMetadata = doppel "
             "promotion 1f",
             "create or replace table `prod`.`t` using delta partitioned by "
             "(`day`) comment 'it\\'s \\\\ new' tblproperties "
             "('delta.constraints.pos' = 'id >= 0', "
             "'delta.deletedFileRetentionDuration' = 'interval 3 days', "
             "'delta.feature.allowColumnDefaults' = 'supported', "
             "'team' = 'blue') as select * from `blue`.`t`"}));
  EXPECT_EQ(version.losses, (Texts{"that the column id is not null"}));
  EXPECT_EQ(version.changes,
            (Texts{"team: was prod, will be blue",
                   "its protocol is raised to that of the source, which the "
                   "way back does not undo"}));
  EXPECT_EQ(version.kept_for, absl::Hours(3 * 24));
}

TEST(MakeVersionTest, ANewTableReplacesNothing) {
  const NewVersion version = Of("spark").MakeVersion(
      ToProd(RelationKind::kUnknown), {}, {}, "doppel promotion 1f");

  EXPECT_EQ(version.statements.back(),
            "create table `prod`.`t` using delta as select * from `blue`.`t`");
}

TEST(MakeVersionTest, DatabricksClonesWithAllOfTheDefinition) {
  const NewVersion version =
      Of("databricks")
          .MakeVersion(ToProd(RelationKind::kTable), Blue(), Prod(), "m");

  EXPECT_EQ(version.statements.back(),
            "create or replace table `db`.`prod`.`t` deep clone "
            "`db`.`blue`.`t`");
  EXPECT_TRUE(version.losses.empty());
}

TEST(MakeVersionTest, OthersHaveNoVersions) {
  for (const Dialect* dialect : AllDialects()) {
    const bool has = dialect->capabilities().swap == Swap::kVersions;
    EXPECT_EQ(!dialect->MakeVersion(ToProd(RelationKind::kTable), {}, {}, "m")
                   .statements.empty(),
              has)
        << dialect->type();
    EXPECT_EQ(!dialect->RestoreVersion({"", "s", "t"}, kQuoted, 1, "m").empty(),
              has)
        << dialect->type();
  }
}

TEST(RestoreVersionTest, NamesTheVersion) {
  EXPECT_EQ(
      Of("spark").RestoreVersion({"", "prod", "t"}, kQuoted, 7, "m").back(),
      "restore table `prod`.`t` to version as of 7");
}

TEST(VersionsKeptForTest, IsTheShorterOfBoth) {
  const auto kept = [](const std::string& files, const std::string& log) {
    return VersionsKeptFor({{"delta.deletedFileRetentionDuration", files},
                            {"delta.logRetentionDuration", log}});
  };
  EXPECT_EQ(VersionsKeptFor({}), absl::Hours(7 * 24));
  EXPECT_EQ(kept("interval 60 days", "INTERVAL 1 week 12 HOURS"),
            absl::Hours(7 * 24 + 12));
  EXPECT_EQ(kept("interval 90 minutes", "interval 30 days"), absl::Minutes(90));
  EXPECT_EQ(kept("soon", "interval 30 days"), std::nullopt);
  EXPECT_EQ(kept("interval 1 month", "interval 30 days"), std::nullopt);
}

}  // namespace
}  // namespace doppel::dialect
