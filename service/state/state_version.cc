#include "service/state/state_version.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "service/base/dbt_version.h"

namespace doppel::state {
namespace {

struct Written {
  int schema_version;
  DbtVersion since;
};

// The schema version that each dbt writes.
constexpr Written kWritten[] = {
    {12, {1, 8, 0}}, {11, {1, 7, 0}}, {10, {1, 6, 0}}, {9, {1, 5, 0}},
    {8, {1, 4, 0}},  {7, {1, 3, 0}},  {6, {1, 2, 0}},  {5, {1, 1, 0}},
    {4, {1, 0, 0}},  {3, {0, 21, 0}}, {2, {0, 20, 0}}, {1, {0, 0, 0}},
};

int SchemaVersionOf(const DbtVersion& dbt) {
  for (const Written& written : kWritten) {
    if (dbt >= written.since) return written.schema_version;
  }
  return 1;
}

// The oldest and the newest that it reads.
std::pair<int, int> ReadBy(const DbtVersion& dbt) {
  const int own = SchemaVersionOf(dbt);
  return {own < 4 ? own : 4, own};
}

}  // namespace

std::optional<Warning> StateVersionWarning(const manifest::Manifest& state,
                                           absl::string_view dbt_version) {
  const int version = state.metadata().schema_version;
  const auto [oldest, newest] = ReadBy(DbtVersionOf(dbt_version));
  if (version >= oldest && version <= newest) return std::nullopt;
  const std::string dbt =
      dbt_version.empty() ? "dbt" : absl::StrCat("dbt ", dbt_version);
  return Warning{
      "StateVersionRefusedByDbt",
      absl::StrCat("The state is a manifest of schema version v", version,
                   ", which ", dbt, " refuses: it reads v", oldest, " to v",
                   newest, ". doppel read it and answers all the same")};
}

}  // namespace doppel::state
