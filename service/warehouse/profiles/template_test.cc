#include "service/warehouse/profiles/template.h"

#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "service/base/error.h"

namespace doppel::warehouse::profiles {
namespace {

std::optional<std::string> Fixed(absl::string_view name) {
  static const auto* const kValues = new std::map<std::string, std::string>{
      {"A", "alpha"},      {"PORT", "5432"}, {"HALF", "2.5"},
      {"YES", "True"},     {"EMPTY", ""},    {"DBT_ENV_SECRET_P", "hunter2"},
      {"JINJA", "{{ x }}"}};
  const auto found = kValues->find(std::string(name));
  if (found == kValues->end()) return std::nullopt;
  return found->second;
}

std::string TextOf(absl::string_view text) {
  const auto rendered = Render(text, Fixed);
  EXPECT_TRUE(rendered.ok()) << text << ": " << rendered.status();
  return rendered.ok() ? rendered->text : "";
}

void ExpectRefused(absl::string_view text, absl::string_view why) {
  const absl::Status status = Render(text, Fixed).status();
  EXPECT_EQ(GetReason(status), Reason::kProfilesInvalid) << text;
  EXPECT_TRUE(absl::StrContains(status.message(), why)) << status;
}

TEST(TemplateTest, LeavesPlainTextAsItIs) {
  EXPECT_EQ(TextOf(""), "");
  EXPECT_EQ(TextOf("/data/x.duckdb"), "/data/x.duckdb");
  EXPECT_EQ(TextOf("a { b } }} %}"), "a { b } }} %}");
}

TEST(TemplateTest, PutsVariablesIn) {
  EXPECT_EQ(TextOf("{{ env_var('A') }}"), "alpha");
  EXPECT_EQ(TextOf("{{env_var(\"A\")}}_x"), "alpha_x");
  EXPECT_EQ(TextOf("/{{ env_var('A') }}/{{ env_var('PORT') }}.db"),
            "/alpha/5432.db");
  EXPECT_EQ(TextOf("{{ env_var('A') ~ '_' ~ (env_var('PORT')) }}"),
            "alpha_5432");
  EXPECT_EQ(TextOf("a {{- env_var('A') -}} b"), "aalphab");
  EXPECT_EQ(TextOf("{# why #}{{ 'x' }}"), "x");
  EXPECT_EQ(TextOf("{{ '}}' }}"), "}}");
}

TEST(TemplateTest, DoesNotRenderWhatAVariableHolds) {
  EXPECT_EQ(TextOf("{{ env_var('JINJA') }}"), "{{ x }}");
}

TEST(TemplateTest, TakesTheDefaultOfAVariableThatIsNotSet) {
  EXPECT_EQ(TextOf("{{ env_var('NONE', 'd') }}"), "d");
  EXPECT_EQ(TextOf("{{ env_var('NONE', default='d') }}"), "d");
  EXPECT_EQ(TextOf("{{ env_var('NONE', 5432) }}"), "5432");
  EXPECT_EQ(TextOf("{{ env_var('NONE', '') }}"), "");
  EXPECT_EQ(TextOf("{{ env_var('A', 'd') }}"), "alpha");
  EXPECT_EQ(TextOf("{{ env_var('EMPTY', 'd') }}"), "");
}

TEST(TemplateTest, Filters) {
  EXPECT_EQ(TextOf("{{ env_var('PORT') | int }}"), "5432");
  EXPECT_EQ(TextOf("{{ env_var('HALF') | int }}"), "2");
  EXPECT_EQ(TextOf("{{ env_var('A') | int }}"), "0");
  EXPECT_EQ(TextOf("{{ env_var('HALF') | as_number }}"), "2.5");
  EXPECT_EQ(TextOf("{{ env_var('YES') | as_bool }}"), "true");
  EXPECT_EQ(TextOf("{{ env_var('A') | as_native | as_text }}"), "alpha");
  ExpectRefused("{{ env_var('A') | as_number }}", "not a number");
  ExpectRefused("{{ env_var('A') | as_bool }}", "neither true nor false");
}

TEST(TemplateTest, NamesTheVariableThatIsMissing) {
  ExpectRefused("{{ env_var('NONE') }}",
                "Env var required but not provided: 'NONE'");
}

TEST(TemplateTest, RefusesTheRestOfJinjaByName) {
  ExpectRefused("{{ var('x') }}", "unknown name \"var\"");
  ExpectRefused("{{ env_var('A') | upper }}", "unknown filter \"upper\"");
  ExpectRefused("{% if x %}", "{% %}");
  ExpectRefused("{{ env_var('A') ", "without");
  ExpectRefused("{{ env_var('A' }}", "ends too early");
  ExpectRefused("{{ }}", "ends too early");
  ExpectRefused("{{ env_var('A') + 'x' }}", "unexpected \"+\"");
  ExpectRefused("{{ 'x }}", "without");
  ExpectRefused("{# x", "without");
}

TEST(TemplateTest, EndsOnDeepParentheses) {
  ExpectRefused("{{ " + std::string(100'000, '(') + " }}", "unexpected");
}

TEST(TemplateTest, KnowsASecret) {
  EXPECT_TRUE(Render("x{{ env_var('DBT_ENV_SECRET_P') }}", Fixed)->is_secret);
  EXPECT_TRUE(
      Render("{{ 'x' ~ env_var('DBT_ENV_SECRET_P') }}", Fixed)->is_secret);
  EXPECT_FALSE(Render("{{ env_var('A') }}", Fixed)->is_secret);
}

TEST(TemplateTest, DoesNotQuoteASecret) {
  const absl::Status status =
      Render("{{ env_var('DBT_ENV_SECRET_P') | as_number }}", Fixed).status();

  EXPECT_FALSE(status.ok());
  EXPECT_FALSE(absl::StrContains(status.ToString(), "hunter2")) << status;
}

}  // namespace
}  // namespace doppel::warehouse::profiles
