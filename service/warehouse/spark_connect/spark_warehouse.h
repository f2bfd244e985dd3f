// Spark with Delta Lake, and Databricks, as a warehouse: by Spark Connect's own
// gRPC protocol.
//
// Delta's tables are made by one writer each; statements of several sessions
// run side by side. There are no transactions.
//
// Thread contract: as Warehouse has it.
#ifndef DOPPEL_SERVICE_WAREHOUSE_SPARK_CONNECT_SPARK_WAREHOUSE_H_
#define DOPPEL_SERVICE_WAREHOUSE_SPARK_CONNECT_SPARK_WAREHOUSE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "service/warehouse/spark_connect/credentials.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::spark_connect {

// The server is not asked before the warehouse is used. FAILED_PRECONDITION
// WAREHOUSE_UNSUPPORTED for a type that is neither "spark" nor "databricks".
absl::StatusOr<std::shared_ptr<Warehouse>> OpenSpark(
    const Credentials& credentials);

}  // namespace doppel::warehouse::spark_connect

#endif  // DOPPEL_SERVICE_WAREHOUSE_SPARK_CONNECT_SPARK_WAREHOUSE_H_
