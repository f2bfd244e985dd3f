#include "service/deferral/dbt_rules.h"

#include <limits>
#include <optional>
#include <string>
#include <tuple>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "re2/re2.h"
#include "service/base/error.h"

namespace doppel::deferral {
namespace {

using Version = std::tuple<int, int, int>;

std::optional<Version> Parse(absl::string_view text) {
  static const auto* const kPattern = new re2::RE2(
      R"((\d{1,4})\.(\d{1,4})(?:\.(\d{1,6})(?:[a-z+.-].*)?|[a-z+-].*)?)");
  int major = 0;
  int minor = 0;
  std::string patch;
  const re2::StringPiece piece(text.data(), text.size());
  if (!re2::RE2::FullMatch(piece, *kPattern, &major, &minor, &patch)) {
    return std::nullopt;
  }
  int patch_number = std::numeric_limits<int>::max();
  if (!patch.empty() && !absl::SimpleAtoi(patch, &patch_number)) {
    return std::nullopt;
  }
  return Version(major, minor, patch_number);
}

}  // namespace

absl::StatusOr<DbtRules> RulesOf(absl::string_view version) {
  DbtRules rules;
  if (version.empty()) return rules;
  const std::optional<Version> parsed = Parse(version);
  if (!parsed.has_value() || *parsed < Version(0, 18, 0)) {
    return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
                 absl::StrCat("dbt_version: \"", version,
                              "\" is no version of dbt with deferral; expected "
                              "one such as \"1.12\", at least 0.18"))
        .With("dbt_version", version)
        .Field("dbt_version", "expected a version such as \"1.12\"");
  }
  rules.version = absl::StrCat(std::get<0>(*parsed), ".", std::get<1>(*parsed));
  rules.replaces_nodes = *parsed < Version(1, 8, 0);
  rules.checks_existence = *parsed >= Version(0, 19, 0);
  rules.has_favor_state = *parsed >= Version(1, 4, 0);
  rules.quotes_sources_as_project =
      *parsed >= Version(1, 8, 0) && *parsed < Version(1, 9, 0);
  rules.defers_functions = *parsed >= Version(1, 11, 8);
  rules.knows_function_aliases = *parsed >= Version(1, 12, 0);
  rules.defers_foreign_keys = *parsed >= Version(1, 11, 0);
  rules.keeps_keys_to_selected = *parsed >= Version(1, 12, 0);
  return rules;
}

}  // namespace doppel::deferral
