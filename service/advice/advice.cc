#include "service/advice/advice.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace doppel::advice {
namespace {

// A row of the comparison.
struct Row {
  bool Needs::* need;
  absl::string_view words;
  bool defer;
  bool clone;
  absl::string_view why;
};

constexpr Row kRows[] = {
    {&Needs::no_recomputing, "no recomputing", true, true,
     "either way takes the source's relations as they are"},
    {&Needs::usable_by_other_tools, "objects that other tools can use", false,
     true,
     "a clone is there under the target's names; a deferred ref is known to "
     "dbt alone"},
    {&Needs::safe_to_modify, "objects that may be modified", false, true,
     "a clone is apart from its source; who writes where deferral reads writes "
     "to the source"},
    {&Needs::no_new_objects, "no new objects", true, false,
     "deferral creates none; a clone is one"},
    {&Needs::no_drift, "no drift from the source", true, false,
     "deferral reads the source as it is; a cloned table stays as it was when "
     "it was cloned"},
    {&Needs::several_sources, "several, dynamic sources", true, false,
     "deferral asks its sources in order for each node, each time; a clone has "
     "one source, as it then was"},
};

absl::string_view Who(const Row& row) {
  if (row.defer && row.clone) return "defer and clone serve it";
  return row.defer ? "defer serves it, clone does not"
                   : "clone serves it, defer does not";
}

// What only one of the ways serves.
struct OneSided {
  bool defer = false;
  bool clone = false;
};

OneSided OneSidedOf(const Needs& needs) {
  OneSided one;
  for (const Row& row : kRows) {
    if (!(needs.*row.need)) continue;
    if (!row.clone) one.defer = true;
    if (!row.defer) one.clone = true;
  }
  return one;
}

// Clones beside a deferral are objects, and drift.
bool SpoiltByClones(const Needs& needs) {
  return needs.no_new_objects || needs.no_drift;
}

std::string Plural(int count, absl::string_view noun) {
  return absl::StrCat(count, " ", noun, count == 1 ? "" : "s");
}

}  // namespace

Advice Advise(const Needs& needs) {
  Advice advice;
  for (const Row& row : kRows) {
    if (!(needs.*row.need)) continue;
    advice.reasons.push_back(
        absl::StrCat(row.words, ": ", Who(row), ": ", row.why));
  }
  const bool any = !advice.reasons.empty();
  const OneSided one = OneSidedOf(needs);
  if (!one.clone) {
    advice.choice = Choice::kDefer;
    advice.reasons.emplace_back(
        !any         ? "defer: no need is stated, and it creates nothing"
        : !one.defer ? "defer: either way would do, and it creates nothing"
                     : "defer: it serves all that is needed");
  } else if (!one.defer) {
    advice.choice = Choice::kClone;
    advice.reasons.emplace_back("clone: it serves all that is needed");
  } else if (SpoiltByClones(needs)) {
    advice.choice = Choice::kNeither;
    advice.reasons.emplace_back(
        "neither: what only a clone serves cannot be had without the objects "
        "and the drift that are not wanted; give up one of these needs, or "
        "state them for different nodes");
  } else {
    advice.choice = Choice::kBoth;
    advice.reasons.emplace_back(
        "both: let dbt build with deferral to the sources, and clone what "
        "others use or modify");
  }
  return advice;
}

std::vector<std::string> ReasonsOf(const Numbers& numbers) {
  std::vector<std::string> reasons = {
      absl::StrCat("defer: the selected nodes would read ",
                   Plural(numbers.defer_relations, "relation"),
                   " of the sources, and nothing would be created"),
      absl::StrCat(
          "clone: the selected nodes would become ",
          Plural(numbers.clone_objects, "object"),
          numbers.clone_pointer_views > 0
              ? absl::StrCat(
                    ", ", Plural(numbers.clone_pointer_views, "pointer view"),
                    " among them, which show what their "
                    "sources hold and do not drift")
              : "",
          ", by ", Plural(numbers.clone_statements, "statement"))};
  if (!numbers.has_times) return reasons;
  reasons.push_back(absl::StrCat(
      "either way: ", absl::FormatDuration(numbers.rebuilding_avoided),
      " of building what the selected nodes depend on is avoided"));
  reasons.push_back(absl::StrCat(
      "clone: ", absl::FormatDuration(numbers.clone_rebuilding_avoided),
      " of building the selected nodes themselves is avoided, too"));
  return reasons;
}

}  // namespace doppel::advice
