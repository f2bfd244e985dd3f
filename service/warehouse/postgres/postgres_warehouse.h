// PostgreSQL as a warehouse: one database of a server, through ADBC.
//
// Thread contract: as Warehouse has it.
#ifndef DOPPEL_SERVICE_WAREHOUSE_POSTGRES_POSTGRES_WAREHOUSE_H_
#define DOPPEL_SERVICE_WAREHOUSE_POSTGRES_POSTGRES_WAREHOUSE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/warehouse/postgres/credentials.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::postgres {

// `driver_dir`: "": where tools/setup puts drivers, see adbc/. The server is
// not asked before the warehouse is used. A schema of another database is
// empty: one connection sees one database.
//
// FAILED_PRECONDITION WAREHOUSE_DRIVER_MISSING.
absl::StatusOr<std::shared_ptr<Warehouse>> OpenPostgres(
    const Credentials& credentials, const std::string& driver_dir);

// OK where the driver is there; the same error.
absl::Status CheckDriver(const std::string& driver_dir);

}  // namespace doppel::warehouse::postgres

#endif  // DOPPEL_SERVICE_WAREHOUSE_POSTGRES_POSTGRES_WAREHOUSE_H_
