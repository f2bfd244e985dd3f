// DuckDB as a warehouse: a file, or a database in memory, through ADBC.
//
// Thread contract: as Warehouse has it.
#ifndef DOPPEL_SERVICE_WAREHOUSE_DUCKDB_DUCKDB_WAREHOUSE_H_
#define DOPPEL_SERVICE_WAREHOUSE_DUCKDB_DUCKDB_WAREHOUSE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/warehouse/duckdb/credentials.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::duckdb {

struct DuckDbOptions {
  std::string driver_dir;  // "": where tools/setup puts drivers, see adbc/
  // How long Connect() waits for a file that is open elsewhere.
  absl::Duration lock_wait = absl::Seconds(5);
};

// A file is open while there are sessions, and no longer; a database in
// memory lives as long as its warehouse. The catalog of a file that is not
// there yet is empty; Connect() makes the file, as dbt does.
//
// FAILED_PRECONDITION WAREHOUSE_DRIVER_MISSING. Connect() also:
// WAREHOUSE_UNSUPPORTED, an extension that is not on this machine.
absl::StatusOr<std::shared_ptr<Warehouse>> OpenDuckDb(
    const Credentials& credentials, const DuckDbOptions& options);

// OK where the driver is there; the same error.
absl::Status CheckDriver(const DuckDbOptions& options);

}  // namespace doppel::warehouse::duckdb

#endif  // DOPPEL_SERVICE_WAREHOUSE_DUCKDB_DUCKDB_WAREHOUSE_H_
