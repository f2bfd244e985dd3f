#include "service/store/sqlite/schema.h"

#include <cstdint>
#include <iterator>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/store/sqlite/database.h"

namespace doppel::store {
namespace {

// Times are nanoseconds since 1970, kinds and statuses the numbers of the
// enumerations in store.h. Lists that go from the newest are by `number`.
constexpr const char* kFirst = R"sql(
CREATE TABLE requests (
  request_id TEXT PRIMARY KEY,
  method TEXT NOT NULL,
  digest TEXT NOT NULL,
  response BLOB NOT NULL,
  create_time INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX requests_by_time ON requests (create_time);

CREATE TABLE manifests (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  digest TEXT NOT NULL UNIQUE,
  size_bytes INTEGER NOT NULL,
  summary BLOB NOT NULL,
  create_time INTEGER NOT NULL
);

CREATE TABLE environments (
  id TEXT PRIMARY KEY,
  manifest TEXT REFERENCES manifests (digest),
  connection TEXT NOT NULL,
  is_protected INTEGER NOT NULL,
  expire_time INTEGER,
  description TEXT NOT NULL,
  etag TEXT NOT NULL,
  create_time INTEGER NOT NULL,
  update_time INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX environments_by_manifest ON environments (manifest);

CREATE TABLE resolutions (
  id TEXT PRIMARY KEY,
  inputs TEXT NOT NULL,
  create_time INTEGER NOT NULL
);

CREATE TABLE plans (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  fingerprint TEXT NOT NULL,
  json TEXT NOT NULL,
  create_time INTEGER NOT NULL
);

CREATE TABLE executions (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  plan TEXT NOT NULL REFERENCES plans (id),
  target_environment TEXT NOT NULL,
  status INTEGER NOT NULL,
  connections INTEGER NOT NULL,
  cancel_requested INTEGER NOT NULL,
  cancel_cause TEXT NOT NULL,
  create_time INTEGER NOT NULL,
  start_time INTEGER,
  end_time INTEGER,
  last_sequence INTEGER NOT NULL,
  error_code INTEGER NOT NULL,
  error_reason TEXT NOT NULL,
  error_message TEXT NOT NULL
);
CREATE INDEX executions_by_plan ON executions (plan, number);
CREATE INDEX executions_unfinished ON executions (number) WHERE status IN (0, 1);

CREATE TABLE operations (
  execution INTEGER NOT NULL REFERENCES executions (number),
  operation_id INTEGER NOT NULL,
  status INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  start_time INTEGER,
  end_time INTEGER,
  error_code INTEGER NOT NULL,
  error_reason TEXT NOT NULL,
  error_message TEXT NOT NULL,
  PRIMARY KEY (execution, operation_id)
) WITHOUT ROWID;

-- What an event tells of an operation (operation_id is set) or of the execution
-- (kind is kFinished; its other columns never change) as it then stood.
CREATE TABLE events (
  execution INTEGER NOT NULL REFERENCES executions (number),
  sequence INTEGER NOT NULL,
  time INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  operations INTEGER NOT NULL,
  operation_id INTEGER,
  status INTEGER,
  attempts INTEGER,
  cancel_requested INTEGER,
  start_time INTEGER,
  end_time INTEGER,
  error_code INTEGER,
  error_reason TEXT,
  error_message TEXT,
  PRIMARY KEY (execution, sequence)
) WITHOUT ROWID;

CREATE TABLE ledger (
  connection TEXT NOT NULL,
  database TEXT NOT NULL,
  schema TEXT NOT NULL,
  identifier TEXT NOT NULL,
  kind INTEGER NOT NULL,
  environment TEXT NOT NULL,
  unique_id TEXT NOT NULL,
  execution TEXT NOT NULL,
  source_database TEXT NOT NULL,
  source_schema TEXT NOT NULL,
  source_identifier TEXT NOT NULL,
  source_version TEXT NOT NULL,
  definition TEXT NOT NULL,
  create_time INTEGER NOT NULL,
  PRIMARY KEY (connection, database, schema, identifier)
) WITHOUT ROWID;
)sql";

// What was made before this is known to nobody as it was then.
constexpr const char* kTargetVersions = R"sql(
ALTER TABLE ledger ADD COLUMN target_version TEXT NOT NULL DEFAULT '';
)sql";

// `lease_token` is that under which an execution is run, 0 where nobody runs
// it. Tokens only grow, also where all leases are gone.
constexpr const char* kLeases = R"sql(
ALTER TABLE executions ADD COLUMN lease_token INTEGER NOT NULL DEFAULT 0;
CREATE INDEX executions_leased ON executions (lease_token)
  WHERE lease_token > 0;

CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  execution TEXT NOT NULL,
  holder TEXT NOT NULL,
  token INTEGER NOT NULL,
  expire_time INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX leases_by_token ON leases (token);

CREATE TABLE last_lease (token INTEGER NOT NULL);
INSERT INTO last_lease VALUES (0);
)sql";

constexpr const char* kDeadlines =
    "ALTER TABLE executions ADD COLUMN deadline INTEGER;";

// What a promotion keeps of the old side goes at its time.
constexpr const char* kKeptForATime =
    "ALTER TABLE ledger ADD COLUMN expire_time INTEGER;";

// Where whoever comes after a crash finds what is still under way.
constexpr const char* kSessions =
    "ALTER TABLE operations ADD COLUMN session TEXT NOT NULL DEFAULT '';";

// Each brings a database of the version that is its index to the next one.
// What stands here never changes; new steps are added.
constexpr const char* kSteps[] = {kFirst,     kTargetVersions, kLeases,
                                  kDeadlines, kKeptForATime,   kSessions};
constexpr int64_t kVersion = std::size(kSteps);

absl::StatusOr<int64_t> VersionOf(Database* database) {
  DOPPEL_ASSIGN_OR_RETURN(Statement version,
                          database->Prepare("PRAGMA user_version"));
  DOPPEL_RETURN_IF_ERROR(version.Step().status());
  return version.Int(0);
}

absl::Status TakeStep(Database* database, int64_t from) {
  DOPPEL_ASSIGN_OR_RETURN(Transaction change, Transaction::Begin(database));
  DOPPEL_ASSIGN_OR_RETURN(const int64_t now, VersionOf(database));
  if (now != from) return absl::OkStatus();  // another process was quicker
  DOPPEL_RETURN_IF_ERROR(database->RunScript(kSteps[from]));
  DOPPEL_RETURN_IF_ERROR(database->RunScript(
      absl::StrCat("PRAGMA user_version = ", from + 1).c_str()));
  return change.Commit();
}

}  // namespace

absl::Status Migrate(Database* database) {
  DOPPEL_ASSIGN_OR_RETURN(const int64_t found, VersionOf(database));
  if (found > kVersion) {
    return Error(absl::StatusCode::kFailedPrecondition, Reason::kStoreFailed,
                 absl::StrCat("state.db has version ", found,
                              ", this doppel knows up to ", kVersion,
                              "; use the newer doppel that made it"))
        .With("version", found)
        .With("known_version", kVersion);
  }
  for (int64_t version = found; version < kVersion; ++version) {
    DOPPEL_RETURN_IF_ERROR(TakeStep(database, version));
  }
  return absl::OkStatus();
}

}  // namespace doppel::store
