// Every case of the oracle's `dbt clone` on five warehouses, where it is on
// this machine: doppel must clone what dbt cloned, point at what dbt pointed at
// and leave what dbt left, from and to the same relations.
//
// It differs on purpose, and each such difference is named here:
//   - A source that is not in the warehouse is skipped; dbt sends a view of it
//     that fails.
//   - A relation is not made of itself; dbt sends a view of it, which destroys
//     it, or a clone.
//   - A contract is not asked for columns before a view is made, and a Python
//     model is read as any other; dbt stops there, or makes a view of "None".
//   - A Spark model whose file format is not delta gets a pointer view; dbt
//     stops at every node.
//   - A schema into which nothing is cloned is not created.
//   - What stands at a target is not dropped before its replacement is made,
//     and "or replace" is only said where something stands.
//   - Redshift's pointer views are late-binding.
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "re2/re2.h"
#include "service/clone/plan.h"
#include "service/clone/planner.h"
#include "service/dialect/dialect.h"
#include "tests/conformance/oracle_case.h"
#include "tests/conformance/planning_case.h"

namespace doppel::conformance {
namespace {

// What was made of what: "clone a of b".
struct Made {
  std::string what;  // "" for nothing
  std::string target;
  std::string source;

  friend bool operator==(const Made&, const Made&) = default;
};

std::ostream& operator<<(std::ostream& out, const Made& made) {
  return out << '[' << made.what << ' ' << made.target << " of " << made.source
             << ']';
}

// Names beside the target are the target's.
std::string Plain(absl::string_view name) {
  return absl::StrReplaceAll(name, {{"__dbt_tmp", ""}, {"__doppel_new", ""}});
}

Made MadeBy(const std::string& sql) {
  static const auto* const kClone = new re2::RE2(
      R"((?is)\s*create\s+(?:or\s+replace\s+)?(transient\s+)?table\s+(\S+)\s+)"
      R"((?:shallow\s+)?clone\s+(\S+)\s*)");
  static const auto* const kView =
      new re2::RE2(R"((?is)\s*create\s+(?:or\s+replace\s+)?view\s+(\S+)\s.*?)"
                   R"(as\s+\(?\s*select\s+\*\s+from\s+([^\s;)]+).*)");
  std::string transient;
  std::string target;
  std::string source;
  if (re2::RE2::FullMatch(sql, *kClone, &transient, &target, &source)) {
    return {transient.empty() ? "clone" : "transient clone", Plain(target),
            source};
  }
  if (re2::RE2::FullMatch(sql, *kView, &target, &source)) {
    return {"view", Plain(target), source};
  }
  return {};
}

clone::Plan PlanCase(const PlanningCase& planning_case) {
  clone::CloneInputs inputs;
  inputs.source = planning_case.state.get();
  inputs.target = planning_case.current.get();
  inputs.selected = planning_case.selected;
  inputs.dialect = *dialect::FindDialect(planning_case.adapter);
  inputs.source_quoting = inputs.dialect->default_quoting();
  inputs.target_quoting = inputs.dialect->default_quoting();
  std::vector<CatalogEntry> catalog = planning_case.existing;
  std::set<SchemaName> schemas;
  for (CatalogEntry& entry : catalog) {
    schemas.insert(entry.name.schema_name());
    // The oracle's stand-in for BigQuery does not answer dbt's question for the
    // type of a single relation: to dbt, no source was a table.
    if (planning_case.adapter == "bigquery") entry.kind = RelationKind::kView;
  }
  const std::vector<SchemaName> existing(schemas.begin(), schemas.end());
  inputs.catalog = catalog;
  inputs.existing_schemas = existing;
  if (planning_case.HasArgument("--full-refresh")) {
    inputs.options.existing_target = clone::ExistingTarget::kReplace;
  }
  auto plan = clone::PlanClone(inputs);
  EXPECT_TRUE(plan.ok()) << planning_case.case_id << " " << plan.status();
  return plan.ok() ? *std::move(plan) : clone::Plan();
}

Made MadeBy(const clone::Operation& operation) {
  for (const std::string& statement : operation.statements) {
    Made made = MadeBy(statement);
    if (!made.what.empty()) return made;
  }
  return {};
}

// What dbt made for each node; nothing for a "No-op".
std::map<std::string, Made> MadeByDbt(const PlanningCase& planning_case) {
  std::map<std::string, Made> made;
  for (const auto& [id, result] : planning_case.results) made[id];
  for (const auto& [id, sql] : planning_case.sql) {
    Made by_sql = MadeBy(sql);
    if (!by_sql.what.empty()) made[id] = std::move(by_sql);
  }
  return made;
}

struct Tally {
  int compared = 0;
  std::map<std::string, int> on_purpose;
};

// Why the answers may differ, or "" where they must not.
std::string PurposeOf(const PlanningCase& planning_case,
                      const clone::Operation& operation) {
  const auto& [status, message] = planning_case.results.at(operation.unique_id);
  if (operation.reason == clone::OperationReason::kSourceMissing) {
    return "source missing";
  }
  if (operation.reason == clone::OperationReason::kSameRelation) {
    return "same relation";
  }
  if (absl::StrContains(message, "file_format")) return "not delta";
  if (status == "error") {
    const auto node = planning_case.current->Find(operation.unique_id);
    return planning_case.current->node(*node).contract_enforced ? "contract"
                                                                : "";
  }
  for (const auto& [id, sql] : planning_case.sql) {
    if (id == operation.unique_id && absl::StrContains(sql, "None")) {
      return "python model";
    }
  }
  return "";
}

void CompareNode(const PlanningCase& planning_case,
                 const clone::Operation& operation, const Made& expected,
                 Tally* tally) {
  const std::string purpose = PurposeOf(planning_case, operation);
  if (!purpose.empty()) {
    ++tally->on_purpose[purpose];
    EXPECT_EQ(operation.kind == clone::OperationKind::kSkip,
              purpose == "source missing" || purpose == "same relation")
        << planning_case.case_id << " " << operation.explanation;
    return;
  }
  ++tally->compared;
  EXPECT_EQ(MadeBy(operation), expected)
      << planning_case.case_id << " " << operation.unique_id << ": "
      << operation.explanation << "; dbt says "
      << planning_case.results.at(operation.unique_id).second;
}

// Every schema that doppel creates is one that dbt creates by the same words.
void CompareSchema(const PlanningCase& planning_case,
                   const clone::Operation& operation) {
  for (const auto& [id, sql] : planning_case.sql) {
    if (sql == operation.statements[0] ||
        sql == absl::StrCat("-- create_schema ", operation.target->rendered)) {
      return;
    }
  }
  ADD_FAILURE() << planning_case.case_id << ": dbt does not create "
                << operation.target->rendered;
}

TEST(CloneOracleTest, DecidesAsDbtBesidesWhatDiffersOnPurpose) {
  const std::optional<std::string> folder = OracleFolder();
  if (!folder.has_value()) {
    GTEST_SKIP() << "the oracle is not on this machine; set DOPPEL_ORACLE to "
                    "its folder";
  }
  const auto cases = ReadPlanningCases(*folder, "clone");
  ASSERT_TRUE(cases.ok()) << cases.status();
  Tally tally;
  for (const PlanningCase& planning_case : *cases) {
    const clone::Plan plan = PlanCase(planning_case);
    const std::map<std::string, Made> expected = MadeByDbt(planning_case);
    std::set<std::string> planned;
    for (const clone::Operation& operation : plan.operations) {
      if (operation.kind == clone::OperationKind::kCreateSchema) {
        CompareSchema(planning_case, operation);
        continue;
      }
      // dbt has no results for ephemeral models.
      if (operation.reason == clone::OperationReason::kEphemeral) continue;
      planned.insert(operation.unique_id);
      const auto by_dbt = expected.find(operation.unique_id);
      if (by_dbt == expected.end()) {
        ADD_FAILURE() << planning_case.case_id << ": dbt has no result for "
                      << operation.unique_id;
        continue;
      }
      CompareNode(planning_case, operation, by_dbt->second, &tally);
    }
    EXPECT_EQ(planned.size(), expected.size()) << planning_case.case_id;
  }
  std::cout << tally.compared << " nodes compared; on purpose:";
  for (const auto& [purpose, count] : tally.on_purpose) {
    std::cout << ' ' << count << ' ' << purpose << ';';
  }
  std::cout << '\n';
  EXPECT_GT(tally.compared, 380);
}

}  // namespace
}  // namespace doppel::conformance
