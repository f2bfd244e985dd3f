// Where the operations of an execution stand, and what their changes mean for
// the execution: events, records, and its end.
//
// Thread contract: functions without state.
#ifndef DOPPEL_SERVICE_EXECUTION_OPERATION_STATE_H_
#define DOPPEL_SERVICE_EXECUTION_OPERATION_STATE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "service/clone/plan.h"
#include "service/execution/journal.h"
#include "service/store/store.h"

namespace doppel::execution {

// True for an operation that can change no more.
bool IsEnded(store::OperationStatus status);

// `operation 7 ("db"."dev"."orders")`
std::string DescribeOperation(const clone::Operation& operation);

store::ErrorRecord ToErrorRecord(const absl::Status& status);

// One record for each operation of the plan, in its order: `known` where there
// is one, else pending.
std::vector<store::OperationRecord> AllOperations(
    const clone::Plan& plan, const std::vector<store::OperationRecord>& known);

// Adds the operation's new state, and the event that tells of it.
void AddOperation(const store::OperationRecord& record, absl::Time now,
                  Journal::Entry* entry);

// Why an execution goes on no more.
enum class Ending : uint8_t { kCompleted, kCancelled, kInterrupted };

// The last step of an execution: what is left is cancelled, or stays for a
// resumption; the final state, its error and the last event. The entry has no
// sequence; last_sequence in it is the journal's to set.
Journal::Entry Conclude(const clone::Plan& plan,
                        const store::ExecutionRecord& execution,
                        const std::vector<store::OperationRecord>& operations,
                        Ending ending, absl::Time now);

// The first step: running, with the event that tells of it.
Journal::Entry Begin(const store::ExecutionRecord& execution,
                     store::EventKind kind, int operations, absl::Time now);

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_OPERATION_STATE_H_
