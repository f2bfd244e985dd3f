// A DuckDB target of profiles.yml -> what DuckDB is to be opened with.
//
// Rule: dbt-duckdb 1.11, credentials.py. What only dbt's Python models and
// plugins need is left aside; what would have to be downloaded or needs a
// service (MotherDuck, DuckLake, S3, extensions that are not on this machine)
// is refused.
//
// Thread contract: functions of their arguments alone; a plain struct.
#ifndef DOPPEL_SERVICE_WAREHOUSE_DUCKDB_CREDENTIALS_H_
#define DOPPEL_SERVICE_WAREHOUSE_DUCKDB_CREDENTIALS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/warehouse/profiles/profiles.h"

namespace doppel::warehouse::duckdb {

inline constexpr absl::string_view kInMemory = ":memory:";

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Attachment {
  std::string path;  // absolute, or kInMemory
  std::string alias;
  bool is_read_only = false;
  Pairs options;  // of ATTACH, keys checked: (KEY 'value')

  friend bool operator==(const Attachment&, const Attachment&) = default;
};

struct Credentials {
  std::string path;      // absolute, or kInMemory
  std::string database;  // of relations that name none
  std::vector<Attachment> attachments;
  std::vector<std::string> extensions;
  Pairs settings;  // SET key = 'value', for each session
  Pairs config;    // options of the database
  std::vector<std::string> secrets;

  friend bool operator==(const Credentials&, const Credentials&) = default;
};

// `folder`: that of relative paths. FAILED_PRECONDITION PROFILES_INVALID for a
// value that makes no sense; WAREHOUSE_UNSUPPORTED for what doppel cannot
// open.
absl::StatusOr<Credentials> ReadCredentials(const profiles::Target& target,
                                            absl::string_view folder);

// The name that DuckDB gives the database of a file: "/x/my.db.duckdb" is
// "my"; kInMemory is "memory".
std::string DatabaseOfPath(absl::string_view path);

}  // namespace doppel::warehouse::duckdb

#endif  // DOPPEL_SERVICE_WAREHOUSE_DUCKDB_CREDENTIALS_H_
