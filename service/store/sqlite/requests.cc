#include "service/store/sqlite/requests.h"

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/store/sqlite/database.h"
#include "service/store/store.h"

namespace doppel::store {

absl::StatusOr<std::optional<RequestRecord>> FindRequest(
    Database* database, absl::string_view request_id) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement query,
      database->Prepare("SELECT request_id, method, digest, response "
                        "FROM requests WHERE request_id = ?"));
  query.Bind(request_id);
  DOPPEL_ASSIGN_OR_RETURN(const bool found, query.Step());
  if (!found) return std::nullopt;
  return RequestRecord{query.Text(0), query.Text(1), query.Text(2),
                       query.Text(3)};
}

absl::Status RememberRequest(Database* database,
                             const std::optional<RequestRecord>& request,
                             absl::Time now) {
  if (!request.has_value()) return absl::OkStatus();
  DOPPEL_ASSIGN_OR_RETURN(
      Statement insert,
      database->Prepare("INSERT INTO requests (request_id, method, digest, "
                        "response, create_time) VALUES (?, ?, ?, ?, ?)"));
  insert.Bind(request->request_id)
      .Bind(request->method)
      .Bind(request->digest)
      .Bind(request->response)
      .Bind(now);
  const absl::Status inserted = insert.Run();
  if (!IsDuplicate(inserted)) return inserted;
  return Error(absl::StatusCode::kAlreadyExists, Reason::kRequestIdReused,
               absl::StrCat("request_id ", request->request_id,
                            " was used before; use a new one"))
      .With("request_id", request->request_id);
}

absl::Status ForgetRequests(Database* database, absl::Time before) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement forget,
      database->Prepare("DELETE FROM requests WHERE create_time < ?"));
  return forget.Bind(before).Run();
}

}  // namespace doppel::store
