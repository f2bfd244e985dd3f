#include "service/warehouse/adbc/canceller.h"

#include <latch>
#include <stop_token>

#include "gtest/gtest.h"

namespace doppel::warehouse::adbc {
namespace {

TEST(CancellerTest, CancelsNothingUnasked) {
  std::stop_source stop;
  bool is_cancelled = false;
  {
    const Canceller canceller(stop.get_token(), [&] { is_cancelled = true; });
  }
  stop.request_stop();

  EXPECT_FALSE(is_cancelled);
}

TEST(CancellerTest, RepeatsUntilTheStatementIsOver) {
  std::stop_source stop;
  int count = 0;
  std::latch third(1);
  {
    const Canceller canceller(stop.get_token(), [&] {
      if (++count == 3) third.count_down();
    });
    stop.request_stop();
    third.wait();
  }

  EXPECT_GE(count, 3);
}

TEST(CancellerTest, CancelsForAStopThatCameBefore) {
  std::stop_source stop;
  stop.request_stop();
  std::latch first(1);
  bool is_cancelled = false;
  {
    const Canceller canceller(stop.get_token(), [&] {
      if (!is_cancelled) first.count_down();
      is_cancelled = true;
    });
    first.wait();
  }

  EXPECT_TRUE(is_cancelled);
}

TEST(CancellerTest, NeedsNoStopToken) {
  bool is_cancelled = false;
  {
    const Canceller canceller(std::stop_token(), [&] { is_cancelled = true; });
  }

  EXPECT_FALSE(is_cancelled);
}

}  // namespace
}  // namespace doppel::warehouse::adbc
