// BigQuery's errors as doppel's, by the reason that Google gives, then by the
// status of HTTP; what is of the network has neither, then the driver's words
// decide. The driver gives no number apart from its words.
//
// Rule: cloud.google.com/bigquery/docs/error-messages.
//
// Thread contract: functions of their arguments alone.
#ifndef DOPPEL_SERVICE_WAREHOUSE_BIGQUERY_ERRORS_H_
#define DOPPEL_SERVICE_WAREHOUSE_BIGQUERY_ERRORS_H_

#include "absl/status/status.h"
#include "service/warehouse/adbc/driver.h"

namespace doppel::warehouse::bigquery {

// The error of a statement or of a connection, as Session documents it.
// WAREHOUSE_BUSY is too many requests at a time, or a server that asks to try
// again. The driver tries again for as long as nobody cancels: what it met last
// is then the error, not the cancel.
absl::Status MapError(const adbc::DriverError& error);

// Whether the error says that a project, dataset or table is not there.
bool IsMissingObject(const absl::Status& status);

}  // namespace doppel::warehouse::bigquery

#endif  // DOPPEL_SERVICE_WAREHOUSE_BIGQUERY_ERRORS_H_
