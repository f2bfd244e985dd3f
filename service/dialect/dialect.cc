#include "service/dialect/dialect.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/dialect/families.h"

namespace doppel::dialect {

const std::vector<const Dialect*>& AllDialects() {
  static const auto* const kAll = new std::vector<const Dialect*>{
      &Athena(),    &BigQuery(), &ClickHouse(), &Databricks(),
      &DuckDb(),    &Fabric(),   &Postgres(),   &Redshift(),
      &Snowflake(), &Spark(),    &SqlServer(),  &Trino(),
  };
  return *kAll;
}

absl::StatusOr<const Dialect*> FindDialect(absl::string_view adapter_type) {
  std::vector<absl::string_view> known;
  for (const Dialect* dialect : AllDialects()) {
    if (dialect->type() == adapter_type) return dialect;
    known.push_back(dialect->type());
  }
  const std::string types = absl::StrJoin(known, ", ");
  return Error(absl::StatusCode::kFailedPrecondition,
               Reason::kWarehouseUnsupported,
               absl::StrCat("doppel does not know the warehouse \"",
                            adapter_type, "\"; it knows ", types))
      .With("warehouse", adapter_type)
      .With("known", types);
}

}  // namespace doppel::dialect
