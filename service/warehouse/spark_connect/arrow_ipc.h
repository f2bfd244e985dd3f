// An Arrow IPC stream -> rows as text: what Spark Connect sends of a result.
//
// Rule: Arrow's "IPC streaming format"; messages of format version 4 and 5 (0.8
// and later), not compressed, without dictionaries, which is how Spark writes
// them.
//
// Thread contract: a function of its arguments alone.
#ifndef DOPPEL_SERVICE_WAREHOUSE_SPARK_CONNECT_ARROW_IPC_H_
#define DOPPEL_SERVICE_WAREHOUSE_SPARK_CONNECT_ARROW_IPC_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::spark_connect {

// Appends the rows of the stream, and sets the columns and which of them are
// required. Lists, maps and structs have no text: they are read as nulls. Any
// bytes may come.
//
// Errors: FAILED_PRECONDITION WAREHOUSE_STATEMENT_FAILED: the stream is cut off
// or is none, or has a column of a type that is not read.
absl::Status AppendStream(absl::string_view stream, Rows* rows);

}  // namespace doppel::warehouse::spark_connect

#endif  // DOPPEL_SERVICE_WAREHOUSE_SPARK_CONNECT_ARROW_IPC_H_
