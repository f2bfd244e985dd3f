#include "service/base/log.h"

#include <atomic>
#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "service/base/json_string.h"

namespace doppel {
namespace {

std::atomic<LogLevel> lowest_level{LogLevel::kInfo};

void Log(LogLevel level, absl::string_view name, absl::string_view message,
         const LogFields& fields) {
  if (level < lowest_level.load(std::memory_order_relaxed)) return;
  std::string line = absl::StrCat(
      "{\"time\":\"",
      absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now(),
                       absl::UTCTimeZone()),
      "\",\"level\":\"", name, "\",\"message\":", JsonString(message));
  for (const auto& [key, value] : fields) {
    absl::StrAppend(&line, ",", JsonString(key), ":", JsonString(value));
  }
  line += "}\n";
  // One call, so that lines of several threads do not mix.
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

void LogInfo(absl::string_view message, const LogFields& fields) {
  Log(LogLevel::kInfo, "info", message, fields);
}
void LogWarning(absl::string_view message, const LogFields& fields) {
  Log(LogLevel::kWarning, "warning", message, fields);
}
void LogError(absl::string_view message, const LogFields& fields) {
  Log(LogLevel::kError, "error", message, fields);
}

void SetLogLevel(LogLevel level) { lowest_level.store(level); }

}  // namespace doppel
