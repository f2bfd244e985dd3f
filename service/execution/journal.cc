#include "service/execution/journal.h"

#include <cstdint>
#include <functional>
#include <iterator>
#include <mutex>
#include <stop_token>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "service/base/failpoint.h"
#include "service/base/mutex.h"
#include "service/store/store.h"

namespace doppel::execution {
namespace {

template <typename T>
void MoveAll(std::vector<T>& from, std::vector<T>& to) {
  to.insert(to.end(), std::make_move_iterator(from.begin()),
            std::make_move_iterator(from.end()));
}

}  // namespace

Journal::Journal(store::Store* store, absl::string_view execution,
                 int64_t last_sequence, int64_t lease_token,
                 std::function<void()> on_durable)
    : store_(store),
      execution_(execution),
      lease_token_(lease_token),
      on_durable_(std::move(on_durable)),
      last_sequence_(last_sequence),
      thread_([this](std::stop_token stop) { Work(std::move(stop)); }) {}

Journal::~Journal() {
  thread_.request_stop();
  thread_.join();
}

int64_t Journal::Add(Entry entry) {
  MutexLock lock(mutex_);
  waiting_.push_back(std::move(entry));
  is_due_ = true;
  changed_.notify_all();
  return ++added_;
}

void Journal::AddLater(Entry entry) {
  MutexLock lock(mutex_);
  waiting_.push_back(std::move(entry));
  ++added_;
}

void Journal::Flush() {
  MutexLock lock(mutex_);
  if (waiting_.empty()) return;
  is_due_ = true;
  changed_.notify_all();
}

absl::Status Journal::Wait(int64_t ticket) {
  std::unique_lock<Mutex> lock(mutex_);
  changed_.wait(lock, [&] { return written_ >= ticket || !failure_.ok(); });
  return written_ >= ticket ? absl::OkStatus() : failure_;
}

void Journal::Work(std::stop_token stop) {
  std::unique_lock<Mutex> lock(mutex_);
  while (true) {
    changed_.wait(lock, stop, [&] { return is_due_; });
    if (waiting_.empty()) return;  // stopped, and all is written
    std::vector<Entry> group = std::exchange(waiting_, {});
    is_due_ = false;
    if (!failure_.ok()) continue;
    const auto count = static_cast<int64_t>(group.size());
    lock.unlock();
    absl::Status written = Write(std::move(group));
    if (written.ok()) on_durable_();
    lock.lock();
    if (written.ok()) {
      written_ += count;
    } else {
      failure_ = std::move(written);
    }
    changed_.notify_all();
  }
}

absl::Status Journal::Write(std::vector<Entry> group) {
  const Entry merged = Merge(std::move(group));
  DOPPEL_FAILPOINT("journal.write.before");
  absl::Status advanced = store_->Advance(merged);
  DOPPEL_FAILPOINT("journal.write.after");
  if (advanced.ok() && !merged.events.empty()) {
    last_sequence_ = merged.events.back().sequence;
  }
  return advanced;
}

// Later states of the same operation replace earlier ones in the store, so
// that their order is enough.
Journal::Entry Journal::Merge(std::vector<Entry> group) const {
  Entry merged;
  merged.execution = execution_;
  merged.lease_token = lease_token_;
  for (Entry& entry : group) {
    MoveAll(entry.events, merged.events);
    MoveAll(entry.operations, merged.operations);
    MoveAll(entry.owned, merged.owned);
    MoveAll(entry.disowned, merged.disowned);
    MoveAll(entry.seen, merged.seen);
    if (entry.state.has_value()) merged.state = std::move(entry.state);
    if (entry.pointed.has_value()) merged.pointed = std::move(entry.pointed);
    if (entry.request.has_value()) merged.request = std::move(entry.request);
  }
  int64_t sequence = last_sequence_;
  for (store::EventRecord& event : merged.events) {
    event.sequence = ++sequence;
    if (event.execution.has_value()) event.execution->last_sequence = sequence;
  }
  return merged;
}

}  // namespace doppel::execution
