// The records of executions, their operations and their events.
//
// Thread contract: as the Database.
#ifndef DOPPEL_SERVICE_STORE_SQLITE_EXECUTIONS_H_
#define DOPPEL_SERVICE_STORE_SQLITE_EXECUTIONS_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/store/sqlite/database.h"
#include "service/store/store.h"

namespace doppel::store {

// Errors as the methods of Store of these names; and NOT_FOUND PLAN_NOT_FOUND
// for an execution of no known plan.
absl::Status CreateExecution(Database* database, const ExecutionRecord& record);
absl::StatusOr<ExecutionRecord> GetExecution(Database* database,
                                             absl::string_view id);
absl::StatusOr<Page<ExecutionRecord>> ListExecutions(Database* database,
                                                     absl::string_view plan,
                                                     int page_size,
                                                     absl::string_view from);
absl::StatusOr<std::vector<ExecutionRecord>> UnfinishedExecutions(
    Database* database);
absl::Status RequestCancel(Database* database, absl::string_view id,
                           absl::string_view cause);

absl::StatusOr<std::vector<OperationRecord>> ListOperations(
    Database* database, absl::string_view execution);

// The execution's part of Store::Advance; the caller has the transaction.
// FAILED_PRECONDITION EXECUTION_FINISHED where it has ended for good; INTERNAL
// where the events do not follow the last one.
absl::Status AdvanceExecution(Database* database,
                              const Store::Progress& progress);

absl::StatusOr<std::vector<EventRecord>> ReadEvents(Database* database,
                                                    absl::string_view execution,
                                                    int64_t after, int limit);

}  // namespace doppel::store

#endif  // DOPPEL_SERVICE_STORE_SQLITE_EXECUTIONS_H_
