// A state directory for dbt: the downloaded manifest.json.
#ifndef DOPPEL_TOOLS_CLI_STATE_DIRECTORY_H_
#define DOPPEL_TOOLS_CLI_STATE_DIRECTORY_H_

#include <string>

#include "absl/status/status.h"
#include "tools/cli/console.h"
#include "tools/cli/session.h"

namespace doppel::cli {

// Writes `directory`/manifest.json, made if it is not there; the file appears
// whole or not at all. DATA_LOSS if the bytes do not have the announced digest.
absl::Status WriteStateDirectory(Session& session,
                                 const std::string& resolution,
                                 const std::string& directory,
                                 Console& console);

}  // namespace doppel::cli

#endif  // DOPPEL_TOOLS_CLI_STATE_DIRECTORY_H_
