#include "service/state/macros.h"

#include <cstddef>
#include <string>
#include <utility>

namespace doppel::state {

using manifest::MacroId;

MacroChanges::MacroChanges(const manifest::Manifest& current,
                           const manifest::Manifest& older)
    : current_(&current),
      changes_(FindChanged(older)),
      reach_(current, changes_) {}

std::vector<uint8_t> MacroChanges::FindChanged(
    const manifest::Manifest& older) {
  std::vector<uint8_t> changes(current_->macro_count(), kNone);
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
      changes[c] = kAdded;
    } else if (older.macro(o++).body != now.body) {
      changes[c] = kText;
    }
    any_ = any_ || changes[c] != kNone;
  }
  any_ = any_ || o < older.macro_count();
  return changes;
}

std::vector<Cause> MacroChanges::Causes(std::span<const MacroId> calls) const {
  std::vector<Cause> causes;
  for (const MacroReach::Way& way : reach_.Ways(calls)) {
    Cause cause;
    cause.kind = CauseKind::kMacro;
    cause.subject = std::string(current_->macro(way.back()).unique_id);
    for (MacroId id : way) {
      cause.path.emplace_back(current_->macro(id).unique_id);
    }
    cause.detail = changes_[way.back()] == kAdded ? "added" : "changed";
    causes.push_back(std::move(cause));
  }
  return causes;
}

}  // namespace doppel::state
