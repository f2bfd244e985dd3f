#include "service/store/sqlite/executions.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/store/lease_error.h"
#include "service/store/sqlite/database.h"
#include "service/store/sqlite/execution_rows.h"
#include "service/store/sqlite/leases.h"
#include "service/store/sqlite/paging.h"
#include "service/store/store.h"

namespace doppel::store {
namespace {

// The columns that ReadExecutionRow wants, from 0; `number` follows as the
// last.
#define EXECUTION_COLUMNS                                                 \
  "id, plan, target_environment, status, connections, cancel_requested, " \
  "create_time, start_time, end_time, last_sequence, error_code, "        \
  "error_reason, error_message, cancel_cause, lease_token, deadline, "    \
  "number"
constexpr int kNumberColumn = 16;

ExecutionRecord ReadExecutionRow(const Statement& row) {
  ExecutionRecord record;
  record.id = row.Text(0);
  record.plan = row.Text(1);
  record.target_environment = row.Text(2);
  record.status = static_cast<ExecutionStatus>(row.Int(3));
  record.connections = static_cast<int>(row.Int(4));
  record.cancel_requested = row.Bool(5);
  record.create_time = row.Time(6);
  record.start_time = row.OptionalTime(7);
  record.end_time = row.OptionalTime(8);
  record.last_sequence = row.Int(9);
  record.error = ReadError(row, 10);
  record.cancel_cause = row.Text(13);
  record.lease_token = row.Int(14);
  record.deadline = row.OptionalTime(15);
  return record;
}

// An execution as its table has it, with its number there.
struct Numbered {
  int64_t number = 0;
  ExecutionRecord record;
};

absl::StatusOr<Numbered> FindExecution(Database* database,
                                       absl::string_view id) {
  DOPPEL_ASSIGN_OR_RETURN(Statement query,
                          database->Prepare("SELECT " EXECUTION_COLUMNS
                                            " FROM executions WHERE id = ?"));
  query.Bind(id);
  DOPPEL_ASSIGN_OR_RETURN(const bool found, query.Step());
  if (!found) return NotFound(Reason::kExecutionNotFound, "execution", id);
  return Numbered{query.Int(kNumberColumn), ReadExecutionRow(query)};
}

bool HasEnded(ExecutionStatus status) {
  return status == ExecutionStatus::kSucceeded ||
         status == ExecutionStatus::kFailed ||
         status == ExecutionStatus::kCancelled;
}

absl::Status CheckNotEnded(const ExecutionRecord& record) {
  if (!HasEnded(record.status)) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition,
               Reason::kExecutionFinished,
               absl::StrCat("execution \"", record.id, "\" has ended"))
      .With("execution", record.id)
      .Resource("execution", absl::StrCat("executions/", record.id));
}

bool IsRun(ExecutionStatus status) {
  return status == ExecutionStatus::kQueued ||
         status == ExecutionStatus::kRunning;
}

absl::Status CheckToken(const ExecutionRecord& record, int64_t token) {
  if (record.lease_token == token) return absl::OkStatus();
  return LostLeaseError(record.id);
}

absl::Status UpdateState(Database* database, int64_t number,
                         const ExecutionRecord& state) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement update,
      database->Prepare("UPDATE executions SET status = ?, start_time = ?, "
                        "end_time = ?, error_code = ?, error_reason = ?, "
                        "error_message = ? WHERE number = ?"));
  update.Bind(static_cast<int>(state.status))
      .Bind(state.start_time)
      .Bind(state.end_time);
  return BindError(update, state.error).Bind(number).Run();
}

absl::Status UpdateSequence(Database* database, int64_t number,
                            int64_t last_sequence) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement update,
      database->Prepare("UPDATE executions SET last_sequence = ? "
                        "WHERE number = ?"));
  return update.Bind(last_sequence).Bind(number).Run();
}

