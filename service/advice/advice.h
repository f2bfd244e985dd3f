// "Defer or clone?", from what somebody needs and from the case at hand.
//
// The needs are the rows of dbt's own comparison ("To defer or to clone, that
// is the question", docs.getdbt.com/blog/to-defer-or-to-clone):
//
//   need                                                      defer  clone
//   save time and cost by not recomputing                     yes    yes
//   objects usable by downstream tools (BI)                   no     yes
//   objects in the target may be safely modified              no     yes
//   create no new database objects                            yes    no
//   no drift from the source's data                           yes    no
//   several, dynamic sources                                  yes    no
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_ADVICE_ADVICE_H_
#define DOPPEL_SERVICE_ADVICE_ADVICE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace doppel::advice {

struct Needs {
  bool no_recomputing = false;
  bool usable_by_other_tools = false;
  bool safe_to_modify = false;
  bool no_new_objects = false;
  bool no_drift = false;
  bool several_sources = false;
};

// As in the proto.
enum class Choice : uint8_t { kDefer, kClone, kBoth, kNeither };

struct Advice {
  Choice choice = Choice::kDefer;
  // One for each need, in the order of the rows, then why it is this choice.
  std::vector<std::string> reasons;
};

// kBoth where some needs are served by deferring alone and others by cloning
// alone, and the clones spoil none; kNeither where they would. With no need at
// all, the way that creates nothing.
Advice Advise(const Needs& needs);

// The case at hand in numbers.
struct Numbers {
  int defer_relations = 0;
  int clone_objects = 0;
  int clone_pointer_views = 0;  // among the objects
  int clone_statements = 0;
  bool has_times = false;
  absl::Duration rebuilding_avoided;        // either way
  absl::Duration clone_rebuilding_avoided;  // by a clone, beside that
};

// One for each number.
std::vector<std::string> ReasonsOf(const Numbers& numbers);

}  // namespace doppel::advice

#endif  // DOPPEL_SERVICE_ADVICE_ADVICE_H_
