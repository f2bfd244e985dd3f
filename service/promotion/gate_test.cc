#include "service/promotion/gate.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/deferral/test_manifest.h"

namespace doppel::promotion {
namespace {

using Results = std::vector<std::pair<std::string, std::string>>;

constexpr char kInvocation[] = "8f6f0f3e-0000-4000-8000-000000000001";

std::shared_ptr<const manifest::Manifest> Built() {
  const std::string json = deferral::TestManifestJson(
      {{.unique_id = "model.shop.orders"},
       {.unique_id = "test.shop.not_null", .materialized = "test"},
       {.unique_id = "test.shop.unique", .materialized = "test"}});
  return deferral::ParseTestManifest(absl::StrReplaceAll(
      json,
      {{"\"metadata\":{",
        absl::StrCat("\"metadata\":{\"invocation_id\":\"", kInvocation,
                     "\",\"generated_at\":\"2026-03-01T12:00:00.5Z\",")}}));
}

std::string RunResults(const Results& results,
                       absl::string_view invocation = kInvocation,
                       absl::string_view time = "2026-03-01T12:00:01.0Z") {
  return absl::StrCat(
      R"({"metadata":{"dbt_schema_version":)",
      R"("https://schemas.getdbt.com/dbt/run-results/v6.json",)",
      R"("invocation_id":")", invocation, R"(","generated_at":")", time,
      R"("},"results":[)",
      absl::StrJoin(results, ",",
                    [](std::string* out, const auto& result) {
                      absl::StrAppend(out, R"({"unique_id":")", result.first,
                                      R"(","status":")", result.second, "\"}");
                    }),
      "]}");
}

const Results kGood = {{"model.shop.orders", "success"},
                       {"test.shop.not_null", "pass"},
                       {"test.shop.unique", "warn"}};

absl::StatusOr<OpenGate> Check(
    const std::string& run_results,
    std::optional<absl::Duration> max_age = std::nullopt) {
  const auto manifest = Built();
  const auto tests =
      deferral::NodesOf(*manifest, {"test.shop.not_null", "test.shop.unique"});
  const auto promoted = deferral::NodesOf(*manifest, {"model.shop.orders"});
  absl::Time now;
  absl::ParseTime(absl::RFC3339_full, "2026-03-01T12:30:00Z", &now, nullptr);
  return CheckGate(
      {run_results, manifest.get(), tests, promoted, max_age, now});
}

TEST(GateTest, IsOpenWhereAllTestsPassed) {
  const auto gate = Check(RunResults(kGood));

  ASSERT_TRUE(gate.ok()) << gate.status();
  EXPECT_EQ(gate->passed_tests, 2);
  EXPECT_TRUE(gate->warnings.empty());
}

struct Closing {
  const char* name;
  const char* unique_id;
  const char* status;  // nullptr: no result
};

class ClosedGateTest : public testing::TestWithParam<Closing> {};

TEST_P(ClosedGateTest, NamesWhatClosesIt) {
  Results results;
  for (const auto& [id, status] : kGood) {
    if (id != GetParam().unique_id) {
      results.emplace_back(id, status);
    } else if (GetParam().status != nullptr) {
      results.emplace_back(id, GetParam().status);
    }
  }

  const absl::Status status = Check(RunResults(results)).status();

  EXPECT_EQ(GetReason(status), Reason::kGateClosed);
  EXPECT_NE(status.message().find(GetParam().unique_id), std::string::npos)
      << status;
}

INSTANTIATE_TEST_SUITE_P(
    All, ClosedGateTest,
    testing::Values(Closing{"Failed", "test.shop.unique", "fail"},
                    Closing{"Errored", "test.shop.unique", "error"},
                    Closing{"OldError", "test.shop.unique", "runtime error"},
                    Closing{"Skipped", "test.shop.unique", "skipped"},
                    Closing{"Missing", "test.shop.not_null", nullptr},
                    Closing{"BrokenModel", "model.shop.orders", "error"}),
    [](const auto& info) { return info.param.name; });

TEST(GateTest, NeedsNoResultOfWhatIsPromoted) {
  EXPECT_TRUE(Check(RunResults({kGood.begin() + 1, kGood.end()})).ok());
}

TEST(GateTest, IsClosedByResultsOfAnOlderBuild) {
  const absl::Status status =
      Check(RunResults(kGood, "other", "2026-03-01T12:00:00.4Z")).status();

  EXPECT_EQ(GetReason(status), Reason::kGateClosed);
}

TEST(GateTest, SaysWhereALaterInvocationTested) {
  const auto gate = Check(RunResults(kGood, "other", "2026-03-01T12:00:02.0Z"));

  ASSERT_TRUE(gate.ok()) << gate.status();
  ASSERT_EQ(gate->warnings.size(), 1);
  EXPECT_EQ(gate->warnings[0].name, "RunResultsOfAnotherInvocation");
}

TEST(GateTest, IsClosedByALaterInvocationOfAnotherProject) {
  Results results = kGood;
  results.emplace_back("model.shop.new", "success");

  const absl::Status status =
      Check(RunResults(results, "other", "2026-03-01T12:00:02.0Z")).status();

  EXPECT_EQ(GetReason(status), Reason::kGateClosed);
}

TEST(GateTest, TakesResultsUpToTheAllowedAge) {
  const std::string results = RunResults(kGood);  // 29 min 59 s old
  const absl::Duration age = absl::Minutes(29) + absl::Seconds(59);

  EXPECT_TRUE(Check(results, age).ok());
  EXPECT_EQ(GetReason(Check(results, age - absl::Seconds(1)).status()),
            Reason::kGateClosed);
}

TEST(GateTest, RefusesWhatIsNoRunResults) {
  EXPECT_EQ(GetReason(Check("{}").status()), Reason::kArtifactInvalid);
}

}  // namespace
}  // namespace doppel::promotion
