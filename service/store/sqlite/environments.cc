#include "service/store/sqlite/environments.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/store/sqlite/database.h"
#include "service/store/sqlite/paging.h"
#include "service/store/store.h"

namespace doppel::store {
namespace {

// The order of the columns in every query here.
EnvironmentRecord ReadEnvironmentRow(const Statement& row) {
  return {row.Text(0), row.Text(1),         row.Text(2),
          row.Bool(3), row.OptionalTime(4), row.Text(5),
          row.Text(6), row.Time(7),         row.Time(8)};
}

// What a row that could not be written means.
absl::Status Explain(const absl::Status& written,
                     const EnvironmentRecord& record) {
  if (IsDuplicate(written)) {
    return Error(absl::StatusCode::kAlreadyExists, Reason::kEnvironmentExists,
                 absl::StrCat("environment \"", record.id,
                              "\" is there already; update it, or choose "
                              "another id"))
        .With("environment", record.id)
        .Resource("environment", absl::StrCat("environments/", record.id));
  }
  if (IsDanglingReference(written)) {
    return NotFound(Reason::kManifestNotFound, "manifest", record.manifest);
  }
  return written;
}

// NOT_FOUND, or ABORTED where another etag is the current one.
absl::Status CheckEtag(Database* database, absl::string_view id,
                       absl::string_view etag) {
  DOPPEL_ASSIGN_OR_RETURN(const EnvironmentRecord now,
                          GetEnvironment(database, id));
  if (now.etag == etag) return absl::OkStatus();
  return Error(absl::StatusCode::kAborted, Reason::kEtagMismatch,
               absl::StrCat("environment \"", id,
                            "\" changed since it was read; read it again"))
      .With("environment", id)
      .With("etag", etag)
      .With("current_etag", now.etag)
      .Resource("environment", absl::StrCat("environments/", id));
}

}  // namespace

absl::Status CreateEnvironment(Database* database,
                               const EnvironmentRecord& record) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement insert,
      database->Prepare("INSERT INTO environments (id, manifest, connection, "
                        "is_protected, expire_time, description, etag, "
                        "create_time, update_time) "
                        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  const absl::Status inserted = insert.Bind(record.id)
                                    .BindOrNull(record.manifest)
                                    .Bind(record.connection)
                                    .Bind(record.is_protected)
                                    .Bind(record.expire_time)
                                    .Bind(record.description)
                                    .Bind(record.etag)
                                    .Bind(record.create_time)
                                    .Bind(record.update_time)
                                    .Run();
  return Explain(inserted, record);
}

absl::StatusOr<EnvironmentRecord> GetEnvironment(Database* database,
                                                 absl::string_view id) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement query,
      database->Prepare("SELECT id, manifest, connection, is_protected, "
                        "expire_time, description, etag, create_time, "
                        "update_time FROM environments WHERE id = ?"));
  query.Bind(id);
  DOPPEL_ASSIGN_OR_RETURN(const bool found, query.Step());
  if (!found) {
    return NotFound(Reason::kEnvironmentNotFound, "environment", id);
  }
  return ReadEnvironmentRow(query);
}

absl::StatusOr<Page<EnvironmentRecord>> ListEnvironments(
    Database* database, int page_size, absl::string_view from) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement query,
      database->Prepare("SELECT id, manifest, connection, is_protected, "
                        "expire_time, description, etag, create_time, "
                        "update_time FROM environments WHERE id >= ? "
                        "ORDER BY id LIMIT ?"));
  query.Bind(from).Bind(page_size + 1);
  return ReadPage<EnvironmentRecord>(query, page_size, 0, ReadEnvironmentRow);
}

absl::Status UpdateEnvironment(Database* database,
                               const EnvironmentRecord& record,
                               absl::string_view etag) {
  DOPPEL_RETURN_IF_ERROR(CheckEtag(database, record.id, etag));
  DOPPEL_ASSIGN_OR_RETURN(
      Statement update,
      database->Prepare("UPDATE environments SET manifest = ?, connection = ?, "
                        "is_protected = ?, expire_time = ?, description = ?, "
                        "etag = ?, create_time = ?, update_time = ? "
                        "WHERE id = ?"));
  const absl::Status updated = update.BindOrNull(record.manifest)
                                   .Bind(record.connection)
                                   .Bind(record.is_protected)
                                   .Bind(record.expire_time)
                                   .Bind(record.description)
                                   .Bind(record.etag)
                                   .Bind(record.create_time)
                                   .Bind(record.update_time)
                                   .Bind(record.id)
                                   .Run();
  return Explain(updated, record);
}

absl::Status PointEnvironment(Database* database,
                              const PointedEnvironment& pointed) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement update,
      database->Prepare("UPDATE environments SET manifest = ?, etag = ?, "
                        "update_time = ? WHERE id = ?"));
  const absl::Status updated = update.Bind(pointed.manifest)
                                   .Bind(pointed.etag)
                                   .Bind(pointed.update_time)
                                   .Bind(pointed.id)
                                   .Run();
  if (!IsDanglingReference(updated)) return updated;
  return NotFound(Reason::kManifestNotFound, "manifest", pointed.manifest);
}

absl::Status DeleteEnvironment(Database* database, absl::string_view id,
                               absl::string_view etag) {
  if (!etag.empty()) {
    DOPPEL_RETURN_IF_ERROR(CheckEtag(database, id, etag));
  }
  DOPPEL_ASSIGN_OR_RETURN(
      Statement remove,
      database->Prepare("DELETE FROM environments WHERE id = ?"));
  DOPPEL_RETURN_IF_ERROR(remove.Bind(id).Run());
  if (database->changes() > 0) return absl::OkStatus();
  return NotFound(Reason::kEnvironmentNotFound, "environment", id);
}

}  // namespace doppel::store
