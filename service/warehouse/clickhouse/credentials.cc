#include "service/warehouse/clickhouse/credentials.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/warehouse/profiles/local_path.h"
#include "service/warehouse/profiles/value.h"

namespace doppel::warehouse::clickhouse {
namespace {

using profiles::Value;

constexpr absl::string_view kEmbedded = "chdb";

bool IsWord(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(c) || c == '_';
  });
}

}  // namespace

absl::StatusOr<Credentials> ReadCredentials(const profiles::Target& target,
                                            absl::string_view folder) {
  const std::string driver = target.values.Text("driver");
  if (driver != kEmbedded) {
    return profiles::UnsupportedValue(
        target, "driver",
        "doppel reaches ClickHouse inside its own process alone: say "
        "\"driver: chdb\" and the \"path\" of its folder");
  }
  Credentials read;
  read.secrets = target.secrets;
  const std::string path = target.values.Text("path");
  if (path.empty()) return profiles::InvalidValue(target, "path", "is missing");
  if (profiles::IsUrl(path)) {
    return profiles::UnsupportedValue(
        target, "path", "a URL; doppel opens folders on this machine alone");
  }
  read.path = profiles::LocalPath(path, folder);
  const std::string keep_open = target.values.Text("keep_open");
  if (!keep_open.empty()) {
    uint32_t seconds = 0;
    if (!absl::SimpleAtoi(keep_open, &seconds)) {
      return profiles::InvalidValue(target, "keep_open",
                                    "must be a number of seconds");
    }
    read.keep_open = absl::Seconds(seconds);
  }
  const Value* const settings = target.values.Find("custom_settings");
  if (settings == nullptr) return read;
  for (const auto& [name, value] : settings->members) {
    if (!IsWord(name) || value.kind != Value::Kind::kText) {
      return profiles::InvalidValue(target,
                                    absl::StrCat("custom_settings.", name),
                                    "must be a setting's name with one value");
    }
    read.settings.emplace_back(name, value.text);
  }
  return read;
}

}  // namespace doppel::warehouse::clickhouse
