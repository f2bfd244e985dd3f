// A BigQuery target of profiles.yml -> the options of BigQuery's ADBC driver.
//
// Every way to log in that dbt has, as far as the driver goes: the machine's
// own credentials ("oauth"), a service account's key in a file or in place, and
// a refresh token; each of them alone or impersonating a service account. An
// access token and workload identity are refused: for the latter,
// $GOOGLE_APPLICATION_CREDENTIALS with "oauth" does the same. `scopes` and
// `reservation` are left aside.
//
// A key and a refresh token always go to the driver as JSON of Google's own
// form: it ends the whole program where its own option for a refresh token
// meets no network, and forgets the key where it is to impersonate.
//
// Rule: dbt-bigquery 1.12, credentials.py; the driver's options are those of
// adbc-driver-bigquery 1.11.
//
// Thread contract: functions of their arguments alone; a plain struct.
#ifndef DOPPEL_SERVICE_WAREHOUSE_BIGQUERY_CREDENTIALS_H_
#define DOPPEL_SERVICE_WAREHOUSE_BIGQUERY_CREDENTIALS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/warehouse/adbc/database.h"
#include "service/warehouse/profiles/profiles.h"

namespace doppel::warehouse::bigquery {

struct Credentials {
  std::string project;  // of relations that name none
  // Where jobs run and datasets are looked for, "us"; "": each dataset is
  // asked by itself.
  std::string location;
  adbc::Database::Options options;  // with what is secret
  adbc::Database::Options statement_options;
  std::vector<std::pair<std::string, int64_t>> statement_numbers;
  // How long a session may take to begin.
  int32_t connect_seconds = 30;
  std::vector<std::string> secrets;

  friend bool operator==(const Credentials&, const Credentials&) = default;
};

// `folder`: that of a relative keyfile. FAILED_PRECONDITION PROFILES_INVALID,
// naming the key, for a value that is missing or makes no sense;
// WAREHOUSE_UNSUPPORTED for what the driver cannot do.
absl::StatusOr<Credentials> ReadCredentials(const profiles::Target& target,
                                            absl::string_view folder);

}  // namespace doppel::warehouse::bigquery

#endif  // DOPPEL_SERVICE_WAREHOUSE_BIGQUERY_CREDENTIALS_H_
