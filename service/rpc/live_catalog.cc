#include "service/rpc/live_catalog.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/base/identifier.h"
#include "service/base/relation.h"
#include "service/base/status_macros.h"
#include "service/dialect/dialect.h"
#include "service/manifest/relation_of.h"
#include "service/rpc/convert_manifest.h"

namespace doppel::rpc {

absl::StatusOr<store::EnvironmentRecord> LoadEnvironment(
    const Services& services, absl::string_view name, absl::string_view field) {
  DOPPEL_ASSIGN_OR_RETURN(const std::string id,
                          ResourceIdOf("environments", name, field));
  return services.store->GetEnvironment(id);
}

std::vector<SchemaName> SchemasOf(const manifest::Manifest& manifest) {
  const Rendering rendering = RenderingOf(manifest);
  const bool is_exact =
      rendering.dialect->folding(/*quoted=*/true) == dialect::Folding::kKeep;
  std::set<SchemaName> schemas;
  for (const manifest::Node& node : manifest.nodes()) {
    if (node.type == manifest::ResourceType::kSource ||
        !manifest::HasRelation(node)) {
      continue;
    }
    RelationName name = manifest::RelationOf(node);
    if (is_exact) name = rendering.dialect->CatalogKey(name, rendering.quoting);
    schemas.insert(name.schema_name());
  }
  return {schemas.begin(), schemas.end()};
}

absl::StatusOr<std::shared_ptr<warehouse::Warehouse>> OpenWarehouse(
    const Services& services, const store::EnvironmentRecord& environment) {
  if (environment.connection.empty()) {
    return Error(absl::StatusCode::kFailedPrecondition,
                 Reason::kEnvironmentHasNoConnection,
                 absl::StrCat("environments/", environment.id,
                              " names no connection; set its connection to "
                              "\"<profile>/<target>\""))
        .With("environment", environment.id)
        .Resource("environment", absl::StrCat("environments/", environment.id));
  }
  return services.connections->Open(environment.connection);
}

absl::StatusOr<std::string> ManifestOf(
    const store::EnvironmentRecord& environment) {
  if (environment.manifest.empty()) {
    return Error(absl::StatusCode::kFailedPrecondition,
                 Reason::kEnvironmentHasNoManifest,
                 absl::StrCat("environments/", environment.id,
                              " points to no manifest; upload one and set it"))
        .With("environment", environment.id)
        .Resource("environment", absl::StrCat("environments/", environment.id));
  }
  return environment.manifest;
}

}  // namespace doppel::rpc
