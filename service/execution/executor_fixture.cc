#include "service/execution/executor_fixture.h"

#include <stdlib.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <semaphore>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/clone/plan.h"
#include "service/execution/executor.h"
#include "service/execution/subscription.h"
#include "service/store/sqlite/sqlite_store.h"
#include "service/store/store.h"

namespace doppel::execution {
namespace {

using store::OperationStatus;

absl::string_view StatusName(OperationStatus status) {
  switch (status) {
    case OperationStatus::kPending:
      return "pending";
    case OperationStatus::kRunning:
      return "running";
    case OperationStatus::kSucceeded:
      return "succeeded";
    case OperationStatus::kFailed:
      return "failed";
    case OperationStatus::kSkipped:
      return "skipped";
    case OperationStatus::kCancelled:
      return "cancelled";
  }
  return "";
}

}  // namespace

void ExpectReason(const absl::Status& status, Reason reason) {
  EXPECT_EQ(ReasonName(GetReason(status)), ReasonName(reason)) << status;
}

void ExecutorFixture::SetUp() {
  std::string pattern = testing::TempDir() + "/executor.XXXXXX";
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  directory_ = pattern;
  options_.retry.sleep = [](absl::Duration, std::stop_token) {};
  options_.max_batch = 1;  // each statement by itself, for scripts to see
  scripted_ = std::make_shared<ScriptedWarehouse>();
  find_ = [this](absl::string_view)
      -> absl::StatusOr<std::shared_ptr<warehouse::Warehouse>> {
    return scripted_;
  };
  Start();
}

void ExecutorFixture::TearDown() {
  Stop();
  std::filesystem::remove_all(directory_);
}

void ExecutorFixture::Stop() {
  executor_.reset();
  store_.reset();
}

void ExecutorFixture::Start() {
  store_options_.directory = directory_ + "/store";
  auto opened = store::OpenSqliteStore(store_options_);
  ASSERT_TRUE(opened.ok()) << opened.status();
  store_ = *std::move(opened);
  auto executor = Executor::Create(options_, store_.get(), find_);
  ASSERT_TRUE(executor.ok()) << executor.status();
  executor_ = *std::move(executor);
}

void ExecutorFixture::UseScript(ScriptedWarehouse::Script script) {
  scripted_ = std::make_shared<ScriptedWarehouse>(std::move(script));
}

std::string ExecutorFixture::PutPlan(clone::Plan plan, absl::string_view id) {
  plan.id = std::string(id);
  const std::string fingerprint = clone::FingerprintOf(plan);
  const absl::Status put = store_->PutPlan(
      {plan.id, fingerprint, clone::PlanToJson(plan), absl::Now()},
      std::nullopt);
  EXPECT_TRUE(put.ok()) << put;
  return fingerprint;
}

ExecuteRequest ExecutorFixture::RequestFor(const clone::Plan& plan,
                                           absl::string_view id) {
  ExecuteRequest request;
  request.plan = std::string(id);
  request.fingerprint = PutPlan(plan, id);
  return request;
}

std::string ExecutorFixture::Execute(const clone::Plan& plan, int connections) {
  ExecuteRequest request = RequestFor(plan, clone::FingerprintOf(plan));
  request.connections = connections;
  const absl::StatusOr<std::string> begun = executor_->Execute(request);
  EXPECT_TRUE(begun.ok()) << begun.status();
  return begun.value_or("");
}

store::ExecutionRecord ExecutorFixture::WaitForEnd(
    const std::string& execution) {
  std::counting_semaphore<> rung(0);
  const Subscription subscription =
      executor_->Subscribe(execution, [&rung] { rung.release(); });
  int64_t after = 0;
  while (true) {
    const absl::StatusOr<EventPage> page =
        executor_->ReadEvents(execution, after, 100);
    if (!page.ok()) {
      ADD_FAILURE() << page.status();
      return {};
    }
    if (page->is_end) break;
    if (page->events.empty()) {
      rung.acquire();
    } else {
      after = page->events.back().sequence;
    }
  }
  return *store_->GetExecution(execution);
}

std::string ExecutorFixture::Operations(const std::string& execution) {
  std::vector<std::string> states;
  const auto operations = store_->ListOperations(execution);
  for (const store::OperationRecord& record : *operations) {
    states.push_back(
        absl::StrCat(record.operation_id, ":", StatusName(record.status)));
  }
  return absl::StrJoin(states, " ");
}

std::vector<store::EventRecord> ExecutorFixture::Events(
    const std::string& execution) {
  return *store_->ReadEvents(execution, 0, 1'000'000);
}

void ExecutorFixture::ExpectWholeHistory(const std::string& execution) {
  const std::vector<store::EventRecord> events = Events(execution);
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events.front().kind, store::EventKind::kStarted);
  EXPECT_EQ(events.back().kind, store::EventKind::kFinished);
  for (size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].sequence, static_cast<int64_t>(i) + 1);
  }
  EXPECT_EQ(store_->GetExecution(execution)->last_sequence,
            events.back().sequence);
}

}  // namespace doppel::execution
