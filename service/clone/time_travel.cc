#include "service/clone/time_travel.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "service/base/error.h"
#include "service/manifest/json_value.h"

namespace doppel::clone {
namespace {

using manifest::JsonValue;

std::optional<absl::Duration> UnitOf(absl::string_view word) {
  absl::ConsumeSuffix(&word, "s");
  if (word == "second") return absl::Seconds(1);
  if (word == "minute") return absl::Minutes(1);
  if (word == "hour") return absl::Hours(1);
  if (word == "day") return absl::Hours(24);
  if (word == "week") return absl::Hours(7 * 24);
  return std::nullopt;
}

// Delta's "interval 30 days"; the first word may be left out.
std::optional<absl::Duration> ReadInterval(const std::string& text) {
  const std::string lower = absl::AsciiStrToLower(text);
  std::vector<absl::string_view> words =
      absl::StrSplit(lower, absl::ByAnyChar(" \t\n"), absl::SkipEmpty());
  if (!words.empty() && words.front() == "interval") words.erase(words.begin());
  uint32_t count = 0;
  if (words.size() != 2 || !absl::SimpleAtoi(words[0], &count)) {
    return std::nullopt;
  }
  const std::optional<absl::Duration> unit = UnitOf(words[1]);
  if (!unit.has_value()) return std::nullopt;
  return *unit * static_cast<int64_t>(count);
}

std::optional<absl::Duration> ReadDays(const JsonValue& value) {
  uint32_t days = 0;
  if (!absl::SimpleAtoi(value.ToString(), &days)) return std::nullopt;
  return absl::Hours(24) * static_cast<int64_t>(days);
}

std::string Ago(absl::Duration duration) {
  if (duration % absl::Hours(24) != absl::ZeroDuration()) {
    return absl::FormatDuration(duration);
  }
  const int64_t days = duration / absl::Hours(24);
  return absl::StrCat(days, days == 1 ? " day" : " days");
}

}  // namespace

absl::Status CheckTimeTravel(const dialect::Dialect& dialect,
                             const PointInTime& as_of) {
  if (!dialect.capabilities().time_travel) {
    return Error(absl::StatusCode::kFailedPrecondition,
                 Reason::kWarehouseUnsupported,
                 absl::StrCat(dialect.type(),
                              " cannot clone relations as they were at an "
                              "earlier time; leave as_of out"))
        .With("warehouse", dialect.type());
  }
  if (as_of.time <= as_of.now) return absl::OkStatus();
  const std::string message = absl::StrCat(
      TimeText(as_of.time), " is yet to come; it is now ", TimeText(as_of.now));
  return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
               absl::StrCat("as_of: ", message))
      .With("field", "as_of")
      .Field("as_of", message);
}

std::string WhyForgotten(const dialect::Dialect& dialect,
                         const dialect::TableOptions& options,
                         const PointInTime& as_of) {
  const std::optional<absl::Duration> longest =
      dialect.LongestTimeTravel(options);
  if (!longest.has_value() || as_of.time >= as_of.now - *longest) return "";
  return absl::StrCat(
      "it keeps what it was for ", Ago(*longest), ", so knows nothing before ",
      TimeText(as_of.now - *longest), "; asked for was ", TimeText(as_of.time));
}

std::optional<absl::Duration> RetentionOf(const manifest::Node& node) {
  if (node.config == nullptr) return std::nullopt;
  const JsonValue* const days =
      node.config->Find("data_retention_time_in_days");
  if (days != nullptr) return ReadDays(*days);
  const JsonValue* const properties = node.config->Find("tblproperties");
  if (properties == nullptr) return std::nullopt;
  std::optional<absl::Duration> retention;
  for (const absl::string_view key :
       {"delta.deletedFileRetentionDuration", "delta.logRetentionDuration"}) {
    const JsonValue* const value = properties->Find(key);
    if (value == nullptr) continue;
    const std::optional<absl::Duration> kept = ReadInterval(value->ToString());
    if (!kept.has_value()) continue;
    retention = std::min(*kept, retention.value_or(*kept));
  }
  return retention;
}

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

}  // namespace doppel::clone
