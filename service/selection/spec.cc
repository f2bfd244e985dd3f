#include "service/selection/spec.h"

#include <iterator>
#include <optional>
#include <string>

#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

namespace doppel::selection {
namespace {

// In the order of the enum.
constexpr absl::string_view kMethods[] = {
    "fqn",       "tag",       "group",          "access",      "source",
    "exposure",  "metric",    "semantic_model", "saved_query", "unit_test",
    "path",      "file",      "package",        "config",      "resource_type",
    "test_name", "test_type", "state",          "result",      "source_status",
    "version",   "selector",
};

// The first dbt that has it.
DbtVersion Since(Method method) {
  switch (method) {
    case Method::kSelector:
      return {1, 12, 0};
    case Method::kUnitTest:
      return {1, 8, 0};
    case Method::kSavedQuery:
      return {1, 7, 0};
    case Method::kSemanticModel:
      return {1, 6, 0};
    case Method::kGroup:
    case Method::kAccess:
    case Method::kVersion:
      return {1, 5, 0};
    case Method::kFile:
      return {1, 2, 0};
    case Method::kSourceStatus:
      return {1, 1, 0};
    default:
      return {0, 0, 0};
  }
}

}  // namespace

std::optional<Method> MethodFromName(absl::string_view name, DbtVersion dbt) {
  for (size_t i = 0; i < std::size(kMethods); ++i) {
    if (kMethods[i] != name) continue;
    const auto method = static_cast<Method>(i);
    return dbt < Since(method) ? std::nullopt : std::optional(method);
  }
  return std::nullopt;
}

absl::string_view MethodName(Method method) {
  return kMethods[static_cast<size_t>(method)];
}

std::string MethodNames() { return absl::StrJoin(kMethods, ", "); }

}  // namespace doppel::selection
