#include "service/state/macro_reach.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace doppel::state {

using manifest::MacroId;

namespace {

constexpr MacroId kNoMacro = ~MacroId{0};

// Callers of each macro, as compressed sparse rows.
struct Callers {
  explicit Callers(const manifest::Manifest& m) : begin(m.macro_count() + 1) {
    for (MacroId id = 0; id < m.macro_count(); ++id) {
      for (MacroId callee : m.macro(id).macros) ++begin[callee + 1];
    }
    for (size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
    ids.resize(begin.back());
    std::vector<uint32_t> next = begin;
    for (MacroId id = 0; id < m.macro_count(); ++id) {
      for (MacroId callee : m.macro(id).macros) ids[next[callee]++] = id;
    }
  }

  std::span<const MacroId> of(MacroId id) const {
    return std::span(ids).subspan(begin[id], begin[id + 1] - begin[id]);
  }

  std::vector<uint32_t> begin;
  std::vector<MacroId> ids;
};

}  // namespace

MacroReach::MacroReach(const manifest::Manifest& manifest,
                       std::vector<uint8_t> marked)
    : manifest_(&manifest),
      marked_(std::move(marked)),
      reaches_(manifest.macro_count(), 0) {
  if (std::any_of(marked_.begin(), marked_.end(),
                  [](uint8_t mark) { return mark != 0; })) {
    FindReaching();
  }
}

void MacroReach::FindReaching() {
  const Callers callers(*manifest_);
  std::vector<MacroId> queue;
  for (MacroId id = 0; id < marked_.size(); ++id) {
    if (!marked_[id]) continue;
    reaches_[id] = 1;
    queue.push_back(id);
  }
  for (size_t next = 0; next < queue.size(); ++next) {
    for (MacroId caller : callers.of(queue[next])) {
      if (reaches_[caller]) continue;
      reaches_[caller] = 1;
      queue.push_back(caller);
    }
  }
}

bool MacroReach::Reaches(std::span<const MacroId> calls) const {
  return std::any_of(calls.begin(), calls.end(),
                     [this](MacroId id) { return reaches_[id] != 0; });
}

std::vector<MacroReach::Way> MacroReach::Ways(
    std::span<const MacroId> calls) const {
  std::vector<Way> ways;
  if (!Reaches(calls)) return ways;
  std::vector<MacroId> caller(reaches_.size(), kNoMacro);
  std::vector<uint8_t> seen(reaches_.size(), 0);
  std::vector<MacroId> queue;
  auto visit = [&](MacroId id, MacroId from) {
    if (seen[id] || !reaches_[id]) return;
    seen[id] = 1;
    caller[id] = from;
    queue.push_back(id);
  };
  for (MacroId id : calls) visit(id, kNoMacro);
  for (size_t next = 0; next < queue.size(); ++next) {
    const MacroId id = queue[next];
    if (marked_[id]) {
      Way way;
      for (MacroId at = id; at != kNoMacro; at = caller[at]) way.push_back(at);
      std::reverse(way.begin(), way.end());
      ways.push_back(std::move(way));
    }
    for (MacroId callee : manifest_->macro(id).macros) visit(callee, id);
  }
  return ways;
}

}  // namespace doppel::state
