// The executor with DuckDB behind it: what a plan promises is in the database
// afterwards, also where the process is killed in the middle, at any event.
//
// The child that is killed is this program itself, with --child.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "service/clone/plan.h"
#include "service/execution/executor.h"
#include "service/execution/executor_fixture.h"
#include "service/store/sqlite/sqlite_store.h"
#include "service/store/store.h"
#include "service/warehouse/duckdb/credentials.h"
#include "service/warehouse/duckdb/duckdb_warehouse.h"
#include "service/warehouse/warehouse.h"

namespace doppel::execution {
namespace {

using store::ExecutionStatus;
using store::OperationStatus;

constexpr char kConnection[] = "shop/dev";
constexpr int kTables = 30;

// The database in the folder.
absl::StatusOr<std::shared_ptr<warehouse::Warehouse>> OpenShop(
    const std::string& directory) {
  warehouse::duckdb::Credentials credentials;
  credentials.path = directory + "/shop.duckdb";
  credentials.database = "shop";
  warehouse::duckdb::DuckDbOptions options;
  options.driver_dir = "../drivers";  // where Bazel puts the data of a test
  return warehouse::duckdb::OpenDuckDb(credentials, options);
}

clone::PlannedRelation Named(absl::string_view schema,
                             absl::string_view identifier, RelationKind kind) {
  clone::PlannedRelation relation;
  relation.name = {"shop", std::string(schema), std::string(identifier)};
  relation.kind = kind;
  relation.rendered = absl::StrCat("shop.", schema);
  if (!identifier.empty()) absl::StrAppend(&relation.rendered, ".", identifier);
  return relation;
}

// A schema, a copy of each table of "prod" and a view on each copy. None of
// the statements can be sent twice without an error.
clone::Plan CopyAll(absl::string_view schema) {
  std::vector<clone::Operation> operations(1);
  operations[0].id = 1;
  operations[0].kind = clone::OperationKind::kCreateSchema;
  operations[0].target = Named(schema, "", RelationKind::kUnknown);
  operations[0].statements = {absl::StrCat("create schema shop.", schema)};
  for (int i = 0; i < kTables; ++i) {
    clone::Operation copy;
    copy.id = static_cast<int>(operations.size()) + 1;
    copy.kind = clone::OperationKind::kCopyTable;
    copy.source = Named("prod", absl::StrCat("t", i), RelationKind::kTable);
    copy.target = Named(schema, absl::StrCat("t", i), RelationKind::kTable);
    copy.statements = {absl::StrCat("create table ", copy.target->rendered,
                                    " as select * from ",
                                    copy.source->rendered)};
    copy.depends_on = {1};
    clone::Operation view;
    view.id = copy.id + 1;
    view.kind = clone::OperationKind::kPointerView;
    view.source = copy.target;
    view.target = Named(schema, absl::StrCat("v", i), RelationKind::kView);
    view.statements = {absl::StrCat("create view ", view.target->rendered,
                                    " as select * from ",
                                    view.source->rendered)};
    view.depends_on = {copy.id};
    operations.push_back(std::move(copy));
    operations.push_back(std::move(view));
  }
  clone::Plan plan;
  plan.connection = kConnection;
  plan.warehouse = "duckdb";
  plan.operations = std::move(operations);
  for (const clone::Operation& operation : plan.operations) {
    plan.preconditions.push_back(
        {operation.id == 1 ? clone::PreconditionKind::kSchema
                           : clone::PreconditionKind::kTargetRelation,
         operation.target->rendered, "absent", operation.target->name});
  }
  return plan;
}

class ExecutorDuckDbTest : public ExecutorFixture {
 protected:
  void SetUp() override {
    ExecutorFixture::SetUp();
    find_ = [this](absl::string_view) { return OpenShop(directory_); };
    Stop();
    Start();
    std::vector<std::string> statements = {"create schema shop.prod"};
    for (int i = 0; i < kTables; ++i) {
      statements.push_back(absl::StrCat("create table shop.prod.t", i,
                                        " as select range as n from range(",
                                        10 + i, ")"));
    }
    Send(statements);
  }

