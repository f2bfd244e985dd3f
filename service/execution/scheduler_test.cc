#include "service/execution/scheduler.h"

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "service/execution/scripted_warehouse.h"

namespace doppel::execution {
namespace {

Scheduler SchedulerOf(const std::vector<std::vector<int>>& depends_on) {
  std::vector<clone::Operation> operations;
  for (const std::vector<int>& ids : depends_on) {
    operations.push_back(
        MakeView(static_cast<int>(operations.size()) + 1, "x", ids));
  }
  return *Scheduler::Make(operations);
}

TEST(SchedulerTest, GivesWhatIsReadyInOrder) {
  Scheduler scheduler = SchedulerOf({{}, {}, {}});

  EXPECT_EQ(scheduler.Next(), 0);
  EXPECT_EQ(scheduler.Next(), 1);
  EXPECT_EQ(scheduler.Next(), 2);
  EXPECT_EQ(scheduler.Next(), std::nullopt);
  EXPECT_EQ(scheduler.left(), 3);
}

TEST(SchedulerTest, WaitsForAllThatItDependsOn) {
  Scheduler scheduler = SchedulerOf({{}, {}, {1, 2}});
  scheduler.Next();
  scheduler.Next();

  scheduler.Finish(0, true);
  EXPECT_EQ(scheduler.Next(), std::nullopt);
  scheduler.Finish(1, true);

  EXPECT_EQ(scheduler.Next(), 2);
  scheduler.Finish(2, true);
  EXPECT_EQ(scheduler.left(), 0);
}

TEST(SchedulerTest, BlocksAllThatDependsOnAFailureAndNothingElse) {
  Scheduler scheduler = SchedulerOf({{}, {1}, {2}, {}, {4, 3}});
  scheduler.Next();

  const std::vector<Blocked> blocked = scheduler.Finish(0, false);

  EXPECT_EQ(blocked, (std::vector<Blocked>{{1, 0}, {2, 0}, {4, 0}}));
  EXPECT_EQ(scheduler.Next(), 3);
  EXPECT_TRUE(scheduler.Finish(3, true).empty());
  EXPECT_EQ(scheduler.Next(), std::nullopt);
  EXPECT_EQ(scheduler.left(), 0);
}

TEST(SchedulerTest, SkipsWhatEndedBefore) {
  Scheduler scheduler = SchedulerOf({{}, {1}, {}});

  scheduler.Finish(0, true);
  scheduler.Finish(2, true);

  EXPECT_EQ(scheduler.Next(), 1);
  EXPECT_FALSE(scheduler.has_ready());
  EXPECT_EQ(scheduler.left(), 1);
}

TEST(SchedulerTest, BlocksOnceWhereTwoFail) {
  Scheduler scheduler = SchedulerOf({{}, {}, {1, 2}});
  scheduler.Next();
  scheduler.Next();

  EXPECT_EQ(scheduler.Finish(1, false), (std::vector<Blocked>{{2, 1}}));
  EXPECT_TRUE(scheduler.Finish(0, false).empty());
  EXPECT_EQ(scheduler.left(), 0);
}

TEST(SchedulerTest, RefusesACircleAndAnUnknownPredecessor) {
  EXPECT_TRUE(absl::IsInternal(
      Scheduler::Make(std::vector{MakeView(1, "a", {2}), MakeView(2, "b", {1})})
          .status()));
  EXPECT_TRUE(absl::IsInternal(
      Scheduler::Make(std::vector{MakeView(1, "a", {7})}).status()));
}

}  // namespace
}  // namespace doppel::execution
