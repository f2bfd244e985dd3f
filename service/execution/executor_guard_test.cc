// What a statement rests on is looked at once more as it is about to run.
#include <functional>
#include <optional>
#include <semaphore>
#include <stop_token>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "service/clone/plan.h"
#include "service/execution/executor_fixture.h"
#include "service/execution/scripted_warehouse.h"
#include "service/store/store.h"

namespace doppel::execution {
namespace {

using store::ExecutionStatus;
using Apply = std::function<void()>;

// The first statement waits until the world has changed.
class ExecutorGuardTest : public ExecutorFixture {
 protected:
  void HoldFirst() {
    UseScript([this](absl::string_view, const Apply& apply, std::stop_token) {
      if (!began_) {
        began_ = true;
        running_.release();
        go_.acquire();
      }
      apply();
      return absl::OkStatus();
    });
  }

  // a, then b on it and c on it; each is expected not to be there.
  static clone::Plan ThreeViews() {
    clone::Plan plan = PlanOf({MakeView(1, "a"), MakeView(2, "b", {1}),
                               MakeView(3, "c", {1}), MakeView(4, "d", {2})});
    for (const clone::Operation& operation : plan.operations) {
      plan.preconditions.push_back({clone::PreconditionKind::kTargetRelation,
                                    operation.target->rendered, "absent",
                                    operation.target->name});
    }
    return plan;
  }

  store::ErrorRecord ErrorOf(const std::string& execution, int operation) {
    for (const auto& record : *store_->ListOperations(execution)) {
      if (record.operation_id == operation) return record.error;
    }
    return {};
  }

  bool began_ = false;
  std::binary_semaphore running_{0};
  std::binary_semaphore go_{0};
};

TEST_F(ExecutorGuardTest, FailsTheOperationWhoseTargetChangedMeanwhile) {
  HoldFirst();
  const std::string id = Execute(ThreeViews(), 1);
  running_.acquire();
  scripted_->Apply("make table s.b");  // somebody else does

  go_.release();
  const store::ExecutionRecord record = WaitForEnd(id);

  EXPECT_EQ(record.status, ExecutionStatus::kFailed);
  EXPECT_EQ(Operations(id), "1:succeeded 2:failed 3:succeeded 4:skipped");
  const store::ErrorRecord error = ErrorOf(id, 2);
  EXPECT_EQ(error.reason, "WORLD_CHANGED");
  EXPECT_TRUE(absl::StrContains(error.message, "db.s.b was absent"))
      << error.message;
  EXPECT_TRUE(scripted_->Has("s.b"));
  ExpectWholeHistory(id);
}

TEST_F(ExecutorGuardTest, DoesNotTakeItsOwnEffectsForChanges) {
  clone::Plan plan = ThreeViews();
  // Makes again what an operation before it made.
  clone::Operation again = MakeView(5, "a", {2, 3});
  again.replaces = again.target;
  plan.operations.push_back(again);

  const store::ExecutionRecord record = WaitForEnd(Execute(plan, 2));

  EXPECT_EQ(record.status, ExecutionStatus::kSucceeded) << record.error.message;
}

TEST_F(ExecutorGuardTest, FailsWhatIsLeftWhereAnEnvironmentChangedMeanwhile) {
  HoldFirst();
  store::EnvironmentRecord environment;
  environment.id = "prod";
  environment.etag = "one";
  environment.create_time = environment.update_time = absl::Now();
  ASSERT_TRUE(store_->CreateEnvironment(environment, std::nullopt).ok());
  clone::Plan plan = ThreeViews();
  plan.preconditions.push_back(
      {clone::PreconditionKind::kEnvironment, "environments/prod", "one", {}});
  const std::string id = Execute(plan, 1);
  running_.acquire();
  environment.etag = "two";
  ASSERT_TRUE(store_->UpdateEnvironment(environment, "one", std::nullopt).ok());

  go_.release();
  const store::ExecutionRecord record = WaitForEnd(id);

  EXPECT_EQ(record.status, ExecutionStatus::kFailed);
  EXPECT_EQ(Operations(id), "1:succeeded 2:failed 3:failed 4:skipped");
  EXPECT_TRUE(absl::StrContains(ErrorOf(id, 3).message,
                                "environments/prod was one and is two"))
      << ErrorOf(id, 3).message;
}

}  // namespace
}  // namespace doppel::execution
