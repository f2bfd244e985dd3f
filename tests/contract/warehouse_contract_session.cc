// The contract's part on sessions: results, errors, cancel, many at a time.
#include <atomic>
#include <latch>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "tests/contract/warehouse_contract.h"

namespace doppel::warehouse {
namespace {

using Values = std::vector<std::optional<std::string>>;

TEST_P(WarehouseContract, GivesColumnsAndValuesAsText) {
  const auto quoted = [this](absl::string_view name) {
    return dialect().QuoteIdentifier(name);
  };
  const auto rows =
      session().Query(absl::StrCat("select 'text' as ", quoted("a"), ", 42 as ",
                                   quoted("b"), ", nullif('x', 'x') as ",
                                   quoted("c"), ", '' as ", quoted("d")),
                      {});

  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_EQ(rows->columns, (std::vector<std::string>{"a", "b", "c", "d"}));
  ASSERT_EQ(rows->rows.size(), 1u);
  EXPECT_EQ(rows->rows[0], (Values{"text", "42", std::nullopt, ""}));
}

TEST_P(WarehouseContract, GivesTheColumnsOfAnEmptyResult) {
  const auto rows = session().Query(
      absl::StrCat("select 1 as ", dialect().QuoteIdentifier("a"),
                   " where 1 = 0"),
      {});

  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_EQ(rows->columns, std::vector<std::string>{"a"});
  EXPECT_TRUE(rows->rows.empty());
}

TEST_P(WarehouseContract, GivesAllRowsOfALongResult) {
  const RelationName table = Relation("one", "t");
  MakeSchema(Schema("one"));
  MakeTable(table, 100);
  const std::string name = Render(table);

  const auto rows = session().Query(
      absl::StrCat("select case when a.x = b.x then null else a.x * 1000 + b.x "
                   "end as y from ",
                   name, " a cross join ", name, " b order by a.x, b.x"),
      {});

  ASSERT_TRUE(rows.ok()) << rows.status();
  ASSERT_EQ(rows->rows.size(), 10'000u);
  for (int a = 1; a <= 100; ++a) {
    for (int b = 1; b <= 100; ++b) {
      const auto& value = rows->rows[(a - 1) * 100 + b - 1][0];
      if (a == b) {
        ASSERT_EQ(value, std::nullopt);
      } else {
        ASSERT_EQ(value, absl::StrCat(a * 1000 + b));
      }
    }
  }
}

TEST_P(WarehouseContract, SaysWhatWasWrongInTheWarehousesWords) {
  MakeSchema(Schema("one"));
  const absl::Status missing = session().Execute(
      absl::StrCat("select * from ", Render(Relation("one", "not_there"))), {});
  const absl::Status syntax = session().Execute("select 1 as a selekt", {});
  const absl::Status at_run =
      session().Query("select cast('abc' || '' as integer)", {}).status();

  for (const absl::Status& status : {missing, syntax, at_run}) {
    ExpectStatus(status, absl::StatusCode::kFailedPrecondition,
                 Reason::kWarehouseStatementFailed);
  }
  EXPECT_TRUE(absl::StrContains(missing.message(), "not_there")) << missing;
  EXPECT_TRUE(absl::StrContains(syntax.message(), "selekt")) << syntax;
  EXPECT_TRUE(absl::StrContains(at_run.message(), "abc")) << at_run;
  EXPECT_EQ(ValueOf("select 1"), "1");
}

TEST_P(WarehouseContract, SaysThatAnObjectIsThereAlready) {
  const RelationName table = Relation("one", "t");
  MakeSchema(Schema("one"));
  MakeTable(table, 2);

  ExpectStatus(
      session().Execute(
          absl::StrCat("create table ", Render(table), " as select 1 as x"),
          {}),
      absl::StatusCode::kFailedPrecondition, Reason::kWarehouseStatementFailed);
  EXPECT_EQ(CountOf(table), "2");
}

TEST_P(WarehouseContract, SendsNoHalfOfAStatement) {
  const absl::string_view halves("select 1\0 nonsense", 18);

  ExpectStatus(session().Execute(halves, {}),
               absl::StatusCode::kFailedPrecondition,
               Reason::kWarehouseStatementFailed);
}

TEST_P(WarehouseContract, StartsNothingOnceStopped) {
  std::stop_source stop;
  stop.request_stop();
  MakeSchema(Schema("one"));

  ExpectStatus(session().Execute(
                   absl::StrCat("create view ", Render(Relation("one", "v")),
                                " as select 1 as x"),
                   stop.get_token()),
               absl::StatusCode::kCancelled, Reason::kCancelled);

  EXPECT_TRUE(List({Schema("one")}).empty());
}

// The stop comes at another moment of the statement's start each time; without
// it the statement would not end within the test.
TEST_P(WarehouseContract, StopsAStatementAtAnyMoment) {
  for (int round = 0; round < 20; ++round) {
    std::stop_source stop;
    std::latch ready(1);
    std::jthread stopper([&] {
      ready.wait();
      for (int i = 0; i < round * 10; ++i) std::this_thread::yield();
      stop.request_stop();
    });
    ready.count_down();

    const auto rows =
        session().Query(GetParam().endless_query, stop.get_token());

    ExpectStatus(rows.status(), absl::StatusCode::kCancelled,
                 Reason::kCancelled);
    EXPECT_EQ(ValueOf("select 1"), "1");
  }
}

TEST_P(WarehouseContract, ARollbackFollowsAStop) {
  if (!Has(Feature::kTransactions)) return;
  MakeSchema(Schema("one"));
  Run("begin");
  MakeTable(Relation("one", "t"), 1);
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });

