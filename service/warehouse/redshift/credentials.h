// A Redshift target of profiles.yml -> what libpq connects with.
//
// A user's password alone: what IAM and Identity Center give has first to be
// asked of AWS, which doppel has no client for; they are refused.
//
// Rule: dbt-redshift 1.11, connections.py.
//
// Thread contract: functions of their arguments alone.
#ifndef DOPPEL_SERVICE_WAREHOUSE_REDSHIFT_CREDENTIALS_H_
#define DOPPEL_SERVICE_WAREHOUSE_REDSHIFT_CREDENTIALS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/warehouse/postgres/credentials.h"
#include "service/warehouse/profiles/profiles.h"

namespace doppel::warehouse::redshift {

struct Credentials {
  postgres::Credentials server;
  std::vector<std::string> setup;  // statements that each session begins with

  friend bool operator==(const Credentials&, const Credentials&) = default;
};

// FAILED_PRECONDITION PROFILES_INVALID, naming the key, for a value that is
// missing or makes no sense; WAREHOUSE_UNSUPPORTED for another method.
absl::StatusOr<Credentials> ReadCredentials(const profiles::Target& target);

}  // namespace doppel::warehouse::redshift

#endif  // DOPPEL_SERVICE_WAREHOUSE_REDSHIFT_CREDENTIALS_H_
