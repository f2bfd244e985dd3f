// A warehouse: SQL -> effect; and what is in it now.
//
// Thread contract: a Warehouse is safe to use from any thread. A Session is one
// connection to it: one thread at a time, except that the stop token may be
// used from anywhere.
#ifndef DOPPEL_SERVICE_WAREHOUSE_WAREHOUSE_H_
#define DOPPEL_SERVICE_WAREHOUSE_WAREHOUSE_H_

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/base/relation_details.h"
#include "service/dialect/dialect.h"

namespace doppel::warehouse {

using doppel::CatalogEntry;

// The result of a query as text; a null value is no text.
struct Rows {
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<std::string>>> rows;
  // Whether a column can have no nulls; empty where the warehouse says nothing.
  std::vector<bool> required = {};
};

// Errors of every method, mapped from the driver's own:
//   UNAVAILABLE: WAREHOUSE_UNREACHABLE (the session is of no more use),
//     WAREHOUSE_BUSY.
//   FAILED_PRECONDITION: WAREHOUSE_AUTHENTICATION_FAILED,
//     WAREHOUSE_PERMISSION_DENIED, WAREHOUSE_STATEMENT_FAILED (with the
//     warehouse's own words; "sqlstate" in the metadata where it gives one).
//   CANCELLED: the stop token was used.
class Session {
 public:
  virtual ~Session() = default;

  // Sends one statement and waits for its end. A stop request cancels it in
  // the warehouse where that can be done.
  virtual absl::Status Execute(absl::string_view sql, std::stop_token stop) = 0;
  virtual absl::StatusOr<Rows> Query(absl::string_view sql,
                                     std::stop_token stop) = 0;

  // Execute for each, up to the first that fails; all in one message where the
  // engine takes that. To be used for what a transaction holds together, since
  // nobody can tell which of them it was.
  virtual absl::Status ExecuteAll(std::span<const std::string> statements,
                                  std::stop_token stop);
};

class Warehouse {
 public:
  virtual ~Warehouse() = default;

  virtual const dialect::Dialect& dialect() const = 0;

  // The database of relations whose name has none; "" where there are none.
  virtual std::string default_database() const = 0;

  virtual absl::StatusOr<std::unique_ptr<Session>> Connect() = 0;

  // A session that others can end by its name, a UUID that no session had
  // before.
  virtual absl::StatusOr<std::unique_ptr<Session>> ConnectAs(
      absl::string_view name);

  // Ends what a session of that name left under way, when whoever used it died
  // or lost it, and comes back when nothing of it can take effect any more. OK
  // where there is nothing. Where the warehouse ends statements together with
  // whoever sent them, or knows no way, this does nothing. WAREHOUSE_BUSY where
  // it does not end.
  virtual absl::Status EndSession(absl::string_view name, std::stop_token stop);

  // Drops what the warehouse itself left beside these relations where a
  // statement that made one of them died with its process, and nothing that
  // could be anybody's work. The caller is who alone writes there.
  virtual absl::Status ClearLeftovers(std::span<const RelationName> made,
                                      std::stop_token stop);

  // For as long as it is held, what takes long to open (a file) stays open
  // between sessions, and no other process can have it. Null where there is no
  // such thing.
  virtual absl::StatusOr<std::shared_ptr<const void>> KeepOpen() {
    return nullptr;
  }

  // What is in these schemas, in as few statements as the engine allows (one
  // for each database), sorted by name. A schema that is not there is empty.
  virtual absl::StatusOr<std::vector<CatalogEntry>> ListRelations(
      std::span<const SchemaName> schemas, std::stop_token stop) = 0;

  // Which of these schemas exist.
  virtual absl::StatusOr<std::vector<SchemaName>> ExistingSchemas(
      std::span<const SchemaName> schemas, std::stop_token stop) = 0;

  // What the catalog can say of these relations, in their order; of one that is
  // not there, and of any where the warehouse says nothing, the name alone.
  virtual absl::StatusOr<std::vector<RelationDetails>> Describe(
      std::span<const DetailsWish> wishes, std::stop_token stop);
};

}  // namespace doppel::warehouse

#endif  // DOPPEL_SERVICE_WAREHOUSE_WAREHOUSE_H_
