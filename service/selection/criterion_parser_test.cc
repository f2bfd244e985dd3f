#include "service/selection/criterion_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"

namespace doppel::selection {
namespace {

absl::StatusOr<Criterion> Parse(absl::string_view text) {
  return ParseCriterion({"selection.select[0]", 1, std::string(text)},
                        IndirectSelection::kEager);
}

std::string DepthText(int depth) {
  return depth == kAnyDepth ? "" : absl::StrCat(depth);
}

// The criterion written out: operators, method, arguments, value.
std::string Written(absl::string_view text) {
  const absl::StatusOr<Criterion> parsed = Parse(text);
  if (!parsed.ok()) return "rejected";
  const Criterion& c = *parsed;
  std::string method(MethodName(c.method));
  for (const std::string& argument : c.arguments) {
    absl::StrAppend(&method, "/", argument);
  }
  return absl::StrCat(
      c.childrens_parents ? "@" : "",
      c.parents ? absl::StrCat(DepthText(c.parents_depth), "+") : "", method,
      "[", c.value, "]",
      c.children ? absl::StrCat("+", DepthText(c.children_depth)) : "");
}

TEST(ParseCriterionTest, FollowsDbtsGrammar) {
  const std::pair<const char*, const char*> kCases[] = {
      {"orders", "fqn[orders]"},
      {"+orders+", "+fqn[orders]+"},
      {"2+orders+10", "2+fqn[orders]+10"},
      {"0+orders+0", "0+fqn[orders]+0"},
      {"@orders", "@fqn[orders]"},
      {"@2+orders", "@2+fqn[orders]"},
      {"+@orders", "+fqn[@orders]"},
      {"tag:a:b", "tag[a:b]"},
      {"a-b:c", "fqn[a-b:c]"},
      {"config.meta.owner:me", "config/meta/owner[me]"},
      {"state.foo:modified", "state/foo[modified]"},
      {"models/a+1", "path[models/a]+1"},
      {"a+b", "fqn[a+b]"},
      {"a++", "fqn[a+]+"},
      {"a+1+2", "fqn[a+1]+2"},
      {"+", "+fqn[]"},
      {"", "fqn[]"},
      {"tag:", "tag[]"},
      {"orders.SQL", "file[orders.SQL]"},
      {"m.py", "file[m.py]"},
      {"s.csv", "file[s.csv]"},
      {"s.yml", "fqn[s.yml]"},
      {"fqn:a/b", "fqn[a/b]"},
      {"99999999999999999999+a", "+fqn[a]"},
      {"größe", "fqn[größe]"},
  };
  for (const auto& [text, written] : kCases) {
    EXPECT_EQ(Written(text), written) << text;
  }
}

TEST(ParseCriterionTest, NamesThePlaceOfThePlusThatDoesNotFit) {
  const auto parsed = Parse("@orders+2");
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetReason(parsed.status()), Reason::kSelectionSyntax);
  EXPECT_TRUE(absl::StrContains(parsed.status().message(), "column 8"))
      << parsed.status();
  EXPECT_EQ(Written("a\nb"), "rejected");
}

TEST(ParseCriterionTest, ListsTheMethodsAndTheNearestOne) {
  const auto parsed = Parse("tags:nightly");
  EXPECT_EQ(GetReason(parsed.status()), Reason::kSelectionUnknownMethod);
  EXPECT_TRUE(absl::StrContains(
      parsed.status().message(),
      "'tags' is not a valid method name; did you mean 'tag'?"))
      << parsed.status();
  EXPECT_TRUE(absl::StrContains(parsed.status().message(), MethodNames()));
  EXPECT_FALSE(
      absl::StrContains(Parse("qqqqqq:x").status().message(), "did you mean"));
}

TEST(ParseArgumentsTest, CountsColumnsWithinAValue) {
  SelectionRequest request;
  request.select = {"orders", "a,b  tag:x,foo:y"};
  const auto parsed = ParseArguments(request);
  const auto details = GetErrorDetails(parsed.status());
  ASSERT_TRUE(details.has_value());
  ASSERT_EQ(details->fields.size(), 1u);
  EXPECT_EQ(details->fields[0].field, "selection.select[1]");
  EXPECT_TRUE(absl::StartsWith(details->fields[0].description, "column 12:"))
      << details->fields[0].description;
}

TEST(ParseArgumentsTest, UnitesWordsAndIntersectsTheirParts) {
  SelectionRequest request;
  request.select = {"a b,c", "d"};
  request.exclude = {"e"};
  request.indirect_selection = IndirectSelection::kCautious;
  const auto spec = ParseArguments(request);
  ASSERT_TRUE(spec.ok()) << spec.status();
  EXPECT_EQ(spec->kind, Spec::Kind::kDifference);
  EXPECT_EQ(spec->indirect_selection, IndirectSelection::kEager);
  ASSERT_EQ(spec->parts.size(), 2u);
  const Spec& included = spec->parts[0];
  EXPECT_EQ(included.kind, Spec::Kind::kUnion);
  EXPECT_EQ(included.indirect_selection, IndirectSelection::kCautious);
  ASSERT_EQ(included.parts.size(), 3u);
  EXPECT_EQ(included.parts[1].raw, "b,c");
  EXPECT_EQ(included.parts[1].kind, Spec::Kind::kIntersection);
  EXPECT_EQ(included.parts[1].parts.size(), 2u);
  EXPECT_TRUE(included.parts[1].expect_exists);
}

TEST(DefaultMethodTest, LooksAtTheValue) {
  EXPECT_EQ(DefaultMethod("a/b.sql"), Method::kPath);
  EXPECT_EQ(DefaultMethod("b.Py"), Method::kFile);
  EXPECT_EQ(DefaultMethod("b.sql.x"), Method::kFqn);
}

TEST(MethodNameTest, GoesBothWays) {
  for (int i = 0; i <= static_cast<int>(Method::kSelector); ++i) {
    const auto method = static_cast<Method>(i);
    EXPECT_EQ(MethodFromName(MethodName(method)), method);
  }
  EXPECT_EQ(MethodFromName("wildcard"), std::nullopt);
}

}  // namespace
}  // namespace doppel::selection
