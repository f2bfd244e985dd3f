// ExecutionService without gRPC: protobuf in, protobuf out, absl::Status back.
// The contract is in proto/doppel/v1/execution_service.proto.
//
// Thread contract: thread-safe.
#ifndef DOPPEL_SERVICE_RPC_EXECUTION_HANDLERS_H_
#define DOPPEL_SERVICE_RPC_EXECUTION_HANDLERS_H_

#include <functional>
#include <memory>
#include <stop_token>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "doppel/v1/execution_service.pb.h"
#include "service/rpc/reactors.h"
#include "service/rpc/services.h"

namespace doppel::rpc {

class ExecutionHandlers {
 public:
  // `services` outlives the handlers.
  explicit ExecutionHandlers(const Services* services) : services_(*services) {}

  absl::StatusOr<std::unique_ptr<MessageSource<v1::ExecutePlanResponse>>>
  ExecutePlan(const v1::ExecutePlanRequest& in, std::function<void()> wake,
              std::stop_token stop);
  absl::StatusOr<std::unique_ptr<MessageSource<v1::WatchExecutionResponse>>>
  WatchExecution(const v1::WatchExecutionRequest& in,
                 std::function<void()> wake, std::stop_token stop);
  absl::Status GetExecution(const v1::GetExecutionRequest& in,
                            v1::GetExecutionResponse* out,
                            std::stop_token stop);
  absl::Status ListExecutions(const v1::ListExecutionsRequest& in,
                              v1::ListExecutionsResponse* out,
                              std::stop_token stop);
  absl::Status CancelExecution(const v1::CancelExecutionRequest& in,
                               v1::CancelExecutionResponse* out,
                               std::stop_token stop);
  absl::Status ResumeExecution(const v1::ResumeExecutionRequest& in,
                               v1::ResumeExecutionResponse* out,
                               std::stop_token stop);

 private:
  const Services& services_;
};

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_EXECUTION_HANDLERS_H_
