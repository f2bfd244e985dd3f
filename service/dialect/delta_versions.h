// What becomes of a Delta table's definition as it gets a new version, and how
// long it keeps the earlier ones.
//
// Rules: Delta Lake's CREATE TABLE AS SELECT and its table properties, seen at
// work with Delta Lake 4.4. A property that the statement does not name is gone
// afterwards; columns, their comments and their defaults come with the rows.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_DIALECT_DELTA_VERSIONS_H_
#define DOPPEL_SERVICE_DIALECT_DELTA_VERSIONS_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/relation_details.h"

namespace doppel::dialect {

// By name.
using DeltaProperties = std::vector<std::pair<std::string, std::string>>;

// The source's, and of the table's own those that it has not and that say
// nothing of the columns: what was set of the table by hand stays (how long it
// keeps versions, its feed of changes). Without what cannot be set.
DeltaProperties MergedProperties(const DeltaProperties& source,
                                 const DeltaProperties& standing);

// "using delta partitioned by (...) comment '...' tblproperties (...)": the
// source's layout and comment (the table's own where the source has none).
std::string DeltaClauses(const RelationDetails& source,
                         const RelationDetails& standing);

// What MergedProperties sets anew, for people: "delta.x: was 1, will be 2"; and
// whether the table's protocol is raised for the source's sake.
std::vector<std::string> ChangedProperties(const DeltaProperties& source,
                                           const DeltaProperties& standing);

// How long such a table can be gone back: files that it reads no more stay for
// delta.deletedFileRetentionDuration, a week where nothing is set, and the log
// for delta.logRetentionDuration, 30 days. None for a text that is no duration.
std::optional<absl::Duration> VersionsKeptFor(
    const DeltaProperties& properties);

}  // namespace doppel::dialect

#endif  // DOPPEL_SERVICE_DIALECT_DELTA_VERSIONS_H_
