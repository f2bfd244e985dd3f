// Executions and their events: the store's records -> protobuf.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_RPC_CONVERT_EXECUTION_H_
#define DOPPEL_SERVICE_RPC_CONVERT_EXECUTION_H_

#include <vector>

#include "doppel/v1/execution.pb.h"
#include "service/clone/plan.h"
#include "service/store/store.h"

namespace doppel::rpc {

// Without operations and counts.
v1::Execution ToProto(const store::ExecutionRecord& record);

// With operations, whose node and target the plan tells, and counts. Operations
// that were never begun count as pending, or as what ended the execution made
// of them.
v1::Execution ToProto(const store::ExecutionRecord& record,
                      const clone::Plan& plan,
                      const std::vector<store::OperationRecord>& operations);

v1::OperationState ToProto(const store::OperationRecord& record,
                           const clone::Plan& plan);

// kFinished: without operations, which the caller adds.
v1::ExecutionEvent ToProto(const store::EventRecord& event,
                           const store::ExecutionRecord& execution,
                           const clone::Plan& plan);

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_CONVERT_EXECUTION_H_
