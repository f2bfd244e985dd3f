#include "service/state/macros.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

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

MacroChanges::MacroChanges(const manifest::Manifest& current,
                           const manifest::Manifest& older)
    : current_(&current),
      changes_(current.macro_count(), Change::kNone),
      affected_(current.macro_count(), 0) {
  FindChanged(older);
  if (any_) FindAffected();
}

void MacroChanges::FindChanged(const manifest::Manifest& older) {
  size_t o = 0;
  for (MacroId c = 0; c < current_->macro_count(); ++c) {
    const manifest::Macro& now = current_->macro(c);
    // What is passed over here is in the older manifest alone.
    while (o < older.macro_count() &&
           older.macro(o).unique_id < now.unique_id) {
      any_ = true;
      ++o;
    }
    if (o == older.macro_count() || older.macro(o).unique_id != now.unique_id) {
      changes_[c] = Change::kAdded;
    } else if (older.macro(o++).body != now.body) {
      changes_[c] = Change::kText;
    }
    any_ = any_ || changes_[c] != Change::kNone;
  }
  any_ = any_ || o < older.macro_count();
}

void MacroChanges::FindAffected() {
  const Callers callers(*current_);
  std::vector<MacroId> queue;
  for (MacroId id = 0; id < changes_.size(); ++id) {
    if (changes_[id] == Change::kNone) continue;
    affected_[id] = 1;
    queue.push_back(id);
  }
  for (size_t next = 0; next < queue.size(); ++next) {
    for (MacroId caller : callers.of(queue[next])) {
      if (affected_[caller]) continue;
      affected_[caller] = 1;
      queue.push_back(caller);
    }
  }
}

bool MacroChanges::Affects(std::span<const MacroId> calls) const {
  return std::any_of(calls.begin(), calls.end(),
                     [this](MacroId id) { return affected_[id] != 0; });
}

std::vector<Cause> MacroChanges::Causes(std::span<const MacroId> calls) const {
  std::vector<Cause> causes;
  std::vector<MacroId> caller(affected_.size(), kNoMacro);
  std::vector<uint8_t> seen(affected_.size(), 0);
  std::vector<MacroId> queue;
  auto visit = [&](MacroId id, MacroId from) {
    if (seen[id] || !affected_[id]) return;
    seen[id] = 1;
    caller[id] = from;
    queue.push_back(id);
  };
  for (MacroId id : calls) visit(id, kNoMacro);
  for (size_t next = 0; next < queue.size(); ++next) {
    const MacroId id = queue[next];
    if (changes_[id] != Change::kNone) {
      Cause cause;
      cause.kind = CauseKind::kMacro;
      cause.subject = std::string(current_->macro(id).unique_id);
      for (MacroId at = id; at != kNoMacro; at = caller[at]) {
        cause.path.emplace_back(current_->macro(at).unique_id);
      }
      std::reverse(cause.path.begin(), cause.path.end());
      cause.detail = changes_[id] == Change::kAdded ? "added" : "changed";
      causes.push_back(std::move(cause));
    }
    for (MacroId callee : current_->macro(id).macros) visit(callee, id);
  }
  return causes;
}

}  // namespace doppel::state
