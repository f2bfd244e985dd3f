// The words of dbt's `state:` method, and the kinds of cause that doppel names.
#ifndef DOPPEL_SERVICE_STATE_STATE_VALUE_H_
#define DOPPEL_SERVICE_STATE_STATE_VALUE_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace doppel::state {

// What can follow "state:", in the order in which dbt lists them.
enum class StateValue : uint8_t {
  kNew,
  kOld,
  kModified,
  kUnmodified,
  kModifiedBody,
  kModifiedConfigs,
  kModifiedPersistedDescriptions,
  kModifiedRelation,
  kModifiedMacros,
  kModifiedContract,
};
inline constexpr size_t kStateValueCount = 10;

// "modified.body" and the like, exactly; none for any other text.
std::optional<StateValue> StateValueFromName(absl::string_view name);
absl::string_view StateValueName(StateValue value);

// Why a node counts as changed.
enum class CauseKind : uint8_t {
  kNew,                   // no counterpart in the older manifest
  kBody,                  // raw_code, or a seed's checksum
  kConfig,                // subject: the key of unrendered_config
  kPersistedDescription,  // subject: "" for the relation, else the column
  kRelation,              // subject: database, schema, alias, identifier
  kFqn,                   // the file was moved
  kMacro,                 // subject: the changed macro; path: how it is reached
  kContract,              // subject: what about the contract
  kField,                 // subject: latest_version, access, owner, ...
  kVar,                   // subject: the variable; strict comparisons only
};
inline constexpr size_t kCauseKindCount = 10;
absl::string_view CauseKindName(CauseKind kind);  // "body", "config", ...
std::optional<CauseKind> CauseKindFromName(absl::string_view name);

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_STATE_VALUE_H_
