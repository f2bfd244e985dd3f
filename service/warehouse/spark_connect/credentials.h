// A target of profiles.yml -> where a Spark Connect server is, and how to show
// who asks.
//
// Rules: Spark's "Client connection string" (sc://host:port/;key=value), as
// pyspark reads it; for Databricks dbt-databricks 1.10, credentials.py.
//
//   type: spark         spark_remote: "sc://host:15002/;use_ssl=true;token=..."
//                       ($SPARK_REMOTE where the target has none, as pyspark)
//   type: databricks    host, token, http_path of an all-purpose cluster
//                       ("sql/protocolv1/o/<organization>/<cluster>"), catalog
//
// Thread contract: functions of their arguments alone; a plain struct.
#ifndef DOPPEL_SERVICE_WAREHOUSE_SPARK_CONNECT_CREDENTIALS_H_
#define DOPPEL_SERVICE_WAREHOUSE_SPARK_CONNECT_CREDENTIALS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/warehouse/profiles/profiles.h"

namespace doppel::warehouse::spark_connect {

struct Credentials {
  std::string type;     // dbt's adapter type, "spark" or "databricks"
  std::string address;  // "host:port"
  bool uses_tls = false;
  std::string user;      // "" for Spark's own
  std::string database;  // Databricks: the catalog; "" for Spark
  // What every call carries, names in lower case; with the token.
  std::vector<std::pair<std::string, std::string>> headers;
  absl::Duration connect_timeout = absl::Seconds(10);
  std::vector<std::string> secrets;

  friend bool operator==(const Credentials&, const Credentials&) = default;
};

// FAILED_PRECONDITION PROFILES_INVALID and WAREHOUSE_UNSUPPORTED, naming the
// key, for a value that is missing, makes no sense, or asks for a way to
// connect that is not Spark Connect.
absl::StatusOr<Credentials> ReadCredentials(
    const profiles::Target& target, const profiles::Variables& variables);

}  // namespace doppel::warehouse::spark_connect

#endif  // DOPPEL_SERVICE_WAREHOUSE_SPARK_CONNECT_CREDENTIALS_H_
