#include "service/selection/artifacts.h"

#include <map>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "simdjson.h"

namespace doppel::selection {
namespace {

namespace dom = simdjson::dom;

Error Invalid(absl::string_view artifact, absl::string_view message) {
  const std::string text = absl::StrCat(artifact, ": ", message);
  return Error(absl::StatusCode::kInvalidArgument, Reason::kArtifactInvalid,
               text)
      .With("artifact", artifact)
      .Field(artifact, message);
}

std::string StringAt(const dom::element& object, const char* key) {
  std::string_view text;
  if (object[key].get(text) != simdjson::SUCCESS) return "";
  return std::string(text);
}

// The `results` of an artifact of that kind ("run-results", "sources").
absl::StatusOr<dom::array> ResultsOf(dom::parser& parser,
                                     absl::string_view bytes,
                                     absl::string_view artifact,
                                     absl::string_view kind) {
  dom::element root;
  const simdjson::error_code error =
      parser.parse(bytes.data(), bytes.size()).get(root);
  if (error != simdjson::SUCCESS) {
    return Invalid(artifact, absl::StrCat("is no JSON: ",
                                          simdjson::error_message(error)));
  }
  dom::element metadata;
  const std::string schema =
      root["metadata"].get(metadata) == simdjson::SUCCESS
          ? StringAt(metadata, "dbt_schema_version")
          : "";
  if (!absl::StrContains(schema, absl::StrCat("/", kind, "/"))) {
    return Invalid(artifact, absl::StrCat("expected dbt's ", kind,
                                          " in metadata.dbt_schema_version, "
                                          "got \"",
                                          schema, "\""));
  }
  dom::array results;
  if (root["results"].get(results) != simdjson::SUCCESS) {
    return Invalid(artifact, "has no array \"results\"");
  }
  return results;
}

}  // namespace

absl::StatusOr<RunResults> ParseRunResults(absl::string_view bytes) {
  dom::parser parser;
  DOPPEL_ASSIGN_OR_RETURN(
      const dom::array results,
      ResultsOf(parser, bytes, "run_results.json", "run-results"));
  RunResults out;
  for (const dom::element result : results) {
    out.statuses.emplace(StringAt(result, "unique_id"),
                         StringAt(result, "status"));
  }
  return out;
}

absl::StatusOr<std::map<std::string, std::string>> ParseSources(
    absl::string_view bytes) {
  dom::parser parser;
  DOPPEL_ASSIGN_OR_RETURN(const dom::array results,
                          ResultsOf(parser, bytes, "sources.json", "sources"));
  std::map<std::string, std::string> out;
  for (const dom::element result : results) {
    // A source that could not be reached has no such time.
    std::string loaded_at = StringAt(result, "max_loaded_at");
    if (StringAt(result, "status") == "runtime error" || loaded_at.empty()) {
      continue;
    }
    out.emplace(StringAt(result, "unique_id"), std::move(loaded_at));
  }
  return out;
}

}  // namespace doppel::selection
