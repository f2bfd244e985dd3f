#include "service/warehouse/adbc/deadline.h"

#include <chrono>
#include <stop_token>
#include <thread>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace doppel::warehouse::adbc {
namespace {

TEST(DeadlineTest, RequestsAStopWhenItsTimeHasCome) {
  const absl::Time began = absl::Now();
  const Deadline deadline(absl::Milliseconds(50));
  EXPECT_FALSE(deadline.token().stop_requested());

  while (!deadline.token().stop_requested()) std::this_thread::yield();

  EXPECT_GE(absl::Now() - began, absl::Milliseconds(50));
}

TEST(DeadlineTest, RequestsNothingOnceItIsGone) {
  std::stop_token token;
  const absl::Time began = absl::Now();
  {
    const Deadline deadline(absl::Hours(1));
    token = deadline.token();
  }

  EXPECT_FALSE(token.stop_requested());
  EXPECT_LT(absl::Now() - began, absl::Minutes(30));
}

TEST(DeadlineTest, NeverComesWhereThereIsNone) {
  const Deadline deadline(absl::InfiniteDuration());

  EXPECT_FALSE(deadline.token().stop_requested());
}

}  // namespace
}  // namespace doppel::warehouse::adbc
