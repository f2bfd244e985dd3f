// Two servers on one store: an environment is written to by one execution at a
// time, and what a server that is gone left is taken up by the other.
#include <stdlib.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <semaphore>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/execution/executor.h"
#include "service/execution/executor_fixture.h"
#include "service/execution/lease.h"
#include "service/execution/scripted_warehouse.h"
#include "service/store/sqlite/sqlite_store.h"
#include "service/store/store.h"

namespace doppel::execution {
namespace {

using store::ExecutionStatus;
using Apply = std::function<void()>;

// The fixture's executor is one server; `other_` is another one.
class ExecutorLeaseTest : public ExecutorFixture {
 protected:
  void SetUp() override {
    store_options_.shared = true;
    options_.lease_lifetime = absl::Milliseconds(600);
    ExecutorFixture::SetUp();
    StartOther(absl::Milliseconds(600));
  }

  void TearDown() override {
    other_.reset();
    other_store_.reset();
    ExecutorFixture::TearDown();
  }

  void StartOther(absl::Duration lease_lifetime) {
    other_.reset();
    other_store_.reset();
    store::SqliteStoreOptions store_options = store_options_;
    store_options.directory = directory_ + "/store";
    other_store_ = *store::OpenSqliteStore(store_options);
    ExecutorOptions options = options_;
    options.lease_lifetime = lease_lifetime;
    options.lease_holder = "the other";
    other_ = *Executor::Create(options, other_store_.get(), find_);
  }

  // Each statement waits for `go_`, or to be stopped.
  void HoldStatements() {
    UseScript([this](absl::string_view, const Apply& apply,
                     std::stop_token stop) -> absl::Status {
      running_.release();
      while (!go_.try_acquire()) {
        if (stop.stop_requested()) return absl::CancelledError("stopped");
        absl::SleepFor(absl::Milliseconds(1));
      }
      apply();
      return absl::OkStatus();
    });
  }

  void WaitForStatus(const std::string& id, ExecutionStatus status) {
    const absl::Time deadline = absl::Now() + absl::Seconds(20);
    while (store_->GetExecution(id)->status != status) {
      ASSERT_LT(absl::Now(), deadline)
          << static_cast<int>(store_->GetExecution(id)->status);
      absl::SleepFor(absl::Milliseconds(2));
    }
  }

  std::counting_semaphore<> running_{0};
  std::counting_semaphore<> go_{0};
  std::unique_ptr<store::Store> other_store_;
  std::unique_ptr<Executor> other_;
};

clone::Plan PlanFor(absl::string_view environment) {
  clone::Plan plan = PlanOf({MakeView(1, "a"), MakeView(2, "b", {1})});
  plan.target_environment = std::string(environment);
  return plan;
}

TEST_F(ExecutorLeaseTest, TwoServersDoNotWriteToOneEnvironment) {
  HoldStatements();
  const std::string id = Execute(PlanFor("staging"));
  running_.acquire();

  const ExecuteRequest again = RequestFor(PlanFor("staging"), "again");
  const absl::Status second = other_->Execute(again).status();
  ExpectReason(other_->Check(again), Reason::kEnvironmentLeased);

  ExpectReason(second, Reason::kEnvironmentLeased);
  EXPECT_TRUE(absl::StrContains(second.message(), id)) << second;
  EXPECT_TRUE(absl::StrContains(second.message(), "process ")) << second;
  go_.release(8);
  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kSucceeded);
  // Free at once, by the end itself.
  EXPECT_TRUE(other_->Check(again).ok()) << other_->Check(again);
}

TEST_F(ExecutorLeaseTest, TwoServersDoNotWriteToOneSchema) {
  HoldStatements();
  const std::string id = Execute(PlanFor(""));
  running_.acquire();

  const absl::Status second =
      other_->Execute(RequestFor(PlanFor("staging"), "again")).status();

  ExpectReason(second, Reason::kEnvironmentLeased);
  EXPECT_TRUE(absl::StrContains(second.message(), "schema db.s")) << second;
  go_.release(8);
  WaitForEnd(id);
}

TEST_F(ExecutorLeaseTest, RenewsWhileItRuns) {
  HoldStatements();
  const std::string id = Execute(PlanFor("staging"));
  running_.acquire();

  absl::SleepFor(absl::Seconds(2));  // more than three lifetimes

  ExpectReason(other_->Check(RequestFor(PlanFor("staging"), "again")),
               Reason::kEnvironmentLeased);
  go_.release(8);
  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kSucceeded);
  ExpectWholeHistory(id);
}

