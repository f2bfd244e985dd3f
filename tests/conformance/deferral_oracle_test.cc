// Every case of the oracle's `dbt compile/run/test/build ... --defer`, where it
// is on this machine: each ref of each compiled node must resolve to the
// relation that dbt wrote into its code, and to no other.
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "service/deferral/project_quoting.h"
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
          {"seed", deferral::Command::kSeed},
          {"snapshot", deferral::Command::kSnapshot},
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
  inputs.quoting = deferral::QuotingOf(*planning_case.current, *inputs.dialect);
  std::vector<RelationName> names;
  for (const CatalogEntry& entry : planning_case.existing) {
    names.push_back(entry.name);
  }
  inputs.target = std::make_shared<const deferral::ExistingRelations>(
      names, *inputs.dialect, inputs.quoting, "");
  const absl::string_view writer =
      planning_case.current->metadata().dbt_version;
  inputs.rules = *deferral::RulesOf(
      planning_case.dbt_version.empty() ? writer : planning_case.dbt_version);
  return deferral::Resolve(std::move(inputs));
}

using Reads = PlanningCase::Reads;

// What the resolution says, in the form of the case.
struct Promise {
  Reads refs, hooks, foreign_keys, fixtures;

  Reads& Of(deferral::Usage usage) {
    switch (usage) {
      case deferral::Usage::kHook:
        return hooks;
      case deferral::Usage::kForeignKey:
        return foreign_keys;
      case deferral::Usage::kFixture:
        return fixtures;
      default:
        return refs;
    }
  }
};

Promise PromiseOf(const deferral::Resolution& resolution) {
  const manifest::Manifest& current = *resolution.inputs().current;
  Promise promise;
  for (size_t i = 0; i < resolution.node_count(); ++i) {
    const std::string reader(current.node(resolution.node(i)).unique_id);
    promise.refs[reader];
    for (const deferral::RefResolution& ref : resolution.refs(i)) {
      if (ref.origin == deferral::Origin::kInlined) continue;
      promise.Of(
          ref.usage)[reader][std::string(current.node(ref.node).unique_id)] =
          resolution.Render(ref);
    }
  }
  return promise;
}

// Compares what each node of the case reads; returns how many relations that
// were.
int Compare(const PlanningCase& planning_case, absl::string_view usage,
            const Reads& expected, const Reads& actual) {
  int compared = 0;
  for (const auto& [id, relations] : expected) {
    const auto node = actual.find(id);
    if (node == actual.end()) {
      ADD_FAILURE() << planning_case.case_id << ": " << id << " has no "
                    << usage;
      continue;
    }
    EXPECT_EQ(node->second, relations)
        << planning_case.case_id << " (" << planning_case.setup << ") " << id
        << " " << usage;
    compared += static_cast<int>(relations.size());
  }
  return compared;
}

// Foreign keys and fixtures that dbt knows nothing of.
void ExpectNoMore(const PlanningCase& planning_case, absl::string_view usage,
                  const Reads& expected, const Reads& actual) {
  for (const auto& [id, relations] : actual) {
    // A node that dbt did not get to is not in the case.
    if (planning_case.refs.count(id) == 0) continue;
    EXPECT_EQ(expected.count(id), 1)
        << planning_case.case_id << ": " << id << " " << usage;
  }
}

// Returns how many relations were compared.
int CompareCases(const std::string& folder, absl::string_view name) {
  const auto cases = ReadPlanningCases(folder, name);
  EXPECT_TRUE(cases.ok()) << cases.status();
  if (!cases.ok()) return 0;
  int compared = 0;
  for (const PlanningCase& planning_case : *cases) {
    if (planning_case.rejected) {
      // dbt was given no state, which doppel's call cannot leave out.
      EXPECT_EQ(planning_case.state, nullptr) << planning_case.case_id;
      continue;
    }
    Promise promise = PromiseOf(ResolveCase(planning_case));
    const std::tuple<const char*, const Reads*, const Reads*> usages[] = {
        {"refs", &planning_case.refs, &promise.refs},
        {"hooks", &planning_case.hooks, &promise.hooks},
        {"foreign_keys", &planning_case.foreign_keys, &promise.foreign_keys},
        {"fixtures", &planning_case.fixtures, &promise.fixtures},
    };
    for (const auto& [usage, expected, actual] : usages) {
      compared += Compare(planning_case, usage, *expected, *actual);
    }
    ExpectNoMore(planning_case, "foreign_keys", planning_case.foreign_keys,
                 promise.foreign_keys);
    ExpectNoMore(planning_case, "fixtures", planning_case.fixtures,
                 promise.fixtures);
  }
  std::cout << name << ": " << cases->size() << " cases, " << compared
            << " refs compared\n";
  return compared;
}

TEST(DeferralOracleTest, TheHarbourReadsWhatDbtResolved) {
  EXPECT_GT(CompareCases(OwnOracleFolder(), "deferring"), 20000);
}

TEST(DeferralOracleTest, EveryRefReadsTheRelationThatDbtCompiled) {
  const std::optional<std::string> folder = OracleFolder();
  if (!folder.has_value()) {
    GTEST_SKIP() << "the oracle is not on this machine; set DOPPEL_ORACLE to "
                    "its folder";
  }
  EXPECT_GT(CompareCases(*folder, "deferral"), 700);
}

}  // namespace
}  // namespace doppel::conformance
