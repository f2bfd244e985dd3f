// doppel capabilities.
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "doppel/v1/capabilities_service.pb.h"
#include "service/base/status_macros.h"
#include "tools/cli/command.h"
#include "tools/cli/console.h"
#include "tools/cli/failure.h"
#include "tools/cli/session.h"

namespace doppel::cli {
namespace {

std::string YesNo(bool value) { return value ? "yes" : "no"; }

absl::Status ShowCapabilities(Session& session, Console& console) {
  v1::GetCapabilitiesResponse response;
  grpc::ClientContext context;
  DOPPEL_RETURN_IF_ERROR(FromGrpc(session.capabilities().GetCapabilities(
      &context, v1::GetCapabilitiesRequest(), &response)));
  if (console.json()) {
    console.PrintJson(response);
    return absl::OkStatus();
  }
  console.Print(absl::StrCat("doppel ", response.server_version(),
                             ", manifests v", response.min_manifest_version(),
                             " to v", response.max_manifest_version(),
                             ", the rules of dbt ", response.dbt_rules()));
  Table warehouses({"WAREHOUSE", "EXECUTES", "ZERO-COPY", "TRANSACTIONAL DDL",
                    "TIME TRAVEL", "NOTES"});
  for (const v1::Warehouse& warehouse : response.warehouses()) {
    warehouses.AddRow({warehouse.type(), YesNo(warehouse.executable()),
                       YesNo(warehouse.zero_copy_clone()),
                       YesNo(warehouse.transactional_ddl()),
                       YesNo(warehouse.time_travel()), warehouse.notes()});
  }
  warehouses.PrintTo(console);
  Table connections({"CONNECTION", "WAREHOUSE"});
  for (const v1::Connection& connection : response.connections()) {
    connections.AddRow({connection.name(), connection.warehouse()});
  }
  if (!connections.empty()) connections.PrintTo(console);
  return absl::OkStatus();
}

}  // namespace

void AddCapabilitiesCommand(CLI::App& app, Chosen* chosen) {
  CLI::App* const command = app.add_subcommand(
      "capabilities",
      "what the service can do: warehouses, connections, limits");
  command->callback([chosen] { chosen->body = &ShowCapabilities; });
}

}  // namespace doppel::cli
