// What executions write into the ledger.
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/clone/plan.h"
#include "service/execution/executor_fixture.h"
#include "service/execution/scripted_warehouse.h"
#include "service/store/store.h"

namespace doppel::execution {
namespace {

using Apply = std::function<void()>;
using store::ExecutionStatus;

using LedgerTest = ExecutorFixture;

clone::Operation Drop(int id, const std::string& name) {
  clone::Operation drop = MakeView(id, name);
  drop.kind = clone::OperationKind::kDrop;
  drop.statements = {"drop s." + name};
  return drop;
}

clone::Operation Leave(int id, const std::string& name,
                       clone::OperationReason reason) {
  clone::Operation skip = MakeView(id, name);
  skip.kind = clone::OperationKind::kSkip;
  skip.reason = reason;
  skip.statements.clear();
  return skip;
}

TEST_F(LedgerTest, DisownsWhatItDroppedThoughTheAnswerWasLost) {
  WaitForEnd(Execute(PlanOf({MakeView(1, "a")})));
  int calls = 0;
  UseScript([&](absl::string_view, const Apply& apply, std::stop_token) {
    apply();
    ++calls;
    return Error(absl::StatusCode::kUnavailable, Reason::kWarehouseUnreachable,
                 "connection lost")
        .ToStatus();
  });
  scripted_->Apply("make view s.a");

  const std::string id = Execute(PlanOf({Drop(1, "a")}));

  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kSucceeded);
  EXPECT_EQ(calls, 1);
  EXPECT_FALSE(scripted_->Has("s.a"));
  EXPECT_TRUE(store_->ListLedger("scripted", "")->empty());
}

TEST_F(LedgerTest, KeepsWhatItFailedToDrop) {
  WaitForEnd(Execute(PlanOf({MakeView(1, "a")})));
  UseScript([](absl::string_view, const Apply&, std::stop_token) {
    return Error(absl::StatusCode::kFailedPrecondition,
                 Reason::kWarehouseStatementFailed, "it is read")
        .ToStatus();
  });

  const std::string id = Execute(PlanOf({Drop(1, "a")}));

  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kFailed);
  EXPECT_EQ(store_->ListLedger("scripted", "")->size(), 1u);
}

TEST_F(LedgerTest, ForgetsWhatIsSomebodyElsesOrGone) {
  using clone::OperationReason;
  WaitForEnd(Execute(PlanOf({MakeView(1, "gone"), MakeView(2, "theirs"),
                             MakeView(3, "read"), MakeView(4, "unseen")})));
  clone::Plan plan =
      PlanOf({Leave(1, "gone", OperationReason::kTargetGone),
              Leave(2, "theirs", OperationReason::kTakenOver),
              Leave(3, "read", OperationReason::kStillRead),
              Leave(4, "unseen", OperationReason::kNotVerified)});
  plan.kind = clone::PlanKind::kCleanup;
  WaitForEnd(Execute(plan));

  std::vector<std::string> left;
  for (const store::LedgerRecord& record :
       *store_->ListLedger("scripted", "")) {
    left.push_back(record.relation.identifier);
  }
  EXPECT_EQ(left, (std::vector<std::string>{"read", "unseen"}));
}

TEST_F(LedgerTest, NotesTheVersionsOfWhatWasMadeBeforeAStop) {
  // The first one ends, the second one is in the middle when the process ends.
  UseScript([](absl::string_view sql, const Apply& apply,
               std::stop_token stop) -> absl::Status {
    apply();
    if (sql == "make view s.a") return absl::OkStatus();
    while (!stop.stop_requested()) absl::SleepFor(absl::Milliseconds(1));
    return Error(absl::StatusCode::kCancelled, Reason::kCancelled, "stopped");
  });
  const std::string id =
      Execute(PlanOf({MakeView(1, "a"), MakeView(2, "b", {1})}), 1);
  while (!scripted_->Has("s.b")) absl::SleepFor(absl::Milliseconds(1));
  Stop();
  Start();

  ASSERT_TRUE(executor_->Resume(id, std::nullopt).ok());
  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kSucceeded);

  const auto ledger = store_->ListLedger("scripted", "");
  ASSERT_EQ(ledger->size(), 2u);
  EXPECT_EQ((*ledger)[0].target_version, "v1");
  EXPECT_EQ((*ledger)[1].target_version, "v2");
}

}  // namespace
}  // namespace doppel::execution
