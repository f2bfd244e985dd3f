// One connection at work: does one operation after the other, with as many
// attempts as its errors are worth.
//
// Thread contract: one thread; the stop token from anywhere.
#ifndef DOPPEL_SERVICE_EXECUTION_WORKER_H_
#define DOPPEL_SERVICE_EXECUTION_WORKER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/clone/plan.h"
#include "service/execution/guard.h"
#include "service/execution/lease.h"
#include "service/execution/recover.h"
#include "service/execution/retry.h"
#include "service/execution/statements.h"
#include "service/warehouse/warehouse.h"

namespace doppel::execution {

// What became of an operation.
struct Outcome {
  absl::Status status;
  // It did not take effect, since it was stopped, or the lease was lost. (It
  // may have all the same where the warehouse does not roll back.)
  bool was_stopped = false;
  int attempts = 0;
};

// What was sent of an operation before.
enum class SentBefore : uint8_t {
  kNothing,
  kSettled,  // by an earlier process; whether it took effect was looked up
  kInDoubt,  // by this one; nobody knows whether it took effect
};

class Worker {
 public:
  // Makes durable that these operations are sent on a session of that name.
  using NoteSession = std::function<absl::Status(
      std::span<const clone::Operation* const>, const std::string& session)>;

  // All outlive the worker.
  Worker(warehouse::Warehouse* warehouse, const clone::Plan* plan,
         const RetryOptions* retry, Guard* guard, const Lease* lease,
         NoteSession note_session, std::stop_token stop);

  // The name of the session that what is done next is sent on, which the caller
  // has made durable by then; see Warehouse::EndSession.
  const std::string& session_name() {
    noted_ = name_;
    return name_;
  }

  // Does it, if the lease holds and the guard lets it. Where a connection
  // breaks in the middle, the warehouse is asked whether the effect is there
  // before anything is sent again. What was sent before, by this process or by
  // an earlier one, may take effect late, while it is sent again: then the
  // second fails, and the first counts.
  Outcome Do(const clone::Operation& operation, SentBefore before);

  // Tries once to do them all in one transaction, if the lease holds and the
  // guard lets each. Gives none where all is done; else each of them is to be
  // done by itself, and this is what was sent of it before.
  std::optional<SentBefore> DoTogether(
      std::span<const clone::Operation* const> batch);

  // Gives its connection up; the next operation has a new one.
  void Disconnect();

 private:
  bool IsStopped() const;
  bool CameLate(const clone::Operation& operation);
  absl::Status Attempt(const clone::Operation& operation);
  absl::Status Connect(std::span<const clone::Operation* const> operations);
  absl::Status Send(std::span<const clone::Operation* const> operations,
                    std::span<const std::string> statements,
                    decltype(SendStatements) send);

  warehouse::Warehouse& warehouse_;
  const clone::Plan& plan_;
  const RetryOptions& retry_;
  Guard& guard_;
  const Lease& lease_;
  const NoteSession note_session_;
  const std::stop_token stop_;
  std::string name_;   // of the session, or of the next one
  std::string noted_;  // what is durable of it
  // A session that broke in the middle of a statement, until it is known to be
  // over; "" for none.
  std::string lost_;
  std::unique_ptr<warehouse::Session> session_;  // null: to be connected
  // The last answer was lost: nobody knows whether it took effect.
  bool in_doubt_ = false;
};

// Whether the operation's effect is in the warehouse. Errors: the warehouse's.
absl::StatusOr<Effect> LookUpEffect(warehouse::Warehouse* warehouse,
                                    const clone::Plan& plan,
                                    const clone::Operation& operation,
                                    std::stop_token stop);

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_WORKER_H_