  void Send(const std::vector<std::string>& statements) {
    const auto warehouse = OpenShop(directory_);
    ASSERT_TRUE(warehouse.ok()) << warehouse.status();
    const auto session = (*warehouse)->Connect();
    ASSERT_TRUE(session.ok()) << session.status();
    for (const std::string& sql : statements) {
      const absl::Status sent = (*session)->Execute(sql, {});
      ASSERT_TRUE(sent.ok()) << sent;
    }
  }

  std::string Ask(absl::string_view sql) {
    const auto warehouse = OpenShop(directory_);
    const auto session = (*warehouse)->Connect();
    const auto rows = (*session)->Query(sql, {});
    if (!rows.ok()) return rows.status().ToString();
    return rows->rows.empty() ? "" : rows->rows[0][0].value_or("null");
  }

  // What CopyAll promises, and nothing else.
  void ExpectCopied(absl::string_view schema) {
    EXPECT_EQ(Ask(absl::StrCat("select count(*) from duckdb_tables() where "
                               "schema_name = '",
                               schema, "'")),
              absl::StrCat(kTables));
    EXPECT_EQ(Ask(absl::StrCat("select count(*) from duckdb_views() where "
                               "schema_name = '",
                               schema, "'")),
              absl::StrCat(kTables));
    std::vector<std::string> counts;
    for (int i = 0; i < kTables; ++i) {
      counts.push_back(absl::StrCat("(select count(*) from shop.", schema, ".v",
                                    i, ") = ", 10 + i));
    }
    EXPECT_EQ(Ask(absl::StrCat("select cast(", absl::StrJoin(counts, " and "),
                               " as varchar)")),
              "true");
  }

  // Every operation ended once.
  void ExpectEachOnce(const std::string& execution) {
    std::vector<int> ends(2 * kTables + 2);
    for (const store::EventRecord& event : Events(execution)) {
      if (event.kind != store::EventKind::kOperationFinished) continue;
      EXPECT_EQ(event.operation->status, OperationStatus::kSucceeded)
          << event.operation->error.message;
      ++ends[event.operation->operation_id];
    }
    for (size_t id = 1; id < ends.size(); ++id) EXPECT_EQ(ends[id], 1) << id;
  }

  // Runs the child on the stored plan and kills it after so many events.
  void RunAndKill(const std::string& plan, int events);
};

void ExecutorDuckDbTest::RunAndKill(const std::string& plan, int events) {
  int ends[2] = {};
  ASSERT_EQ(pipe(ends), 0);
  const std::string report = absl::StrCat(ends[1]);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    close(ends[0]);
    execl("/proc/self/exe", "execution_duckdb_test", "--child",
          directory_.c_str(), plan.c_str(), report.c_str(), nullptr);
    _exit(9);
  }
  close(ends[1]);
  char byte = 0;
  int seen = 0;
  while (seen < events && read(ends[0], &byte, 1) == 1) ++seen;
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  close(ends[0]);
  ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << status;
}

TEST_F(ExecutorDuckDbTest, DoesWhatThePlanPromises) {
  const std::string id = Execute(CopyAll("dev"), 4);

  const store::ExecutionRecord record = WaitForEnd(id);

  EXPECT_EQ(record.status, ExecutionStatus::kSucceeded) << record.error.message;
  ExpectCopied("dev");
  ExpectEachOnce(id);
  EXPECT_EQ(store_->ListLedger(kConnection, "")->size(), 2u * kTables + 1);
}

TEST_F(ExecutorDuckDbTest, ExecutesNoPlanOfAnotherWorld) {
  const clone::Plan plan = CopyAll("dev");
  Send({"create schema shop.dev", "create table shop.dev.t1 as select 1 as n"});

  const absl::Status checked = executor_->Check(RequestFor(plan, "p"));

  ExpectReason(checked, Reason::kWorldChanged);
  EXPECT_EQ(Ask("select count(*) from shop.dev.t1"), "1");
}

TEST_F(ExecutorDuckDbTest, RollsBackAStatementListThatFails) {
  Send({"create schema shop.dev", "create table shop.dev.t0 as select 7 as n"});
  clone::Plan plan = CopyAll("dev");
  plan.preconditions.clear();
  plan.operations = {plan.operations[1]};
  plan.operations[0].depends_on.clear();
  plan.operations[0].statements = {
      "begin", "drop table shop.dev.t0",
      "create table shop.dev.t0 as select * from shop.prod.nothing", "commit"};

  const store::ExecutionRecord record = WaitForEnd(Execute(plan));

  EXPECT_EQ(record.status, ExecutionStatus::kFailed);
  EXPECT_EQ(record.error.reason, "WAREHOUSE_STATEMENT_FAILED");
  EXPECT_TRUE(absl::StrContains(record.error.message, "statement 3 of 4"))
      << record.error.message;
  EXPECT_EQ(Ask("select n from shop.dev.t0"), "7");
}

TEST_F(ExecutorDuckDbTest, CancelReachesARunningStatement) {
  clone::Plan plan = CopyAll("dev");
  plan.preconditions.clear();
  plan.operations.resize(2);
  plan.operations[1].statements = {
      "create table shop.dev.t0 as select count(*) as n from "
      "range(100000000) a, range(100000000) b"};
  const std::string id = Execute(plan);
  while (Operations(id) != "1:succeeded 2:running") {
  }

  ASSERT_TRUE(executor_->Cancel(id, "too long", std::nullopt).ok());

  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kCancelled);
  EXPECT_EQ(Operations(id), "1:succeeded 2:cancelled");
}

