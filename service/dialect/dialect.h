// One warehouse's SQL: how it quotes and folds names, what it can clone, and
// the statements for each thing that a plan does.
//
// A room of its own before deferral, since a resolution renders names, too.
// There is a Dialect for each adapter type of dbt that doppel knows;
// FindDialect gives it. Quoting an identifier happens here and nowhere else.
//
// Thread contract: dialects are immutable and live as long as the program.
#ifndef DOPPEL_SERVICE_DIALECT_DIALECT_H_
#define DOPPEL_SERVICE_DIALECT_DIALECT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/relation.h"
#include "service/base/relation_details.h"

namespace doppel::dialect {

// Which parts of a name are quoted, as a dbt project's `quoting` says. Only
// matters where quoting keeps the case of a name (Snowflake).
struct Quoting {
  bool database = true;
  bool schema = true;
  bool identifier = true;

  friend bool operator==(const Quoting&, const Quoting&) = default;
};

// What the warehouse does to the case of a name when it looks for it.
enum class Folding : uint8_t { kKeep, kLower, kUpper };

// The strongest step that puts relations in the place of others.
enum class Swap : uint8_t {
  kNone,         // none: a relation is made anew under the other's name
  kRename,       // one relation after the other takes another name
  kVersions,     // one table after the other gets a new version of itself
  kRelations,    // two relations change places in one statement
  kSchemas,      // two schemas do
  kTransaction,  // any number of statements are one step
};

// What the warehouse can do. GetCapabilities serves it, and the README shows
// it.
struct Capabilities {
  bool zero_copy_clone = false;  // of tables
  // Of dynamic tables, too: as tables that no longer refresh themselves.
  bool clones_dynamic_tables = false;
  // How many clones may be made of each other; 0: as many as one likes.
  int deepest_clone = 0;
  // A schema can be cloned with all that is in it, in one statement.
  bool clones_schemas = false;
  // Tables can be cloned as they were at an earlier time.
  bool time_travel = false;
  // How long ago that may be at most; zero: each table says so itself.
  absl::Duration longest_time_travel = absl::ZeroDuration();
  Swap swap = Swap::kNone;
  bool transactional_ddl = false;
  bool replace_view = true;   // CREATE OR REPLACE VIEW
  bool has_databases = true;  // names have three parts
  // A connection reaches the relations of one database alone.
  bool one_database = false;
  // A relation cannot be dropped for as long as a view reads it.
  bool views_hold_sources = false;
  // A table's version can stay the same when its rows change.
  bool versions_miss_changes = false;
  // A dot in a name ends it, even in quotes.
  bool dots_end_names = false;
  // Bytes of a name beyond which it is cut off without an error; 0: it never
  // is.
  size_t longest_name = 0;
  std::string notes;  // for people
};

// What a node's config says of the table that it makes; dbt's names.
struct TableOptions {
  bool transient = true;     // Snowflake
  bool copy_grants = false;  // Snowflake
  bool copy_tags = false;    // Snowflake
  // Lower case; "" where nothing is said.
  std::string file_format;   // Databricks, Spark
  std::string engine;        // ClickHouse
  std::string table_format;  // Snowflake: "iceberg"
  // How long the table keeps what it was; not set: nothing is said.
  std::optional<absl::Duration> retention = std::nullopt;
};

// A relation that is made from another one.
struct Making {
  RelationName source;
  Quoting source_quoting;
  RelationName target;
  Quoting target_quoting;
  // The kind of what stands at the target; kUnknown for nothing.
  RelationKind replaces = RelationKind::kUnknown;
  // What stands at the target cannot go, for something depends on it.
  bool is_held = false;
  // What stands at the target stays, under the name that OldName gives, for
  // something that will be made anew still depends on it. For warehouses with
  // capabilities().views_hold_sources.
  bool keeps_old = false;
  TableOptions options;
  // What a view reads; "": all of the source.
  std::string query = {};
  // Clones the source as it was then; not set: as it is. For CloneTable alone,
  // where capabilities().time_travel.
  std::optional<absl::Time> as_of;
};

// A table that becomes what another one is, as its next version.
struct NewVersion {
  // The first ones set up the session; the last one alone changes the table.
  // None where tables have no versions.
  std::vector<std::string> statements;
  // What of the source's definition the table will not have, for people.
  std::vector<std::string> losses;
  // What is set of the table and will be otherwise, for people.
  std::vector<std::string> changes;
  // How long its earlier versions can be gone back to from then on; none where
  // what the table says of it is not understood.
  std::optional<absl::Duration> kept_for;
};

// A relation that is there.
struct Standing {
  RelationName name;
  RelationKind kind = RelationKind::kTable;
};

class Dialect {
 public:
  virtual ~Dialect() = default;

  // dbt's adapter type, "duckdb".
  virtual absl::string_view type() const = 0;
  virtual const Capabilities& capabilities() const = 0;

  // What a project quotes that says nothing of quoting.
  virtual Quoting default_quoting() const = 0;

  // The identifier in quotes, with quotes in it doubled or escaped. For any
  // bytes but NUL.
  virtual std::string QuoteIdentifier(absl::string_view identifier) const = 0;

