// The warehouse contract, run by Spark with Delta Lake: one server that this
// program starts, emptied for each test. And what a shallow clone is there.
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/spark_connect/credentials.h"
#include "service/warehouse/spark_connect/spark_warehouse.h"
#include "service/warehouse/warehouse.h"
#include "tests/contract/warehouse_contract.h"
#include "tests/support/spark_server.h"

namespace doppel::warehouse {
namespace {

WarehouseUnderTest Delta() {
  WarehouseUnderTest delta;
  delta.name = "delta";
  delta.open = [](const std::string&) { return doppel::testing::EmptySpark(); };
  delta.lacks = {Feature::kTransactions, Feature::kLastingClones};
  delta.is_optional = true;
  delta.endless_query =
      "select count(*) from range(100000000000) a cross join range(1000) b";
  delta.numbers_query = "select cast(id as int) as x from range(1, $0)";
  // A table's name is a folder's, and it has a folder beside it that is made
  // with a longer name.
  delta.longest_name = 200;
  delta.words_only = true;
  delta.table_options.file_format = "delta";
  return delta;
}

INSTANTIATE_TEST_SUITE_P(Spark, WarehouseContract, ::testing::Values(Delta()),
                         [](const auto& info) { return info.param.name; });

class DeltaClone : public WarehouseContract {
 protected:
  void Clone(const RelationName& source, const RelationName& target) {
    Run(dialect().CloneTable(MakingOf(source, target, RelationKind::kUnknown)));
  }

  // The files that hold the table's rows.
  std::set<std::string> FilesOf(const RelationName& table) {
    const auto rows = session().Query(
        absl::StrCat("select distinct _metadata.file_path from ",
                     Render(table)),
        {});
    EXPECT_TRUE(rows.ok()) << rows.status();
    std::set<std::string> files;
    if (!rows.ok()) return files;
    for (const auto& row : rows->rows) files.insert(row[0].value_or(""));
    return files;
  }
};

INSTANTIATE_TEST_SUITE_P(Spark, DeltaClone, ::testing::Values(Delta()),
                         [](const auto& info) { return info.param.name; });

TEST_P(DeltaClone, SharesTheFilesOfItsSourceUntilItIsWritten) {
  const RelationName source = Relation("prod", "t");
  const RelationName clone = Relation("dev", "t");
  MakeSchema(Schema("prod"));
  MakeSchema(Schema("dev"));
  MakeTable(source, 50);

  Clone(source, clone);

  EXPECT_EQ(FilesOf(clone), FilesOf(source));
  EXPECT_FALSE(FilesOf(clone).empty());
  const std::string version = Find(source).version;
  Run(absl::StrCat("update ", Render(clone), " set x = x + 1000"));
  EXPECT_NE(FilesOf(clone), FilesOf(source));
  EXPECT_EQ(ValueOf(absl::StrCat("select max(x) from ", Render(source))), "50");
  EXPECT_EQ(ValueOf(absl::StrCat("select min(x) from ", Render(clone))),
            "1001");
  EXPECT_EQ(Find(source).version, version);
}

TEST_P(DeltaClone, StaysAsItsSourceWas) {
  const RelationName source = Relation("prod", "t");
  const RelationName clone = Relation("prod", "c");
  MakeSchema(Schema("prod"));
  MakeTable(source, 5);
  Clone(source, clone);

  Run(absl::StrCat("delete from ", Render(source), " where x > 1"));

  EXPECT_EQ(CountOf(source), "1");
  EXPECT_EQ(CountOf(clone), "5");
}

TEST_P(DeltaClone, ReplacesAnyKindAndLeavesNothingBeside) {
  const RelationName source = Relation("prod", "t");
  const RelationName target = Relation("dev", "t");
  MakeSchema(Schema("prod"));
  MakeSchema(Schema("dev"));
  MakeTable(source, 5);
  MakeTable(target, 1);

  for (const RelationKind replaces :
       {RelationKind::kTable, RelationKind::kTable, RelationKind::kView}) {
    if (replaces == RelationKind::kView) {
      Run(dialect().PointerView(
          MakingOf(source, target, RelationKind::kTable)));
    }
    Run(dialect().CloneTable(MakingOf(source, target, replaces)));
    EXPECT_EQ(Find(target).kind, RelationKind::kTable);
    EXPECT_EQ(CountOf(target), "5");
    EXPECT_EQ(List({Schema("dev")}).size(), 1u);
  }
}

// A session remembers what it read of a table's folder.
TEST_P(DeltaClone, ShowsTheNewRowsToWhoReadTheOldOnes) {
  const RelationName source = Relation("prod", "t");
  const RelationName target = Relation("dev", "t");
  MakeSchema(Schema("prod"));
  MakeSchema(Schema("dev"));
  MakeTable(source, 3);
  Clone(source, target);
  const std::string sum = absl::StrCat("select sum(x) from ", Render(target));
  EXPECT_EQ(ValueOf(sum), "6");

  for (const auto& [added, expected] : {std::pair(10, "16"), {100, "116"}}) {
    AddRow(source, added);
    Run(dialect().CloneTable(MakingOf(source, target, RelationKind::kTable)));
    EXPECT_EQ(ValueOf(sum), expected);
    Reconnect();
    EXPECT_EQ(ValueOf(sum), expected);
  }
}

TEST_P(DeltaClone, IsNotMadeOfAView) {
  const RelationName view = Relation("prod", "v");
  MakeSchema(Schema("prod"));
  Run(absl::StrCat("create view ", Render(view), " as select 1 as x"));

  EXPECT_FALSE(
      dialect().CanClone(RelationKind::kView, GetParam().table_options));
  ExpectStatus(session().Execute(absl::StrCat("create table prod.c shallow "
                                              "clone ",
                                              Render(view)),
                                 {}),
               absl::StatusCode::kFailedPrecondition,
               Reason::kWarehouseStatementFailed);
}

TEST(SparkConnections, AWrongTokenIsRefusedAndNotRepeated) {
  if (!doppel::testing::SparkMissing().empty()) {
    GTEST_SKIP() << doppel::testing::SparkMissing();
  }
  auto credentials = doppel::testing::SparkCredentials();
  ASSERT_TRUE(credentials.ok()) << credentials.status();
  credentials->headers = {{"authorization", "Bearer hunter2"}};
  credentials->secrets = {"hunter2"};

  const auto warehouse = spark_connect::OpenSpark(*credentials);
  ASSERT_TRUE(warehouse.ok()) << warehouse.status();
  const absl::Status refused = (*warehouse)->Connect().status();

  ExpectStatus(refused, absl::StatusCode::kFailedPrecondition,
               Reason::kWarehouseAuthenticationFailed);
  EXPECT_FALSE(absl::StrContains(refused.ToString(), "hunter2")) << refused;
}

TEST(SparkConnections, NobodyListens) {
  spark_connect::Credentials credentials;
  credentials.type = "spark";
  credentials.address = "127.0.0.1:1";

  const auto warehouse = spark_connect::OpenSpark(credentials);
  ASSERT_TRUE(warehouse.ok()) << warehouse.status();

  ExpectStatus((*warehouse)->Connect().status(), absl::StatusCode::kUnavailable,
               Reason::kWarehouseUnreachable);
}

}  // namespace
}  // namespace doppel::warehouse
