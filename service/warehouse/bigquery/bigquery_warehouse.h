// BigQuery as a warehouse, through BigQuery's ADBC driver.
//
// Not seen at work: there is no emulator that the driver could be driven
// against without an account. What is tested is that the driver loads, what it
// is told, and how its errors read.
//
// Thread contract: as Warehouse has it.
#ifndef DOPPEL_SERVICE_WAREHOUSE_BIGQUERY_BIGQUERY_WAREHOUSE_H_
#define DOPPEL_SERVICE_WAREHOUSE_BIGQUERY_BIGQUERY_WAREHOUSE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/warehouse/bigquery/credentials.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::bigquery {

// `driver_dir`: "": where tools/setup puts drivers, see adbc/. Google is not
// asked before the warehouse is used. With a location, a catalog costs two
// statements a project; without one, one for each dataset. A dataset that is
// not there, or in another location, is empty.
//
// FAILED_PRECONDITION WAREHOUSE_DRIVER_MISSING.
absl::StatusOr<std::shared_ptr<Warehouse>> OpenBigQuery(
    const Credentials& credentials, const std::string& driver_dir);

// OK where the driver is there; the same error.
absl::Status CheckDriver(const std::string& driver_dir);

}  // namespace doppel::warehouse::bigquery

#endif  // DOPPEL_SERVICE_WAREHOUSE_BIGQUERY_BIGQUERY_WAREHOUSE_H_
