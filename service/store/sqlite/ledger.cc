#include "service/store/sqlite/ledger.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/relation.h"
#include "service/base/status_macros.h"
#include "service/store/sqlite/database.h"
#include "service/store/store.h"

namespace doppel::store {
namespace {

LedgerRecord ReadLedgerRow(const Statement& row) {
  LedgerRecord record;
  record.connection = row.Text(0);
  record.relation = {row.Text(1), row.Text(2), row.Text(3)};
  record.kind = static_cast<RelationKind>(row.Int(4));
  record.environment = row.Text(5);
  record.unique_id = row.Text(6);
  record.execution = row.Text(7);
  record.source = {row.Text(8), row.Text(9), row.Text(10)};
  record.source_version = row.Text(11);
  record.definition = row.Text(12);
  record.create_time = row.Time(13);
  record.target_version = row.Text(14);
  record.expire_time = row.OptionalTime(15);
  return record;
}

}  // namespace

absl::Status PutOwned(Database* database, const LedgerRecord& record) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement put,
      database->Prepare(
          "INSERT OR REPLACE INTO ledger (connection, database, schema, "
          "identifier, kind, environment, unique_id, execution, "
          "source_database, source_schema, source_identifier, source_version, "
          "definition, create_time, target_version, expire_time) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  return put.Bind(record.connection)
      .Bind(record.relation.database)
      .Bind(record.relation.schema)
      .Bind(record.relation.identifier)
      .Bind(static_cast<int>(record.kind))
      .Bind(record.environment)
      .Bind(record.unique_id)
      .Bind(record.execution)
      .Bind(record.source.database)
      .Bind(record.source.schema)
      .Bind(record.source.identifier)
      .Bind(record.source_version)
      .Bind(record.definition)
      .Bind(record.create_time)
      .Bind(record.target_version)
      .Bind(record.expire_time)
      .Run();
}

absl::Status PutSeen(Database* database, const LedgerRecord& record) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement put,
      database->Prepare("UPDATE ledger SET target_version = ? "
                        "WHERE connection = ? AND database = ? AND schema = ? "
                        "AND identifier = ? AND execution = ?"));
  return put.Bind(record.target_version)
      .Bind(record.connection)
      .Bind(record.relation.database)
      .Bind(record.relation.schema)
      .Bind(record.relation.identifier)
      .Bind(record.execution)
      .Run();
}

absl::Status RemoveOwned(Database* database, const LedgerRecord& record) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement remove,
      database->Prepare("DELETE FROM ledger WHERE connection = ? AND "
                        "database = ? AND schema = ? AND identifier = ?"));
  return remove.Bind(record.connection)
      .Bind(record.relation.database)
      .Bind(record.relation.schema)
      .Bind(record.relation.identifier)
      .Run();
}

absl::StatusOr<std::vector<LedgerRecord>> ListLedger(
    Database* database, absl::string_view connection,
    absl::string_view environment) {
  DOPPEL_ASSIGN_OR_RETURN(
      Statement query,
      database->Prepare(
          "SELECT connection, database, schema, identifier, kind, environment, "
          "unique_id, execution, source_database, source_schema, "
          "source_identifier, source_version, definition, create_time, "
          "target_version, expire_time FROM ledger WHERE (?1 = '' OR "
          "connection = ?1) "
          "AND (?2 = '' OR environment = ?2) "
          "ORDER BY connection, database, schema, identifier"));
  query.Bind(connection).Bind(environment);
  std::vector<LedgerRecord> records;
  while (true) {
    DOPPEL_ASSIGN_OR_RETURN(const bool more, query.Step());
    if (!more) return records;
    records.push_back(ReadLedgerRow(query));
  }
}

}  // namespace doppel::store
