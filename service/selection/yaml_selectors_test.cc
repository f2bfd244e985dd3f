#include "service/selection/yaml_selectors.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/selection/lab_manifest.h"

namespace doppel::selection {
namespace {

constexpr char kOfCustomers[] = "not_null singular_c unique ut_customers";

// What the selector `s` of that definition selects.
std::string Named(absl::string_view definition,
                  IndirectSelection mode = IndirectSelection::kEmpty) {
  const auto manifest =
      LabManifest(absl::StrCat(R"({"s": {"definition": )", definition, "}}"));
  SelectionRequest request;
  request.selector = "s";
  request.indirect_selection = mode;
  return Selected(request, *manifest);
}

TEST(YamlSelectorsTest, ReadEveryForm) {
  const std::pair<const char*, const char*> kCases[] = {
      {R"("+orders")", "orders stg_orders raw_orders"},
      {R"({"tag": "stg"})", "stg_customers stg_orders"},
      {R"({"config.materialized": "view"})", "stg_customers stg_orders"},
      {R"({"method": "fqn", "value": "orders", "parents": true,
           "parents_depth": 1})",
       "orders stg_orders"},
      {R"({"method": "fqn", "value": "orders", "parents": true,
           "parents_depth": 0})",
       "orders stg_orders raw_orders"},
      // As dbt writes the texts "1+orders" and "0+orders".
      {R"({"method": "fqn", "value": "orders", "parents": true,
           "parents_depth": "1"})",
       "orders stg_orders"},
      {R"({"method": "fqn", "value": "orders", "parents": true,
           "parents_depth": "0"})",
       "orders"},
      {R"({"method": "fqn", "value": "raw_orders", "children": "false",
           "children_depth": 1})",
       "stg_orders raw_orders"},
      {R"({"method": "fqn", "value": "snap_orders",
           "childrens_parents": true})",
       "stg_orders raw_orders snap_orders"},
      {R"({"method": "fqn"})", ""},
      {R"({"union": ["orders", {"tag": "stg"}]})",
       "orders stg_customers stg_orders"},
      {R"({"intersection": [{"tag": "stg"}, "*orders"]})", "stg_orders"},
      {R"({"union": [{"tag": "stg"}, {"exclude": ["stg_orders"]}]})",
       "stg_customers"},
      {R"({"union": [{"tag": "stg"}, {"exclude": []}]})",
       "stg_customers stg_orders"},
      // dbt sees the exclude alone.
      {R"({"union": [{"tag": "stg"}, {"method": "fqn", "value": "orders",
           "exclude": ["stg_orders"]}]})",
       "stg_customers"},
      {R"({"method": "tag", "value": "stg",
           "exclude": ["stg_orders", "dim_c"]})",
       "stg_customers"},
  };
  for (const auto& [definition, expected] : kCases) {
    EXPECT_EQ(Named(definition), expected) << definition;
  }
}

TEST(YamlSelectorsTest, ChooseTheirOwnIndirectSelection) {
  EXPECT_EQ(Named(R"("orders")", IndirectSelection::kEager),
            "orders relationships");
  EXPECT_EQ(Named(R"({"method": "fqn", "value": "orders",
                      "indirect_selection": "cautious"})",
                  IndirectSelection::kEager),
            "orders");
  // Groups of YAML join eagerly, so a test whose parents come from two of
  // their parts stays out.
  EXPECT_EQ(Named(R"({"union": ["orders", "customers"]})",
                  IndirectSelection::kCautious),
            absl::StrCat("customers orders ", kOfCustomers));
}

TEST(YamlSelectorsTest, SayWhatIsWrong) {
  const std::pair<const char*, const char*> kCases[] = {
      {R"({"bogus": "x"})", "'bogus' is not a valid method name"},
      {R"({"method": "fqn", "value": "a", "childrens_parents": true,
           "children": true})",
       "childrens_parents and children"},
      {R"({"method": "fqn", "value": "a", "parents_depth": "two"})",
       "parents_depth is a number"},
      {R"({"method": "fqn", "value": "a", "indirect_selection": "lazy"})",
       "eager, cautious, buildable or empty"},
      {R"({"union": "a"})", "expected a list"},
      {R"({"a": 1, "b": 2})", "expected method and value"},
      {R"({"union": [{"exclude": ["a"]}, {"exclude": ["b"]}]})",
       "one exclude at the most"},
      {"5", "expected a text or a mapping"},
      {R"({"union": ["a"], "exclude": ["b"]})", "beside the set operator"},
  };
  for (const auto& [definition, message] : kCases) {
    const std::string selected = Named(definition);
    EXPECT_TRUE(absl::StrContains(selected, message)) << selected;
    EXPECT_TRUE(absl::StartsWith(selected, "selector s: ")) << selected;
  }
}

TEST(YamlSelectorsTest, GiveNumbersToConfigAlone) {
  EXPECT_TRUE(absl::StrContains(Named(R"({"tag": 5})"), "expected a text"));
  EXPECT_TRUE(absl::StrContains(Named(R"({"fqn": true})"), "expected a text"));
  EXPECT_EQ(Named(R"({"config.limit": 5})"), "");
}

