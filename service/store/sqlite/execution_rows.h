// Operations and events of executions as rows.
//
// Thread contract: as the Database.
#ifndef DOPPEL_SERVICE_STORE_SQLITE_EXECUTION_ROWS_H_
#define DOPPEL_SERVICE_STORE_SQLITE_EXECUTION_ROWS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "service/store/sqlite/database.h"
#include "service/store/store.h"

namespace doppel::store {

// `execution` is the execution's number.
absl::Status PutOperation(Database* database, int64_t execution,
                          const OperationRecord& record);
absl::Status InsertEvent(Database* database, int64_t execution,
                         const EventRecord& event);

// From the columns operation_id, status, attempts, start_time, end_time,
// error_code, error_reason, error_message, of which the first is `column`.
OperationRecord ReadOperation(const Statement& row, int column);

// From three columns: code, reason, message.
ErrorRecord ReadError(const Statement& row, int column);
Statement& BindError(Statement& statement, const ErrorRecord& error);

}  // namespace doppel::store

#endif  // DOPPEL_SERVICE_STORE_SQLITE_EXECUTION_ROWS_H_
