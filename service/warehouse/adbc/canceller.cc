#include "service/warehouse/adbc/canceller.h"

#include <chrono>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "service/base/mutex.h"

namespace doppel::warehouse::adbc {
namespace {

constexpr std::chrono::milliseconds kBetweenCancels(20);

}  // namespace

Canceller::Canceller(const std::stop_token& stop, std::function<void()> cancel)
    : cancel_(std::move(cancel)) {
  if (stop.stop_possible()) on_stop_.emplace(stop, [this] { Start(); });
}

Canceller::~Canceller() {
  on_stop_.reset();  // waits for a Start() that runs now
  thread_ = {};      // asks it to end, and waits
}

void Canceller::Start() {
  thread_ = std::jthread([this](std::stop_token over) { Repeat(over); });
}

void Canceller::Repeat(const std::stop_token& over) {
  std::unique_lock<Mutex> lock(mutex_);
  while (!over.stop_requested()) {
    cancel_();
    wake_.wait_for(lock, over, kBetweenCancels, [] { return false; });
  }
}

}  // namespace doppel::warehouse::adbc
