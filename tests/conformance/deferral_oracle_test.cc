// Every case of the oracle's `dbt compile/run/test/build ... --defer`, where it
// is on this machine: each ref of each compiled node must resolve to the
// relation that dbt wrote into its code, and to no other.
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "service/deferral/resolution.h"
#include "service/dialect/dialect.h"
#include "tests/conformance/oracle_case.h"
#include "tests/conformance/planning_case.h"

namespace doppel::conformance {
namespace {

deferral::Command CommandOf(const PlanningCase& planning_case) {
  static const auto* const kCommands =
      new std::map<std::string, deferral::Command>{
          {"build", deferral::Command::kBuild},
          {"run", deferral::Command::kRun},
          {"test", deferral::Command::kTest},
          {"compile", deferral::Command::kCompile},
  };
  return kCommands->at(planning_case.args[0]);
}

deferral::Resolution ResolveCase(const PlanningCase& planning_case) {
  deferral::ResolveInputs inputs;
  inputs.current = planning_case.current;
  // Without --defer, dbt has a state for comparison alone.
  if (planning_case.HasArgument("--defer")) {
    inputs.sources.push_back({"state", planning_case.state, {}});
  }
  inputs.selected = planning_case.selected;
  inputs.command = CommandOf(planning_case);
  inputs.favor_state = planning_case.HasArgument("--favor-state");
  inputs.dialect = *dialect::FindDialect(planning_case.adapter);
  inputs.quoting = inputs.dialect->default_quoting();
  std::vector<RelationName> names;
  for (const CatalogEntry& entry : planning_case.existing) {
    names.push_back(entry.name);
  }
  inputs.target = std::make_shared<const deferral::ExistingRelations>(
      names, *inputs.dialect, inputs.quoting, "");
  inputs.rules =
      *deferral::RulesOf(planning_case.current->metadata().dbt_version);
  return deferral::Resolve(std::move(inputs));
}

using Refs = std::map<std::string, std::string>;

std::map<std::string, Refs> RenderedRefs(
    const deferral::Resolution& resolution) {
  const manifest::Manifest& current = *resolution.inputs().current;
  std::map<std::string, Refs> nodes;
  for (size_t i = 0; i < resolution.node_count(); ++i) {
    Refs& refs = nodes[std::string(current.node(resolution.node(i)).unique_id)];
    for (const deferral::RefResolution& ref : resolution.refs(i)) {
      const auto relation = resolution.RelationOf(ref);
      if (!relation.has_value()) continue;
      refs[std::string(current.node(ref.node).unique_id)] =
          resolution.Render(*relation);
    }
  }
  return nodes;
}

TEST(DeferralOracleTest, EveryRefReadsTheRelationThatDbtCompiled) {
  const std::optional<std::string> folder = OracleFolder();
  if (!folder.has_value()) {
    GTEST_SKIP() << "the oracle is not on this machine; set DOPPEL_ORACLE to "
                    "its folder";
  }
  const auto cases = ReadPlanningCases(*folder, "deferral");
  ASSERT_TRUE(cases.ok()) << cases.status();
  int compared = 0;
  for (const PlanningCase& planning_case : *cases) {
    if (planning_case.rejected) {
      // dbt was given no state, which doppel's call cannot leave out.
      EXPECT_EQ(planning_case.state, nullptr) << planning_case.case_id;
      continue;
    }
    const auto nodes = RenderedRefs(ResolveCase(planning_case));
    for (const auto& [id, expected] : planning_case.refs) {
      const auto node = nodes.find(id);
      if (node == nodes.end()) {
        ADD_FAILURE() << planning_case.case_id << ": " << id
                      << " is not resolved";
        continue;
      }
      EXPECT_EQ(node->second, expected)
          << planning_case.case_id << " (" << planning_case.setup << ") " << id;
      compared += static_cast<int>(expected.size());
    }
  }
  std::cout << compared << " refs compared\n";
  EXPECT_GT(compared, 700);
}

}  // namespace
}  // namespace doppel::conformance
