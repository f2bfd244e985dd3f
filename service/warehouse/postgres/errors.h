// PostgreSQL's errors as doppel's, by their SQLSTATE. A connection that failed
// has none: then libpq's words decide.
//
// Thread contract: functions of their arguments alone.
#ifndef DOPPEL_SERVICE_WAREHOUSE_POSTGRES_ERRORS_H_
#define DOPPEL_SERVICE_WAREHOUSE_POSTGRES_ERRORS_H_

#include "absl/status/status.h"
#include "service/warehouse/adbc/driver.h"

namespace doppel::warehouse::postgres {

// The error of a statement or of a connection, as Session documents it, with
// "sqlstate" in the metadata. WAREHOUSE_BUSY is a lock that another session
// holds, a deadlock, two transactions that change the same thing, or no
// connection left.
absl::Status MapError(const adbc::DriverError& error);

}  // namespace doppel::warehouse::postgres

#endif  // DOPPEL_SERVICE_WAREHOUSE_POSTGRES_ERRORS_H_
