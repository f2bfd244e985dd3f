// What DuckDB is told before a plan's own statements: when its database opens,
// and for each session.
//
// Rule: dbt-duckdb 1.11, environments/__init__.py; only that nothing is
// downloaded.
//
// Thread contract: functions of their arguments alone.
#ifndef DOPPEL_SERVICE_WAREHOUSE_DUCKDB_SETUP_H_
#define DOPPEL_SERVICE_WAREHOUSE_DUCKDB_SETUP_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "service/warehouse/adbc/instances.h"
#include "service/warehouse/duckdb/credentials.h"

namespace doppel::warehouse::duckdb {

// `unique`: the key of a database in memory.
adbc::InstanceSpec SpecOf(const Credentials& credentials,
                          absl::string_view unique);

// The profile's settings, as SET statements.
std::vector<std::string> SessionSetup(const Credentials& credentials);

// An extension that is not on this machine: FAILED_PRECONDITION
// WAREHOUSE_UNSUPPORTED, with what to do. Other errors as they are.
absl::Status ExplainSetupError(const absl::Status& status);

}  // namespace doppel::warehouse::duckdb

#endif  // DOPPEL_SERVICE_WAREHOUSE_DUCKDB_SETUP_H_
