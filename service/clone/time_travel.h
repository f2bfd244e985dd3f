// Whether relations can be cloned as they were at one earlier time.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_CLONE_TIME_TRAVEL_H_
#define DOPPEL_SERVICE_CLONE_TIME_TRAVEL_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "service/dialect/dialect.h"
#include "service/manifest/manifest.h"

namespace doppel::clone {

// The time that was asked for, and the caller's clock.
struct PointInTime {
  absl::Time time;
  absl::Time now;
};

// Errors: FAILED_PRECONDITION WAREHOUSE_UNSUPPORTED where the warehouse has no
// time travel; INVALID_ARGUMENT for a time to come.
absl::Status CheckTimeTravel(const dialect::Dialect& dialect,
                             const PointInTime& as_of);

// Why a table of that config does not know any more what it was then; "" where
// it does, or where nothing is known against it.
std::string WhyForgotten(const dialect::Dialect& dialect,
                         const dialect::TableOptions& options,
                         const PointInTime& as_of);

// How long the table of the node keeps what it was, as its config says:
// Snowflake's data_retention_time_in_days, or the shorter of Delta's
// tblproperties delta.deletedFileRetentionDuration and
// delta.logRetentionDuration. None where it says nothing that can be read.
std::optional<absl::Duration> RetentionOf(const manifest::Node& node);

// "2026-01-02T03:04:05Z"; with the fraction of the second where there is one.
std::string TimeText(absl::Time time);

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_TIME_TRAVEL_H_
