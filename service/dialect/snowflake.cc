// Snowflake: zero-copy clones of tables and of whole schemas; no DDL in
// transactions; unquoted names fold to upper case, and dbt leaves names
// unquoted by default.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/dialect/families.h"
#include "service/dialect/traits.h"

namespace doppel::dialect {
namespace {

class SnowflakeDialect final : public TraitsDialect {
 public:
  SnowflakeDialect()
      : TraitsDialect(
            "snowflake", Names(),
            {.zero_copy_clone = true,
             .clones_dynamic_tables = true,
             .clones_schemas = true,
             .time_travel = true,
             .swap = Swap::kSchemas,
             .notes = "Clones tables, Iceberg tables and, where asked for, "
                      "dynamic tables; pointer views for views and "
                      "materialized views. A transient source cannot become a "
                      "permanent table."}) {}

  // DROP SCHEMA drops its tables, too; RESTRICT minds foreign keys alone.
  std::vector<std::string> DropSchema(const SchemaName&,
                                      const Quoting&) const override {
    return {};
  }

  std::vector<std::string> CloneTable(const Making& making) const override {
    return MakeTable(
        making, WordFor(making),
        absl::StrCat(" clone ", Source(making), At(making.as_of),
                     making.options.copy_grants ? " copy grants" : "",
                     making.options.copy_tags ? " copy tags" : ""));
  }

  std::vector<std::string> CopyTable(const Making& making) const override {
    return MakeTable(
        making, making.options.transient ? "transient table" : "table",
        absl::StrCat(Grants(making), " as select * from ", Source(making)));
  }

  std::vector<std::string> View(const Making& making) const override {
    const std::string body =
        absl::StrCat(Grants(making), " as ", Query(making));
    if (making.replaces == RelationKind::kUnknown) {
      return {absl::StrCat("create view ", Target(making), body)};
    }
    if (making.replaces == RelationKind::kView) {
      return {absl::StrCat("create or replace view ", Target(making), body)};
    }
    return SwapIn({RelationKind::kView,
                   absl::StrCat("create or replace view ",
                                Target(MakingBeside(making)), body),
                   ""},
                  making);
  }

  std::vector<std::string> CloneSchema(
      const SchemaName& source, const SchemaName& target,
      const Quoting& quoting, std::optional<absl::Time> as_of) const override {
    return {absl::StrCat("create schema ", RenderSchema(target, quoting),
                         " clone ", RenderSchema(source, quoting), At(as_of))};
  }

  // A transient table keeps what it was for a day, whatever it says.
  std::optional<absl::Duration> LongestTimeTravel(
      const TableOptions& options) const override {
    constexpr absl::Duration kTransient = absl::Hours(24);
    if (!options.transient || options.table_format == "iceberg") {
      return options.retention;
    }
    return std::min(kTransient, options.retention.value_or(kTransient));
  }

  // Two tables in one statement; with a view, by renames.
  std::vector<std::string> SwapRelations(
      const Standing& one, const Standing& other,
      const Quoting& quoting) const override {
    if (one.kind != RelationKind::kTable ||
        other.kind != RelationKind::kTable) {
      return TraitsDialect::SwapRelations(one, other, quoting);
    }
    return {absl::StrCat("alter table ", Render(one.name, quoting),
                         " swap with ", Render(other.name, quoting))};
  }

  std::vector<std::string> SwapSchemas(const SchemaName& one,
                                       const SchemaName& other,
                                       const Quoting& quoting) const override {
    return {absl::StrCat("alter schema ", RenderSchema(one, quoting),
                         " swap with ", RenderSchema(other, quoting))};
  }

 protected:
  bool CanRename(RelationKind kind) const override {
    return kind != RelationKind::kExternal;
  }

 private:
  static NameTraits Names() {
    NameTraits names;
    names.default_quoting = {false, false, false};
    names.unquoted = Folding::kUpper;
    names.renames_to_full_name = true;
    names.renames_into_schemas = true;
    names.max_identifier = 255;
    return names;
  }

  static absl::string_view Grants(const Making& making) {
    return making.options.copy_grants ? " copy grants" : "";
  }

  // An Iceberg table becomes one, and is never transient.
  static absl::string_view WordFor(const Making& making) {
    if (making.options.table_format == "iceberg") return "iceberg table";
    return making.options.transient ? "transient table" : "table";
  }

  static std::string At(std::optional<absl::Time> as_of) {
    if (!as_of.has_value()) return "";
    return absl::StrCat(
        " at (timestamp => '",
        absl::FormatTime("%Y-%m-%dT%H:%M:%E6S", *as_of, absl::UTCTimeZone()),
        "+00:00'::timestamp_tz)");
  }

  std::vector<std::string> MakeTable(const Making& making,
                                     absl::string_view word,
                                     absl::string_view body) const {
    if (making.replaces == RelationKind::kUnknown) {
      return {absl::StrCat("create ", word, " ", Target(making), body)};
    }
    if (making.replaces == RelationKind::kTable) {
      return {
          absl::StrCat("create or replace ", word, " ", Target(making), body)};
    }
    return SwapIn({RelationKind::kTable,
                   absl::StrCat("create or replace ", word, " ",
                                Target(MakingBeside(making)), body),
                   ""},
                  making);
  }
};

}  // namespace

const Dialect& Snowflake() {
  static const auto* const kDialect = new SnowflakeDialect();
  return *kDialect;
}

}  // namespace doppel::dialect