TEST_F(ExecutorLeaseTest, DoesNotTakeWhatAnotherServerRunsForAnOrphan) {
  HoldStatements();
  const std::string id = Execute(PlanFor("staging"));
  running_.acquire();

  StartOther(absl::Milliseconds(600));

  EXPECT_EQ(store_->GetExecution(id)->status, ExecutionStatus::kRunning);
  go_.release(8);
  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kSucceeded);
}

TEST_F(ExecutorLeaseTest, TakesUpWhatAServerThatIsGoneLeft) {
  // As a server that was killed leaves it: running, with a lease.
  PutPlan(PlanFor("staging"), "p");
  store::ExecutionRecord record;
  record.id = "left";
  record.plan = "p";
  record.target_environment = "staging";
  record.connections = 1;
  record.lease_token = *store_->AcquireLease(
      {{"environments/staging"}, "left", "gone", absl::Milliseconds(500)});
  ASSERT_TRUE(store_->CreateExecution(record, std::nullopt).ok());

  ExpectReason(executor_->Check(RequestFor(PlanFor("staging"), "again")),
               Reason::kEnvironmentLeased);
  WaitForStatus("left", ExecutionStatus::kInterrupted);
  const auto resumed = other_->Resume("left", std::nullopt);

  ASSERT_TRUE(resumed.ok()) << resumed.status();
  WaitForStatus("left", ExecutionStatus::kSucceeded);
  ExpectWholeHistory("left");
}

TEST_F(ExecutorLeaseTest, AServerThatLostItsLeaseStopsAndWritesNothing) {
  HoldStatements();
  const std::string id = Execute(PlanFor("staging"));
  running_.acquire();
  const auto lease = store_->FindLeases({"environments/staging"});
  ASSERT_EQ(lease->size(), 1u);

  // As if its time had been over and the other one had taken it.
  ASSERT_TRUE(store_->ReleaseLease(lease->front().token).ok());
  const auto token = other_store_->AcquireLease(
      {{"environments/staging"}, id, "the other", absl::Hours(1)});
  ASSERT_TRUE(token.ok()) << token.status();
  executor_.reset();  // waits for its end

  EXPECT_EQ(store_->GetExecution(id)->status, ExecutionStatus::kRunning);
  EXPECT_EQ(store_->GetExecution(id)->lease_token, *token);
  EXPECT_EQ(Operations(id), "1:running");
  EXPECT_FALSE(scripted_->Has("s.a"));
  ASSERT_TRUE(store_->ReleaseLease(*token).ok());
  WaitForStatus(id, ExecutionStatus::kInterrupted);
  go_.release(8);
  ASSERT_TRUE(other_->Resume(id, std::nullopt).ok());
  WaitForStatus(id, ExecutionStatus::kSucceeded);
  ExpectWholeHistory(id);
}

TEST_F(ExecutorLeaseTest, ACancelReachesTheServerThatRunsIt) {
  HoldStatements();
  const std::string id = Execute(PlanFor("staging"));
  running_.acquire();

  ASSERT_TRUE(other_->Cancel(id, "from elsewhere", std::nullopt).ok());

  WaitForStatus(id, ExecutionStatus::kCancelled);
  EXPECT_EQ(store_->GetExecution(id)->error.message,
            "cancelled: from elsewhere");
}

