#include "service/state/adapter_family.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace doppel::state {
namespace {

struct Built {
  absl::string_view adapter;
  absl::string_view on;
};

constexpr Built kBuilt[] = {
    {"redshift", "postgres"}, {"materialize", "postgres"},
    {"databricks", "spark"},  {"fabricspark", "spark"},
    {"sqlserver", "fabric"},  {"synapse", "fabric"},
};

}  // namespace

std::vector<absl::string_view> AdapterFamily(absl::string_view adapter_type) {
  std::vector<absl::string_view> family = {adapter_type};
  for (const Built& built : kBuilt) {
    if (built.adapter == adapter_type) family.push_back(built.on);
  }
  return family;
}

bool IsInternalPackage(absl::string_view package,
                       absl::string_view adapter_type) {
  if (package == "dbt") return true;
  if (!absl::ConsumePrefix(&package, "dbt_")) return false;
  const std::vector<absl::string_view> family = AdapterFamily(adapter_type);
  return std::find(family.begin(), family.end(), package) != family.end();
}

}  // namespace doppel::state
