// A Snowflake target of profiles.yml -> the options of Snowflake's ADBC driver.
//
// Every way to log in that dbt has: a password (with MFA or without), a key
// pair by path or in place, OAuth and programmatic access tokens, an external
// browser, Okta's URL, and workload identity. What the driver has no option for
// is refused: a refresh token that would first have to be exchanged, and a
// proxy other than $HTTPS_PROXY's.
//
// Rule: dbt-snowflake 1.12, connections.py; the driver's options are those of
// adbc-driver-snowflake 1.11.
//
// Thread contract: functions of their arguments alone; a plain struct.
#ifndef DOPPEL_SERVICE_WAREHOUSE_SNOWFLAKE_CREDENTIALS_H_
#define DOPPEL_SERVICE_WAREHOUSE_SNOWFLAKE_CREDENTIALS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/warehouse/adbc/database.h"
#include "service/warehouse/profiles/profiles.h"

namespace doppel::warehouse::snowflake {

struct Credentials {
  std::string database;  // of relations that name none; as the catalog has it
  adbc::Database::Options options;  // with what is secret
  std::vector<std::string> secrets;

  friend bool operator==(const Credentials&, const Credentials&) = default;
};

// `folder`: that of a relative private_key_path. FAILED_PRECONDITION
// PROFILES_INVALID, naming the key, for a value that is missing or makes no
// sense; WAREHOUSE_UNSUPPORTED for what the driver cannot do.
absl::StatusOr<Credentials> ReadCredentials(const profiles::Target& target,
                                            absl::string_view folder);

}  // namespace doppel::warehouse::snowflake

#endif  // DOPPEL_SERVICE_WAREHOUSE_SNOWFLAKE_CREDENTIALS_H_
