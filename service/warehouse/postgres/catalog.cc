#include "service/warehouse/postgres/catalog.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "service/base/status_macros.h"
#include "service/warehouse/listing.h"

namespace doppel::warehouse::postgres {
namespace {

// The columns of RelationsQuery.
enum Column : size_t {
  kSchema,
  kName,
  kKind,
  kSize,
  kCount,
  kVersion,
  kHolderSchema,
  kHolderName,
  kEnd
};

// Stands for the kind in a row that names one of the relation's holders.
constexpr absl::string_view kHolder = "holder";

constexpr size_t kVersionSize = 32;

// What the server knows of a relation's columns.
constexpr absl::string_view kColumns =
    "(select string_agg(concat_ws(' ', a.attname, "
    "format_type(a.atttypid, a.atttypmod), a.attnotnull), chr(10) "
    "order by a.attnum) from pg_attribute a "
    "where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)";

// What a view's text is written down with; its transaction changes with it.
// (pg_get_viewdef would lock each view and what it reads until the statement's
// end, and there are not locks enough for thousands.)
constexpr absl::string_view kText =
    "(select string_agg(r.xmin::text, ' ' order by r.oid) from pg_rewrite r "
    "where r.ev_class = c.oid)";

// What changes with the rows of a relation; a partitioned table's are in its
// partitions. (pg_partition_tree would lock them all.)
constexpr absl::string_view kRows =
    "(with recursive tree(oid) as (select c.oid union all "
    "select i.inhrelid from pg_inherits i join tree on i.inhparent = tree.oid "
    "where c.relkind = 'p') "
    "select string_agg(concat_ws(' ', t.oid, pg_relation_filenode(t.oid), "
    "pg_stat_get_tuples_inserted(t.oid), pg_stat_get_tuples_updated(t.oid), "
    "pg_stat_get_tuples_deleted(t.oid)), chr(10) order by t.oid) from tree t)";

// As the last ANALYZE or VACUUM counted, like the rows. (pg_table_size would
// wait for whoever has locked the table against all.)
constexpr absl::string_view kEstimatedSize =
    "(c.relpages + coalesce((select t.relpages from pg_class t "
    "where t.oid = c.reltoastrelid), 0))::bigint * "
    "current_setting('block_size')::bigint";

std::string VersionOfRelation() {
  return absl::StrCat(
      "case when c.relkind = 'f' or (c.relkind <> 'v' and "
      "not current_setting('track_counts')::boolean) then null else "
      "encode(sha256(convert_to(concat_ws(chr(10), c.relkind, c.oid, ",
      kColumns, ", ", kText, ", case when c.relkind <> 'v' then ", kRows,
      " end), 'UTF8')), 'hex') end");
}

// A view depends on what its rule reads, a table on what its foreign keys refer
// to.
std::string HoldersQuery() {
  return absl::StrCat(
      "select n.nspname::text, c.relname::text, ", Literal(kHolder),
      ", null::bigint, null::bigint, null::text, hn.nspname::text, "
      "h.relname::text from (select d.refobjid, r.ev_class from pg_depend d "
      "join pg_rewrite r on r.oid = d.objid "
      "where d.classid = 'pg_rewrite'::regclass and "
      "d.refclassid = 'pg_class'::regclass union "
      "select k.confrelid, k.conrelid from pg_constraint k "
      "where k.contype = 'f') e(held, holder) "
      "join pg_class c on c.oid = e.held "
      "join pg_namespace n on n.oid = c.relnamespace "
      "join pg_class h on h.oid = e.holder "
      "join pg_namespace hn on hn.oid = h.relnamespace "
      "where e.held <> e.holder and ");
}

RelationKind KindOf(absl::string_view relkind) {
  if (relkind == "v") return RelationKind::kView;
  if (relkind == "m") return RelationKind::kMaterializedView;
  if (relkind == "f") return RelationKind::kExternal;
  return RelationKind::kTable;  // "r", or "p" where it is partitioned
}

int64_t NumberOf(const std::optional<std::string>& text) {
  int64_t number = -1;
  if (!text || !absl::SimpleAtoi(*text, &number)) return -1;
  return number;
}

CatalogEntry EntryOf(const RelationName& name,
                     const std::vector<std::optional<std::string>>& row) {
  CatalogEntry entry;
  entry.name = name;
  entry.kind = KindOf(*row[kKind]);
  entry.version = row[kVersion].value_or("").substr(0, kVersionSize);
  entry.size_bytes = NumberOf(row[kSize]);
  if (entry.kind != RelationKind::kView) {
    entry.row_count = NumberOf(row[kCount]);
  }
  return entry;
}

}  // namespace

std::string RelationsQuery(std::span<const SchemaName> schemas) {
  std::vector<std::string> names;
  for (const SchemaName& schema : schemas) {
    names.push_back(Literal(schema.schema));
  }
  const std::string wanted =
      absl::StrCat("n.nspname in (", absl::StrJoin(names, ", "), ")");
  return absl::StrCat(
      "select n.nspname::text, c.relname::text, c.relkind::text, "
      "case when c.relkind in ('r', 'm') and c.reltuples >= 0 then ",
      kEstimatedSize, " end, c.reltuples::bigint, ", VersionOfRelation(),
      ", null::text, null::text from pg_class c join pg_namespace n "
      "on n.oid = c.relnamespace "
      "where c.relkind in ('r', 'p', 'v', 'm', 'f') and ",
      wanted, " union all ", HoldersQuery(), wanted);
}

absl::StatusOr<std::vector<CatalogEntry>> ReadRelations(
    const Rows& rows, absl::string_view database) {
  DOPPEL_RET_CHECK(rows.columns.size() == kEnd);
  std::vector<CatalogEntry> entries;
  std::map<RelationName, std::vector<RelationName>> holders;
  for (const auto& row : rows.rows) {
    DOPPEL_RET_CHECK(row[kSchema] && row[kName] && row[kKind]);
    const RelationName name = {std::string(database), *row[kSchema],
                               *row[kName]};
    if (*row[kKind] != kHolder) {
      entries.push_back(EntryOf(name, row));
      continue;
    }
    DOPPEL_RET_CHECK(row[kHolderSchema] && row[kHolderName]);
    holders[name].push_back(
        {name.database, *row[kHolderSchema], *row[kHolderName]});
  }
  for (CatalogEntry& entry : entries) {
    std::vector<RelationName>& its = holders[entry.name];
    std::sort(its.begin(), its.end());
    entry.holders = std::move(its);
  }
  SortByName(entries);
  return entries;
}

std::string SchemasQuery() { return "select nspname::text from pg_namespace"; }

std::vector<SchemaName> ReadSchemas(const Rows& rows,
                                    std::span<const SchemaName> schemas,
                                    absl::string_view database) {
  std::set<std::string> existing;
  for (const auto& row : rows.rows) existing.insert(row[0].value_or(""));
  std::vector<SchemaName> found;
  for (const SchemaName& schema : schemas) {
    if (schema.database == database && existing.contains(schema.schema)) {
      found.push_back(schema);
    }
  }
  return found;
}

}  // namespace doppel::warehouse::postgres
