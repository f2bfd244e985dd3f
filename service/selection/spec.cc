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

}  // namespace

std::optional<Method> MethodFromName(absl::string_view name) {
  for (size_t i = 0; i < std::size(kMethods); ++i) {
    if (kMethods[i] == name) return static_cast<Method>(i);
  }
  return std::nullopt;
}

absl::string_view MethodName(Method method) {
  return kMethods[static_cast<size_t>(method)];
}

std::string MethodNames() { return absl::StrJoin(kMethods, ", "); }

}  // namespace doppel::selection