  const auto rows = session().Query(GetParam().endless_query, stop.get_token());
  ExpectStatus(rows.status(), absl::StatusCode::kCancelled, Reason::kCancelled);
  Run("rollback");

  EXPECT_TRUE(List({Schema("one")}).empty());
  MakeTable(Relation("one", "t"), 1);
}

TEST_P(WarehouseContract, AStopEndsItsOwnStatementAlone) {
  std::stop_source stop;
  const auto other = warehouse().Connect();
  ASSERT_TRUE(other.ok()) << other.status();
  absl::Status stopped;
  std::jthread worker([&] {
    stopped =
        (*other)->Query(GetParam().endless_query, stop.get_token()).status();
  });

  EXPECT_EQ(ValueOf("select 1"), "1");
  stop.request_stop();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(ValueOf("select 2"), "2");
  worker.join();

  ExpectStatus(stopped, absl::StatusCode::kCancelled, Reason::kCancelled);
}

TEST_P(WarehouseContract, TwentySessionsWorkAtATime) {
  constexpr int kSessions = 20;
  constexpr int kViews = 10;
  MakeSchema(Schema("prod"));
  MakeSchema(Schema("dev"));
  MakeTable(Relation("prod", "t"), 3);
  std::latch ready(kSessions);
  std::atomic<int> done = 0;
  {
    std::vector<std::jthread> workers;
    for (int worker = 0; worker < kSessions; ++worker) {
      workers.emplace_back([&, worker] {
        auto session = warehouse().Connect();
        ready.arrive_and_wait();
        ASSERT_TRUE(session.ok()) << session.status();
        for (int i = 0; i < kViews; ++i) {
          const RelationName target =
              Relation("dev", absl::StrCat("v", worker, "_", i));
          for (const std::string& statement : dialect().PointerView(MakingOf(
                   Relation("prod", "t"), target, RelationKind::kUnknown))) {
            const absl::Status status = (*session)->Execute(statement, {});
            ASSERT_TRUE(status.ok()) << status;
          }
          ++done;
        }
      });
    }
  }

  EXPECT_EQ(done, kSessions * kViews);
  EXPECT_EQ(List({Schema("dev")}).size(), size_t{kSessions * kViews});
  EXPECT_EQ(CountOf(Relation("dev", "v19_9")), "3");
}

TEST_P(WarehouseContract, SessionsComeAndGoAtATime) {
  MakeSchema(Schema("one"));
  MakeTable(Relation("one", "t"), 1);
  Reconnect();
  std::vector<std::jthread> workers;
  for (int worker = 0; worker < 8; ++worker) {
    workers.emplace_back([&] {
      const std::vector<SchemaName> schemas = {Schema("one")};
      for (int i = 0; i < 10; ++i) {
        const auto entries = warehouse().ListRelations(schemas, {});
        ASSERT_TRUE(entries.ok()) << entries.status();
        ASSERT_EQ(entries->size(), 1u);
      }
    });
  }
}

}  // namespace
}  // namespace doppel::warehouse
