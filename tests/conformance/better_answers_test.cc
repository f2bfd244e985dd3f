// Where real dbt's recorded answer to `state:modified` is wrong, and a caller
// of doppel may have the right one: each case names dbt's case, how to ask, and
// what is right. That doppel gives dbt's own answer where nothing is asked for
// is oracle_test's to show.
#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "service/base/digest.h"
#include "service/base/status_macros.h"
#include "service/manifest/parse.h"
#include "service/state/comparison.h"
#include "tests/conformance/oracle_case.h"
#include "tests/conformance/oracle_pack.h"

namespace doppel::conformance {
namespace {

using Names = std::vector<std::string>;
using ManifestPtr = std::shared_ptr<const manifest::Manifest>;

struct BetterAnswer {
  std::string name;
  std::string pack;
  std::string older;
  std::string current;
  state::StateValue value = state::StateValue::kModified;
  // dbt's flag that the recorded answer was made with.
  bool unrendered = true;
  bool strict = false;
  state::Vars older_vars;
  state::Vars current_vars;
  Names mutes;
  Names dbts;   // what dbt answered
  Names right;  // what is so
};

void PrintTo(const BetterAnswer& answer, std::ostream* out) {
  *out << answer.name;
}

// The large seed of the project: every strict comparison reports it, unless
// its kind is muted.
const char kLargeSeed[] = "seed.everything.visits";

BetterAnswer New(const std::string& name, const std::string& pack,
                 const std::string& mutation, const std::string& unique_id) {
  BetterAnswer answer;
  answer.name = name;
  answer.pack = pack;
  answer.older = absl::StrCat(pack, "/base");
  answer.current = absl::StrCat(pack, "/", mutation);
  answer.strict = true;
  answer.mutes = {"body"};
  answer.right = {unique_id};
  return answer;
}

std::vector<BetterAnswer> Answers() {
  std::vector<BetterAnswer> answers = {
      New("NewSource", "state_sources", "source_table_added",
          "source.everything.feeds.interviews"),
      New("NewExposure", "state_sources", "exposure_added",
          "exposure.everything.loan_sheet"),
      New("NewMetric", "state_semantic", "metric_added",
          "metric.everything.loans_again"),
      New("NewSemanticModel", "state_semantic", "semantic_added",
          "semantic_model.everything.cards"),
      New("NewSavedQuery", "state_semantic", "saved_query_added",
          "saved_query.everything.loans_in_total"),
  };
  BetterAnswer large =
      New("LargeSeedEdited", "state_seeds", "seed_large_edited", kLargeSeed);
  large.mutes = {};
  answers.push_back(large);

  BetterAnswer materialization = New("MaterializationMacro", "state_macros",
                                     "macro_materialization_added", "");
  materialization.right = {
      "model.everything.book_label",   "model.everything.card_prices",
      "model.everything.dotted.name",  "model.everything.größen_übersicht",
      "model.everything.loan_limits",  "model.everything.open_loans",
      "model.everything.shelf_report", "model.everything.stg_fines",
      "model.everything.stg_loans",    "model.everything.stg_members",
      "model.everything.stg_titles",   "model.everything.図書",
      "model.shelf_tools.shelf_plan",
  };
  answers.push_back(materialization);

  // dbt_project.yml of the project, and --vars of the run.
  BetterAnswer vars = New("Vars", "state_project", "var_given", "");
  vars.older_vars = {{"first_year", "2021"}, {"landing_schema", "landing"}};
  vars.current_vars = {{"first_year", "2019"},
                       {"landing_schema", "arrivals"},
                       {"staging_schema", "made"}};
  vars.right = {
      "model.everything.stg_books",       "model.everything.stg_fines",
      "model.everything.stg_loans",       "model.everything.stg_members",
      "model.everything.stg_titles",      "source.everything.branch.books",
      "source.everything.branch.fines",   "source.everything.branch.loans",
      "source.everything.branch.members",
  };
  answers.push_back(vars);

  BetterAnswer target =
      New("SourcesOfAnotherTarget", "state_rendered", "target_given", "");
  target.unrendered = target.strict = false;
  target.mutes = {"environment_config"};
  target.dbts = {"source.everything.feeds.reviews",
                 "source.everything.feeds.titles"};
  target.right = {};
  answers.push_back(target);

  BetterAnswer upgrade;
  upgrade.name = "UpgradedDbt";
  upgrade.pack = "ages";
  upgrade.older = "ages/plain-1.0";
  upgrade.current = "ages/plain-1.12";
  upgrade.value = state::StateValue::kModifiedMacros;
  upgrade.mutes = {"dbt_macros"};
  upgrade.dbts = {"test.ages.not_null_stg_people_id.84a6a00ed1",
                  "test.ages.source_not_null_club_visits_id.273b7c3f3e"};
  answers.push_back(upgrade);
  return answers;
}

absl::StatusOr<ManifestPtr> Read(ManifestPacks& packs, const std::string& key) {
  DOPPEL_ASSIGN_OR_RETURN(const absl::string_view bytes, packs.Read(key));
  return manifest::ParseManifest(manifest::Text::Copy(bytes), Sha256Hex(bytes));
}

// What dbt answered to `state:modified` alone, of every resource type.
Names DbtsAnswer(const BetterAnswer& answer) {
  const auto cases = ReadOracleCases(OwnOracleFolder(), answer.pack);
  EXPECT_TRUE(cases.ok()) << cases.status();
  for (const OracleCase& one : *cases) {
    if (one.current_manifest == answer.current &&
        one.base_manifest == answer.older && one.args.size() > 1 &&
        one.args[1] ==
            absl::StrCat("state:", state::StateValueName(answer.value)) &&
        !one.rejected) {
      return one.expected_unique_ids;
    }
  }
  ADD_FAILURE() << "dbt was not asked about " << answer.current;
  return {};
}

class BetterAnswersTest : public testing::TestWithParam<BetterAnswer> {};

TEST_P(BetterAnswersTest, DbtIsWrongAndDoppelIsRight) {
  const BetterAnswer& answer = GetParam();
  EXPECT_EQ(DbtsAnswer(answer), answer.dbts);
  ManifestPacks packs(OwnOracleFolder());
  const auto older = Read(packs, answer.older);
  const auto current = Read(packs, answer.current);
  ASSERT_TRUE(older.ok()) << older.status();
  ASSERT_TRUE(current.ok()) << current.status();
  state::CompareOptions options;
  options.compare_more_unrendered_values = answer.unrendered;
  options.strict = answer.strict;
  options.older_vars = answer.older_vars;
  options.current_vars = answer.current_vars;
  options.mutes = *state::Mutes::Parse(answer.mutes, "mutes");
  const auto comparison =
      state::StateComparison::Make(*current, *older, options);
  Names modified;
  for (manifest::NodeId id = 0; id < (*current)->node_count(); ++id) {
    if (comparison->Matches(id, answer.value)) {
      modified.emplace_back((*current)->node(id).unique_id);
    }
  }
  EXPECT_EQ(modified, answer.right);
}

INSTANTIATE_TEST_SUITE_P(Everything, BetterAnswersTest,
                         testing::ValuesIn(Answers()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace doppel::conformance
