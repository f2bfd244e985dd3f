// The records of plans and of resolutions.
//
// Thread contract: as the Database.
#ifndef DOPPEL_SERVICE_STORE_SQLITE_PLANS_H_
#define DOPPEL_SERVICE_STORE_SQLITE_PLANS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/store/sqlite/database.h"
#include "service/store/store.h"

namespace doppel::store {

// Errors as the methods of Store of these names.
absl::Status PutResolution(Database* database, const ResolutionRecord& record);
absl::StatusOr<ResolutionRecord> GetResolution(Database* database,
                                               absl::string_view id);

// A plan never changes: putting the same id again does nothing.
absl::Status PutPlan(Database* database, const PlanRecord& record);
absl::StatusOr<PlanRecord> GetPlan(Database* database, absl::string_view id);
absl::StatusOr<Page<PlanRecord>> ListPlans(Database* database, int page_size,
                                           absl::string_view from);

}  // namespace doppel::store

#endif  // DOPPEL_SERVICE_STORE_SQLITE_PLANS_H_