absl::Status InsertEvents(Database* database, const Numbered& execution,
                          const std::vector<EventRecord>& events) {
  int64_t last = execution.record.last_sequence;
  for (const EventRecord& event : events) {
    DOPPEL_RET_CHECK(event.sequence == last + 1);
    DOPPEL_RETURN_IF_ERROR(InsertEvent(database, execution.number, event));
    ++last;
  }
  return UpdateSequence(database, execution.number, last);
}

// Columns 0 to 4 are the event's own, then an operation's with
// cancel_requested in between.
EventRecord ReadEventRow(const Statement& row,
                         const ExecutionRecord& execution) {
  EventRecord event;
  event.sequence = row.Int(0);
  event.time = row.Time(1);
  event.kind = static_cast<EventKind>(row.Int(2));
  event.operations = static_cast<int>(row.Int(3));
  if (!row.IsNull(4)) {
    event.operation = ReadOperation(row, 4);
  } else if (event.kind == EventKind::kFinished) {
    ExecutionRecord then = execution;
    then.status = static_cast<ExecutionStatus>(row.Int(5));
    then.start_time = row.OptionalTime(7);
    then.end_time = row.OptionalTime(8);
    then.error = ReadError(row, 9);
    then.cancel_requested = row.Bool(12);
    then.last_sequence = event.sequence;
    event.execution = then;
  }
  return event;
}

absl::StatusOr<Page<ExecutionRecord>> ListOfPlan(Database* database,
                                                 absl::string_view plan,
                                                 int page_size, int64_t first) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement query,
      database->Prepare("SELECT " EXECUTION_COLUMNS
                        " FROM executions WHERE plan = ? AND number <= ? "
                        "ORDER BY number DESC LIMIT ?"));
  query.Bind(plan).Bind(first).Bind(page_size + 1);
  return ReadPage<ExecutionRecord>(query, page_size, kNumberColumn,
                                   ReadExecutionRow);
}

}  // namespace

absl::Status CreateExecution(Database* database,
                             const ExecutionRecord& record) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement insert,
      database->Prepare("INSERT INTO executions (id, plan, target_environment, "
                        "status, connections, cancel_requested, create_time, "
                        "start_time, end_time, last_sequence, error_code, "
                        "error_reason, error_message, cancel_cause, "
                        "lease_token, deadline) "
                        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                        "?, ?)"));
  insert.Bind(record.id)
      .Bind(record.plan)
      .Bind(record.target_environment)
      .Bind(static_cast<int>(record.status))
      .Bind(record.connections)
      .Bind(record.cancel_requested)
      .Bind(record.create_time)
      .Bind(record.start_time)
      .Bind(record.end_time)
      .Bind(record.last_sequence);
  const absl::Status inserted = BindError(insert, record.error)
                                    .Bind(record.cancel_cause)
                                    .Bind(record.lease_token)
                                    .Bind(record.deadline)
                                    .Run();
  if (!IsDanglingReference(inserted)) return inserted;
  return NotFound(Reason::kPlanNotFound, "plan", record.plan);
}

absl::StatusOr<ExecutionRecord> GetExecution(Database* database,
                                             absl::string_view id) {
  DOPPEL_ASSIGN_OR_RETURN(Numbered found, FindExecution(database, id));
  return found.record;
}

absl::StatusOr<Page<ExecutionRecord>> ListExecutions(Database* database,
                                                     absl::string_view plan,
                                                     int page_size,
                                                     absl::string_view from) {
  DOPPEL_ASSIGN_OR_RETURN(const int64_t first, FirstNumber(from));
  if (!plan.empty()) return ListOfPlan(database, plan, page_size, first);
  DOPPEL_ASSIGN_OR_RETURN(
      Statement query, database->Prepare("SELECT " EXECUTION_COLUMNS
                                         " FROM executions WHERE number <= ? "
                                         "ORDER BY number DESC LIMIT ?"));
  query.Bind(first).Bind(page_size + 1);
  return ReadPage<ExecutionRecord>(query, page_size, kNumberColumn,
                                   ReadExecutionRow);
}

