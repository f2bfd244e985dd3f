// ClickHouse as a warehouse: in this process, through chDB's library and ADBC.
//
// Thread contract: as Warehouse has it.
#ifndef DOPPEL_SERVICE_WAREHOUSE_CLICKHOUSE_CLICKHOUSE_WAREHOUSE_H_
#define DOPPEL_SERVICE_WAREHOUSE_CLICKHOUSE_CLICKHOUSE_WAREHOUSE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/warehouse/clickhouse/credentials.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::clickhouse {

struct ClickHouseOptions {
  std::string driver_dir;  // "": where tools/setup puts drivers, see adbc/
  // How long Connect() waits for a folder that is open elsewhere, or while
  // this process has another one open.
  absl::Duration lock_wait = absl::Seconds(15);
};

// A folder is open while there are sessions and for `keep_open` after the last
// one. The catalog of one that is not there yet is empty; Connect() makes it.
//
// FAILED_PRECONDITION WAREHOUSE_DRIVER_MISSING.
absl::StatusOr<std::shared_ptr<Warehouse>> OpenClickHouse(
    const Credentials& credentials, const ClickHouseOptions& options);

// OK where the driver is there; the same error.
absl::Status CheckDriver(const ClickHouseOptions& options);

}  // namespace doppel::warehouse::clickhouse

#endif  // DOPPEL_SERVICE_WAREHOUSE_CLICKHOUSE_CLICKHOUSE_WAREHOUSE_H_
