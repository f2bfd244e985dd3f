#include "service/rpc/selecting.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/digest.h"
#include "service/base/error.h"
#include "service/base/identifier.h"
#include "service/base/status_macros.h"
#include "service/rpc/comparing.h"
#include "service/rpc/convert_manifest.h"
#include "service/selection/artifacts.h"
#include "service/state/state_version.h"

namespace doppel::rpc {
namespace {

absl::Status CheckSize(const Services& services, absl::string_view bytes,
                       absl::string_view field) {
  const auto limit = static_cast<size_t>(services.limits.max_artifact_bytes);
  if (bytes.size() <= limit) return absl::OkStatus();
  const std::string message = absl::StrCat(
      "has ", bytes.size(), " bytes, at most ", limit, " are read");
  return Error(absl::StatusCode::kInvalidArgument, Reason::kArtifactInvalid,
               absl::StrCat(field, ": ", message))
      .With("size_bytes", bytes.size())
      .With("limit_bytes", limit)
      .Field(field, message);
}

absl::StatusOr<std::optional<selection::RunResults>> ReadRunResults(
    const Services& services, const v1::SelectionContext& context) {
  if (context.run_results_json().empty()) return std::nullopt;
  DOPPEL_ASSIGN_OR_RETURN(
      selection::RunResults results,
      rpc::ReadRunResults(services, context.run_results_json(),
                          "context.run_results_json"));
  return results;
}

absl::StatusOr<std::optional<selection::SourceFreshness>> ReadFreshness(
    const Services& services, const v1::SelectionContext& context) {
  if (context.sources_json().empty() || context.state_sources_json().empty()) {
    return std::nullopt;
  }
  DOPPEL_RETURN_IF_ERROR(
      CheckSize(services, context.sources_json(), "context.sources_json"));
  DOPPEL_RETURN_IF_ERROR(CheckSize(services, context.state_sources_json(),
                                   "context.state_sources_json"));
  selection::SourceFreshness freshness;
  DOPPEL_ASSIGN_OR_RETURN(
      freshness.older, selection::ParseSources(context.state_sources_json()));
  DOPPEL_ASSIGN_OR_RETURN(freshness.current,
                          selection::ParseSources(context.sources_json()));
  return freshness;
}

}  // namespace

absl::StatusOr<std::string> DigestOf(absl::string_view name,
                                     absl::string_view field) {
  DOPPEL_ASSIGN_OR_RETURN(std::string digest,
                          ResourceIdOf("manifests", name, field));
  if (!IsSha256Hex(digest)) {
    const std::string wanted = absl::StrCat(
        "expected \"manifests/\" and 64 lower-case hexadecimal digits, got \"",
        name, "\"");
    return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
                 absl::StrCat(field, ": ", wanted))
        .With("field", field)
        .With("value", name)
        .Field(field, wanted);
  }
  return digest;
}

absl::StatusOr<ManifestPtr> LoadManifest(const Services& services,
                                         absl::string_view name,
                                         absl::string_view field) {
  DOPPEL_ASSIGN_OR_RETURN(const std::string digest, DigestOf(name, field));
  return services.library->Load(digest);
}

void AddStateVersionWarning(const manifest::Manifest& state,
                            absl::string_view dbt_version,
                            std::vector<state::Warning>& warnings) {
  std::optional<state::Warning> warning =
      state::StateVersionWarning(state, dbt_version);
  if (warning.has_value() &&
      std::find(warnings.begin(), warnings.end(), *warning) == warnings.end()) {
    warnings.push_back(*std::move(warning));
  }
}

absl::StatusOr<selection::RunResults> ReadRunResults(const Services& services,
                                                     absl::string_view bytes,
                                                     absl::string_view field) {
  DOPPEL_RETURN_IF_ERROR(CheckSize(services, bytes, field));
  return selection::ParseRunResults(bytes);
}

absl::StatusOr<selection::SelectionResult> SelectNodes(
    const Services& services, const ManifestPtr& manifest,
    const SelectionQuestion& question) {
  DOPPEL_ASSIGN_OR_RETURN(selection::SelectionRequest request,
                          FromProto(question.selection));
  if (request.resource_types.empty()) {
    request.resource_types = question.default_types;
  }
  request.keep_empty_nodes = question.keep_empty_nodes;
  request.dbt_version = question.context.dbt_version();
  selection::SelectionInputs inputs;
  inputs.current = manifest.get();
  store::ManifestLibrary::ComparisonPtr comparison;
  if (!question.context.state_manifest().empty()) {
    DOPPEL_ASSIGN_OR_RETURN(
        const std::string older,
        DigestOf(question.context.state_manifest(), "context.state_manifest"));
    DOPPEL_ASSIGN_OR_RETURN(
        const state::CompareOptions options,
        CompareOptionsOf(question.context.comparison(),
                         question.context.dbt_version(), "context.comparison"));
    DOPPEL_ASSIGN_OR_RETURN(
        comparison,
        services.library->Compare(manifest->digest(), older, options));
    inputs.state = comparison.get();
  }
  DOPPEL_ASSIGN_OR_RETURN(const auto run_results,
                          ReadRunResults(services, question.context));
  if (run_results.has_value()) inputs.run_results = &*run_results;
  DOPPEL_ASSIGN_OR_RETURN(const auto freshness,
                          ReadFreshness(services, question.context));
  if (freshness.has_value()) inputs.source_freshness = &*freshness;
  DOPPEL_ASSIGN_OR_RETURN(selection::SelectionResult result,
                          selection::Select(request, inputs));
  if (comparison != nullptr) {
    AddStateVersionWarning(comparison->older(), question.context.dbt_version(),
                           result.warnings);
  }
  return result;
}

}  // namespace doppel::rpc
