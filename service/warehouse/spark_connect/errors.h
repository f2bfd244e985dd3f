// What a Spark Connect server answers, as doppel's errors, by gRPC's code and
// by the error class and the SQLSTATE that stand in the answer's ErrorInfo.
//
// Thread contract: a function of its arguments alone.
#ifndef DOPPEL_SERVICE_WAREHOUSE_SPARK_CONNECT_ERRORS_H_
#define DOPPEL_SERVICE_WAREHOUSE_SPARK_CONNECT_ERRORS_H_

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace doppel::warehouse::spark_connect {

// Never OK. As Session documents it, with "sqlstate" and "error_class" in the
// metadata where the server gives them. WAREHOUSE_BUSY is another writer of the
// same Delta table, or a server that has no room.
absl::Status MapError(const grpc::Status& status);

}  // namespace doppel::warehouse::spark_connect

#endif  // DOPPEL_SERVICE_WAREHOUSE_SPARK_CONNECT_ERRORS_H_
