#include "service/store/sqlite/plans.h"

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/status_macros.h"
#include "service/store/sqlite/database.h"
#include "service/store/sqlite/paging.h"
#include "service/store/store.h"

namespace doppel::store {
namespace {

PlanRecord ReadPlanRow(const Statement& row) {
  return {row.Text(0), row.Text(1), row.Text(2), row.Time(3)};
}

}  // namespace

absl::Status PutResolution(Database* database, const ResolutionRecord& record) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement insert,
      database->Prepare("INSERT INTO resolutions (id, inputs, create_time) "
                        "VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING"));
  return insert.Bind(record.id)
      .Bind(record.inputs)
      .Bind(record.create_time)
      .Run();
}

absl::StatusOr<ResolutionRecord> GetResolution(Database* database,
                                               absl::string_view id) {
  DOPPEL_ASSIGN_OR_RETURN(Statement query,
                          database->Prepare("SELECT id, inputs, create_time "
                                            "FROM resolutions WHERE id = ?"));
  query.Bind(id);
  DOPPEL_ASSIGN_OR_RETURN(const bool found, query.Step());
  if (!found) return NotFound(Reason::kResolutionNotFound, "resolution", id);
  return ResolutionRecord{query.Text(0), query.Text(1), query.Time(2)};
}

absl::Status PutPlan(Database* database, const PlanRecord& record) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement insert,
      database->Prepare("INSERT INTO plans (id, fingerprint, json, "
                        "create_time) VALUES (?, ?, ?, ?) "
                        "ON CONFLICT (id) DO NOTHING"));
  return insert.Bind(record.id)
      .Bind(record.fingerprint)
      .Bind(record.json)
      .Bind(record.create_time)
      .Run();
}

absl::StatusOr<PlanRecord> GetPlan(Database* database, absl::string_view id) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement query,
      database->Prepare("SELECT id, fingerprint, json, create_time "
                        "FROM plans WHERE id = ?"));
  query.Bind(id);
  DOPPEL_ASSIGN_OR_RETURN(const bool found, query.Step());
  if (!found) return NotFound(Reason::kPlanNotFound, "plan", id);
  return ReadPlanRow(query);
}

absl::StatusOr<Page<PlanRecord>> ListPlans(Database* database, int page_size,
                                           absl::string_view from) {
  DOPPEL_ASSIGN_OR_RETURN(const int64_t first, FirstNumber(from));
  DOPPEL_ASSIGN_OR_RETURN(
      Statement query,
      database->Prepare("SELECT id, fingerprint, json, create_time, number "
                        "FROM plans WHERE number <= ? "
                        "ORDER BY number DESC LIMIT ?"));
  query.Bind(first).Bind(page_size + 1);
  return ReadPage<PlanRecord>(query, page_size, 4, ReadPlanRow);
}

}  // namespace doppel::store
