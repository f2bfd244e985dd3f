// ClickHouse's catalog: the statements that list it, and their rows as entries.
// Its databases are schemas here.
//
// Thread contract: functions of their arguments alone.
#ifndef DOPPEL_SERVICE_WAREHOUSE_CLICKHOUSE_CATALOG_H_
#define DOPPEL_SERVICE_WAREHOUSE_CLICKHOUSE_CATALOG_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/base/relation_details.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::clickhouse {

// A string literal: a backslash escapes in it.
std::string Quoted(absl::string_view text);

// One statement for the relations of all these schemas. Not empty.
std::string RelationsQuery(std::span<const SchemaName> schemas);

// Its rows, sorted by name. A dictionary is an external relation; the tables
// inside materialized views are not there.
//
// A view's version covers its definition. A table's covers its definition, its
// identity (a table that was made again is another one), and for MergeTree the
// rows: of each partition the blocks that were inserted, the last mutation and
// the number of rows, all of which stay when parts are merged in the background
// (unless rows of a lightweight DELETE, or those that the engine replaces or
// sums up, go only then). Of another engine it covers rows and bytes. It does
// not cover the name, so that what is renamed has the version that it had.
absl::StatusOr<std::vector<CatalogEntry>> ReadRelations(const Rows& rows);

// One statement for all databases.
std::string SchemasQuery();

// Those of `schemas` that its rows name.
std::vector<SchemaName> ReadSchemas(const Rows& rows,
                                    std::span<const SchemaName> schemas);

// One statement for what is known of single relations: their kinds, tables'
// comments, and what views are made of, in which their comments are.
std::string DetailsQuery(std::span<const DetailsWish> wishes);
std::vector<RelationDetails> ReadDetails(const Rows& rows,
                                         std::span<const DetailsWish> wishes);

// One statement for the database and the name of each table that ClickHouse
// made to put it in the place of one of these relations, and did not come to
// put there. Its name tells of which: "_tmp_replace_<hash>_<number>".
std::string LeftoversQuery(std::span<const RelationName> made);

}  // namespace doppel::warehouse::clickhouse

#endif  // DOPPEL_SERVICE_WAREHOUSE_CLICKHOUSE_CATALOG_H_
