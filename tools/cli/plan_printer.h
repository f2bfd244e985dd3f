// A plan for people.
#ifndef DOPPEL_TOOLS_CLI_PLAN_PRINTER_H_
#define DOPPEL_TOOLS_CLI_PLAN_PRINTER_H_

#include "doppel/v1/plan.pb.h"
#include "tools/cli/console.h"

namespace doppel::cli {

// Every operation with its reason, with its statements where asked for, then
// the plan in numbers.
void PrintPlan(const v1::ClonePlan& plan, bool with_sql, Console& console);

}  // namespace doppel::cli

#endif  // DOPPEL_TOOLS_CLI_PLAN_PRINTER_H_
