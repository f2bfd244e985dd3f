#include "service/warehouse/duckdb/errors.h"

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/warehouse/adbc/driver.h"

namespace doppel::warehouse::duckdb {
namespace {

// "Catalog Error: Table ..." -> "Catalog"; "" where it does not begin so.
absl::string_view TypeOf(absl::string_view message) {
  const size_t end = message.find(" Error: ");
  if (end == absl::string_view::npos) return "";
  const absl::string_view type = message.substr(0, end);
  return absl::StrContains(type, '\n') ? "" : type;
}

bool IsConflict(absl::string_view message) {
  return absl::StrContains(message, "write-write conflict") ||
         absl::StrContains(message, "Conflict on ");
}

Error Judge(absl::string_view type, absl::string_view message) {
  const std::string text = absl::StrCat("DuckDB: ", message);
  if (type == "INTERRUPT") {
    return Error(absl::StatusCode::kCancelled, Reason::kCancelled, text);
  }
  if (absl::StrContains(message, "Could not set lock on file")) {
    return Error(absl::StatusCode::kUnavailable, Reason::kWarehouseBusy,
                 absl::StrCat(text,
                              " (a DuckDB file can be open in one process at a "
                              "time: wait until the other one has closed it)"));
  }
  if (type == "TransactionContext" && IsConflict(message)) {
    return Error(absl::StatusCode::kUnavailable, Reason::kWarehouseBusy, text);
  }
  // After a fatal error the database takes no statement any more.
  if (type == "FATAL" || type == "Connection") {
    return Error(absl::StatusCode::kUnavailable, Reason::kWarehouseUnreachable,
                 text);
  }
  if (type == "Permission" ||
      (type == "IO" && absl::StrContains(message, "Permission denied"))) {
    return Error(absl::StatusCode::kFailedPrecondition,
                 Reason::kWarehousePermissionDenied, text);
  }
  return Error(absl::StatusCode::kFailedPrecondition,
               Reason::kWarehouseStatementFailed, text);
}

}  // namespace

absl::Status MapError(const adbc::DriverError& error) {
  const absl::string_view type = TypeOf(error.message);
  Error judged = Judge(type, error.message);
  if (!type.empty()) judged.With("duckdb_error", type);
  if (!error.sqlstate.empty()) judged.With("sqlstate", error.sqlstate);
  return judged;
}

absl::Status MapOpenError(const absl::Status& status, absl::string_view path) {
  if (status.ok()) return status;
  const std::string context = absl::StrCat("cannot open ", path);
  if (GetReason(status) == Reason::kWarehouseStatementFailed &&
      absl::StrContains(status.message(), "IO Error: Cannot open file")) {
    return Error(absl::StatusCode::kUnavailable, Reason::kWarehouseUnreachable,
                 absl::StrCat(context, ": ", status.message(),
                              "; check the connection's path in profiles.yml"))
        .With("path", path);
  }
  return Annotate(status, context);
}

}  // namespace doppel::warehouse::duckdb
