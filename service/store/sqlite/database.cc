#include "service/store/sqlite/database.h"

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"

namespace doppel::store {
namespace {

// Marks the errors that callers tell apart. Stays within this room.
constexpr absl::string_view kConstraintUrl = "doppel/sqlite_constraint";

constexpr int kBusyTimeoutMs = 10'000;
constexpr int64_t kPageBytes = 4096;

absl::Status Mark(absl::Status status, int code) {
  status.SetPayload(kConstraintUrl, absl::Cord(absl::StrCat(code)));
  return status;
}

bool HasMark(const absl::Status& status, int code) {
  const absl::optional<absl::Cord> mark = status.GetPayload(kConstraintUrl);
  return mark.has_value() && *mark == absl::StrCat(code);
}

absl::string_view Advice(int code) {
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "; the file is damaged: restore it from a backup";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "; another process holds it: try again";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return "; check the owner and the permissions of the folder";
    default:
      return "";
  }
}

absl::Status ErrorOf(sqlite3* database, int code) {
  const char* text =
      database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database);
  if ((code & 0xff) == SQLITE_FULL) {
    return Error(absl::StatusCode::kResourceExhausted, Reason::kStoreFull,
                 absl::StrCat("state.db: ", text,
                              "; free space where the store is, then retry"))
        .With("sqlite_code", code);
  }
  absl::Status status =
      Error(absl::StatusCode::kUnavailable, Reason::kStoreFailed,
            absl::StrCat("state.db: ", text, Advice(code)))
          .With("sqlite_code", code);
  switch (code) {
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_ROWID:
      return Mark(status, SQLITE_CONSTRAINT_UNIQUE);
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return Mark(status, SQLITE_CONSTRAINT_FOREIGNKEY);
    default:
      return status;
  }
}

}  // namespace

bool IsDuplicate(const absl::Status& status) {
  return HasMark(status, SQLITE_CONSTRAINT_UNIQUE);
}

bool IsDanglingReference(const absl::Status& status) {
  return HasMark(status, SQLITE_CONSTRAINT_FOREIGNKEY);
}

// --- Statement ---

Statement::~Statement() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

// Binding fails only for a parameter that the SQL does not have or without
// memory; Step() then reports it as a misuse, which a test of the SQL shows.
Statement& Statement::Bind(int64_t value) {
  sqlite3_bind_int64(statement_, ++bound_, value);
  return *this;
}

Statement& Statement::Bind(absl::string_view text) {
  // A null pointer would bind NULL.
  sqlite3_bind_text64(statement_, ++bound_, text.empty() ? "" : text.data(),
                      text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Statement& Statement::Bind(absl::Time time) {
  return Bind(static_cast<int64_t>(absl::ToUnixNanos(time)));
}

Statement& Statement::Bind(const std::optional<absl::Time>& time) {
  return time.has_value() ? Bind(*time) : BindNull();
}

Statement& Statement::BindNull() {
  sqlite3_bind_null(statement_, ++bound_);
  return *this;
}

Statement& Statement::BindOrNull(absl::string_view text) {
  return text.empty() ? BindNull() : Bind(text);
}

absl::StatusOr<bool> Statement::Step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return ErrorOf(database_, sqlite3_extended_errcode(database_));
}

absl::Status Statement::Run() {
  while (true) {
    DOPPEL_ASSIGN_OR_RETURN(const bool more, Step());
    if (!more) return absl::OkStatus();
  }
}

int64_t Statement::Int(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string Statement::Text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return bytes == nullptr ? std::string()
                          : std::string(static_cast<const char*>(bytes), size);
}

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

absl::Time Statement::Time(int column) const {
  return absl::FromUnixNanos(Int(column));
}

std::optional<absl::Time> Statement::OptionalTime(int column) const {
  if (IsNull(column)) return std::nullopt;
  return Time(column);
}

// --- Database ---

absl::StatusOr<std::unique_ptr<Database>> Database::Open(
    const DatabaseOptions& options) {
  sqlite3* handle = nullptr;
  // NOMUTEX: whoever uses a Database has a mutex of its own.
  const int flags =
      SQLITE_OPEN_NOMUTEX |
      (options.read_only ? SQLITE_OPEN_READWRITE
                         : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  const int code =
      sqlite3_open_v2(options.path.c_str(), &handle, flags, nullptr);
  auto database = std::unique_ptr<Database>(new Database(handle));
  if (code != SQLITE_OK) {
    return Annotate(ErrorOf(handle, code), options.path);
  }
  sqlite3_extended_result_codes(handle, 1);
  const absl::Status configured = database->Configure(options);
  if (!configured.ok()) return Annotate(configured, options.path);
  return database;
}

absl::Status Database::Configure(const DatabaseOptions& options) {
  sqlite3_busy_timeout(database_, kBusyTimeoutMs);
  DOPPEL_RETURN_IF_ERROR(
      RunScript("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"));
  if (options.read_only) return RunScript("PRAGMA query_only = ON;");
  if (options.max_bytes > 0) {
    const std::string limit = absl::StrCat("PRAGMA max_page_count = ",
                                           options.max_bytes / kPageBytes + 1);
    DOPPEL_RETURN_IF_ERROR(RunScript(limit.c_str()));
  }
  return RunScript(
      options.durable ? "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                      : "PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL;");
}

Database::~Database() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close_v2(database_);
}

absl::StatusOr<Statement> Database::Prepare(absl::string_view sql) {
  const auto found = statements_.find(sql);
  if (found != statements_.end()) return Statement(database_, found->second);
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) {
    return ErrorOf(database_, sqlite3_extended_errcode(database_));
  }
  statements_.emplace(std::string(sql), statement);
  return Statement(database_, statement);
}

absl::Status Database::RunScript(const char* sql) {
  if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) == SQLITE_OK) {
    return absl::OkStatus();
  }
  return ErrorOf(database_, sqlite3_extended_errcode(database_));
}

int64_t Database::changes() const { return sqlite3_changes64(database_); }

// --- Transaction ---

absl::StatusOr<Transaction> Transaction::Begin(Database* database) {
  DOPPEL_ASSIGN_OR_RETURN(Statement begin,
                          database->Prepare("BEGIN IMMEDIATE"));
  DOPPEL_RETURN_IF_ERROR(begin.Run());
  return Transaction(database);
}

Transaction::~Transaction() {
  if (database_ == nullptr) return;
  // After some errors (a full disk) SQLite has rolled back by itself and says
  // so; nothing is left to be undone either way.
  database_->RunScript("ROLLBACK").IgnoreError();
}

absl::Status Transaction::Commit() {
  DOPPEL_ASSIGN_OR_RETURN(Statement commit, database_->Prepare("COMMIT"));
  DOPPEL_RETURN_IF_ERROR(commit.Run());
  database_ = nullptr;
  return absl::OkStatus();
}

}  // namespace doppel::store
