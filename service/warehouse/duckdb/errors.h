// DuckDB's errors as doppel's. Its driver gives no SQLSTATE, and a status that
// says little (a missing table is "internal"), so the first words of its
// message decide.
//
// Thread contract: functions of their arguments alone.
#ifndef DOPPEL_SERVICE_WAREHOUSE_DUCKDB_ERRORS_H_
#define DOPPEL_SERVICE_WAREHOUSE_DUCKDB_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "service/warehouse/adbc/driver.h"

namespace doppel::warehouse::duckdb {

// The error of a statement, as Session documents it. WAREHOUSE_BUSY is a lock
// of another process on the file, or two transactions that change the same
// relation. The metadata's "duckdb_error" is DuckDB's type, such as "Catalog".
absl::Status MapError(const adbc::DriverError& error);

// The error of opening the file at `path`: what MapError made of it, but a
// file or folder that is not there is WAREHOUSE_UNREACHABLE.
absl::Status MapOpenError(const absl::Status& status, absl::string_view path);

}  // namespace doppel::warehouse::duckdb

#endif  // DOPPEL_SERVICE_WAREHOUSE_DUCKDB_ERRORS_H_
