// Sends the statements of operations on one session.
//
// Thread contract: as the session.
#ifndef DOPPEL_SERVICE_EXECUTION_STATEMENTS_H_
#define DOPPEL_SERVICE_EXECUTION_STATEMENTS_H_

#include <span>
#include <stop_token>
#include <string>

#include "absl/status/status.h"
#include "service/warehouse/warehouse.h"

namespace doppel::execution {

// One by one. Stops at the first that fails, with its error; a transaction that
// the statements began is rolled back then. `is_usable` says afterwards whether
// the session can serve another operation.
absl::Status SendStatements(warehouse::Session* session,
                            std::span<const std::string> statements,
                            std::stop_token stop, bool* is_usable);

// The same for statements that are one transaction as a whole, from its begin
// to its commit.
absl::Status SendTransaction(warehouse::Session* session,
                             std::span<const std::string> statements,
                             std::stop_token stop, bool* is_usable);

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_STATEMENTS_H_
