// ClickHouse's errors as doppel's. Its message ends in the error's name,
// "Code: 60. DB::Exception: ... (UNKNOWN_TABLE)", which decides.
//
// Thread contract: functions of their arguments alone; MapOpenError looks at
// the folder.
#ifndef DOPPEL_SERVICE_WAREHOUSE_CLICKHOUSE_ERRORS_H_
#define DOPPEL_SERVICE_WAREHOUSE_CLICKHOUSE_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "service/warehouse/adbc/driver.h"

namespace doppel::warehouse::clickhouse {

// The error of a statement, as Session documents it. WAREHOUSE_BUSY is what
// ClickHouse itself says will go by. The metadata's "clickhouse_error" is the
// name.
absl::Status MapError(const adbc::DriverError& error);

// The error of opening the folder at `path`, of which chDB gives no cause:
// WAREHOUSE_BUSY where another process has it open, WAREHOUSE_UNREACHABLE else.
absl::Status MapOpenError(const absl::Status& status, absl::string_view path);

}  // namespace doppel::warehouse::clickhouse

#endif  // DOPPEL_SERVICE_WAREHOUSE_CLICKHOUSE_ERRORS_H_
