// doppel: the command line. Flags, the chosen command, exit code.
#include <cstdio>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/cli/command.h"
#include "tools/cli/console.h"
#include "tools/cli/failure.h"
#include "tools/cli/session.h"

namespace doppel::cli {
namespace {

void AddGlobalFlags(CLI::App& app, GlobalFlags& flags) {
  app.add_option("--server", flags.server,
                 "address of a doppeld, host:port; without it the service runs "
                 "inside this process")
      ->envname("DOPPEL_SERVER");
  app.add_option("--tls-ca", flags.tls_ca,
                 "PEM file of the authorities that a --server with TLS is "
                 "checked against");
  app.add_option("--store-dir", flags.store_dir,
                 "where the service within this process keeps what lasts "
                 "(default: $XDG_DATA_HOME/doppel)")
      ->envname("DOPPEL_STORE_DIR");
  app.add_option("--profiles-dir", flags.profiles_dir,
                 "folder of dbt's profiles.yml, for the service within this "
                 "process")
      ->envname("DBT_PROFILES_DIR");
  app.add_option("--driver-dir", flags.driver_dir,
                 "folder of the warehouses' drivers, likewise")
      ->envname("DOPPEL_DRIVERS");
  app.add_option("--output", flags.output, "text for people, json for programs")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
}

int Report(const absl::Status& status, const Console& console) {
  if (status.ok()) return kExitOk;
  if (console.json()) {
    console.PrintJson(ToRpc(status));
  } else {
    std::fputs(DescribeFailure(status).c_str(), stderr);
  }
  return ExitCodeOf(status);
}

int Run(int argc, char** argv) {
  GlobalFlags flags;
  Chosen chosen;
  CLI::App app(
      "For a change of a dbt project: what must be built, what can be "
      "borrowed\n"
      "from another environment (defer), and what should be copied (clone).\n\n"
      "Example:\n"
      "  doppel ls --manifest target/manifest.json --state prod/manifest.json "
      "\\\n"
      "    --select state:modified+",
      "doppel");
  app.set_version_flag("--version", std::string("doppel ") + server::kVersion);
  app.require_subcommand(1);
  app.fallthrough();
  AddGlobalFlags(app, flags);
  AddNodeCommands(app, &chosen);
  AddDeferCommand(app, &chosen);
  AddCloneCommands(app, &chosen);
  AddAdviseCommand(app, &chosen);
  AddDriftCommand(app, &chosen);
  AddCleanupCommand(app, &chosen);
  AddPromotionCommands(app, &chosen);
  AddManifestCommands(app, &chosen);
  AddEnvironmentCommands(app, &chosen);
  AddExecutionCommands(app, &chosen);
  AddCapabilitiesCommand(app, &chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  Console console(flags.output == "json");
  absl::StatusOr<std::unique_ptr<Session>> session =
      Session::Open(flags, chosen.keeps_nothing, &console);
  if (!session.ok()) return Report(session.status(), console);
  const absl::Status status = chosen.body(**session, console);
  console.EndProgress();
  const int code = Report(status, console);
  (*session)->ExitIfNothingIsKept(code);
  return code;
}

}  // namespace
}  // namespace doppel::cli

int main(int argc, char** argv) { return doppel::cli::Run(argc, argv); }
