// The log: one JSON object a line on standard error.
//
//   LogInfo("serving", {{"address", "127.0.0.1:7433"}});
//   {"time":"2024-05-01T12:00:00.000Z","level":"info","message":"serving",...}
//
// Secrets and row data never go in. Thread contract: safe from any thread; a
// line is written whole.
#ifndef DOPPEL_SERVICE_BASE_LOG_H_
#define DOPPEL_SERVICE_BASE_LOG_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace doppel {

using LogFields = std::vector<std::pair<std::string, std::string>>;

void LogInfo(absl::string_view message, const LogFields& fields = {});
void LogWarning(absl::string_view message, const LogFields& fields = {});
void LogError(absl::string_view message, const LogFields& fields = {});

enum class LogLevel { kInfo, kWarning, kError, kNone };

// What is below is not written. kInfo by default; the command line, which runs
// the service in its own process, asks for kError.
void SetLogLevel(LogLevel level);

}  // namespace doppel

#endif  // DOPPEL_SERVICE_BASE_LOG_H_
