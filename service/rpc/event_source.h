// The events of an execution as the messages of a stream, from any event on:
// first what was, then what comes, until nothing can follow.
//
// Thread contract: thread-compatible; one call at a time.
#ifndef DOPPEL_SERVICE_RPC_EVENT_SOURCE_H_
#define DOPPEL_SERVICE_RPC_EVENT_SOURCE_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "doppel/v1/execution.pb.h"
#include "service/base/status_macros.h"
#include "service/clone/plan.h"
#include "service/execution/executor.h"
#include "service/rpc/convert_execution.h"
#include "service/rpc/reactors.h"
#include "service/rpc/services.h"
#include "service/rpc/stored_plan.h"
#include "service/store/store.h"

namespace doppel::rpc {

template <typename Response>
class EventSource final : public MessageSource<Response> {
 public:
  using Pulled = typename MessageSource<Response>::Pulled;

  // NOT_FOUND EXECUTION_NOT_FOUND.
  static absl::StatusOr<std::unique_ptr<MessageSource<Response>>> Open(
      const Services& services, absl::string_view execution, int64_t after,
      std::function<void()> wake) {
    DOPPEL_ASSIGN_OR_RETURN(store::ExecutionRecord record,
                            services.store->GetExecution(execution));
    DOPPEL_ASSIGN_OR_RETURN(clone::Plan plan, LoadPlan(services, record.plan));
    auto source = std::unique_ptr<EventSource>(
        new EventSource(services, std::move(record), std::move(plan), after));
    // Subscribed before the first read, so that nothing is missed between.
    source->subscription_ =
        services.executor->Subscribe(execution, std::move(wake));
    DOPPEL_RETURN_IF_ERROR(source->Fill());
    return source;
  }

  absl::StatusOr<Pulled> Next(Response* message, std::stop_token) override {
    if (pending_.empty() && !ended_) DOPPEL_RETURN_IF_ERROR(Fill());
    if (pending_.empty()) {
      return ended_ ? Pulled::kEnd : Pulled::kNothingYet;
    }
    DOPPEL_RETURN_IF_ERROR(Convert(pending_.front(), message->mutable_event()));
    pending_.pop_front();
    return Pulled::kMessage;
  }

 private:
  static constexpr int kBatch = 256;

  EventSource(const Services& services, store::ExecutionRecord record,
              clone::Plan plan, int64_t after)
      : services_(services),
        record_(std::move(record)),
        plan_(std::move(plan)),
        last_(after) {}

  absl::Status Fill() {
    DOPPEL_ASSIGN_OR_RETURN(
        execution::EventPage page,
        services_.executor->ReadEvents(record_.id, last_, kBatch));
    for (store::EventRecord& event : page.events) {
      last_ = event.sequence;
      pending_.push_back(std::move(event));
    }
    ended_ = page.is_end;
    return absl::OkStatus();
  }

  // The last event carries what became of every operation.
  absl::Status Convert(const store::EventRecord& event,
                       v1::ExecutionEvent* out) {
    *out = ToProto(event, record_, plan_);
    if (event.kind != store::EventKind::kFinished) return absl::OkStatus();
    DOPPEL_ASSIGN_OR_RETURN(
        const std::vector<store::OperationRecord> operations,
        services_.store->ListOperations(record_.id));
    *out->mutable_finished() =
        ToProto(event.execution.value_or(record_), plan_, operations);
    return absl::OkStatus();
  }

  const Services& services_;
  const store::ExecutionRecord record_;
  const clone::Plan plan_;
  int64_t last_;
  bool ended_ = false;
  std::deque<store::EventRecord> pending_;
  execution::Subscription subscription_;
};

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_EVENT_SOURCE_H_
