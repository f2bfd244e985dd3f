// Which differences in a node's JSON its facets show.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "service/manifest/test_manifest.h"

namespace doppel::manifest {
namespace {

struct FacetCase {
  std::string name;
  std::string section;
  std::string before;
  std::string after;
  std::vector<std::string> different;  // facets, sorted
};

class FacetTest : public testing::TestWithParam<FacetCase> {};

std::shared_ptr<const Manifest> With(const FacetCase& c,
                                     absl::string_view node) {
  return MustParse(ManifestOf(
      "{}", absl::StrCat("\"", c.section, "\": {\"x.a.b\": ", node, "}")));
}

Fingerprint FacetOf(const Node& node, absl::string_view field) {
  for (const Facet& facet : node.facets) {
    if (facet.field == field) return facet.fingerprint;
  }
  return {};
}

TEST_P(FacetTest, ShowsTheDifference) {
  const FacetCase& c = GetParam();
  const auto before = With(c, c.before);
  const auto after = With(c, c.after);
  std::vector<std::string> different;
  for (const auto& m : {before, after}) {
    for (const Facet& facet : m->node(0).facets) {
      const bool seen = !different.empty() && different.back() == facet.field;
      if (!seen && FacetOf(before->node(0), facet.field) !=
                       FacetOf(after->node(0), facet.field)) {
        different.emplace_back(facet.field);
      }
    }
  }
  EXPECT_EQ(different, c.different);
}

INSTANTIATE_TEST_SUITE_P(
    Fields, FacetTest,
    testing::Values(
        FacetCase{"source_external",
                  "sources",
                  R"({"external": {"location": "s3"}})",
                  R"({"external": {"location": "gs"}})",
                  {"external"}},
        FacetCase{"source_null_is_missing",
                  "sources",
                  R"({"quoting": {"database": null, "schema": true}})",
                  R"({"quoting": {"schema": true}, "freshness": null})",
                  {}},
        FacetCase{"source_description_is_none",
                  "sources",
                  R"({"description": "a", "tags": ["x"]})",
                  R"({"description": "b"})",
                  {}},
        FacetCase{"exposure_owner",
                  "exposures",
                  R"({"owner": {"name": "a"}, "type": "ml"})",
                  R"({"owner": {"name": "b"}, "type": "ml"})",
                  {"owner"}},
        FacetCase{"metric_type_params_is_none",
                  "metrics",
                  R"({"type": "simple", "type_params": {"measure": 1}})",
                  R"({"type": "simple", "type_params": {"measure": 2}})",
                  {}},
        FacetCase{"semantic_model_measures",
                  "semantic_models",
                  R"({"model": "a", "measures": [{"name": "m"}]})",
                  R"({"model": "a", "measures": [{"name": "n"}]})",
                  {"measures"}},
        FacetCase{"saved_query_params",
                  "saved_queries",
                  R"({"query_params": {"metrics": ["a"], "limit": 1}})",
                  R"({"query_params": {"metrics": ["b"], "limit": 2}})",
                  {"metrics"}},
        FacetCase{"saved_query_rendered_export",
                  "saved_queries",
                  R"({"exports": [{"name": "e", "config": {"alias": "a"},
                       "unrendered_config": {"export_as": "table"}}]})",
                  R"({"exports": [{"name": "e", "config": {"alias": "b"},
                       "unrendered_config": {"export_as": "table"}}]})",
                  {}},
        FacetCase{"saved_query_unrendered_export",
                  "saved_queries",
                  R"({"exports": [{"name": "e",
                       "unrendered_config": {"export_as": "table"}}]})",
                  R"({"exports": [{"name": "e",
                       "unrendered_config": {"export_as": "view"}}]})",
                  {"exports"}},
        FacetCase{"saved_query_tags",
                  "saved_queries",
                  R"({"tags": ["a"]})",
                  R"({"tags": ["b"]})",
                  {"tags"}},
        FacetCase{"function_arguments",
                  "functions",
                  R"({"arguments": [{"name": "x"}], "returns": {"type": 1}})",
                  R"({"arguments": [{"name": "y"}], "returns": {"type": 1}})",
                  {"arguments"}},
        FacetCase{"function_overload_description_is_none",
                  "functions",
                  R"({"overloads": [{"raw_body": "1", "description": "a"}]})",
                  R"({"overloads": [{"raw_body": "1", "description": "b"}]})",
                  {}},
        FacetCase{"function_overload_body",
                  "functions",
                  R"({"overloads": [{"raw_body": "1"}]})",
                  R"({"overloads": [{"raw_body": "2"}]})",
                  {"overloads"}}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace doppel::manifest
