// Did a statement whose answer was lost take effect? Decided from what stands
// in the warehouse now and what the plan knows of before and after.
//
// Thread contract: functions without state.
#ifndef DOPPEL_SERVICE_EXECUTION_RECOVER_H_
#define DOPPEL_SERVICE_EXECUTION_RECOVER_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "service/base/relation_details.h"
#include "service/clone/plan.h"
#include "service/execution/world.h"

namespace doppel::execution {

enum class Effect : uint8_t {
  kDone,     // what the operation makes is there
  kNotDone,  // all is as before; do it
  // Before and after look the same, but doing it again does no harm: it
  // replaces the target by the same.
  kRepeat,
  // Neither before nor after: somebody must look.
  kUnclear,
};

absl::string_view EffectName(Effect effect);

// What a world must know of single relations, for EffectOf to tell.
std::vector<DetailsWish> WishesOf(const clone::Operation& operation);

Effect EffectOf(const clone::Plan& plan, const clone::Operation& operation,
                const World& world);

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_RECOVER_H_
