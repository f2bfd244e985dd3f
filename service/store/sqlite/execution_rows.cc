#include "service/store/sqlite/execution_rows.h"

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/base/status_macros.h"
#include "service/store/sqlite/database.h"
#include "service/store/store.h"

namespace doppel::store {
namespace {

void BindNulls(Statement& statement, int count) {
  for (int i = 0; i < count; ++i) statement.BindNull();
}

// The columns from operation_id to error_message.
void BindSubject(Statement& insert, const EventRecord& event) {
  if (event.operation.has_value()) {
    const OperationRecord& operation = *event.operation;
    insert.Bind(operation.operation_id)
        .Bind(static_cast<int>(operation.status))
        .Bind(operation.attempts)
        .BindNull()
        .Bind(operation.start_time)
        .Bind(operation.end_time);
    BindError(insert, operation.error);
  } else if (event.execution.has_value()) {
    const ExecutionRecord& execution = *event.execution;
    insert.BindNull()
        .Bind(static_cast<int>(execution.status))
        .BindNull()
        .Bind(execution.cancel_requested)
        .Bind(execution.start_time)
        .Bind(execution.end_time);
    BindError(insert, execution.error);
  } else {
    BindNulls(insert, 9);
  }
}

}  // namespace

Statement& BindError(Statement& statement, const ErrorRecord& error) {
  return statement.Bind(static_cast<int>(error.code))
      .Bind(error.reason)
      .Bind(error.message);
}

ErrorRecord ReadError(const Statement& row, int column) {
  return {static_cast<absl::StatusCode>(row.Int(column)), row.Text(column + 1),
          row.Text(column + 2)};
}

OperationRecord ReadOperation(const Statement& row, int column) {
  OperationRecord record;
  record.operation_id = static_cast<int>(row.Int(column));
  record.status = static_cast<OperationStatus>(row.Int(column + 1));
  record.attempts = static_cast<int>(row.Int(column + 2));
  record.start_time = row.OptionalTime(column + 3);
  record.end_time = row.OptionalTime(column + 4);
  record.error = ReadError(row, column + 5);
  return record;
}

absl::Status PutOperation(Database* database, int64_t execution,
                          const OperationRecord& record) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement put,
      database->Prepare("INSERT OR REPLACE INTO operations (execution, "
                        "operation_id, status, attempts, start_time, end_time, "
                        "error_code, error_reason, error_message, session) "
                        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  put.Bind(execution)
      .Bind(record.operation_id)
      .Bind(static_cast<int>(record.status))
      .Bind(record.attempts)
      .Bind(record.start_time)
      .Bind(record.end_time);
  return BindError(put, record.error).Bind(record.session).Run();
}

absl::Status InsertEvent(Database* database, int64_t execution,
                         const EventRecord& event) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement insert,
      database->Prepare("INSERT INTO events (execution, sequence, time, kind, "
                        "operations, operation_id, status, attempts, "
                        "cancel_requested, start_time, end_time, error_code, "
                        "error_reason, error_message) "
                        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  insert.Bind(execution)
      .Bind(event.sequence)
      .Bind(event.time)
      .Bind(static_cast<int>(event.kind))
      .Bind(event.operations);
  BindSubject(insert, event);
  return insert.Run();
}

}  // namespace doppel::store
