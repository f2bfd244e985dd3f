#include <algorithm>
#include <functional>
#include <semaphore>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/clone/plan.h"
#include "service/execution/executor.h"
#include "service/execution/executor_fixture.h"
#include "service/execution/scripted_warehouse.h"
#include "service/store/store.h"

namespace doppel::execution {
namespace {

using store::ExecutionStatus;
using store::OperationRecord;
using store::OperationStatus;

using Apply = std::function<void()>;

// One connection, and a clock that stands still: batches of 1, 2, 4, 8 ...
class ExecutorBatchTest : public ExecutorFixture {
 protected:
  void SetUp() override {
    ExecutorFixture::SetUp();
    UseBatchesOf(64);
  }

  void UseBatchesOf(int most) {
    Stop();
    options_.max_batch = most;
    options_.clock = [now = absl::Now()] { return now; };
    Start();
  }

  // The views v1, v2 ...; none depends on another.
  static clone::Plan Views(int count) {
    std::vector<clone::Operation> operations;
    for (int id = 1; id <= count; ++id) {
      operations.push_back(MakeView(id, absl::StrCat("v", id)));
    }
    return PlanOf(std::move(operations));
  }

  std::string Do(int views) {
    const std::string id = Execute(Views(views), 1);
    WaitForEnd(id);
    ExpectWholeHistory(id);
    return id;
  }

  // How many statements of each batch there were, without begin and commit.
  std::vector<int> Batches() const {
    std::vector<int> sizes;
    bool is_in_batch = false;
    for (const std::string& sql : scripted_->sent()) {
      if (sql == "begin") sizes.push_back(0);
      if (is_in_batch && absl::StartsWith(sql, "make")) ++sizes.back();
      is_in_batch = sql == "begin" || (is_in_batch && sql != "commit");
    }
    return sizes;
  }

  int Sent(absl::string_view sql) const {
    const std::vector<std::string> sent = scripted_->sent();
    return static_cast<int>(std::count(sent.begin(), sent.end(), sql));
  }

  std::vector<OperationRecord> Records(const std::string& id) {
    return *store_->ListOperations(id);
  }
};

TEST_F(ExecutorBatchTest, DoesManySmallThingsInFewTransactions) {
  const std::string id = Do(100);

  EXPECT_EQ(Batches(), (std::vector<int>{2, 4, 8, 16, 32, 37}));
  for (const OperationRecord& record : Records(id)) {
    EXPECT_EQ(record.status, OperationStatus::kSucceeded);
    EXPECT_EQ(record.attempts, 1);
  }
  EXPECT_EQ(store_->ListLedger("", "")->size(), 100u);
}

TEST_F(ExecutorBatchTest, NoBatchIsLargerThanTheOptionSays) {
  UseBatchesOf(3);

  Do(10);

  EXPECT_EQ(Batches(), (std::vector<int>{2, 3, 3}));
}

TEST_F(ExecutorBatchTest, ABatchOfOneIsNone) {
  UseBatchesOf(1);

  Do(10);

  EXPECT_EQ(Sent("begin"), 0);
}

TEST_F(ExecutorBatchTest, WhatFailsInABatchFailsAlone) {
  UseScript([](absl::string_view sql, const Apply& apply, std::stop_token) {
    if (absl::EndsWith(sql, ".v6")) {
      return absl::Status(Error(absl::StatusCode::kFailedPrecondition,
                                Reason::kWarehouseStatementFailed, "no"));
    }
    apply();
    return absl::OkStatus();
  });

  const std::string id = Do(20);

  EXPECT_EQ(Sent("ROLLBACK"), 1);
  for (const OperationRecord& record : Records(id)) {
    EXPECT_EQ(record.status, record.operation_id == 6
                                 ? OperationStatus::kFailed
                                 : OperationStatus::kSucceeded);
    EXPECT_EQ(record.attempts, 1);
  }
  EXPECT_FALSE(scripted_->Has("s.v6"));
  EXPECT_TRUE(scripted_->Has("s.v5"));
  EXPECT_EQ(store_->ListLedger("", "")->size(), 19u);
}

// Whether the lost commit of v2 and v3 takes effect.
class LostCommit : public ExecutorBatchTest,
                   public testing::WithParamInterface<bool> {};

TEST_P(LostCommit, NothingIsDoneTwice) {
  bool is_lost = false;
  UseScript([&](absl::string_view sql, const Apply& apply, std::stop_token) {
    const bool loses = sql == "commit" && !is_lost;
    if (!loses || GetParam()) apply();
    if (!loses) return absl::OkStatus();
    is_lost = true;
    return absl::Status(Error(absl::StatusCode::kUnavailable,
                              Reason::kWarehouseUnreachable, "lost"));
  });

  const std::string id = Do(3);

  EXPECT_TRUE(is_lost);
  EXPECT_EQ(Operations(id), "1:succeeded 2:succeeded 3:succeeded");
  EXPECT_EQ(Sent("make view s.v2"), GetParam() ? 1 : 2);
  EXPECT_EQ(Sent("make view s.v3"), GetParam() ? 1 : 2);
  EXPECT_TRUE(scripted_->Has("s.v2") && scripted_->Has("s.v3"));
}

INSTANTIATE_TEST_SUITE_P(TookEffect, LostCommit, testing::Bool());

TEST_F(ExecutorBatchTest, ACancelUndoesTheBatchThatIsUnderWay) {
  std::binary_semaphore reached(0);
  UseScript([&](absl::string_view sql, const Apply& apply,
                std::stop_token stop) -> absl::Status {
    if (sql != "make view s.v3") {
      apply();
      return absl::OkStatus();
    }
    reached.release();
    while (!stop.stop_requested()) absl::SleepFor(absl::Milliseconds(1));
    return Error(absl::StatusCode::kCancelled, Reason::kCancelled, "stopped");
  });
  const std::string id = Execute(Views(3), 1);
  reached.acquire();

  ASSERT_TRUE(executor_->Cancel(id, "enough", std::nullopt).ok());

  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kCancelled);
  EXPECT_EQ(Operations(id), "1:succeeded 2:cancelled 3:cancelled");
  EXPECT_TRUE(scripted_->Has("s.v1"));
  EXPECT_FALSE(scripted_->Has("s.v2") || scripted_->Has("s.v3"));
  ExpectWholeHistory(id);
}

}  // namespace
}  // namespace doppel::execution
