// What is wrong with a text that is no manifest, and where.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "service/base/error.h"
#include "service/manifest/parse.h"
#include "service/manifest/test_manifest.h"

namespace doppel::manifest {
namespace {

using testing::HasSubstr;

struct ErrorCase {
  std::string name;
  std::string text;
  Reason reason;
  std::string says;
};

absl::Status ParseStatus(absl::string_view text,
                         const ParseOptions& options = {}) {
  return ParseManifest(Text::Copy(text), "digest", options).status();
}

std::string OtherArtifact(absl::string_view kind) {
  return absl::StrCat(
      R"({"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/)",
      kind, R"(.json"}, "results": [], "nodes": {}, "sources": {}})");
}

std::string Changed(absl::string_view from, absl::string_view to) {
  const std::string text = SmallManifest(12);
  EXPECT_NE(text.find(std::string(from)), std::string::npos) << from;
  return absl::StrReplaceAll(text, {{from, to}});
}

class ParseErrorTest : public testing::TestWithParam<ErrorCase> {};

TEST_P(ParseErrorTest, SaysWhatIsWrong) {
  const absl::Status status = ParseStatus(GetParam().text);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(GetReason(status), GetParam().reason) << status.message();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Texts, ParseErrorTest,
    testing::Values(
        ErrorCase{"empty", "", Reason::kManifestTruncated, "empty"},
        ErrorCase{"blank", " \n\t", Reason::kManifestTruncated, "empty"},
        ErrorCase{"gzip", "\x1f\x8b\x08 binary", Reason::kManifestNotJson,
                  "this is gzip"},
        ErrorCase{"zip", "PK\x03\x04 binary", Reason::kManifestNotJson,
                  "unpack it"},
        ErrorCase{"utf16", "\xff\xfe{", Reason::kManifestNotJson, "UTF-16"},
        ErrorCase{"html", "<html></html>", Reason::kManifestNotJson,
                  "line 1, column 1: expected a JSON value, found '<'"},
        ErrorCase{"array", "[1, 2]", Reason::kNotAManifest, "no object"},
        ErrorCase{"scalar", "12", Reason::kNotAManifest, "no object"},
        ErrorCase{"empty_object", "{}", Reason::kNotAManifest,
                  "without \"metadata\""},
        ErrorCase{"semantic_manifest",
                  R"({"semantic_models": {}, "project_configuration": {}})",
                  Reason::kNotAManifest, "semantic_manifest.json"},
        ErrorCase{"run_results", OtherArtifact("run-results/v6"),
                  Reason::kNotAManifest, "a run_results.json"},
        ErrorCase{"catalog", OtherArtifact("catalog/v1"), Reason::kNotAManifest,
                  "a catalog.json"},
        ErrorCase{"sources", OtherArtifact("sources/v3"), Reason::kNotAManifest,
                  "a sources.json"},
        ErrorCase{"v0", OtherArtifact("manifest/v0"),
                  Reason::kManifestVersionUnsupported, "v1 to v12"},
        ErrorCase{"v13", OtherArtifact("manifest/v13"),
                  Reason::kManifestVersionUnsupported, "is v13"},
        ErrorCase{"version_of_no_number", OtherArtifact("manifest/vx"),
                  Reason::kManifestVersionUnsupported, "manifest/vx"},
        ErrorCase{"no_version", R"({"metadata": {"dbt_version": "0.18.0"}})",
                  Reason::kManifestVersionUnsupported, "dbt 0.18.0"},
        ErrorCase{"metadata_null", R"({"metadata": null, "nodes": {}})",
                  Reason::kManifestVersionUnsupported, "is missing"},
        ErrorCase{"no_nodes",
                  OtherArtifact("manifest/v12")
                      .replace(OtherArtifact("manifest/v12").find("nodes"), 5,
                               "knots"),
                  Reason::kNotAManifest, "no \"nodes\""},
        ErrorCase{"nodes_array", ManifestOf("[]"), Reason::kManifestBroken,
                  "an array at nodes"},
        ErrorCase{"node_number", ManifestOf(R"({"model.a.x": 5})"),
                  Reason::kManifestBroken, "a number at nodes[\"model.a.x\"]"},
        ErrorCase{"name_number", Changed(R"("name": "stg")", R"("name": 7)"),
                  Reason::kManifestBroken,
                  "a number at nodes[\"model.shop.stg\"].name (line "},
        ErrorCase{"config_array", ManifestOf(R"({"model.a.x":
                      {"config": [1]}})"),
                  Reason::kManifestBroken, "nodes[\"model.a.x\"].config"},
        ErrorCase{"tags_object", ManifestOf(R"({"model.a.x":
                      {"tags": {}}})"),
                  Reason::kManifestBroken, "an array of strings"},
        ErrorCase{"parents_string", ManifestOf(R"({"model.a.x":
                      {"depends_on": {"nodes": "y"}}})"),
                  Reason::kManifestBroken, ".depends_on.nodes"},
        ErrorCase{"enforced_string", ManifestOf(R"({"model.a.x":
                      {"contract": {"enforced": "yes"}}})"),
                  Reason::kManifestBroken, ".contract"},
        ErrorCase{"selectors_array", ManifestOf("{}", R"("selectors": [1])"),
                  Reason::kManifestBroken, "selectors"},
        ErrorCase{"nodes_twice", ManifestOf("{}", R"("nodes": {})"),
                  Reason::kManifestBroken, "\"nodes\" twice"},
        ErrorCase{"macro_number",
                  ManifestOf("{}", R"("macros": {"macro.a.m": 1})"),
                  Reason::kManifestBroken, "macros[\"macro.a.m\"]"},
        ErrorCase{"comma_missing", "{\n  \"docs\": {}\n  \"nodes\": {}\n}",
                  Reason::kManifestNotJson,
                  "line 3, column 3 (in or after docs): expected ',' or '}'"},
        ErrorCase{"skipped_part_broken",
                  Changed(R"("docs": {})", R"("docs": {"a" 1})"),
                  Reason::kManifestNotJson, "expected ':'"},
        ErrorCase{"bracket_swapped",
                  Changed(R"("docs": {})", R"("docs": [1}])"),
                  Reason::kManifestNotJson, "expected ',' or ']'"},
        ErrorCase{"more_behind", absl::StrCat(SmallManifest(12), "\n{}"),
                  Reason::kManifestNotJson, "expected the end"},
        ErrorCase{"nul_byte", Changed("daily", absl::string_view("da\0ly", 5)),
                  Reason::kManifestNotJson, "a NUL byte"},
        ErrorCase{"not_utf8", Changed("daily", "da\xffly"),
                  Reason::kManifestNotJson, "expected UTF-8"},
        ErrorCase{"bad_escape", Changed("daily", "da\\xly"),
                  Reason::kManifestNotJson, "expected an escape"},
        ErrorCase{"not_nan", Changed(R"("docs": {})", R"("docs": Nan)"),
                  Reason::kManifestNotJson, "found 'N'"},
        ErrorCase{"cycle", ManifestOf(R"({
                      "model.a.x": {"depends_on": {"nodes": ["model.a.y"]}},
                      "model.a.y": {"depends_on": {"nodes": ["model.a.z"]}},
                      "model.a.z": {"depends_on": {"nodes": ["model.a.x"]}}})"),
                  Reason::kManifestCyclic,
                  "model.a.x -> model.a.y -> model.a.z -> model.a.x"},
        ErrorCase{"self_cycle", ManifestOf(R"({
                      "model.a.x": {"depends_on": {"nodes": ["model.a.x"]}}})"),
                  Reason::kManifestCyclic, "model.a.x -> model.a.x"}),
    [](const auto& info) { return info.param.name; });

