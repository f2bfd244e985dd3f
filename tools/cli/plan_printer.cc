#include "tools/cli/plan_printer.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "doppel/v1/plan.pb.h"
#include "tools/cli/names.h"

namespace doppel::cli {
namespace {

Colour ColourOf(v1::OperationKind kind) {
  switch (kind) {
    case v1::OPERATION_KIND_SKIP:
      return Colour::kDim;
    case v1::OPERATION_KIND_DROP:
      return Colour::kRed;
    default:
      return Colour::kGreen;
  }
}

std::string TargetOf(const v1::Operation& operation) {
  if (operation.has_target()) return operation.target().rendered();
  return operation.unique_id();
}

void PrintWithSql(const v1::ClonePlan& plan, const Console& console) {
  for (const v1::Operation& operation : plan.operations()) {
    console.Print(absl::StrCat(
        console.Paint(Colour::kBold, absl::StrCat(operation.id())), " ",
        console.Paint(ColourOf(operation.kind()),
                      EnumWord(v1::OperationKind_Name(operation.kind()),
                               "OPERATION_KIND_")),
        " ", TargetOf(operation), "  ",
        console.Paint(Colour::kDim, operation.explanation())));
    for (const std::string& statement : operation.statements()) {
      console.Print(absl::StrCat("    ", statement, ";"));
    }
  }
}

// What a swap puts where, a row each.
void AddPlacements(const v1::Operation& operation, Table& table) {
  for (const v1::Placement& placement : operation.placements()) {
    const std::string what = !placement.has_source() ? "leave empty"
                             : placement.copied()    ? "put a copy"
                                                     : "put";
    const std::string kept = placement.has_kept_as()
                                 ? absl::StrCat("what stood there is kept as ",
                                                placement.kept_as().rendered())
                                 : "";
    table.AddRow({"", what, placement.target().rendered(),
                  placement.source().rendered(), kept});
  }
}

void PrintTable(const v1::ClonePlan& plan, const Console& console) {
  Table table({"#", "OPERATION", "TARGET", "SOURCE", "BECAUSE"});
  for (const v1::Operation& operation : plan.operations()) {
    table.AddRow(
        {absl::StrCat(operation.id()),
         console.Paint(ColourOf(operation.kind()),
                       EnumWord(v1::OperationKind_Name(operation.kind()),
                                "OPERATION_KIND_")),
         TargetOf(operation), operation.source().rendered(),
         operation.explanation()});
    AddPlacements(operation, table);
  }
  table.PrintTo(console);
}

std::string Describe(const v1::PlanSummary& summary) {
  const std::vector<std::pair<int, const char*>> counts = {
      {summary.schemas(), "schema"},
      {summary.clones(), "clone"},
      {summary.copies(), "table copy"},
      {summary.views(), "closed view"},
      {summary.pointer_views(), "pointer view"},
      {summary.drops(), "drop"},
      {summary.renames(), "rename"},
      {summary.skips(), "skip"},
  };
  std::vector<std::string> parts;
  for (const auto& [count, noun] : counts) {
    if (count > 0) parts.push_back(Count(count, noun));
  }
  return absl::StrCat(
      parts.empty() ? "nothing to do" : absl::StrJoin(parts, ", "), "; ",
      Count(summary.statements(), "statement"),
      summary.replaced_relations() > 0
          ? absl::StrCat(", ", Count(summary.replaced_relations(), "relation"),
                         " replaced")
          : "");
}

void PrintEscapes(const v1::ClonePlan& plan, const Console& console) {
  if (plan.escapes().empty()) return;
  console.Print("these would still read what is not the target's:");
  Table table({"TARGET", "READS", "BECAUSE"});
  for (const v1::Escape& escape : plan.escapes()) {
    table.AddRow({escape.target().rendered(), escape.reads().rendered(),
                  escape.explanation()});
  }
  table.PrintTo(console);
}

}  // namespace

void PrintPlan(const v1::ClonePlan& plan, bool with_sql, Console& console) {
  for (const v1::Warning& warning : plan.warnings()) {
    console.Note(absl::StrCat("warning: ", warning.message()));
  }
  if (with_sql) {
    PrintWithSql(plan, console);
  } else {
    PrintTable(plan, console);
  }
  PrintEscapes(plan, console);
  console.Print(absl::StrCat(console.Paint(Colour::kBold, plan.name()), " on ",
                             plan.connection(), ": ",
                             Describe(plan.summary())));
}

}  // namespace doppel::cli
