#include "service/execution/scheduler.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "service/base/status_macros.h"
#include "service/clone/plan.h"

namespace doppel::execution {

absl::StatusOr<Scheduler> Scheduler::Make(
    std::span<const clone::Operation> operations) {
  Scheduler scheduler;
  DOPPEL_RETURN_IF_ERROR(scheduler.Link(operations));
  DOPPEL_RETURN_IF_ERROR(scheduler.CheckNoCircle());
  for (size_t i = 0; i < operations.size(); ++i) {
    if (scheduler.missing_[i] == 0) scheduler.Release(static_cast<int>(i));
  }
  return scheduler;
}

absl::Status Scheduler::Link(std::span<const clone::Operation> operations) {
  const size_t count = operations.size();
  states_.resize(count, State::kWaiting);
  missing_.resize(count, 0);
  followers_.resize(count);
  left_ = static_cast<int>(count);
  absl::flat_hash_map<int, int> index_of;
  for (size_t i = 0; i < count; ++i) {
    const bool is_new =
        index_of.emplace(operations[i].id, static_cast<int>(i)).second;
    DOPPEL_RET_CHECK(is_new);
  }
  for (size_t i = 0; i < count; ++i) {
    for (const int id : operations[i].depends_on) {
      const auto before = index_of.find(id);
      DOPPEL_RET_CHECK(before != index_of.end());
      followers_[before->second].push_back(static_cast<int>(i));
      ++missing_[i];
    }
  }
  return absl::OkStatus();
}

absl::Status Scheduler::CheckNoCircle() const {
  std::vector<int> missing = missing_;
  std::vector<int> free;
  for (size_t i = 0; i < missing.size(); ++i) {
    if (missing[i] == 0) free.push_back(static_cast<int>(i));
  }
  for (size_t next = 0; next < free.size(); ++next) {
    for (const int follower : followers_[free[next]]) {
      if (--missing[follower] == 0) free.push_back(follower);
    }
  }
  DOPPEL_RET_CHECK(free.size() == missing.size());
  return absl::OkStatus();
}

void Scheduler::Release(int index) {
  states_[index] = State::kReady;
  ready_.push(index);
}

std::optional<int> Scheduler::Next() {
  if (ready_.empty()) return std::nullopt;
  const int index = ready_.top();
  ready_.pop();
  states_[index] = State::kBegun;
  DropStaleReady();
  return index;
}

// Those that ended without having begun here.
void Scheduler::DropStaleReady() {
  while (!ready_.empty() && states_[ready_.top()] != State::kReady) {
    ready_.pop();
  }
}

void Scheduler::End(int index) {
  states_[index] = State::kEnded;
  --left_;
}

std::vector<Blocked> Scheduler::Finish(int index, bool succeeded) {
  if (states_[index] == State::kEnded) return {};
  End(index);
  DropStaleReady();
  if (!succeeded) return Block(index);
  for (const int follower : followers_[index]) {
    if (--missing_[follower] == 0 && states_[follower] == State::kWaiting) {
      Release(follower);
    }
  }
  return {};
}

std::vector<Blocked> Scheduler::Block(int cause) {
  std::vector<Blocked> blocked;
  std::vector<int> open = {cause};
  while (!open.empty()) {
    const int index = open.back();
    open.pop_back();
    for (const int follower : followers_[index]) {
      if (states_[follower] != State::kWaiting) continue;
      End(follower);
      blocked.push_back({follower, cause});
      open.push_back(follower);
    }
  }
  return blocked;
}

}  // namespace doppel::execution
