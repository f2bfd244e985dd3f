// A command of `doppel`: it adds its flags to the command line, and its body
// runs with an open session.
#ifndef DOPPEL_TOOLS_CLI_COMMAND_H_
#define DOPPEL_TOOLS_CLI_COMMAND_H_

#include <functional>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "tools/cli/console.h"
#include "tools/cli/session.h"

namespace doppel::cli {

// What the chosen command does.
using Body = std::function<absl::Status(Session&, Console&)>;

// Where the chosen command leaves its body.
struct Chosen {
  Body body;
  // It reads files and keeps nothing, so it needs no store: another process may
  // hold that.
  bool keeps_nothing = false;
};

// Each adds its commands to `app`; the one that the command line names sets
// chosen->body.
void AddManifestCommands(CLI::App& app, Chosen* chosen);
void AddEnvironmentCommands(CLI::App& app, Chosen* chosen);
void AddNodeCommands(CLI::App& app, Chosen* chosen);
void AddDeferCommand(CLI::App& app, Chosen* chosen);
void AddCloneCommands(CLI::App& app, Chosen* chosen);
void AddAdviseCommand(CLI::App& app, Chosen* chosen);
void AddCleanupCommand(CLI::App& app, Chosen* chosen);
void AddDriftCommand(CLI::App& app, Chosen* chosen);
void AddPromotionCommands(CLI::App& app, Chosen* chosen);
void AddExecutionCommands(CLI::App& app, Chosen* chosen);
void AddCapabilitiesCommand(CLI::App& app, Chosen* chosen);

}  // namespace doppel::cli

#endif  // DOPPEL_TOOLS_CLI_COMMAND_H_
