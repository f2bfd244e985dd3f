#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "service/manifest/json_value.h"
#include "service/manifest/node.h"
#include "service/selection/matchers.h"

namespace doppel::selection {
namespace {

using manifest::JsonValue;

// Whether the criterion's value, as text or as YAML gave it, is that value.
bool IsValue(const Criterion& criterion, const JsonValue& value) {
  if (criterion.typed_value != nullptr) return *criterion.typed_value == value;
  return value.is_string() && value.string_value() == criterion.value;
}

// Whether the text stands for that truth, as "true" and "True" do.
bool IsTruth(const Criterion& criterion, bool truth) {
  return absl::EqualsIgnoreCase(criterion.value, truth ? "true" : "false");
}

// Python's `True in value` and `False in value`, for which 1 and 0 do, too.
bool HasTruth(const Criterion& criterion, const JsonValue& element) {
  switch (element.kind()) {
    case JsonValue::Kind::kBool:
      return IsTruth(criterion, element.bool_value());
    case JsonValue::Kind::kInteger:
      return (element.integer_value() == 1 && IsTruth(criterion, true)) ||
             (element.integer_value() == 0 && IsTruth(criterion, false));
    case JsonValue::Kind::kDouble:
      return (element.double_value() == 1 && IsTruth(criterion, true)) ||
             (element.double_value() == 0 && IsTruth(criterion, false));
    default:
      return false;
  }
}

bool MatchesScalar(const Criterion& criterion, const JsonValue& value) {
  if (IsValue(criterion, value)) return true;
  if (value.kind() == JsonValue::Kind::kBool) {
    return IsTruth(criterion, value.bool_value());
  }
  return criterion.arguments.size() == 1 &&
         criterion.arguments[0] == "severity" && value.is_string() &&
         absl::EqualsIgnoreCase(value.string_value(), criterion.value);
}

// A version as a number, where it is one.
bool AsNumber(const JsonValue& version, double* number) {
  return absl::SimpleAtod(version.ToString(), number);
}

bool Less(const JsonValue& a, const JsonValue& b) {
  double x = 0;
  double y = 0;
  const bool numeric = AsNumber(a, &x) && AsNumber(b, &y);
  // Two texts compare as texts, whatever they hold.
  if (numeric && !(a.is_string() && b.is_string())) return x < y;
  return a.ToString() < b.ToString();
}

}  // namespace

bool MatchesConfig(const Criterion& criterion, const manifest::Node& node) {
  const JsonValue* value = node.config;
  for (const std::string& argument : criterion.arguments) {
    if (value == nullptr) return false;
    value = value->Find(argument);
  }
  if (criterion.arguments.empty()) return false;
  if (value == nullptr) {
    // A key that a config lacks is None to dbt, which YAML's null asks for.
    return criterion.arguments.size() == 1 &&
           criterion.typed_value != nullptr && criterion.typed_value->is_null();
  }
  if (!value->is_array()) return MatchesScalar(criterion, *value);
  for (const JsonValue& element : value->elements()) {
    if (IsValue(criterion, element) || HasTruth(criterion, element)) {
      return true;
    }
  }
  return false;
}

bool MatchesVersion(VersionWord word, const manifest::Node& node) {
  if (node.type != manifest::ResourceType::kModel) return false;
  const bool versioned = node.version != nullptr && !node.version->is_null();
  if (word == VersionWord::kNone) return !versioned;
  if (!versioned || node.latest_version == nullptr) return false;
  switch (word) {
    case VersionWord::kLatest:
      return *node.version == *node.latest_version;
    case VersionWord::kPrerelease:
      return node.version->Truthy() &&
             Less(*node.latest_version, *node.version);
    default:
      return node.version->Truthy() &&
             Less(*node.version, *node.latest_version);
  }
}

}  // namespace doppel::selection
