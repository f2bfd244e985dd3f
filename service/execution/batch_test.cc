#include "service/execution/batch.h"

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "service/dialect/dialect.h"
#include "service/execution/scripted_warehouse.h"

namespace doppel::execution {
namespace {

const dialect::Dialect& DialectOf(absl::string_view adapter) {
  return **dialect::FindDialect(adapter);
}

TEST(BatchTest, SmallThingsOfOneDatabaseShareABatch) {
  EXPECT_TRUE(
      CanShareBatch(DialectOf("duckdb"), MakeView(1, "a"), MakeView(2, "b")));
}

TEST(BatchTest, OnlyWhereThereAreTransactionsForThem) {
  EXPECT_FALSE(CanShareBatch(DialectOf("clickhouse"), MakeView(1, "a"),
                             MakeView(2, "b")));
}

TEST(BatchTest, WhatMovesDataOrReplacesIsByItself) {
  clone::Operation copy = MakeView(2, "b");
  copy.kind = clone::OperationKind::kCopyTable;
  clone::Operation replacing = MakeView(2, "b");
  replacing.replaces = replacing.target;
  clone::Operation in_steps = MakeView(2, "b");
  in_steps.statements.emplace_back("another");
  clone::Operation elsewhere = MakeView(2, "b");
  elsewhere.target->name.database = "other";

  for (const clone::Operation& operation :
       {copy, replacing, in_steps, elsewhere}) {
    EXPECT_FALSE(
        CanShareBatch(DialectOf("duckdb"), MakeView(1, "a"), operation));
    EXPECT_FALSE(
        CanShareBatch(DialectOf("duckdb"), operation, MakeView(1, "a")));
  }
}

TEST(BatchTest, GrowsWhileItTakesNoTimeAndShrinksWhereItDoes) {
  BatchSize size(5);
  EXPECT_EQ(size.now(), 1);
  size.Record(absl::ZeroDuration());
  EXPECT_EQ(size.now(), 2);
  size.Record(absl::ZeroDuration());
  size.Record(absl::ZeroDuration());
  EXPECT_EQ(size.now(), 5);
  size.Record(absl::Seconds(1));
  EXPECT_EQ(size.now(), 2);
  size.Record(absl::Seconds(1));
  size.Record(absl::Seconds(1));
  EXPECT_EQ(size.now(), 1);
}

}  // namespace
}  // namespace doppel::execution
