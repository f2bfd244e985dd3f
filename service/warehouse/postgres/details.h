// What PostgreSQL's catalog says of single relations.
//
// Thread contract: as the session.
#ifndef DOPPEL_SERVICE_WAREHOUSE_POSTGRES_DETAILS_H_
#define DOPPEL_SERVICE_WAREHOUSE_POSTGRES_DETAILS_H_

#include <span>
#include <stop_token>
#include <vector>

#include "absl/status/statusor.h"
#include "service/base/relation_details.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::postgres {

// As Warehouse::Describe. Definitions are those of views, with every name in
// them qualified; the server locks a view, and what it reads, while it writes
// its definition down: WAREHOUSE_BUSY where others lock them for long.
// Indexes go where their table goes and are not told; nor are the owner's own
// grants. Leaves the session with an empty search_path and a lock_timeout.
absl::StatusOr<std::vector<RelationDetails>> ReadDetails(
    Session* session, std::span<const DetailsWish> wishes,
    std::stop_token stop);

}  // namespace doppel::warehouse::postgres

#endif  // DOPPEL_SERVICE_WAREHOUSE_POSTGRES_DETAILS_H_