TEST_F(ExecutorLeaseTest, ANewerExecutionSupersedesAnOlderOne) {
  HoldStatements();
  const std::string older = Execute(PlanFor("staging"));
  running_.acquire();
  ExecuteRequest request = RequestFor(PlanFor("staging"), "newer");
  request.supersede = true;

  // Whichever server it is asked of.
  const absl::StatusOr<std::string> newer = other_->Execute(request);

  ASSERT_TRUE(newer.ok()) << newer.status();
  const store::ExecutionRecord record = *store_->GetExecution(older);
  EXPECT_EQ(record.status, ExecutionStatus::kCancelled);
  EXPECT_EQ(record.error.message,
            "cancelled: superseded by executions/" + *newer);
  go_.release(8);
  WaitForStatus(*newer, ExecutionStatus::kSucceeded);
}

TEST_F(ExecutorLeaseTest, SupersedesNobodyForAPlanThatCannotBegin) {
  HoldStatements();
  const std::string older = Execute(PlanFor("staging"));
  running_.acquire();
  clone::Plan stale = PlanFor("staging");
  stale.preconditions = {{clone::PreconditionKind::kTargetRelation, "db.s.a",
                          "table", stale.operations[0].target->name}};
  ExecuteRequest request = RequestFor(stale, "newer");
  request.supersede = true;

  ExpectReason(executor_->Execute(request).status(), Reason::kWorldChanged);

  go_.release(8);
  EXPECT_EQ(WaitForEnd(older).status, ExecutionStatus::kSucceeded);
}

TEST_F(ExecutorLeaseTest, IsCancelledWhenItsTimeoutIsOver) {
  HoldStatements();
  ExecuteRequest request = RequestFor(PlanFor("staging"), "p");
  request.timeout = absl::Milliseconds(200);
  const absl::Time begun = absl::Now();

  const std::string id = *executor_->Execute(request);
  const store::ExecutionRecord record = WaitForEnd(id);

  EXPECT_GE(absl::Now() - begun, absl::Milliseconds(200));
  EXPECT_EQ(record.status, ExecutionStatus::kCancelled);
  EXPECT_EQ(record.error.message, "cancelled: its timeout is over");
  ExpectWholeHistory(id);
  request.timeout = -absl::Seconds(1);
  ExpectReason(executor_->Execute(request).status(), Reason::kInvalidArgument);
}

TEST(LeaseTest, HoldsUntilItMayBeTakenByOthersAndThenStops) {
  std::string directory = testing::TempDir() + "/lease.XXXXXX";
  ASSERT_NE(mkdtemp(directory.data()), nullptr);
  store::SqliteStoreOptions options;
  options.directory = directory;
  const auto store = *store::OpenSqliteStore(options);
  std::atomic<int64_t> now = 1'700'000'000;
  Leases leases(store.get(), {absl::Seconds(30), "me",
                              [&] { return absl::FromUnixSeconds(now); }});
  const auto lease = *leases.Take({"n"}, "e1");

  EXPECT_TRUE(lease->holds());
  now += 19;
  EXPECT_TRUE(lease->holds());
  now += 1;
  EXPECT_FALSE(lease->holds());
  EXPECT_EQ(store->FindLeases({"n"})->size(), 1u);  // ten seconds more
}

TEST(LeaseTest, NamesTheEnvironmentAndEachSchemaThatIsWritten) {
  ScriptedWarehouse warehouse;
  clone::Plan plan = PlanFor("staging");
  clone::Operation rename = MakeView(3, "c");
  rename.kind = clone::OperationKind::kRename;
  rename.source = rename.target;
  rename.source->name.schema = "from";
  clone::Operation skip = MakeView(4, "d");
  skip.kind = clone::OperationKind::kSkip;
  skip.target->name.schema = "untouched";
  plan.operations.push_back(rename);
  plan.operations.push_back(skip);

  EXPECT_EQ(LeaseNames(plan, warehouse.dialect(), "db"),
            (std::vector<std::string>{"environments/staging",
                                      "schema db.from of connection scripted",
                                      "schema db.s of connection scripted"}));
}

}  // namespace
}  // namespace doppel::execution
