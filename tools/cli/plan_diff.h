// Two plans, laid side by side.
#ifndef DOPPEL_TOOLS_CLI_PLAN_DIFF_H_
#define DOPPEL_TOOLS_CLI_PLAN_DIFF_H_

#include <string>
#include <vector>

#include "doppel/v1/plan.pb.h"
#include "tools/cli/console.h"

namespace doppel::cli {

// An operation, or a precondition, that only one plan has, or that is another
// one in the second.
struct PlanDifference {
  enum class Kind { kAdded, kRemoved, kChanged };

  Kind kind = Kind::kChanged;
  std::string subject;  // the target as rendered, or what a plan rests on
  std::string before;   // in a few words; "" where it is added
  std::string after;    // "" where it is removed
  // The statements on each side, where they are not the same.
  std::vector<std::string> statements_before;
  std::vector<std::string> statements_after;
};

// Operations are the same where their targets are (those of one target in their
// order), preconditions where their subjects are. Those of `before` first, in
// their order, then what is added.
std::vector<PlanDifference> ComparePlans(const v1::ClonePlan& before,
                                         const v1::ClonePlan& after);

// For people a table, with the statements below where asked for; for programs
// an object for each difference.
void PrintPlanDiff(const v1::ClonePlan& before, const v1::ClonePlan& after,
                   bool with_sql, Console& console);

}  // namespace doppel::cli

#endif  // DOPPEL_TOOLS_CLI_PLAN_DIFF_H_
