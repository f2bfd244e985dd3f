#include "service/selection/selection.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/selection/lab_manifest.h"

namespace doppel::selection {
namespace {

using Mode = IndirectSelection;

// Every test, as they are sorted; all but `relationships` have customers alone
// as their parent.
constexpr char kAll[] = "not_null relationships singular_c unique ut_customers";

// What the project holds beside tests of any kind.
constexpr char kModels[] =
    "customers dim_c.v1 dim_c.v2 eph_orders orders stg_customers stg_orders";

struct Golden {
  Golden(absl::string_view select, absl::string_view expected,
         Mode mode = Mode::kEager, absl::string_view types = "")
      : select(select), expected(expected), mode(mode), types(types) {}

  std::string select;
  std::string expected;
  Mode mode;
  std::string types;  // --resource-type
};

// A name for a failure's message.
void PrintTo(const Golden& golden, std::ostream* out) { *out << golden.select; }

class GoldenTest : public testing::TestWithParam<Golden> {};

TEST_P(GoldenTest, SelectsWhatDbtSelected) {
  SelectionRequest request = Selecting(GetParam().select);
  request.indirect_selection = GetParam().mode;
  if (!GetParam().types.empty()) request.resource_types = {GetParam().types};
  EXPECT_EQ(Selected(request, *LabManifest()), GetParam().expected)
      << GetParam().select;
}

std::string Join(absl::string_view first, absl::string_view second) {
  return absl::StrCat(first, " ", second);
}

const std::string& Marts() {
  static const std::string* const marts = new std::string(
      Join("dash customers dim_c.v1 dim_c.v2 eph_orders orders", kAll));
  return *marts;
}

INSTANTIATE_TEST_SUITE_P(
    Names, GoldenTest,
    testing::Values(
        Golden{"dim_c", "dim_c.v1 dim_c.v2"}, Golden{"dim_c.v2", "dim_c.v2"},
        Golden{"dim_c_v2", "dim_c.v2"}, Golden{"foo.bar.dim_c.v2", "dim_c.v2"},
        Golden{"marts.dim_c", "dim_c.v1 dim_c.v2"},
        Golden{"marts.dim_c.v1", "dim_c.v1"}, Golden{"marts", Marts()},
        Golden{"jaffle.marts", Marts()},
        Golden{"orders", "orders relationships"},
        Golden{"stg_*", "stg_customers stg_orders"},
        Golden{"dim_*", "dim_c.v1 dim_c.v2"},
        Golden{"*orders",
               "eph_orders orders stg_orders raw_orders snap_orders "
               "relationships"},
        Golden{"jaffle.*.stg_o*", "stg_orders"}, Golden{"models", ""},
        Golden{"raw.t1", ""}, Golden{"fqn:*", "", Mode::kEager, "source"},
        Golden{"*", "", Mode::kEager, "source"}, Golden{"", ""}));

INSTANTIATE_TEST_SUITE_P(
    Files, GoldenTest,
    testing::Values(
        Golden{"models/marts",
               Join("dash customers dim_c.v1 dim_c.v2 eph_orders orders raw.t1",
                    kAll)},
        Golden{"models/*/*.sql", Join(kModels, kAll)},
        Golden{"models/marts/schema.yml",
               Join("dash customers dim_c.v1 dim_c.v2 orders raw.t1", kAll)},
        Golden{"path:models/staging/", "stg_customers stg_orders"},
        Golden{"stg_orders.sql", "stg_orders"},
        Golden{"file:stg_orders", "stg_orders"},
        Golden{"raw_orders.csv", "raw_orders"}));

INSTANTIATE_TEST_SUITE_P(
    Operators, GoldenTest,
    testing::Values(
        Golden{"1+customers", Join("customers eph_orders stg_customers", kAll)},
        Golden{"customers+1", Join("dash customers dim_c.v1 dim_c.v2", kAll)},
        Golden{"0+orders+0", "orders relationships"},
        Golden{"@stg_orders", kModels, Mode::kEager, "model"},
        Golden{"+@stg_orders", ""},
        Golden{"tag:stg,+customers", "stg_customers stg_orders", Mode::kEager,
               "model"},
        Golden{"stg_orders,", ""}));

INSTANTIATE_TEST_SUITE_P(
    Indirect, GoldenTest,
    testing::Values(
        Golden{"customers",
               Join("customers not_null singular_c unique", "ut_customers"),
               Mode::kCautious},
        Golden{"customers",
               Join("customers not_null singular_c unique", "ut_customers"),
               Mode::kBuildable},
        Golden{"customers", "customers", Mode::kEmpty},
        Golden{"orders", "orders", Mode::kCautious},
        Golden{"orders", "orders", Mode::kBuildable},
        Golden{"orders customers", Join("customers orders", kAll),
               Mode::kCautious},
        Golden{"orders+ customers", Join("customers orders", kAll),
               Mode::kBuildable}));

INSTANTIATE_TEST_SUITE_P(
    Methods, GoldenTest,
    testing::Values(
        Golden{"config.materialized:table",
               Join("customers dim_c.v1 dim_c.v2", kAll)},
        Golden{"config.severity:ErroR",
               "not_null relationships singular_c unique"},
        Golden{"test_type:data", "not_null relationships singular_c unique"},
        Golden{"test_type:generic", "not_null relationships unique"},
        Golden{"test_type:singular", "singular_c"},
        Golden{"test_type:sing", "singular_c"},
        Golden{"test_type:unit", "ut_customers"},
        Golden{"test_name:unique", "unique"},
        Golden{"test_name:rel*", "relationships"},
        Golden{"test_name:ut_*", "ut_customers"},
        Golden{"source:raw", "raw.t1"}, Golden{"source:raw.t1", "raw.t1"},
        Golden{"source:jaffle.raw.*", "raw.t1"},
        Golden{"version:latest", "dim_c.v1"},
        Golden{"version:prerelease", "dim_c.v2"}, Golden{"version:old", ""},
        Golden{"version:none",
               "customers eph_orders orders stg_customers stg_orders",
               Mode::kEager, "model"},
        Golden{"access:prot*", ""},
        Golden{"access:protected", kModels, Mode::kEager, "model"}));

TEST(SelectTest, TakesEverythingWhereNothingIsSaid) {
  EXPECT_EQ(
      Selected({}, *LabManifest()),
      absl::StrCat("dash ", kModels,
                   " raw_customers raw_orders snap_orders raw.t1 ", kAll));
}

TEST(SelectTest, LeavesOutWhatIsExcludedAndItsTests) {
  SelectionRequest request;
  request.exclude = {"customers"};
  const std::string rest =
      "dash dim_c.v1 dim_c.v2 eph_orders orders stg_customers stg_orders "
      "raw_customers raw_orders snap_orders raw.t1";
  EXPECT_EQ(Selected(request, *LabManifest()), rest);
  request.indirect_selection = Mode::kCautious;
  EXPECT_EQ(Selected(request, *LabManifest()),
            absl::StrCat(rest, " relationships"));
}

TEST(SelectTest, JoinsRepeatedValues) {
  SelectionRequest request;
  request.select = {"stg_orders raw_orders", "raw_customers"};
  EXPECT_EQ(Selected(request, *LabManifest()),
            "stg_orders raw_customers raw_orders");
}

TEST(SelectTest, FiltersTypesAfterTheGraphIsWalked) {
  SelectionRequest request = Selecting("+dim_c.v1");
  request.resource_types = {"seed"};
  EXPECT_EQ(Selected(request, *LabManifest()), "raw_customers raw_orders");
  request.resource_types = {"default"};
  request.exclude_resource_types = {"model", "test", "unit_test"};
  EXPECT_EQ(Selected(request, *LabManifest()), "raw_customers raw_orders");
}

TEST(SelectTest, DropsEmptyNodesWhereTheyAreNotKept) {
  const auto manifest = MustParse(R"("nodes": {
    "model.jaffle.blank": {"resource_type": "model", "name": "blank",
      "package_name": "jaffle", "fqn": ["jaffle", "blank"],
      "raw_code": " \n"},
    "model.jaffle.full": {"resource_type": "model", "name": "full",
      "package_name": "jaffle", "fqn": ["jaffle", "full"],
      "raw_code": "select 1"}})");
  SelectionRequest request;
  EXPECT_EQ(Selected(request, *manifest), "blank full");
  request.keep_empty_nodes = false;
  EXPECT_EQ(Selected(request, *manifest), "full");
}

TEST(SelectTest, WarnsOfEachWordThatMatchesNothing) {
  const auto manifest = LabManifest();
  SelectionRequest request = Selecting("nope customers  tag:a,tag:b nope");
  request.exclude = {"path:nowhere"};
  SelectionInputs inputs;
  inputs.current = manifest.get();
  const auto result = Select(request, inputs);
  ASSERT_TRUE(result.ok()) << result.status();
  std::vector<std::string> messages;
  for (const state::Warning& warning : result->warnings) {
    EXPECT_EQ(warning.name, "NoNodesForSelectionCriteria");
    messages.push_back(warning.message);
  }
  const auto missed = [](absl::string_view word) {
    return absl::StrCat("The selection criterion '", word,
                        "' does not match any enabled nodes");
  };
  EXPECT_EQ(messages, (std::vector<std::string>{missed("nope"), missed(""),
                                                missed("tag:a,tag:b"),
                                                missed("path:nowhere")}));
}

TEST(SelectTest, WarnsWhereNothingIsLeft) {
  const auto manifest = LabManifest();
  SelectionRequest request = Selecting("customers");
  request.resource_types = {"seed"};
  SelectionInputs inputs;
  inputs.current = manifest.get();
  const auto result = Select(request, inputs);
  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_EQ(result->warnings.size(), 1u);
  EXPECT_EQ(result->warnings[0].name, "NoNodesSelected");
  EXPECT_EQ(result->warnings[0].message, "No nodes selected!");
}

TEST(SelectTest, NamesTheFieldOfAnUnknownResourceType) {
  SelectionRequest request;
  request.exclude_resource_types = {"model", "tables"};
  SelectionInputs inputs;
  const auto manifest = LabManifest();
  inputs.current = manifest.get();
  const auto result = Select(request, inputs);
  EXPECT_EQ(GetReason(result.status()), Reason::kSelectionInvalidValue);
  const auto details = GetErrorDetails(result.status());
  ASSERT_TRUE(details.has_value());
  ASSERT_EQ(details->fields.size(), 1u);
  EXPECT_EQ(details->fields[0].field, "selection.exclude_resource_types[1]");
}

// dbt 1.12 refuses all of these, though its help says otherwise.
TEST(SelectTest, TakesResourceTypesAsDbtSpellsThem) {
  const auto manifest = LabManifest();
  SelectionInputs inputs;
  inputs.current = manifest.get();
  for (const char* word : {"all", "default", "Model"}) {
    SelectionRequest request;
    request.exclude_resource_types = {word};
    EXPECT_EQ(GetReason(Select(request, inputs).status()),
              Reason::kSelectionInvalidValue)
        << word;
  }
  SelectionRequest request;
  request.resource_types = {"Model"};
  EXPECT_EQ(GetReason(Select(request, inputs).status()),
            Reason::kSelectionInvalidValue);
}

TEST(SelectTest, FollowsTheRulesOfTheDbtThatIsNamed) {
  struct Change {
    const char* select;
    const char* before;  // the last dbt with the older rule
    const char* since;   // the first with the newer one
    const char* older;
    const char* newer;
  };
  const Change changes[] = {
      {"stg_*", "1.12.5", "1.12.6", "", "stg_customers stg_orders"},
      {"stg_*", "1.11.15", "1.11.16", "", "stg_customers stg_orders"},
      {"package:this,file:raw_orders.csv", "1.7", "1.8", "", "raw_orders"},
      {"test_type:sing", "1.7", "1.8", "rejected", "singular_c"},
      {"unit_test:ut_*", "1.7", "1.8", "rejected", "ut_customers"},
      {"resource_type:function", "1.10", "1.11", "rejected", ""},
  };
  for (const Change& change : changes) {
    const auto selected = [&](const char* dbt) -> std::string {
      SelectionRequest request = Selecting(change.select);
      request.dbt_version = dbt;
      SelectionInputs inputs;
      const auto manifest = LabManifest();
      inputs.current = manifest.get();
      return Select(request, inputs).ok() ? Selected(request, *manifest)
                                          : "rejected";
    };
    EXPECT_EQ(selected(change.before), change.older)
        << change.select << " of " << change.before;
    EXPECT_EQ(selected(change.since), change.newer)
        << change.select << " of " << change.since;
  }
}

// dbt 1.8 and older leave the neighbors out with the tests.
TEST(SelectTest, TakesNeighborsWithoutTestsSinceDbt19) {
  SelectionRequest request = Selecting("1+customers");
  request.indirect_selection = IndirectSelection::kEmpty;
  request.dbt_version = "1.8";
  EXPECT_EQ(Selected(request, *LabManifest()), "customers");
  request.dbt_version = "1.9";
  EXPECT_EQ(Selected(request, *LabManifest()),
            "customers eph_orders stg_customers");
}

// Thousands of names are a union like any other.
TEST(SelectTest, TakesVeryLongSelections) {
  std::string select = "orders";
  for (int i = 0; i < 20000; ++i) absl::StrAppend(&select, " stg_orders");
  EXPECT_EQ(Selected(Selecting(select), *LabManifest()),
            "orders stg_orders relationships");
  const std::string name(200000, 'x');
  EXPECT_EQ(Selected(Selecting(absl::StrCat("*", name)), *LabManifest()), "");
}

}  // namespace
}  // namespace doppel::selection
