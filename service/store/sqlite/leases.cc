#include "service/store/sqlite/leases.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/status_macros.h"
#include "service/store/lease_error.h"
#include "service/store/sqlite/database.h"
#include "service/store/store.h"

namespace doppel::store {
namespace {

absl::StatusOr<std::optional<LeaseRecord>> FindLease(Database* database,
                                                     absl::string_view name) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement query,
      database->Prepare("SELECT name, execution, holder, token, expire_time "
                        "FROM leases WHERE name = ?"));
  query.Bind(name);
  DOPPEL_ASSIGN_OR_RETURN(const bool found, query.Step());
  if (!found) return std::nullopt;
  return LeaseRecord{query.Text(0), query.Text(1), query.Text(2), query.Int(3),
                     query.Time(4)};
}

absl::StatusOr<int64_t> NextToken(Database* database) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement count,
      database->Prepare("UPDATE last_lease SET token = token + 1"));
  DOPPEL_RETURN_IF_ERROR(count.Run());
  DOPPEL_ASSIGN_OR_RETURN(Statement query,
                          database->Prepare("SELECT token FROM last_lease"));
  DOPPEL_RETURN_IF_ERROR(query.Step().status());
  return query.Int(0);
}

absl::Status PutLease(Database* database, const LeaseRecord& record) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement put,
      database->Prepare("INSERT INTO leases (name, execution, holder, token, "
                        "expire_time) VALUES (?, ?, ?, ?, ?)"));
  return put.Bind(record.name)
      .Bind(record.execution)
      .Bind(record.holder)
      .Bind(record.token)
      .Bind(record.expire_time)
      .Run();
}

std::vector<std::string> AllNames(const LeaseRequest& request) {
  std::vector<std::string> names = request.names;
  names.push_back(absl::StrCat("executions/", request.execution));
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace

absl::Status AcquireLease(Database* database, const LeaseRequest& request,
                          absl::Time now, int64_t* token) {
  const std::vector<std::string> names = AllNames(request);
  for (const std::string& name : names) {
    DOPPEL_ASSIGN_OR_RETURN(const std::optional<LeaseRecord> held,
                            FindLease(database, name));
    if (!held.has_value()) continue;
    if (held->expire_time > now) return LeasedError(*held);
    DOPPEL_RETURN_IF_ERROR(ReleaseLease(database, held->token));
  }
  DOPPEL_ASSIGN_OR_RETURN(*token, NextToken(database));
  for (const std::string& name : names) {
    DOPPEL_RETURN_IF_ERROR(
        PutLease(database, {name, request.execution, request.holder, *token,
                            now + request.lifetime}));
  }
  // Where it is there already: a new execution is written with its token.
  DOPPEL_ASSIGN_OR_RETURN(
      Statement update,
      database->Prepare("UPDATE executions SET lease_token = ? WHERE id = ?"));
  return update.Bind(*token).Bind(request.execution).Run();
}

absl::Status RenewLease(Database* database, int64_t token,
                        absl::Time expire_time) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement update,
      database->Prepare("UPDATE leases SET expire_time = ? WHERE token = ?"));
  DOPPEL_RETURN_IF_ERROR(update.Bind(expire_time).Bind(token).Run());
  if (database->changes() > 0) return absl::OkStatus();
  return LostLeaseError(absl::StrCat("with token ", token));
}

absl::Status ReleaseLease(Database* database, int64_t token) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement remove,
      database->Prepare("DELETE FROM leases WHERE token = ?"));
  DOPPEL_RETURN_IF_ERROR(remove.Bind(token).Run());
  DOPPEL_ASSIGN_OR_RETURN(
      Statement update,
      database->Prepare("UPDATE executions SET lease_token = 0 "
                        "WHERE lease_token = ? AND lease_token > 0"));
  return update.Bind(token).Run();
}

absl::StatusOr<std::vector<LeaseRecord>> FindLeases(
    Database* database, const std::vector<std::string>& names, absl::Time now) {
  std::vector<LeaseRecord> found;
  for (const std::string& name : names) {
    DOPPEL_ASSIGN_OR_RETURN(const std::optional<LeaseRecord> held,
                            FindLease(database, name));
    if (held.has_value() && held->expire_time > now) found.push_back(*held);
  }
  return found;
}

absl::Status ForgetLeases(Database* database) {
  return database->RunScript(
      "DELETE FROM leases; "
      "UPDATE executions SET lease_token = 0 WHERE lease_token > 0;");
}

}  // namespace doppel::store
