#include "service/state/deprecation_date.h"

#include <optional>
#include <string>

namespace doppel::state {
namespace {

struct Date {
  absl::Time time;
  bool has_zone = false;
};

// dbt writes a date with its time and zone; other producers write less.
std::optional<Date> ParseDate(absl::string_view text) {
  constexpr const char* kWithZone[] = {"%Y-%m-%d%ET%H:%M:%E*S%Ez",
                                       "%Y-%m-%d %H:%M:%E*S%Ez"};
  constexpr const char* kWithoutZone[] = {"%Y-%m-%d%ET%H:%M:%E*S",
                                          "%Y-%m-%d %H:%M:%E*S", "%Y-%m-%d"};
  Date date;
  std::string error;
  for (const char* format : kWithZone) {
    date.has_zone = true;
    if (absl::ParseTime(format, text, &date.time, &error)) return date;
  }
  for (const char* format : kWithoutZone) {
    date.has_zone = false;
    if (absl::ParseTime(format, text, &date.time, &error)) return date;
  }
  return std::nullopt;
}

}  // namespace

bool SameDeprecationDate(absl::string_view older, absl::string_view current) {
  if (older == current) return true;
  const std::optional<Date> a = ParseDate(older);
  const std::optional<Date> b = ParseDate(current);
  return a.has_value() && b.has_value() && a->has_zone == b->has_zone &&
         a->time == b->time;
}

bool IsPastDeprecationDate(absl::string_view date, absl::Time now) {
  const std::optional<Date> parsed = ParseDate(date);
  return parsed.has_value() && parsed->time < now;
}

}  // namespace doppel::state
