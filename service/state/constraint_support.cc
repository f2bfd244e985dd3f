#include "service/state/constraint_support.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace doppel::state {
namespace {

constexpr std::array<absl::string_view, 5> kTypes = {
    "check", "not_null", "unique", "primary_key", "foreign_key"};

constexpr uint8_t kCheck = 1;
constexpr uint8_t kNotNull = 2;
constexpr uint8_t kForeignKey = 16;
constexpr uint8_t kAll = 31;
constexpr uint8_t kBase = kNotNull | kForeignKey;

struct Adapter {
  absl::string_view name;
  uint8_t enforced;
};

constexpr Adapter kAdapters[] = {
    {"athena", 0},           {"bigquery", kNotNull},
    {"clickhouse", kCheck},  {"databricks", kCheck | kNotNull},
    {"duckdb", kAll},        {"fabric", kAll & ~kCheck},
    {"postgres", kAll},      {"redshift", kNotNull},
    {"snowflake", kNotNull}, {"spark", 0},
    {"sqlserver", kAll},     {"trino", kNotNull},
};

}  // namespace

bool EnforcesConstraint(absl::string_view adapter_type,
                        absl::string_view type) {
  const auto* found = std::find(kTypes.begin(), kTypes.end(), type);
  if (found == kTypes.end()) return false;
  uint8_t enforced = kBase;
  for (const Adapter& adapter : kAdapters) {
    if (adapter.name == adapter_type) enforced = adapter.enforced;
  }
  return (enforced >> (found - kTypes.begin())) & 1;
}

}  // namespace doppel::state
