#include "service/selection/artifacts.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"

namespace doppel::selection {
namespace {

std::string Artifact(absl::string_view schema, absl::string_view results) {
  return absl::StrCat(
      R"({"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/)",
      schema, R"("}, "results": )", results, "}");
}

TEST(ParseRunResultsTest, KeepsEveryStatus) {
  for (const char* schema :
       {"run-results/v4.json", "run-results/v5.json", "run-results/v6.json"}) {
    const auto parsed = ParseRunResults(Artifact(schema, R"([
        {"unique_id": "model.a.b", "status": "success", "timing": []},
        {"unique_id": "test.a.c", "status": "runtime error"},
        {"unique_id": "test.a.c", "status": "fail"}])"));
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    const std::multimap<std::string, std::string> expected = {
        {"model.a.b", "success"},
        {"test.a.c", "runtime error"},
        {"test.a.c", "fail"}};
    EXPECT_EQ(parsed->statuses, expected);
  }
}

TEST(ParseRunResultsTest, KeepsHowLongItTookToSucceed) {
  const auto results = ParseRunResults(
      R"({"metadata": {"dbt_schema_version":
              "https://schemas.getdbt.com/dbt/run-results/v6.json"},
          "results": [
            {"unique_id": "a", "status": "success", "execution_time": 1.5},
            {"unique_id": "b", "status": "error", "execution_time": 2.5},
            {"unique_id": "c", "status": "pass", "execution_time": 3},
            {"unique_id": "d", "status": "success"}]})");
  ASSERT_TRUE(results.ok()) << results.status();
  EXPECT_EQ(results->seconds,
            (std::map<std::string, double>{{"a", 1.5}, {"c", 3}}));
}

TEST(ParseRunResultsTest, SaysWhatWasWrong) {
  const std::pair<std::string, const char*> kCases[] = {
      {"", "expected JSON"},
      {R"({"metadata": )", "expected JSON"},
      {"[]", "expected dbt's run-results, v4 to v6, got \"\""},
      {"{}", "got \"\""},
      {Artifact("manifest/v12.json", "[]"), "manifest/v12.json"},
      {Artifact("run-results/v3.json", "[]"), "run-results/v3.json"},
      {Artifact("run-results/v7.json", "[]"), "run-results/v7.json"},
      {Artifact("sources/v3.json", "[]"), "expected dbt's run-results"},
      {Artifact("run-results/v6.json", "{}"), "results: expected an array"},
      {Artifact("run-results/v6.json", R"([{"unique_id": "a"}, 1])"),
       "results[1].unique_id"},
  };
  for (const auto& [bytes, message] : kCases) {
    const auto parsed = ParseRunResults(bytes);
    EXPECT_EQ(GetReason(parsed.status()), Reason::kArtifactInvalid) << bytes;
    EXPECT_TRUE(absl::StrContains(parsed.status().message(), message))
        << parsed.status();
    EXPECT_TRUE(
        absl::StartsWith(parsed.status().message(), "run_results.json: "));
  }
}

TEST(ParseSourcesTest, LeavesOutSourcesThatWereNotReached) {
  const auto parsed = ParseSources(Artifact("sources/v3.json", R"([
      {"unique_id": "source.a.b.c", "max_loaded_at": "2024-01-01T00:00:00Z",
       "status": "pass"},
      {"unique_id": "source.a.b.d", "error": "no", "status": "runtime error"}
  ])"));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  const std::map<std::string, std::string> expected = {
      {"source.a.b.c", "2024-01-01T00:00:00Z"}};
  EXPECT_EQ(*parsed, expected);
}

TEST(ParseSourcesTest, RefusesOtherArtifacts) {
  const auto parsed = ParseSources(Artifact("run-results/v6.json", "[]"));
  EXPECT_EQ(GetReason(parsed.status()), Reason::kArtifactInvalid);
  EXPECT_TRUE(absl::StrContains(parsed.status().message(), "sources, v1 to v3"))
      << parsed.status();
}

}  // namespace
}  // namespace doppel::selection
