#include "service/store/sqlite/manifests.h"

#include <cstdint>
#include <string>

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

// Columns 0 to 3 of the queries here.
ManifestRecord ReadManifestRow(const Statement& row) {
  return {row.Text(0), row.Int(1), row.Text(2), row.Time(3)};
}

// The environment that points to the manifest; "" if none does.
absl::StatusOr<std::string> UserOf(Database* database,
                                   absl::string_view digest) {
  DOPPEL_ASSIGN_OR_RETURN(Statement query,
                          database->Prepare("SELECT id FROM environments "
                                            "WHERE manifest = ? LIMIT 1"));
  query.Bind(digest);
  DOPPEL_ASSIGN_OR_RETURN(const bool found, query.Step());
  return found ? query.Text(0) : std::string();
}

}  // namespace

absl::Status PutManifest(Database* database, const ManifestRecord& record) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement insert,
      database->Prepare("INSERT INTO manifests (digest, size_bytes, summary, "
                        "create_time) VALUES (?, ?, ?, ?) "
                        "ON CONFLICT (digest) DO NOTHING"));
  return insert.Bind(record.digest)
      .Bind(record.size_bytes)
      .Bind(record.summary)
      .Bind(record.create_time)
      .Run();
}

absl::StatusOr<ManifestRecord> GetManifest(Database* database,
                                           absl::string_view digest) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement query,
      database->Prepare("SELECT digest, size_bytes, summary, create_time "
                        "FROM manifests WHERE digest = ?"));
  query.Bind(digest);
  DOPPEL_ASSIGN_OR_RETURN(const bool found, query.Step());
  if (!found) return NotFound(Reason::kManifestNotFound, "manifest", digest);
  return ReadManifestRow(query);
}

absl::StatusOr<Page<ManifestRecord>> ListManifests(Database* database,
                                                   int page_size,
                                                   absl::string_view from) {
  DOPPEL_ASSIGN_OR_RETURN(const int64_t first, FirstNumber(from));
  DOPPEL_ASSIGN_OR_RETURN(
      Statement query,
      database->Prepare("SELECT digest, size_bytes, summary, create_time, "
                        "number FROM manifests WHERE number <= ? "
                        "ORDER BY number DESC LIMIT ?"));
  query.Bind(first).Bind(page_size + 1);
  return ReadPage<ManifestRecord>(query, page_size, 4, ReadManifestRow);
}

absl::Status DeleteManifest(Database* database, absl::string_view digest) {
  DOPPEL_ASSIGN_OR_RETURN(const std::string user, UserOf(database, digest));
  if (!user.empty()) {
    return Error(absl::StatusCode::kFailedPrecondition, Reason::kManifestInUse,
                 absl::StrCat("environment \"", user,
                              "\" points to the manifest; point it to another "
                              "one first"))
        .With("environment", user)
        .Precondition("ENVIRONMENT", absl::StrCat("environments/", user),
                      "points to the manifest");
  }
  DOPPEL_ASSIGN_OR_RETURN(
      Statement remove,
      database->Prepare("DELETE FROM manifests WHERE digest = ?"));
  DOPPEL_RETURN_IF_ERROR(remove.Bind(digest).Run());
  if (database->changes() > 0) return absl::OkStatus();
  return NotFound(Reason::kManifestNotFound, "manifest", digest);
}

}  // namespace doppel::store