// Cut anywhere, a manifest is said to be cut off.
TEST(ParseLimitTest, EveryTruncationIsNamed) {
  const std::string text = SmallManifest(12);
  ASSERT_TRUE(ParseStatus(text).ok());
  for (size_t size = 0; size < text.size(); ++size) {
    const absl::Status status = ParseStatus(text.substr(0, size));
    ASSERT_EQ(GetReason(status), Reason::kManifestTruncated)
        << size << ": " << status.message();
  }
}

TEST(ParseLimitTest, Bytes) {
  const std::string text = SmallManifest(12);
  ParseOptions options;
  options.max_bytes = text.size();
  EXPECT_TRUE(ParseStatus(text, options).ok());
  options.max_bytes = text.size() - 1;
  const absl::Status status = ParseStatus(text, options);
  EXPECT_EQ(GetReason(status), Reason::kManifestTooLarge);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr(absl::StrCat(text.size(), " bytes")));
}

// More than simdjson can index; refused before a byte is read.
TEST(ParseLimitTest, FourGigabytes) {
  ParseOptions options;
  options.max_bytes = size_t{1} << 40;
  const char byte = '{';
  const Text text =
      Text::Borrow(nullptr, absl::string_view(&byte, size_t{1} << 32));
  const absl::Status status = ParseManifest(text, "digest", options).status();
  EXPECT_EQ(GetReason(status), Reason::kManifestTooLarge);
}

