#include "service/rpc/comparing.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "service/base/dbt_version.h"
#include "service/base/error.h"
#include "service/base/json_string.h"
#include "service/base/status_macros.h"

namespace doppel::rpc {
namespace {

Error Invalid(absl::string_view field, absl::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
               absl::StrCat(field, ": ", message))
      .With("field", field)
      .Field(field, message);
}

// A value in one spelling: a quoted text is another thing than a plain one,
// how it is quoted and laid out is not.
std::string Spell(const YAML::Node& node) {
  std::vector<std::string> parts;
  switch (node.Type()) {
    case YAML::NodeType::Scalar:
      // yaml-cpp's tag of a quoted scalar.
      return node.Tag() == "!" ? JsonString(node.Scalar()) : node.Scalar();
    case YAML::NodeType::Sequence:
      for (const YAML::Node& item : node) parts.push_back(Spell(item));
      return absl::StrCat("[", absl::StrJoin(parts, ", "), "]");
    case YAML::NodeType::Map:
      for (const auto& member : node) {
        parts.push_back(absl::StrCat(JsonString(member.first.Scalar()), ": ",
                                     Spell(member.second)));
      }
      std::sort(parts.begin(), parts.end());
      return absl::StrCat("{", absl::StrJoin(parts, ", "), "}");
    default:
      return "null";
  }
}

bool IsDbtVersion(absl::string_view text) {
  return DbtVersionOf(text) != DbtVersion{};
}

}  // namespace

absl::StatusOr<state::Vars> ReadVars(const std::string& yaml,
                                     absl::string_view field) {
  state::Vars vars;
  try {
    const YAML::Node root = YAML::Load(yaml);
    if (root.IsNull()) return vars;
    if (!root.IsMap()) {
      return Invalid(field,
                     "expected a YAML mapping of variables, as in "
                     "\"{days: 7}\"");
    }
    for (const auto& member : root) {
      vars[member.first.as<std::string>()] = Spell(member.second);
    }
  } catch (const YAML::Exception& error) {
    return Invalid(field, absl::StrCat("is not YAML: ", error.what()));
  }
  return vars;
}

absl::StatusOr<state::CompareOptions> CompareOptionsOf(
    const v1::ComparisonOptions& options, const std::string& dbt_version,
    absl::string_view field) {
  state::CompareOptions out;
  if (!dbt_version.empty()) {
    if (!IsDbtVersion(dbt_version)) {
      return Invalid("dbt_version", absl::StrCat("\"", dbt_version,
                                                 "\" is no version; expected "
                                                 "one such as \"1.12\""));
    }
    out.dbt_version = dbt_version;
  }
  out.compare_more_unrendered_values =
      options.has_compare_more_unrendered_values()
          ? options.compare_more_unrendered_values()
          : DbtVersionOf(out.dbt_version) >= DbtVersion{1, 12, 0};
  out.strict = options.strict();
  if (out.strict) {
    DOPPEL_ASSIGN_OR_RETURN(
        out.older_vars,
        ReadVars(options.state_vars(), absl::StrCat(field, ".state_vars")));
    DOPPEL_ASSIGN_OR_RETURN(
        out.current_vars,
        ReadVars(options.vars(), absl::StrCat(field, ".vars")));
  }
  DOPPEL_ASSIGN_OR_RETURN(
      out.mutes,
      state::Mutes::Parse({options.mutes().begin(), options.mutes().end()},
                          absl::StrCat(field, ".mutes")));
  return out;
}

}  // namespace doppel::rpc
