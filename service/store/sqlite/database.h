// A SQLite database with doppel's manners: WAL, every commit synced to the
// disk, foreign keys; prepared statements kept; errors with a Reason.
//
// Thread contract: thread-compatible. Several Databases may have one file open.
#ifndef DOPPEL_SERVICE_STORE_SQLITE_DATABASE_H_
#define DOPPEL_SERVICE_STORE_SQLITE_DATABASE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace doppel::store {

// A statement that was prepared, with its parameters and, once stepped, the row
// that it stands at. Goes back to the database, ready to be used again, when it
// is destroyed. Parameters are bound in order; text is copied.
class Statement {
 public:
  Statement(sqlite3* database, sqlite3_stmt* statement)
      : database_(database), statement_(statement) {}
  ~Statement();
  Statement(Statement&& other) noexcept
      : database_(other.database_),
        statement_(std::exchange(other.statement_, nullptr)),
        bound_(other.bound_) {}
  Statement& operator=(Statement&&) = delete;

  Statement& Bind(int64_t value);
  Statement& Bind(int value) { return Bind(static_cast<int64_t>(value)); }
  Statement& Bind(bool value) { return Bind(static_cast<int64_t>(value)); }
  Statement& Bind(absl::string_view text);
  Statement& Bind(const std::string& text) {
    return Bind(absl::string_view(text));
  }
  Statement& Bind(const char* text) { return Bind(absl::string_view(text)); }
  Statement& Bind(absl::Time time);
  Statement& Bind(const std::optional<absl::Time>& time);
  Statement& BindNull();
  // "" becomes NULL.
  Statement& BindOrNull(absl::string_view text);

  // The next row: true; the end: false.
  absl::StatusOr<bool> Step();
  // To the end, for statements without rows of interest.
  absl::Status Run();

  // Columns of the row that it stands at, from 0. NULL reads as 0, "" or none.
  int64_t Int(int column) const;
  bool Bool(int column) const { return Int(column) != 0; }
  std::string Text(int column) const;
  bool IsNull(int column) const;
  absl::Time Time(int column) const;
  std::optional<absl::Time> OptionalTime(int column) const;

 private:
  sqlite3* database_;
  sqlite3_stmt* statement_;
  int bound_ = 0;
};

struct DatabaseOptions {
  std::string path;
  bool read_only = false;
  // 0: as large as the disk allows.
  int64_t max_bytes = 0;
  // Whether a commit waits until the disk has it.
  bool durable = true;
};

class Database {
 public:
  // Errors: UNAVAILABLE STORE_FAILED, RESOURCE_EXHAUSTED STORE_FULL.
  static absl::StatusOr<std::unique_ptr<Database>> Open(
      const DatabaseOptions& options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // One of this SQL, to be used by one at a time. `sql` is a literal.
  absl::StatusOr<Statement> Prepare(absl::string_view sql);

  // Runs statements that have no parameters and give no rows.
  absl::Status RunScript(const char* sql);

  // Rows that the last statement changed.
  int64_t changes() const;

 private:
  explicit Database(sqlite3* database) : database_(database) {}

  absl::Status Configure(const DatabaseOptions& options);

  sqlite3* const database_;
  absl::flat_hash_map<std::string, sqlite3_stmt*> statements_;
};

// A change that is made whole or not at all: undone unless committed.
class Transaction {
 public:
  static absl::StatusOr<Transaction> Begin(Database* database);
  ~Transaction();
  Transaction(Transaction&& other) noexcept
      : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;

  // Durable when it returns OK.
  absl::Status Commit();

 private:
  explicit Transaction(Database* database) : database_(database) {}

  Database* database_;
};

// True for the error of a row whose key is there already, or whose reference
// leads nowhere.
bool IsDuplicate(const absl::Status& status);
bool IsDanglingReference(const absl::Status& status);

}  // namespace doppel::store

#endif  // DOPPEL_SERVICE_STORE_SQLITE_DATABASE_H_
