// A Spark Connect server with Delta Lake for the tests of one program: started
// by tests/support/start_spark when it is first asked for, gone when the
// program has ended.
//
// Thread contract: used by one thread.
#ifndef DOPPEL_TESTS_SUPPORT_SPARK_SERVER_H_
#define DOPPEL_TESTS_SUPPORT_SPARK_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/warehouse/spark_connect/credentials.h"
#include "service/warehouse/warehouse.h"

namespace doppel::testing {

// Why there can be no server here; "" where there can.
std::string SparkMissing();

// How to reach it. FAILED_PRECONDITION WAREHOUSE_DRIVER_MISSING:
// SparkMissing().
absl::StatusOr<warehouse::spark_connect::Credentials> SparkCredentials();

// How to reach one that another process has started.
warehouse::spark_connect::Credentials SparkAt(absl::string_view address);

// The server without any schema but "default".
absl::StatusOr<std::shared_ptr<warehouse::Warehouse>> EmptySpark();

}  // namespace doppel::testing

#endif  // DOPPEL_TESTS_SUPPORT_SPARK_SERVER_H_