TEST(ParseLimitTest, Nodes) {
  const std::string text = ManifestOf(
      R"({"model.a.x": {}, "model.a.y": {}})",
      R"("sources": {"source.a.b.c": {}}, "macros": {"macro.a.m": {}})");
  ParseOptions options;
  options.max_nodes = 3;
  EXPECT_TRUE(ParseStatus(text, options).ok());
  options.max_nodes = 2;
  const absl::Status status = ParseStatus(text, options);
  EXPECT_EQ(GetReason(status), Reason::kManifestTooManyNodes);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
}

// A place in a manifest, and how many objects and arrays are around it.
struct DepthCase {
  std::string name;
  std::string member;  // with $ where the nest goes
  size_t depth;
};

class DepthTest : public testing::TestWithParam<DepthCase> {};

TEST_P(DepthTest, IsLimitedEverywhere) {
  ParseOptions options;
  options.max_depth = 40;
  const auto status_with = [&](size_t height) {
    const std::string nest =
        absl::StrCat(std::string(height, '['), std::string(height, ']'));
    return ParseStatus(absl::StrReplaceAll(GetParam().member, {{"$", nest}}),
                       options);
  };
  const size_t most = options.max_depth - GetParam().depth;
  EXPECT_TRUE(status_with(most).ok()) << status_with(most);
  EXPECT_EQ(GetReason(status_with(most + 1)), Reason::kManifestTooDeep)
      << status_with(most + 1);
  EXPECT_EQ(GetReason(status_with(100'000)), Reason::kManifestTooDeep);
}

INSTANTIATE_TEST_SUITE_P(
    Places, DepthTest,
    testing::Values(
        DepthCase{"skipped_member", ManifestOf("{}", R"("docs": $)"), 1},
        DepthCase{"skipped_field", ManifestOf(R"({"model.a.x": {"docs": $}})"),
                  3},
        DepthCase{"columns", ManifestOf(R"({"model.a.x": {"columns": $}})"), 3},
        DepthCase{"config",
                  ManifestOf(R"({"model.a.x": {"config": {"meta": $}}})"), 4},
        DepthCase{"facet",
                  ManifestOf("{}", R"("sources": {"s": {"external": $}})"), 3},
        DepthCase{"disabled",
                  ManifestOf("{}", R"("disabled": {"model.a.x": $})"), 2}),
    [](const auto& info) { return info.param.name; });

// The same text deeper down than where it was read before.
TEST(ParseLimitTest, DepthCountsForARepeatedText) {
  ParseOptions options;
  options.max_depth = 7;
  const std::string nest = "[[[]]]";
  EXPECT_TRUE(ParseStatus(ManifestOf(absl::StrCat(
                              R"({"model.a.x": {"version": )", nest, "}}")),
                          options)
                  .ok());
  EXPECT_EQ(
      GetReason(ParseStatus(
          ManifestOf(absl::StrCat(R"({"model.a.x": {"version": )", nest,
                                  R"(, "config": {"a": {"b": )", nest, "}}}}")),
          options)),
      Reason::kManifestTooDeep);
}

}  // namespace
}  // namespace doppel::manifest
