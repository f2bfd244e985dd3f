#include "service/selection/artifacts.h"

#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "simdjson.h"

namespace doppel::selection {
namespace {

namespace dom = simdjson::dom;

// A kind of artifact and the schema versions of it that are read.
struct Kind {
  absl::string_view file;    // "run_results.json"
  absl::string_view schema;  // as in the schema's address
  int oldest;
  int newest;
};

constexpr Kind kRunResults = {"run_results.json", "run-results", 4, 6};
constexpr Kind kSources = {"sources.json", "sources", 1, 3};

Error Invalid(const Kind& kind, absl::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, Reason::kArtifactInvalid,
               absl::StrCat(kind.file, ": ", message))
      .With("artifact", kind.file)
      .Field(kind.file, message);
}

std::string StringAt(const dom::element& object, const char* key) {
  std::string_view text;
  if (object[key].get(text) != simdjson::SUCCESS) return "";
  return std::string(text);
}

// The 6 of ".../dbt/run-results/v6.json"; 0 for an address of another kind.
int VersionOf(absl::string_view schema, const Kind& kind) {
  const size_t slash = schema.rfind('/');
  if (slash == absl::string_view::npos) return 0;
  absl::string_view version = schema.substr(slash + 1);
  int number = 0;
  const bool is_kind = absl::ConsumeSuffix(&version, ".json") &&
                       absl::ConsumePrefix(&version, "v") &&
                       absl::SimpleAtoi(version, &number);
  schema = schema.substr(0, slash);
  return is_kind && absl::ConsumeSuffix(&schema, kind.schema) ? number : 0;
}

absl::Status CheckSchema(const dom::element& root, const Kind& kind) {
  dom::element metadata;
  const std::string schema = root["metadata"].get(metadata) == simdjson::SUCCESS
                                 ? StringAt(metadata, "dbt_schema_version")
                                 : "";
  const int version = VersionOf(schema, kind);
  if (version >= kind.oldest && version <= kind.newest) {
    return absl::OkStatus();
  }
  return Invalid(kind,
                 absl::StrCat("metadata.dbt_schema_version: expected dbt's ",
                              kind.schema, ", v", kind.oldest, " to v",
                              kind.newest, ", got \"", schema, "\""))
      .With("schema", schema);
}

// The `results` of an artifact of that kind; they live in the parser.
absl::StatusOr<dom::array> ResultsOf(dom::parser& parser,
                                     absl::string_view bytes,
                                     const Kind& kind) {
  dom::element root;
  const simdjson::error_code error =
      parser.parse(bytes.data(), bytes.size()).get(root);
  if (error != simdjson::SUCCESS) {
    return Invalid(
        kind, absl::StrCat("expected JSON: ", simdjson::error_message(error)));
  }
  DOPPEL_RETURN_IF_ERROR(CheckSchema(root, kind));
  dom::array results;
  if (root["results"].get(results) != simdjson::SUCCESS) {
    return Invalid(kind, "results: expected an array");
  }
  return results;
}

// What such a result is about. INVALID_ARGUMENT where it does not say so.
absl::StatusOr<std::string> UniqueIdOf(const dom::element& result, size_t index,
                                       const Kind& kind) {
  std::string unique_id = StringAt(result, "unique_id");
  if (!unique_id.empty()) return unique_id;
  return Invalid(
      kind, absl::StrCat("results[", index, "].unique_id: expected a text"));
}

}  // namespace

absl::StatusOr<RunResults> ParseRunResults(absl::string_view bytes) {
  dom::parser parser;
  DOPPEL_ASSIGN_OR_RETURN(const dom::array results,
                          ResultsOf(parser, bytes, kRunResults));
  RunResults out;
  const dom::element metadata = parser.doc.root()["metadata"];
  out.generated_at = StringAt(metadata, "generated_at");
  out.invocation_id = StringAt(metadata, "invocation_id");
  size_t index = 0;
  for (const dom::element result : results) {
    DOPPEL_ASSIGN_OR_RETURN(std::string unique_id,
                            UniqueIdOf(result, index++, kRunResults));
    std::string status = StringAt(result, "status");
    double seconds = 0;
    const bool is_done = status == "success" || status == "pass";
    if (is_done && result["execution_time"].get(seconds) == simdjson::SUCCESS) {
      out.seconds[unique_id] += seconds;
    }
    out.statuses.emplace(std::move(unique_id), std::move(status));
  }
  return out;
}

absl::StatusOr<std::map<std::string, std::string>> ParseSources(
    absl::string_view bytes) {
  dom::parser parser;
  DOPPEL_ASSIGN_OR_RETURN(const dom::array results,
                          ResultsOf(parser, bytes, kSources));
  std::map<std::string, std::string> out;
  size_t index = 0;
  for (const dom::element result : results) {
    DOPPEL_ASSIGN_OR_RETURN(std::string unique_id,
                            UniqueIdOf(result, index++, kSources));
    // A source that could not be reached has no such time.
    std::string loaded_at = StringAt(result, "max_loaded_at");
    if (StringAt(result, "status") == "runtime error" || loaded_at.empty()) {
      continue;
    }
    out.insert_or_assign(std::move(unique_id), std::move(loaded_at));
  }
  return out;
}

}  // namespace doppel::selection
