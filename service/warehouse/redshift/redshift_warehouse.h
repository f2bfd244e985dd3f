// Redshift as a warehouse: one database of a cluster, through PostgreSQL's ADBC
// driver, for Redshift speaks PostgreSQL's protocol.
//
// Not seen at work, for lack of a cluster. What is tested is what libpq is
// told, and the catalog's statement on PostgreSQL, which has the same views.
//
// Thread contract: as Warehouse has it.
#ifndef DOPPEL_SERVICE_WAREHOUSE_REDSHIFT_REDSHIFT_WAREHOUSE_H_
#define DOPPEL_SERVICE_WAREHOUSE_REDSHIFT_REDSHIFT_WAREHOUSE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "service/warehouse/redshift/credentials.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::redshift {

// `driver_dir`: "": where tools/setup puts drivers, see adbc/. The cluster is
// not asked before the warehouse is used. A schema of another database is
// empty. Redshift tells nobody when a relation changed: versions are not known.
//
// FAILED_PRECONDITION WAREHOUSE_DRIVER_MISSING.
absl::StatusOr<std::shared_ptr<Warehouse>> OpenRedshift(
    const Credentials& credentials, const std::string& driver_dir);

}  // namespace doppel::warehouse::redshift

#endif  // DOPPEL_SERVICE_WAREHOUSE_REDSHIFT_REDSHIFT_WAREHOUSE_H_
