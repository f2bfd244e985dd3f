// A ClickHouse target of profiles.yml -> what ClickHouse is to be opened with.
//
// Rule: dbt-clickhouse 1.9, dbt/adapters/clickhouse/credentials.py, whose
// "driver" says how ClickHouse is reached. One more driver is doppel's own:
//
//   type: clickhouse
//   driver: chdb          # ClickHouse inside doppel's process
//   path: data/warehouse  # its folder; relative to the project's
//   custom_settings: {max_threads: 2}
//   keep_open: 3          # seconds after the last session, for opening a
//   folder
//                         # of many tables takes long
//
// Servers, over HTTP or their own protocol, are refused.
//
// Thread contract: functions of their arguments alone; a plain struct.
#ifndef DOPPEL_SERVICE_WAREHOUSE_CLICKHOUSE_CREDENTIALS_H_
#define DOPPEL_SERVICE_WAREHOUSE_CLICKHOUSE_CREDENTIALS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/warehouse/profiles/profiles.h"

namespace doppel::warehouse::clickhouse {

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Credentials {
  std::string path;  // absolute
  Pairs settings;    // SET key = 'value', for each session
  absl::Duration keep_open = absl::Seconds(3);
  std::vector<std::string> secrets;

  friend bool operator==(const Credentials&, const Credentials&) = default;
};

// `folder`: that of relative paths. FAILED_PRECONDITION PROFILES_INVALID for a
// value that makes no sense; WAREHOUSE_UNSUPPORTED for what doppel cannot
// open.
absl::StatusOr<Credentials> ReadCredentials(const profiles::Target& target,
                                            absl::string_view folder);

}  // namespace doppel::warehouse::clickhouse

#endif  // DOPPEL_SERVICE_WAREHOUSE_CLICKHOUSE_CREDENTIALS_H_
