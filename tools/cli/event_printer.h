// Prints the events of an execution: a line of progress and a line for each
// failure for people, every event for programs.
//
// Thread contract: one thread at a time.
#ifndef DOPPEL_TOOLS_CLI_EVENT_PRINTER_H_
#define DOPPEL_TOOLS_CLI_EVENT_PRINTER_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "doppel/v1/execution.pb.h"
#include "doppel/v1/execution_service.pb.h"
#include "tools/cli/console.h"
#include "tools/cli/session.h"

namespace doppel::cli {

class EventPrinter {
 public:
  explicit EventPrinter(Console* console) : console_(*console) {}

  void Take(const v1::ExecutionEvent& event);

  // "executions/..." once an event came.
  const std::string& execution() const { return execution_; }
  int64_t last_sequence() const { return last_sequence_; }

  // OK after an execution that succeeded; else what it says. UNAVAILABLE when
  // no last event came.
  absl::Status Outcome() const;

 private:
  void TakeOperation(const v1::OperationState& operation);
  void TakeFinished(const v1::Execution& execution);

  Console& console_;
  std::string execution_;
  int64_t last_sequence_ = 0;
  int operations_ = 0;
  int done_ = 0;
  int failed_ = 0;
  bool finished_ = false;
  v1::Execution last_;
};

// Watches to the end, coming back where the stream breaks.
absl::Status Watch(Session& session, const std::string& execution,
                   EventPrinter& printer);

// Executes a plan and watches it likewise.
absl::Status ExecuteAndWatch(Session& session,
                             const v1::ExecutePlanRequest& request,
                             EventPrinter& printer);

}  // namespace doppel::cli

#endif  // DOPPEL_TOOLS_CLI_EVENT_PRINTER_H_
