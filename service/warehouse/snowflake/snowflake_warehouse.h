// Snowflake as a warehouse: an account, through Snowflake's ADBC driver.
//
// Thread contract: as Warehouse has it.
#ifndef DOPPEL_SERVICE_WAREHOUSE_SNOWFLAKE_SNOWFLAKE_WAREHOUSE_H_
#define DOPPEL_SERVICE_WAREHOUSE_SNOWFLAKE_SNOWFLAKE_WAREHOUSE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/warehouse/snowflake/credentials.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::snowflake {

// `driver_dir`: "": where tools/setup puts drivers, see adbc/. The account is
// not asked before the warehouse is used. A database that is not there, or that
// the role may not see, is empty.
//
// FAILED_PRECONDITION WAREHOUSE_DRIVER_MISSING.
absl::StatusOr<std::shared_ptr<Warehouse>> OpenSnowflake(
    const Credentials& credentials, const std::string& driver_dir);

// OK where the driver is there; the same error.
absl::Status CheckDriver(const std::string& driver_dir);

}  // namespace doppel::warehouse::snowflake

#endif  // DOPPEL_SERVICE_WAREHOUSE_SNOWFLAKE_SNOWFLAKE_WAREHOUSE_H_