TEST_F(ExecutorDuckDbTest, GoesOnAfterAKillAtAnyEvent) {
  // Started, then two events for each operation, then the end.
  const int all = 2 * (2 * kTables + 1) + 1;
  int round = 0;
  for (const int events : {1, 2, 3, 4, 17, 40, 77, 100, all - 1}) {
    const std::string schema = absl::StrCat("dev", ++round);
    const std::string plan = absl::StrCat("plan", round);
    PutPlan(CopyAll(schema), plan);
    Stop();

    RunAndKill(plan, events);
    Start();

    const auto page = store_->ListExecutions(plan, 10, "");
    ASSERT_EQ(page->items.size(), 1u);
    const std::string id = page->items[0].id;
    EXPECT_GE(page->items[0].last_sequence, events);
    if (page->items[0].status != ExecutionStatus::kSucceeded) {
      EXPECT_EQ(page->items[0].status, ExecutionStatus::kInterrupted);
      const auto resumed = executor_->Resume(id, std::nullopt);
      ASSERT_TRUE(resumed.ok()) << resumed.status();
    }
    const store::ExecutionRecord record = WaitForEnd(id);
    EXPECT_EQ(record.status, ExecutionStatus::kSucceeded)
        << record.error.message;
    ExpectCopied(schema);
    ExpectEachOnce(id);
    ExpectWholeHistory(id);
    EXPECT_EQ(store_->ListLedger(kConnection, "")->size(),
              round * (2u * kTables + 1));
  }
}

// Executes the plan and writes a byte for each event that it is told of.
int RunChild(const std::string& directory, const std::string& plan,
             int report) {
  store::SqliteStoreOptions store_options;
  store_options.directory = directory + "/store";
  const auto store = store::OpenSqliteStore(store_options);
  if (!store.ok()) return 2;
  const auto executor = Executor::Create(
      {}, store->get(), [&](absl::string_view) { return OpenShop(directory); });
  if (!executor.ok()) return 3;
  ExecuteRequest request;
  request.plan = plan;
  request.fingerprint = (*store)->GetPlan(plan)->fingerprint;
  const auto id = (*executor)->Execute(request);
  if (!id.ok()) {
    std::fprintf(stderr, "child: %s\n", id.status().ToString().c_str());
    return 4;
  }
  for (int64_t after = 0;;) {
    const auto page = (*executor)->ReadEvents(*id, after, 1);
    if (!page.ok()) return 5;
    if (page->events.empty()) continue;
    after = page->events[0].sequence;
    if (write(report, "x", 1) != 1) return 6;
  }
}

}  // namespace
}  // namespace doppel::execution

int main(int argc, char** argv) {
  if (argc == 5 && absl::string_view(argv[1]) == "--child") {
    return doppel::execution::RunChild(argv[2], argv[3], std::stoi(argv[4]));
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
