// Which macros differ between two manifests, and which of the current ones
// reach a differing one.
//
// dbt 1.12, graph/selector_methods.py: a macro is changed if its text differs
// or only one manifest has it; a node is affected if it calls one, directly or
// through the *current* manifest's macros.
//
// Thread contract: immutable once made. It keeps no view of the older manifest,
// and one of the current, which must live as long.
#ifndef DOPPEL_SERVICE_STATE_MACROS_H_
#define DOPPEL_SERVICE_STATE_MACROS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "service/manifest/manifest.h"
#include "service/state/cause.h"
#include "service/state/macro_reach.h"

namespace doppel::state {

class MacroChanges {
 public:
  MacroChanges(const manifest::Manifest& current,
               const manifest::Manifest& older);

  // False where the two manifests have the same macros.
  bool any() const { return any_; }

  // True if one of these calls is to a changed macro or to one that reaches
  // one.
  bool Affects(std::span<const manifest::MacroId> calls) const {
    return reach_.Reaches(calls);
  }

  // One cause for each changed macro that these calls reach, with the shortest
  // way to it, nearest first.
  std::vector<Cause> Causes(std::span<const manifest::MacroId> calls) const;

 private:
  enum Change : uint8_t { kNone, kText, kAdded };

  std::vector<uint8_t> FindChanged(const manifest::Manifest& older);

  const manifest::Manifest* current_;
  bool any_ = false;
  std::vector<uint8_t> changes_;  // by current macro: a Change
  MacroReach reach_;
};

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_MACROS_H_
