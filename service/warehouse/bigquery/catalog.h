// BigQuery's catalog: the statements that list it, and their rows as entries.
//
// Thread contract: functions of their arguments alone.
#ifndef DOPPEL_SERVICE_WAREHOUSE_BIGQUERY_CATALOG_H_
#define DOPPEL_SERVICE_WAREHOUSE_BIGQUERY_CATALOG_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::bigquery {

// One statement for all relations of these datasets of one project. Each must
// be there, and in the location of the job.
std::string RelationsQuery(const dialect::Dialect& dialect,
                           std::span<const SchemaName> datasets);

// Appends its rows. A version covers when the relation was made and last
// modified, its kind, rows and bytes. A snapshot is a table, and so is a clone.
absl::Status AppendRelations(const Rows& rows, absl::string_view project,
                             std::vector<CatalogEntry>* entries);

// One statement for the names of a project's datasets in a location, "us".
std::string DatasetsQuery(const dialect::Dialect& dialect,
                          absl::string_view project,
                          absl::string_view location);

// Fails where the dataset is not there.
std::string DatasetProbe(const dialect::Dialect& dialect,
                         const SchemaName& dataset);

}  // namespace doppel::warehouse::bigquery

#endif  // DOPPEL_SERVICE_WAREHOUSE_BIGQUERY_CATALOG_H_
