#include "service/execution/statements.h"

#include <cstddef>
#include <span>
#include <stop_token>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/base/failpoint.h"
#include "service/warehouse/warehouse.h"

namespace doppel::execution {
namespace {

bool Opens(absl::string_view statement) {
  const absl::string_view text = absl::StripLeadingAsciiWhitespace(statement);
  return absl::StartsWithIgnoreCase(text, "begin") ||
         absl::StartsWithIgnoreCase(text, "start transaction");
}

bool Closes(absl::string_view statement) {
  const absl::string_view text = absl::StripLeadingAsciiWhitespace(statement);
  return absl::StartsWithIgnoreCase(text, "commit") ||
         absl::StartsWithIgnoreCase(text, "rollback");
}

// Which of several statements it was, for people.
absl::Status Place(const absl::Status& status, size_t index, size_t count) {
  if (count == 1) return status;
  return Annotate(status, absl::StrCat("statement ", index + 1, " of ", count));
}

}  // namespace

absl::Status SendStatements(warehouse::Session* session,
                            std::span<const std::string> statements,
                            std::stop_token stop, bool* is_usable) {
  *is_usable = true;
  bool in_transaction = false;
  for (size_t i = 0; i < statements.size(); ++i) {
    DOPPEL_FAILPOINT("operation.statement.before");
    const absl::Status sent = session->Execute(statements[i], stop);
    DOPPEL_FAILPOINT("operation.statement.after");
    if (sent.ok()) {
      if (Opens(statements[i])) in_transaction = true;
      if (Closes(statements[i])) in_transaction = false;
      continue;
    }
    *is_usable = GetReason(sent) != Reason::kWarehouseUnreachable;
    if (in_transaction && *is_usable) {
      // Not with `stop`: what was begun must be undone all the more then.
      *is_usable = session->Execute("ROLLBACK", {}).ok();
    }
    return Place(sent, i, statements.size());
  }
  return absl::OkStatus();
}

absl::Status SendTransaction(warehouse::Session* session,
                             std::span<const std::string> statements,
                             std::stop_token stop, bool* is_usable) {
  DOPPEL_FAILPOINT("operation.statement.before");
  const absl::Status sent = session->ExecuteAll(statements, std::move(stop));
  DOPPEL_FAILPOINT("operation.statement.after");
  *is_usable = GetReason(sent) != Reason::kWarehouseUnreachable;
  if (sent.ok() || !*is_usable) return sent;
  *is_usable = session->Execute("ROLLBACK", {}).ok();
  return sent;
}

}  // namespace doppel::execution
