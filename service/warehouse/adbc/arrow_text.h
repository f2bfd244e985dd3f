// Arrow's C data interface -> text: the rows that a query gave.
//
// Reads what catalog queries return: text, booleans, whole and floating
// numbers, decimals, dates, timestamps, nothing. A query casts what else there
// is to text itself.
//
// Thread contract: functions of their arguments alone.
#ifndef DOPPEL_SERVICE_WAREHOUSE_ADBC_ARROW_TEXT_H_
#define DOPPEL_SERVICE_WAREHOUSE_ADBC_ARROW_TEXT_H_

#include "absl/status/status.h"
#include "arrow-adbc/adbc.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::adbc {

// The columns' names. FAILED_PRECONDITION WAREHOUSE_STATEMENT_FAILED: a column
// has a type that is not read.
absl::Status ReadSchema(const ArrowSchema& schema, Rows* rows);

// Appends the rows of one batch of that schema. The same error.
absl::Status AppendBatch(const ArrowSchema& schema, const ArrowArray& batch,
                         Rows* rows);

}  // namespace doppel::warehouse::adbc

#endif  // DOPPEL_SERVICE_WAREHOUSE_ADBC_ARROW_TEXT_H_
