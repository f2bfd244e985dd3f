// A PostgreSQL target of profiles.yml -> what libpq connects with.
//
// Rule: dbt-postgres 1.11, connections.py. Only that the port may be left out.
//
// Thread contract: functions of their arguments alone; a plain struct.
#ifndef DOPPEL_SERVICE_WAREHOUSE_POSTGRES_CREDENTIALS_H_
#define DOPPEL_SERVICE_WAREHOUSE_POSTGRES_CREDENTIALS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "service/warehouse/profiles/profiles.h"

namespace doppel::warehouse::postgres {

struct Credentials {
  std::string database;  // the one that every relation must be in
  // libpq's keywords and their values; with the password.
  std::vector<std::pair<std::string, std::string>> parameters;
  std::string role;  // for SET ROLE, as the profile writes it; "" for none
  std::vector<std::string> secrets;

  friend bool operator==(const Credentials&, const Credentials&) = default;
};

// FAILED_PRECONDITION PROFILES_INVALID, naming the key, for a value that is
// missing or makes no sense.
absl::StatusOr<Credentials> ReadCredentials(const profiles::Target& target);

// The parameters as one connection string: "host='h' port='5432' ...".
std::string ConnectionString(const Credentials& credentials);

}  // namespace doppel::warehouse::postgres

#endif  // DOPPEL_SERVICE_WAREHOUSE_POSTGRES_CREDENTIALS_H_
