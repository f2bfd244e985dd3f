#include "tools/cli/plan_diff.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "doppel/v1/plan.pb.h"
#include "google/protobuf/struct.pb.h"
#include "tools/cli/console.h"
#include "tools/cli/names.h"

namespace doppel::cli {
namespace {

using Kind = PlanDifference::Kind;

// One side of a comparison.
struct Item {
  std::string key;
  std::string subject;
  std::string words;
  std::vector<std::string> statements;
};

std::string WordsFor(const v1::Operation& operation) {
  std::string words =
      EnumWord(v1::OperationKind_Name(operation.kind()), "OPERATION_KIND_");
  if (operation.has_source()) {
    absl::StrAppend(&words, " from ", operation.source().rendered());
  }
  if (operation.has_replaces()) absl::StrAppend(&words, ", replacing");
  return absl::StrCat(words, " (", operation.explanation(), ")");
}

std::vector<Item> ItemsOf(const v1::ClonePlan& plan) {
  std::vector<Item> items;
  absl::flat_hash_map<std::string, int> seen;
  const auto add = [&](absl::string_view group, const std::string& subject,
                       std::string words, std::vector<std::string> statements) {
    std::string key = absl::StrCat(group, " ", subject);
    absl::StrAppend(&key, " ", seen[key]++);
    items.push_back(
        {std::move(key), subject, std::move(words), std::move(statements)});
  };
  for (const v1::Operation& operation : plan.operations()) {
    add("operation",
        operation.has_target() ? operation.target().rendered()
                               : operation.unique_id(),
        WordsFor(operation),
        {operation.statements().begin(), operation.statements().end()});
  }
  for (const v1::Precondition& precondition : plan.preconditions()) {
    add("precondition", precondition.subject(),
        absl::StrCat("expected ", precondition.expected()), {});
  }
  return items;
}

absl::string_view KindWord(Kind kind) {
  switch (kind) {
    case Kind::kAdded:
      return "added";
    case Kind::kRemoved:
      return "removed";
    case Kind::kChanged:
      return "changed";
  }
  return "";
}

Colour ColourOf(Kind kind) {
  switch (kind) {
    case Kind::kAdded:
      return Colour::kGreen;
    case Kind::kRemoved:
      return Colour::kRed;
    case Kind::kChanged:
      return Colour::kYellow;
  }
  return Colour::kPlain;
}

google::protobuf::Struct ToStruct(const PlanDifference& difference) {
  google::protobuf::Struct object;
  auto& fields = *object.mutable_fields();
  fields["difference"].set_string_value(std::string(KindWord(difference.kind)));
  fields["subject"].set_string_value(difference.subject);
  fields["before"].set_string_value(difference.before);
  fields["after"].set_string_value(difference.after);
  for (const auto& [name, statements] :
       {std::pair("statementsBefore", &difference.statements_before),
        std::pair("statementsAfter", &difference.statements_after)}) {
    auto* list = fields[name].mutable_list_value();
    for (const std::string& sql : *statements) {
      list->add_values()->set_string_value(sql);
    }
  }
  return object;
}

void PrintStatements(const PlanDifference& difference, Console& console) {
  for (const std::string& sql : difference.statements_before) {
    console.Print(console.Paint(Colour::kRed, absl::StrCat("  - ", sql, ";")));
  }
  for (const std::string& sql : difference.statements_after) {
    console.Print(
        console.Paint(Colour::kGreen, absl::StrCat("  + ", sql, ";")));
  }
}

}  // namespace

std::vector<PlanDifference> ComparePlans(const v1::ClonePlan& before,
                                         const v1::ClonePlan& after) {
  const std::vector<Item> old_items = ItemsOf(before);
  const std::vector<Item> new_items = ItemsOf(after);
  absl::flat_hash_map<std::string, const Item*> by_key;
  for (const Item& item : new_items) by_key.emplace(item.key, &item);
  std::vector<PlanDifference> differences;
  for (const Item& item : old_items) {
    const auto found = by_key.find(item.key);
    if (found == by_key.end()) {
      differences.push_back(
          {Kind::kRemoved, item.subject, item.words, "", item.statements, {}});
      continue;
    }
    const Item& other = *found->second;
    if (item.words != other.words || item.statements != other.statements) {
      PlanDifference changed{Kind::kChanged, item.subject, item.words,
                             other.words,    {},           {}};
      if (item.statements != other.statements) {
        changed.statements_before = item.statements;
        changed.statements_after = other.statements;
      }
      differences.push_back(std::move(changed));
    }
    by_key.erase(found);
  }
  for (const Item& item : new_items) {
    if (!by_key.contains(item.key)) continue;
    differences.push_back(
        {Kind::kAdded, item.subject, "", item.words, {}, item.statements});
  }
  return differences;
}

void PrintPlanDiff(const v1::ClonePlan& before, const v1::ClonePlan& after,
                   bool with_sql, Console& console) {
  const std::vector<PlanDifference> differences = ComparePlans(before, after);
  if (console.json()) {
    for (const PlanDifference& difference : differences) {
      console.PrintJson(ToStruct(difference));
    }
    return;
  }
  if (!differences.empty() && !with_sql) {
    Table table({"DIFFERENCE", "TARGET", "BEFORE", "AFTER"});
    for (const PlanDifference& difference : differences) {
      table.AddRow(
          {console.Paint(ColourOf(difference.kind), KindWord(difference.kind)),
           difference.subject, difference.before, difference.after});
    }
    table.PrintTo(console);
  }
  for (const PlanDifference& difference : differences) {
    if (!with_sql) break;
    console.Print(absl::StrCat(
        console.Paint(ColourOf(difference.kind), KindWord(difference.kind)),
        " ", difference.subject, "  ",
        console.Paint(Colour::kDim, difference.after.empty()
                                        ? difference.before
                                        : difference.after)));
    PrintStatements(difference, console);
  }
  if (before.connection() != after.connection()) {
    console.Print(absl::StrCat("connection: ", before.connection(), " -> ",
                               after.connection()));
  }
  console.Print(
      before.fingerprint() == after.fingerprint()
          ? "the plans do the same, on the same world"
          : Count(static_cast<int64_t>(differences.size()), "difference"));
}

}  // namespace doppel::cli
