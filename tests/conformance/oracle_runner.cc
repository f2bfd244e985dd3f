#include "tests/conformance/oracle_runner.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "service/base/dbt_version.h"
#include "service/base/digest.h"
#include "service/base/status_macros.h"
#include "service/manifest/parse.h"
#include "service/selection/artifacts.h"

namespace doppel::conformance {
namespace {

using state::Warning;

// What dbt says where it breaks down instead of judging.
constexpr absl::string_view kBreakdowns[] = {
    "AttributeError:",
    "KeyError:",
    "MissingField:",
    "InvalidFieldValue:",  // of a manifest that another dbt wrote
    "GraphDependencyNotFoundError:",
    "IncompatibleSchemaError:",
    "DeprecationsSummary",
};

bool DbtBroke(const OracleCase& oracle_case) {
  return oracle_case.rejected &&
         std::any_of(std::begin(kBreakdowns), std::end(kBreakdowns),
                     [&](absl::string_view text) {
                       return absl::StrContains(oracle_case.stderr_tail, text);
                     });
}

absl::StatusOr<selection::IndirectSelection> IndirectSelectionOf(
    absl::string_view name) {
  using selection::IndirectSelection;
  if (name == "eager") return IndirectSelection::kEager;
  if (name == "cautious") return IndirectSelection::kCautious;
  if (name == "buildable") return IndirectSelection::kBuildable;
  if (name == "empty") return IndirectSelection::kEmpty;
  return absl::InvalidArgumentError(
      absl::StrCat("no indirect selection ", name));
}

// The manifest of that key, packed or in a file of its own.
absl::StatusOr<std::string> ReadAnywhere(const std::string& folder,
                                         ManifestPacks& packs,
                                         const std::string& key) {
  const absl::StatusOr<absl::string_view> packed = packs.Read(key);
  if (packed.ok()) return std::string(*packed);
  if (!absl::IsNotFound(packed.status())) return packed.status();
  return ReadOracleManifest(folder, key);
}

// What stood beside the manifests, read.
struct Artifacts {
  std::optional<selection::RunResults> run_results;
  std::optional<selection::SourceFreshness> freshness;
};

absl::StatusOr<Artifacts> ArtifactsOf(const OracleCase& oracle_case) {
  Artifacts artifacts;
  if (oracle_case.run_results.has_value()) {
    DOPPEL_ASSIGN_OR_RETURN(
        artifacts.run_results,
        selection::ParseRunResults(*oracle_case.run_results));
  }
  if (oracle_case.sources.has_value() &&
      oracle_case.current_sources.has_value()) {
    artifacts.freshness.emplace();
    DOPPEL_ASSIGN_OR_RETURN(artifacts.freshness->older,
                            selection::ParseSources(*oracle_case.sources));
    DOPPEL_ASSIGN_OR_RETURN(
        artifacts.freshness->current,
        selection::ParseSources(*oracle_case.current_sources));
  }
  return artifacts;
}

// dbt's flag is on by default from 1.12.
state::CompareOptions OptionsOf(const OracleCase& oracle_case) {
  const bool older =
      DbtVersionOf(oracle_case.dbt_version) < DbtVersion{1, 12, 0};
  state::CompareOptions options;
  options.compare_more_unrendered_values =
      oracle_case.compare_more_unrendered_values.value_or(!older);
  options.dbt_version = oracle_case.dbt_version;
  // No recorded answer is older, and no date of the projects is near.
  options.now =
      absl::FromCivil(absl::CivilDay(2026, 1, 1), absl::UTCTimeZone());
  return options;
}

// The lines of `expected` that `actual` lacks and the other way round.
template <typename T, typename Less, typename Print>
std::string DifferenceOf(absl::string_view what, const std::vector<T>& expected,
                         const std::vector<T>& actual, Less less, Print print) {
  constexpr size_t kShown = 6;
  std::vector<T> missing, extra;
  std::set_difference(expected.begin(), expected.end(), actual.begin(),
                      actual.end(), std::back_inserter(missing), less);
  std::set_difference(actual.begin(), actual.end(), expected.begin(),
                      expected.end(), std::back_inserter(extra), less);
  std::string text;
  auto show = [&](absl::string_view title, const std::vector<T>& items) {
    if (items.empty()) return;
    absl::StrAppend(&text, "\n    ", what, " ", title, " (", items.size(),
                    "):");
    for (size_t i = 0; i < std::min(items.size(), kShown); ++i) {
      absl::StrAppend(&text, "\n      ", print(items[i]));
    }
  };
  show("missing", missing);
  show("too many", extra);
  return text;
}

bool WarningLess(const Warning& a, const Warning& b) {
  return std::tie(a.name, a.message) < std::tie(b.name, b.message);
}

std::string DifferentIds(const std::vector<std::string>& expected,
                         const std::vector<std::string>& actual) {
  return DifferenceOf("nodes", expected, actual, std::less<std::string>(),
                      [](const std::string& id) { return id; });
}

std::string DifferentWarnings(const std::vector<Warning>& expected,
                              const std::vector<Warning>& actual) {
  return DifferenceOf(
      "warnings", expected, actual, WarningLess, [](const Warning& warning) {
        return absl::StrCat(warning.name, ": ", warning.message);
      });
}

}  // namespace

absl::StatusOr<ListArguments> ParseListArguments(
    const std::vector<std::string>& args) {
  ListArguments result;
  bool has_models = false, has_select = false;
  std::string flag;
  for (const std::string& arg : args) {
    if (arg == "--warn-error") {
      result.warn_error = true;
    } else if (arg == "-s") {
      flag = "--select";
    } else if (arg == "-m" || arg == "--model") {
      flag = "--models";
    } else if (absl::StartsWith(arg, "--")) {
      flag = arg;
    } else if (flag == "--select" || flag == "--models") {
      (flag == "--models" ? has_models : has_select) = true;
      result.request.select.push_back(arg);
    } else if (flag == "--exclude") {
      result.request.exclude.push_back(arg);
    } else if (flag == "--selector") {
      result.request.selector = arg;
    } else if (flag == "--resource-type") {
      result.request.resource_types.push_back(arg);
    } else if (flag == "--exclude-resource-type") {
      result.request.exclude_resource_types.push_back(arg);
    } else if (flag == "--indirect-selection") {
      DOPPEL_ASSIGN_OR_RETURN(result.request.indirect_selection,
                              IndirectSelectionOf(arg));
    } else {
      return absl::UnimplementedError(absl::StrCat("argument ", arg));
    }
  }
  if (has_models) {
    // dbt's own check, made before any selection.
    if (has_select || !result.request.resource_types.empty()) {
      return absl::InvalidArgumentError("--models excludes the other");
    }
    result.request.resource_types = {"model"};
    // dbt ignores --models beside --selector, and does not say so.
    if (!result.request.selector.empty()) result.request.select.clear();
  }
  return result;
}

OracleRunner::ManifestOr OracleRunner::Load(const std::string& key) {
  auto found = manifests_.find(key);
  if (found != manifests_.end()) return found->second;
  ManifestOr loaded = [&]() -> ManifestOr {
    DOPPEL_ASSIGN_OR_RETURN(std::string bytes,
                            ReadAnywhere(folder_, packs_, key));
    return manifest::ParseManifest(manifest::Text::Copy(bytes),
                                   Sha256Hex(bytes));
  }();
  manifests_.emplace(key, loaded);
  return loaded;
}

absl::StatusOr<std::shared_ptr<const state::StateComparison>>
OracleRunner::Compare(const OracleCase& oracle_case) {
  if (!oracle_case.base_manifest.has_value()) return nullptr;
  const state::CompareOptions options = OptionsOf(oracle_case);
  auto& comparison = comparisons_[{
      oracle_case.current_manifest, *oracle_case.base_manifest,
      options.dbt_version, options.compare_more_unrendered_values}];
  if (comparison != nullptr) return comparison;
  ManifestOr base = Load(*oracle_case.base_manifest);
  if (absl::IsNotFound(base.status())) return nullptr;  // an empty folder
  DOPPEL_RETURN_IF_ERROR(base.status());
  DOPPEL_ASSIGN_OR_RETURN(auto current, Load(oracle_case.current_manifest));
  comparison = state::StateComparison::Make(current, *base, options);
  return comparison;
}

absl::StatusOr<OracleRunner::Answer> OracleRunner::Ask(
    const OracleCase& oracle_case) {
  DOPPEL_ASSIGN_OR_RETURN(ListArguments arguments,
                          ParseListArguments(oracle_case.args));
  arguments.request.dbt_version = oracle_case.dbt_version;
  DOPPEL_ASSIGN_OR_RETURN(auto current, Load(oracle_case.current_manifest));
  DOPPEL_ASSIGN_OR_RETURN(auto comparison, Compare(oracle_case));
  selection::SelectionInputs inputs;
  inputs.current = current.get();
  inputs.state = comparison.get();
  DOPPEL_ASSIGN_OR_RETURN(const Artifacts artifacts, ArtifactsOf(oracle_case));
  if (artifacts.run_results) inputs.run_results = &*artifacts.run_results;
  if (artifacts.freshness) inputs.source_freshness = &*artifacts.freshness;
  DOPPEL_ASSIGN_OR_RETURN(auto selected,
                          selection::Select(arguments.request, inputs));
  if (arguments.warn_error && !selected.warnings.empty()) {
    return absl::FailedPreconditionError(selected.warnings[0].message);
  }
  Answer answer;
  for (manifest::NodeId id : selected.nodes) {
    answer.unique_ids.emplace_back(current->node(id).unique_id);
  }
  answer.warnings = std::move(selected.warnings);
  std::sort(answer.warnings.begin(), answer.warnings.end(), WarningLess);
  return answer;
}

Outcome OracleRunner::Run(const OracleCase& oracle_case) {
  const absl::StatusOr<Answer> answer = Ask(oracle_case);
  if (DbtBroke(oracle_case)) return {Verdict::kDbtBroke, "", answer.ok()};
  std::string difference;
  if (!answer.ok()) {
    if (oracle_case.rejected) return {};
    difference = absl::StrCat("\n    rejected: ", answer.status().ToString());
  } else if (oracle_case.rejected) {
    difference = absl::StrCat("\n    dbt rejects: ", oracle_case.stderr_tail);
  } else {
    difference = absl::StrCat(
        DifferentIds(oracle_case.expected_unique_ids, answer->unique_ids),
        DifferentWarnings(oracle_case.warnings, answer->warnings));
  }
  if (difference.empty()) return {};
  return {Verdict::kDifferent,
          absl::StrCat(oracle_case.case_id, ": dbt ls ",
                       absl::StrJoin(oracle_case.args, " "), "\n    on ",
                       oracle_case.current_manifest, ", state ",
                       oracle_case.base_manifest.value_or("none"), difference)};
}

}  // namespace doppel::conformance
