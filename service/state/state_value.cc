#include "service/state/state_value.h"

#include <array>

namespace doppel::state {
namespace {

constexpr std::array<absl::string_view, kStateValueCount> kValueNames = {
    "new",
    "old",
    "modified",
    "unmodified",
    "modified.body",
    "modified.configs",
    "modified.persisted_descriptions",
    "modified.relation",
    "modified.macros",
    "modified.contract",
};

constexpr std::array<absl::string_view, kCauseKindCount> kCauseNames = {
    "new",      "body", "config", "persisted_description",
    "relation", "fqn",  "macro",  "contract",
    "field",    "var",
};

}  // namespace

std::optional<StateValue> StateValueFromName(absl::string_view name) {
  for (size_t i = 0; i < kValueNames.size(); ++i) {
    if (kValueNames[i] == name) return static_cast<StateValue>(i);
  }
  return std::nullopt;
}

absl::string_view StateValueName(StateValue value) {
  return kValueNames[static_cast<size_t>(value)];
}

absl::string_view CauseKindName(CauseKind kind) {
  return kCauseNames[static_cast<size_t>(kind)];
}

std::optional<CauseKind> CauseKindFromName(absl::string_view name) {
  for (size_t i = 0; i < kCauseNames.size(); ++i) {
    if (kCauseNames[i] == name) return static_cast<CauseKind>(i);
  }
  return std::nullopt;
}

}  // namespace doppel::state
