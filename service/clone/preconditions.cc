#include "service/clone/preconditions.h"

#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "service/clone/world.h"

namespace doppel::clone {
namespace {

std::string Found(const Precondition& precondition, const RelationName& key,
                  const World& world) {
  if (precondition.kind == PreconditionKind::kSchema) {
    return world.FindSchema(key).has_value() ? kPresent : kAbsent;
  }
  return ExpectedOf(world.Find(key));
}

// "table@7" is what "table" expects, but "view" is not.
bool Meets(absl::string_view found, absl::string_view expected) {
  if (found == expected) return true;
  return absl::ConsumePrefix(&found, expected) &&
         absl::StartsWith(found, "@") && !absl::StrContains(expected, '@');
}

}  // namespace

std::vector<SchemaName> SchemasToCheck(const Plan& plan) {
  std::set<SchemaName> schemas;
  for (const Precondition& precondition : plan.preconditions) {
    if (precondition.kind == PreconditionKind::kEnvironment) continue;
    schemas.insert(precondition.name.schema_name());
  }
  return {schemas.begin(), schemas.end()};
}

std::vector<Violation> ViolatedPreconditions(
    const Plan& plan, const dialect::Dialect& dialect,
    std::span<const CatalogEntry> catalog,
    std::span<const SchemaName> existing_schemas) {
  const World world(dialect, catalog, existing_schemas);
  std::vector<Violation> violations;
  for (const Precondition& precondition : plan.preconditions) {
    if (precondition.kind == PreconditionKind::kEnvironment) continue;
    const RelationName key =
        dialect.CatalogKey(precondition.name, {true, true, true});
    std::string found = Found(precondition, key, world);
    if (Meets(found, precondition.expected)) continue;
    violations.push_back({precondition, std::move(found)});
  }
  return violations;
}

}  // namespace doppel::clone
