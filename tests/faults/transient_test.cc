// What passes by itself is tried again, and nothing else: connections that are
// cut in the middle of a statement, locks, a database file that another process
// has open, a full disk under the store, watchers that are slow or gone.
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "service/base/reason.h"
#include "service/clone/plan.h"
#include "service/execution/executor.h"
#include "service/execution/executor_fixture.h"
#include "service/store/store.h"
#include "service/warehouse/warehouse.h"
#include "tests/faults/engine.h"
#include "tests/faults/shop.h"

namespace doppel::faults {
namespace {

using execution::ExpectReason;
using store::ExecutionStatus;

class TransientTest : public execution::ExecutorFixture {
 protected:
  void Use(absl::string_view engine) {
    Stop();
    auto shop = Shop::Make(FindEngine(engine), directory_);
    ASSERT_TRUE(shop.ok()) << shop.status();
    shop_ = *std::move(shop);
    options_.retry.sleep = nullptr;
    options_.retry.first_pause = absl::Milliseconds(50);
    find_ = [this](absl::string_view) { return shop_->Open(); };
    Start();
  }

  // One table in prod, made by a statement.
  clone::Plan OneStatement(const std::string& sql) {
    clone::Plan plan = *shop_->MakePlan();
    plan.operations.resize(2);
    plan.operations.erase(plan.operations.begin());
    plan.operations[0].depends_on.clear();
    plan.operations[0].target->name.schema = "prod";
    plan.operations[0].target->name.identifier = "made";
    plan.operations[0].statements = {sql};
    plan.preconditions = {{clone::PreconditionKind::kTargetRelation,
                           "prod.made", "absent",
                           plan.operations[0].target->name}};
    return plan;
  }

  int Attempts(const std::string& id) {
    return store_->ListOperations(id)->front().attempts;
  }

  std::unique_ptr<Shop> shop_;
};

// Waits until PostgreSQL runs a statement that says so, and ends its session.
void CutConnection(Shop& shop) {
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (shop.Ask("select count(pg_terminate_backend(pid)) from "
                  "pg_stat_activity where query like '%cut me%' and "
                  "state = 'active' and pid <> pg_backend_pid()") != "1") {
    ASSERT_LT(absl::Now(), deadline);
    absl::SleepFor(absl::Milliseconds(5));
  }
}

TEST_F(TransientTest, SendsAgainWhatWasCutInTheMiddle) {
  Use("Postgres");
  const std::string id =
      Execute(OneStatement("create table prod.made as select 1 as n, "
                           "pg_sleep(1)::text /* cut me */"));

  CutConnection(*shop_);
  const store::ExecutionRecord record = WaitForEnd(id);

  EXPECT_EQ(record.status, ExecutionStatus::kSucceeded) << record.error.message;
  EXPECT_EQ(Attempts(id), 2);
  EXPECT_EQ(shop_->Ask("select n from prod.made"), "1");
  ExpectWholeHistory(id);
}

TEST_F(TransientTest, WaitsForALockUntilItIsFree) {
  Use("Postgres");
  // Not where the plan looks at sizes, which would wait, too.
  ASSERT_TRUE(shop_
                  ->Send({"create schema side",
                          "create table side.locked as select 10 as n"})
                  .ok());
  const auto warehouse = *shop_->Open();
  const auto session = *warehouse->Connect();
  ASSERT_TRUE(session->Execute("begin", {}).ok());
  ASSERT_TRUE(
      session->Execute("lock table side.locked in access exclusive mode", {})
          .ok());
  clone::Plan plan = OneStatement("select 1");
  plan.operations[0].statements = {
      "begin", "set local lock_timeout = '20ms'",
      "create table prod.made as select * from side.locked", "commit"};
  const std::string id = Execute(plan);
  absl::SleepFor(absl::Milliseconds(150));

  ASSERT_TRUE(session->Execute("commit", {}).ok());
  const store::ExecutionRecord record = WaitForEnd(id);

  EXPECT_EQ(record.status, ExecutionStatus::kSucceeded) << record.error.message;
  EXPECT_GE(Attempts(id), 2);
  EXPECT_EQ(shop_->Ask("select n from prod.made"), "10");
}

TEST_F(TransientTest, TriesASerializationFailureAgain) {
  Use("Postgres");
  // The first attempt raises what PostgreSQL raises; a sequence remembers it,
  // for a rolled-back transaction does not give its numbers back.
  ASSERT_TRUE(shop_->Send({"create sequence prod.attempts"}).ok());
  const std::string id = Execute(
      OneStatement("do $$ begin if nextval('prod.attempts') < 3 then "
                   "raise exception 'again' using errcode = '40001'; end if; "
                   "create table prod.made as select 1 as n; end $$"));

  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kSucceeded);
  EXPECT_EQ(Attempts(id), 3);
}

TEST_F(TransientTest, TriesNothingAgainThatWouldFailAgain) {
  for (const char* engine : {"DuckDb", "Postgres"}) {
    Use(engine);
    const std::string id = Execute(
        OneStatement("create table prod.made as select * from nothing"));

    EXPECT_EQ(WaitForEnd(id).error.reason, "WAREHOUSE_STATEMENT_FAILED");
    EXPECT_EQ(Attempts(id), 1);
  }
}

// Has the DuckDB file open, as another process must, until it is ended.
class OtherProcess {
 public:
  explicit OtherProcess(const std::string& place) {
    int ends[2] = {};
    EXPECT_EQ(pipe(ends), 0);
    child_ = fork();
    if (child_ == 0) {
      dup2(ends[1], 3);
      execl("/proc/self/exe", "transient_test", "--hold", place.c_str(),
            nullptr);
      _exit(9);
    }
    close(ends[1]);
    char byte = 0;
    EXPECT_EQ(read(ends[0], &byte, 1), 1);
    close(ends[0]);
  }
  ~OtherProcess() { End(); }
  void End() {
    if (child_ <= 0) return;
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
    child_ = 0;
  }

