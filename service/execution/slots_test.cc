#include "service/execution/slots.h"

#include <atomic>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace doppel::execution {
namespace {

using Slot = std::optional<Slots::Slot>;

// Waits in a thread of its own until it has one.
class Waiter {
 public:
  Waiter(Slots* slots, std::string execution)
      : thread_([this, slots, execution](const std::stop_token& stop) {
          slot_ = slots->Acquire(execution, stop);
          has_ended_ = true;
        }) {}

  bool has_ended() const { return has_ended_; }
  bool Wait() {
    thread_.join();
    return slot_.has_value();
  }
  void Stop() { thread_.request_stop(); }

 private:
  Slot slot_;
  std::atomic<bool> has_ended_ = false;
  std::jthread thread_;
};

// Until the other one waits.
void WaitForWaiting(Slots& slots, const std::string& execution) {
  while (!slots.ShouldYield(execution)) absl::SleepFor(absl::Milliseconds(1));
}

TEST(SlotsTest, GivesUpToTheLimit) {
  Slots slots(2);
  const Slot first = slots.Acquire("a", {});
  Slot second = slots.Acquire("a", {});
  Waiter third(&slots, "b");
  WaitForWaiting(slots, "a");

  EXPECT_FALSE(third.has_ended());
  second.reset();

  EXPECT_TRUE(third.Wait());
}

TEST(SlotsTest, NobodyYieldsToWhoHasAsMany) {
  Slots slots(2);
  const Slot a = slots.Acquire("a", {});
  Slot b = slots.Acquire("b", {});
  Waiter more(&slots, "b");
  absl::SleepFor(absl::Milliseconds(20));

  EXPECT_FALSE(slots.ShouldYield("a"));
  EXPECT_FALSE(slots.ShouldYield("b"));  // its own
  b.reset();
  EXPECT_TRUE(more.Wait());
}

TEST(SlotsTest, TheFewestGoFirst) {
  Slots slots(3);
  std::vector<Slot> many;
  for (int i = 0; i < 3; ++i) many.push_back(slots.Acquire("many", {}));
  Waiter greedy(&slots, "many");
  absl::SleepFor(absl::Milliseconds(20));
  Waiter poor(&slots, "poor");
  WaitForWaiting(slots, "many");

  many.pop_back();

  EXPECT_TRUE(poor.Wait());
  EXPECT_FALSE(greedy.has_ended());
  many.pop_back();
  EXPECT_TRUE(greedy.Wait());
}

TEST(SlotsTest, StopsWaiting) {
  Slots slots(1);
  const Slot only = slots.Acquire("a", {});
  Waiter waiter(&slots, "b");
  WaitForWaiting(slots, "a");

  waiter.Stop();

  EXPECT_FALSE(waiter.Wait());
  EXPECT_FALSE(slots.ShouldYield("a"));
}

}  // namespace
}  // namespace doppel::execution