absl::StatusOr<std::vector<ExecutionRecord>> UnfinishedExecutions(
    Database* database) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement query,
      database->Prepare("SELECT " EXECUTION_COLUMNS
                        " FROM executions WHERE status IN (0, 1, 5) "
                        "ORDER BY number"));
  std::vector<ExecutionRecord> found;
  while (true) {
    DOPPEL_ASSIGN_OR_RETURN(const bool more, query.Step());
    if (!more) return found;
    found.push_back(ReadExecutionRow(query));
  }
}

absl::Status RequestCancel(Database* database, absl::string_view id,
                           absl::string_view cause) {
  DOPPEL_ASSIGN_OR_RETURN(const Numbered found, FindExecution(database, id));
  DOPPEL_RETURN_IF_ERROR(CheckNotEnded(found.record));
  DOPPEL_ASSIGN_OR_RETURN(
      Statement update,
      database->Prepare("UPDATE executions SET cancel_requested = 1, "
                        "cancel_cause = ? "
                        "WHERE number = ? AND cancel_requested = 0"));
  return update.Bind(cause).Bind(found.number).Run();
}

absl::StatusOr<std::vector<OperationRecord>> ListOperations(
    Database* database, absl::string_view execution) {
  DOPPEL_ASSIGN_OR_RETURN(const Numbered found,
                          FindExecution(database, execution));
  DOPPEL_ASSIGN_OR_RETURN(
      Statement query,
      database->Prepare("SELECT operation_id, status, attempts, start_time, "
                        "end_time, error_code, error_reason, error_message, "
                        "session FROM operations WHERE execution = ? "
                        "ORDER BY operation_id"));
  query.Bind(found.number);
  std::vector<OperationRecord> operations;
  while (true) {
    DOPPEL_ASSIGN_OR_RETURN(const bool more, query.Step());
    if (!more) return operations;
    operations.push_back(ReadOperation(query, 0));
    operations.back().session = query.Text(8);
  }
}

absl::Status AdvanceExecution(Database* database,
                              const Store::Progress& progress) {
  DOPPEL_ASSIGN_OR_RETURN(const Numbered execution,
                          FindExecution(database, progress.execution));
  DOPPEL_RETURN_IF_ERROR(CheckNotEnded(execution.record));
  DOPPEL_RETURN_IF_ERROR(CheckToken(execution.record, progress.lease_token));
  DOPPEL_RETURN_IF_ERROR(InsertEvents(database, execution, progress.events));
  for (const OperationRecord& operation : progress.operations) {
    DOPPEL_RETURN_IF_ERROR(PutOperation(database, execution.number, operation));
  }
  if (!progress.state.has_value()) return absl::OkStatus();
  DOPPEL_RETURN_IF_ERROR(
      UpdateState(database, execution.number, *progress.state));
  if (IsRun(progress.state->status)) return absl::OkStatus();
  return ReleaseLease(database, progress.lease_token);
}

absl::StatusOr<std::vector<EventRecord>> ReadEvents(Database* database,
                                                    absl::string_view execution,
                                                    int64_t after, int limit) {
  DOPPEL_ASSIGN_OR_RETURN(const Numbered found,
                          FindExecution(database, execution));
  DOPPEL_ASSIGN_OR_RETURN(
      Statement query,
      database->Prepare("SELECT sequence, time, kind, operations, "
                        "operation_id, status, attempts, start_time, end_time, "
                        "error_code, error_reason, error_message, "
                        "cancel_requested FROM events WHERE execution = ? "
                        "AND sequence > ? ORDER BY sequence LIMIT ?"));
  query.Bind(found.number).Bind(after).Bind(limit);
  std::vector<EventRecord> events;
  while (true) {
    DOPPEL_ASSIGN_OR_RETURN(const bool more, query.Step());
    if (!more) return events;
    events.push_back(ReadEventRow(query, found.record));
  }
}

}  // namespace doppel::store
