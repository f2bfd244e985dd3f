// What DuckDB's catalog says of single relations.
//
// Thread contract: as the session.
#ifndef DOPPEL_SERVICE_WAREHOUSE_DUCKDB_DETAILS_H_
#define DOPPEL_SERVICE_WAREHOUSE_DUCKDB_DETAILS_H_

#include <span>
#include <stop_token>
#include <vector>

#include "absl/status/statusor.h"
#include "service/base/relation_details.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::duckdb {

// As Warehouse::Describe; each wish names its database. One statement for the
// catalog, and one more for each table whose content is asked for, which reads
// all of it.
absl::StatusOr<std::vector<RelationDetails>> ReadDetails(
    Session* session, const dialect::Dialect& dialect,
    std::span<const DetailsWish> wishes, std::stop_token stop);

}  // namespace doppel::warehouse::duckdb

#endif  // DOPPEL_SERVICE_WAREHOUSE_DUCKDB_DETAILS_H_
