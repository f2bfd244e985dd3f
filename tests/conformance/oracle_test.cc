// Every case of the project's own oracle, and of the one beside the repository
// where it is on this machine: doppel must select what dbt selected, reject
// what dbt rejected, and warn of the same.
//
//   DOPPEL_ORACLE        the oracle's folder
//   DOPPEL_ORACLE_CASES  run only cases whose id or arguments contain this
//   DOPPEL_ORACLE_SHOW   how many differences to print for a project (10)
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/conformance/oracle_case.h"
#include "tests/conformance/oracle_runner.h"

namespace doppel::conformance {
namespace {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

size_t ShownDifferences() {
  size_t shown = 10;
  if (!absl::SimpleAtoi(Environment("DOPPEL_ORACLE_SHOW"), &shown)) return 10;
  return shown;
}

bool IsWanted(const OracleCase& oracle_case) {
  const std::string filter = Environment("DOPPEL_ORACLE_CASES");
  return absl::StrContains(oracle_case.case_id, filter) ||
         absl::StrContains(absl::StrJoin(oracle_case.args, " "), filter);
}

struct Tally {
  size_t equal = 0, different = 0, dbt_broke = 0;
  size_t broke_both = 0;  // of dbt_broke: doppel does not answer either
};

Tally RunAll(const std::string& folder, const std::vector<OracleCase>& cases) {
  OracleRunner runner(folder);
  Tally tally;
  for (const OracleCase& oracle_case : cases) {
    if (!IsWanted(oracle_case)) continue;
    const Outcome outcome = runner.Run(oracle_case);
    switch (outcome.verdict) {
      case Verdict::kEqual:
        ++tally.equal;
        break;
      case Verdict::kDbtBroke:
        ++tally.dbt_broke;
        if (!outcome.answered) ++tally.broke_both;
        break;
      case Verdict::kDifferent:
        if (tally.different++ < ShownDifferences()) {
          std::cout << outcome.difference << "\n";
        }
        break;
    }
  }
  return tally;
}

void CheckProject(const std::string& folder, const std::string& project,
                  Tally& tally) {
  const auto cases = ReadOracleCases(folder, project);
  ASSERT_TRUE(cases.ok()) << cases.status();
  tally = RunAll(folder, *cases);
  std::cout << project << ": " << tally.equal << " equal, " << tally.different
            << " different, " << tally.dbt_broke
            << " that dbt could not answer\n";
  EXPECT_EQ(tally.different, 0u);
}

class OracleTest : public testing::TestWithParam<const char*> {};

TEST_P(OracleTest, AnswersAsDbtDid) {
  const std::optional<std::string> folder = OracleFolder();
  if (!folder.has_value()) {
    GTEST_SKIP() << "the oracle is not on this machine; set DOPPEL_ORACLE to "
                    "its folder";
  }
  Tally tally;
  CheckProject(*folder, GetParam(), tally);
}

INSTANTIATE_TEST_SUITE_P(Projects, OracleTest,
                         testing::Values("kitchen", "jaffle_classic",
                                         "quickbooks", "evaluator", "jsonpairs",
                                         "statecompat"),
                         [](const auto& info) { return info.param; });

// The project's own: no test without it.
class OwnOracleTest : public testing::TestWithParam<const char*> {};

TEST_P(OwnOracleTest, AnswersAsDbtDid) {
  Tally tally;
  CheckProject(OwnOracleFolder(), GetParam(), tally);
}

INSTANTIATE_TEST_SUITE_P(
    Projects, OwnOracleTest,
    testing::Values("ages", "selection_everything", "selection_layers",
                    "selection_orchard", "selection_packages",
                    "selection_velohire", "state_contracts", "state_macros",
                    "state_models", "state_pairs", "state_project",
                    "state_rendered", "state_seeds", "state_semantic",
                    "state_sources", "state_tests"),
    [](const auto& info) { return info.param; });

// dbt refuses states of the schema versions v1 to v3 and those that are newer
// than itself, and breaks down over some that other versions wrote. doppel
// answers.
TEST(RefusedStatesTest, AnswersForStatesThatDbtRefuses) {
  Tally tally;
  CheckProject(OwnOracleFolder(), "ages", tally);
  EXPECT_GT(tally.dbt_broke, 500u);
  EXPECT_EQ(tally.broke_both, 0u);
}

}  // namespace
}  // namespace doppel::conformance
