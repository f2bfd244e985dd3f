// Snowflake's errors as doppel's, by Snowflake's own numbers first, since one
// SQLSTATE stands for many things there; what is of the network has neither,
// then the driver's words decide.
//
// Thread contract: functions of their arguments alone.
#ifndef DOPPEL_SERVICE_WAREHOUSE_SNOWFLAKE_ERRORS_H_
#define DOPPEL_SERVICE_WAREHOUSE_SNOWFLAKE_ERRORS_H_

#include "absl/status/status.h"
#include "service/warehouse/adbc/driver.h"

namespace doppel::warehouse::snowflake {

// The error of a statement or of a connection, as Session documents it, with
// "sqlstate" and "vendor_code" in the metadata. WAREHOUSE_BUSY is a lock that
// another transaction holds, or a deadlock.
absl::Status MapError(const adbc::DriverError& error);

// Whether the error says that a database, schema or relation is not there (or
// may not be seen by the role: Snowflake does not tell them apart).
bool IsMissingObject(const absl::Status& status);

}  // namespace doppel::warehouse::snowflake

#endif  // DOPPEL_SERVICE_WAREHOUSE_SNOWFLAKE_ERRORS_H_
