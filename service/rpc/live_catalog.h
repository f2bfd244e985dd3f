// What is in a warehouse now, for the calls that look: which schemas a manifest
// is about, and the relations in them.
//
// Thread contract: functions that may be called from any thread.
#ifndef DOPPEL_SERVICE_RPC_LIVE_CATALOG_H_
#define DOPPEL_SERVICE_RPC_LIVE_CATALOG_H_

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/relation.h"
#include "service/manifest/manifest.h"
#include "service/rpc/services.h"
#include "service/store/store.h"
#include "service/warehouse/warehouse.h"

namespace doppel::rpc {

// The record of "environments/{id}".
absl::StatusOr<store::EnvironmentRecord> LoadEnvironment(
    const Services& services, absl::string_view name, absl::string_view field);

// The schemas in which the manifest's nodes (not its sources) have relations,
// each once, sorted; spelled as the catalog is likely to.
std::vector<SchemaName> SchemasOf(const manifest::Manifest& manifest);

// The environment's warehouse. FAILED_PRECONDITION
// ENVIRONMENT_HAS_NO_CONNECTION, and the errors of Connections::Open.
absl::StatusOr<std::shared_ptr<warehouse::Warehouse>> OpenWarehouse(
    const Services& services, const store::EnvironmentRecord& environment);

// Its manifest's digest. FAILED_PRECONDITION ENVIRONMENT_HAS_NO_MANIFEST.
absl::StatusOr<std::string> ManifestOf(
    const store::EnvironmentRecord& environment);

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_LIVE_CATALOG_H_