 private:
  pid_t child_ = 0;
};

TEST_F(TransientTest, WaitsForADuckDbFileThatIsOpenElsewhere) {
  Use("DuckDb");
  const clone::Plan plan = OneStatement("create table prod.made as select 1 n");
  const execution::ExecuteRequest request = RequestFor(plan, "p");
  OtherProcess other(shop_->place());

  std::optional<absl::StatusOr<std::string>> id;
  std::jthread caller([&] { id = executor_->Execute(request); });
  absl::SleepFor(absl::Milliseconds(300));
  other.End();
  caller.join();

  ASSERT_TRUE(id->ok()) << id->status();
  EXPECT_EQ(WaitForEnd(**id).status, ExecutionStatus::kSucceeded);
  EXPECT_EQ(shop_->Ask("select n from prod.made"), "1");
}

TEST_F(TransientTest, AFullDiskUnderTheStoreLosesNothing) {
  Use("DuckDb");
  const clone::Plan plan = *shop_->MakePlan();
  const execution::ExecuteRequest request = RequestFor(plan, "p");
  store_options_.max_database_bytes = 1;  // no page more than there are
  Stop();
  Start();

  // It can begin until the last free byte is used; what cannot be written is
  // not done.
  const absl::StatusOr<std::string> id = executor_->Execute(request);
  if (id.ok()) {
    absl::SleepFor(absl::Milliseconds(300));
  } else {
    ExpectReason(id.status(), Reason::kStoreFull);
  }
  store_options_.max_database_bytes = 0;
  Stop();
  Start();

  std::string execution;
  if (id.ok()) {
    execution = *id;
  } else {
    const auto page = store_->ListExecutions("p", 10, "");
    execution =
        page->items.empty() ? *executor_->Execute(request) : page->items[0].id;
  }
  while (WaitForEnd(execution).status == ExecutionStatus::kInterrupted) {
    const auto resumed = executor_->Resume(execution, std::nullopt);
    ASSERT_TRUE(resumed.ok()) << resumed.status();
  }
  EXPECT_EQ(store_->GetExecution(execution)->status,
            ExecutionStatus::kSucceeded);
  ExpectWholeHistory(execution);
  shop_->ExpectAsPlanned(plan);
}

TEST_F(TransientTest, NoExecutionWaitsForAWatcher) {
  Use("DuckDb");
  const clone::Plan plan = *shop_->MakePlan();
  const execution::ExecuteRequest request = RequestFor(plan, "p");
  const std::string id = *executor_->Execute(request);

  // One that reads an event now and then, one that has gone away.
  int64_t slow = 0;
  executor_->Subscribe(id, [] {});
  std::vector<store::EventRecord> seen;
  while (true) {
    const auto page = executor_->ReadEvents(id, slow, 1);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const store::EventRecord& event : page->events) {
      slow = event.sequence;
      seen.push_back(event);
    }
    if (page->is_end) break;
    absl::SleepFor(absl::Milliseconds(5));
  }

  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kSucceeded);
  EXPECT_EQ(seen.size(), Events(id).size());
}

int Hold(const std::string& place) {
  const auto warehouse = FindEngine("DuckDb").open(place);
  if (!warehouse.ok()) return 2;
  const auto session = (*warehouse)->Connect();
  if (!session.ok()) return 3;
  if (write(3, "x", 1) != 1) return 4;
  close(3);
  pause();
  return 0;
}

}  // namespace
}  // namespace doppel::faults

int main(int argc, char** argv) {
  if (argc == 3 && absl::string_view(argv[1]) == "--hold") {
    return doppel::faults::Hold(argv[2]);
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