  // The parts that the warehouse has, joined by dots; each quoted if `quoting`
  // says so or if it could not stand unquoted (then in the case to which the
  // warehouse would have folded it).
  virtual std::string Render(const RelationName& name,
                             const Quoting& quoting) const = 0;
  virtual std::string RenderSchema(const SchemaName& name,
                                   const Quoting& quoting) const = 0;

  virtual Folding folding(bool quoted) const = 0;

  // The name under which the warehouse's catalog knows it, for comparing:
  // equal keys mean the same relation.
  virtual RelationName CatalogKey(const RelationName& name,
                                  const Quoting& quoting) const = 0;

  // Whether such a relation can be cloned zero-copy.
  virtual bool CanClone(RelationKind kind,
                        const TableOptions& options) const = 0;

  // How long ago such a table can be cloned as it was at most; none where that
  // is not known. For warehouses with capabilities().time_travel.
  virtual std::optional<absl::Duration> LongestTimeTravel(
      const TableOptions& options) const = 0;

  // Statements, each to be sent on its own, in this order, on one session. A
  // list that begins a transaction also ends it: whoever sends it must roll
  // back when a statement in between fails. What stands at the target is never
  // lost when a statement fails: a replacement is made beside it first, and
  // the target's name is gone no longer than the warehouse makes unavoidable.
  // What then stands beside it is called "<identifier>__doppel_new" and
  // "<identifier>__doppel_old".
  virtual std::vector<std::string> CreateSchema(
      const SchemaName& schema, const Quoting& quoting) const = 0;
  virtual std::vector<std::string> CloneTable(const Making& making) const = 0;
  virtual std::vector<std::string> View(const Making& making) const = 0;
  // A view of all of the source.
  std::vector<std::string> PointerView(Making making) const {
    making.query.clear();
    return View(making);
  }
  virtual std::vector<std::string> CopyTable(const Making& making) const = 0;
  // "<identifier>__doppel_old".
  virtual RelationName OldName(const RelationName& name) const = 0;
  virtual std::vector<std::string> Drop(const RelationName& name,
                                        const Quoting& quoting,
                                        RelationKind kind) const = 0;

  // Drops a schema that is empty, and fails for any other. None where the
  // warehouse would take what is in it along.
  virtual std::vector<std::string> DropSchema(const SchemaName& schema,
                                              const Quoting& quoting) const = 0;

  // Clones the schema with all that is in it to one that is not there. None
  // where the warehouse cannot.
  virtual std::vector<std::string> CloneSchema(
      const SchemaName& source, const SchemaName& target,
      const Quoting& quoting, std::optional<absl::Time> as_of) const = 0;

  // How a transaction begins in which relations are made, renamed or dropped;
  // "commit" ends it. It gives up rather than keep those who read waiting
  // behind it. None where there are no such transactions.
  virtual std::vector<std::string> BeginTransaction() const = 0;

  // The same relation beside it: "<identifier>__doppel_<what>", shortened with
  // a digest where the warehouse takes no name that long.
  virtual RelationName Beside(const RelationName& name,
                              absl::string_view what) const = 0;

  // Gives a relation another name, which may be in another schema of its
  // database. None where the warehouse cannot.
  virtual std::vector<std::string> Move(const Standing& one,
                                        const RelationName& to,
                                        const Quoting& quoting) const = 0;

  // The source's rows and definition become the next version of the table at
  // `making.target` in one step, so that readers see all of the one or of the
  // other; where `making.replaces` is kUnknown, they become a new table.
  // `source` and `standing` are both sides' details (the latter's are empty
  // for a new table); what is set of the table alone stays set. The table's
  // history keeps `mark`. For warehouses with Swap::kVersions.
  virtual NewVersion MakeVersion(const Making& making,
                                 const RelationDetails& source,
                                 const RelationDetails& standing,
                                 absl::string_view mark) const = 0;

  // The table becomes what it was in that version, as its next one. None where
  // tables have no versions.
  virtual std::vector<std::string> RestoreVersion(
      const RelationName& table, const Quoting& quoting, int64_t version,
      absl::string_view mark) const = 0;

  // Two relations of one database change places: each then has the other's
  // name, in the other's schema. None where the warehouse cannot rename one of
  // them, or not into another schema.
  virtual std::vector<std::string> SwapRelations(
      const Standing& one, const Standing& other,
      const Quoting& quoting) const = 0;

  // Two schemas of one database change names. None where the warehouse cannot
  // do that in one step.
  virtual std::vector<std::string> SwapSchemas(
      const SchemaName& one, const SchemaName& other,
      const Quoting& quoting) const = 0;
};

// The dialect of dbt's adapter type. FAILED_PRECONDITION
// WAREHOUSE_UNSUPPORTED, listing the known types, for any other.
absl::StatusOr<const Dialect*> FindDialect(absl::string_view adapter_type);

// All, by type.
const std::vector<const Dialect*>& AllDialects();

}  // namespace doppel::dialect

#endif  // DOPPEL_SERVICE_DIALECT_DIALECT_H_
