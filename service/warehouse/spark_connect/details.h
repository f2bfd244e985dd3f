// What Spark with Delta Lake, and Databricks, can say of single relations: a
// view's text; a Delta table's layout, properties, versions, and what CREATE
// TABLE AS SELECT would leave behind.
//
// Two or three short statements for each relation: DESCRIBE TABLE EXTENDED, and
// SHOW CREATE TABLE for views or SHOW TBLPROPERTIES and DESCRIBE HISTORY for
// tables. Seen at work with Spark 4.2 and Delta Lake 4.4, which has SHOW CREATE
// TABLE and DESCRIBE ... AS JSON for no Delta table.
//
// Thread contract: functions of their arguments alone; a session is one
// thread's.
#ifndef DOPPEL_SERVICE_WAREHOUSE_SPARK_CONNECT_DETAILS_H_
#define DOPPEL_SERVICE_WAREHOUSE_SPARK_CONNECT_DETAILS_H_

#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/base/relation_details.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::spark_connect {

// As Warehouse::Describe has it. A view that names relations without a schema,
// in a session whose schema was another one, has no definition: its text means
// something else here.
absl::StatusOr<std::vector<RelationDetails>> ReadDetails(
    Session* session, const dialect::Dialect& dialect,
    std::span<const DetailsWish> wishes, std::stop_token stop);

// --- the rows of the statements, for tests ---

// DESCRIBE TABLE EXTENDED.
struct Described {
  RelationKind kind = RelationKind::kUnknown;
  bool is_delta = false;
  std::string comment;
  std::vector<std::string> partitioned_by;
  std::string namespace_of_text;  // a view's: "spark_catalog.default"
};
Described ReadDescribed(const Rows& rows);

// SHOW TBLPROPERTIES of a Delta table, and the columns of an empty SELECT: the
// details but for kind, comment and versions.
void ReadDefinition(const dialect::Dialect& dialect, const Described& described,
                    const Rows& properties, const Rows& columns,
                    RelationDetails* details);

// DESCRIBE HISTORY: the versions that changed something. Compacting and
// removing files are commits, too, and change nothing.
std::vector<TableVersion> ReadHistory(const Rows& rows);

}  // namespace doppel::warehouse::spark_connect

#endif  // DOPPEL_SERVICE_WAREHOUSE_SPARK_CONNECT_DETAILS_H_