TEST(YamlSelectorsTest, NameThoseThatThereAre) {
  const auto manifest = LabManifest(R"({"nightly": {"definition": "a"}})");
  SelectionRequest request;
  request.selector = "weekly";
  SelectionInputs inputs;
  inputs.current = manifest.get();
  const auto result = Select(request, inputs);
  EXPECT_EQ(GetReason(result.status()), Reason::kSelectorNotFound);
  EXPECT_TRUE(absl::StrContains(result.status().message(), "nightly"));
}

TEST(YamlSelectorsTest, OneCanBeTheDefault) {
  const auto manifest = LabManifest(R"({
      "a": {"definition": "dim_c", "default": true},
      "b": {"definition": "orders", "default": "{{ true }}"}})");
  SelectionRequest request;
  EXPECT_EQ(Selected(request, *manifest), "dim_c.v1 dim_c.v2");
  request.select = {"raw_orders"};
  EXPECT_EQ(Selected(request, *manifest), "raw_orders");
  request.select.clear();
  request.use_default_selector = false;
  request.resource_types = {"snapshot"};
  EXPECT_EQ(Selected(request, *manifest), "snap_orders");
}

TEST(YamlSelectorsTest, TwoCannotBeTheDefault) {
  const auto manifest = LabManifest(R"({
      "a": {"definition": "dim_c", "default": true},
      "b": {"definition": "orders", "default": true}})");
  SelectionInputs inputs;
  inputs.current = manifest.get();
  EXPECT_EQ(GetReason(Select({}, inputs).status()), Reason::kSelectorInvalid);
}

TEST(YamlSelectorsTest, WarnThatSelectIsIgnored) {
  const auto manifest = LabManifest(R"({"s": {"definition": "dim_c"}})");
  SelectionRequest request = Selecting("orders");
  request.selector = "s";
  SelectionInputs inputs;
  inputs.current = manifest.get();
  const auto result = Select(request, inputs);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->nodes.size(), 2u);
  ASSERT_EQ(result->warnings.size(), 1u);
  EXPECT_EQ(result->warnings[0].name,
            "SelectExcludeIgnoredWithSelectorWarning");
}

TEST(SelectorMethodTest, SelectsByOtherSelectors) {
  const auto manifest = LabManifest(R"({
      "one": {"definition": "orders"},
      "two": {"definition": {"union": [{"selector": "one"}, "dim_c"]}}})");
  EXPECT_EQ(Selected(Selecting("selector:t*"), *manifest),
            "dim_c.v1 dim_c.v2 orders relationships");
  // Its operators add no tests, and start from what the types leave.
  EXPECT_EQ(Selected(Selecting("1+selector:one"), *manifest),
            "customers orders stg_orders relationships");
  SelectionRequest tests = Selecting("selector:one+");
  tests.resource_types = {"test", "exposure"};
  EXPECT_EQ(Selected(tests, *manifest), "relationships");
  EXPECT_TRUE(absl::StrContains(Selected(Selecting("selector:x*"), *manifest),
                                "Selector 'x*' did not match any selector"));
}

TEST(SelectorMethodTest, FindsCircles) {
  const auto manifest = LabManifest(R"({
      "a": {"definition": {"selector": "b"}},
      "b": {"definition": {"union": ["orders", {"selector": "a"}]}}})");
  SelectionInputs inputs;
  inputs.current = manifest.get();
  const auto result = Select(Selecting("selector:a"), inputs);
  EXPECT_EQ(GetReason(result.status()), Reason::kSelectorInvalid);
  EXPECT_TRUE(absl::StrContains(result.status().message(), "a > b > a"))
      << result.status();
}

// A chain in which each selector names the one before twice: evaluated once
// each it is quick, else it takes for ever.
std::string Chain(int length) {
  std::string selectors = R"({"s0": {"definition": "orders"})";
  for (int i = 1; i <= length; ++i) {
    absl::StrAppend(&selectors, ", \"s", i,
                    R"(": {"definition": {"union": [{"selector": "s)", i - 1,
                    R"("}, {"selector": "s)", i - 1, R"("}]}})");
  }
  return selectors + "}";
}

TEST(SelectorMethodTest, EvaluatesEachSelectorOnce) {
  EXPECT_EQ(Selected(Selecting("selector:s30"), *LabManifest(Chain(30))),
            "orders relationships");
}

TEST(SelectorMethodTest, RefusesChainsWithoutEnd) {
  const auto manifest = LabManifest(Chain(2000));
  SelectionInputs inputs;
  inputs.current = manifest.get();
  const auto result = Select(Selecting("selector:s2000"), inputs);
  EXPECT_EQ(GetReason(result.status()), Reason::kSelectorInvalid);
}

TEST(YamlSelectorsTest, TakeDeepNesting) {
  std::string definition = R"("orders")";
  for (int i = 0; i < 100; ++i) {
    definition = absl::StrCat(R"({"union": [)", definition, "]}");
  }
  EXPECT_EQ(Named(definition), "orders");
}

}  // namespace
}  // namespace doppel::selection
